"""What a malformed body is told: the block it concerns and the rule behind the block."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.domain.refusals import finding
from pic_kit.problems import shape_problem
from pic_law.codes import misread
from pic_schemas.refusal import Finding, pointer


def explain(location: Sequence[str | int], message: str, written: object) -> Finding:
    """A block of a document is Annex V A's matter, anything else the shape of the request."""
    if isinstance(written, str) and (meant := misread(written, pointer(location))):
        return meant
    if location and str(location[0]).startswith("block_"):
        return finding("BLOCK_INVALID", message, pointer(location))
    return shape_problem(location, message)

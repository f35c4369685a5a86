"""What an attached document may be: pdf or jpeg, at most 32 MB (Impl. Regulation (EU) 2025/1290 Art. 13)."""

from __future__ import annotations

from pic_law.rules import rule
from pic_schemas.refusal import Refused

ACCEPTED = ("application/pdf", "image/jpeg")
AT_MOST = 32 * 1024 * 1024


def mind_the_type(claimed: str, shown: str | None) -> str:
    """The true media type. Raises Refused for one that is not accepted, or not what the sender says."""
    if shown is None or shown not in ACCEPTED:
        raise rule("ATTACHMENT_TYPE").refused("", f"its first bytes show {shown or 'neither pdf nor jpeg'}")
    if claimed.partition(";")[0].strip().lower() != shown:
        detail = f"sent as {claimed or 'nothing'}, but its first bytes show {shown}"
        raise rule("ATTACHMENT_TYPE").refused("", detail)
    return shown


def too_large() -> Refused:
    """More bytes came than are allowed."""
    return rule("ATTACHMENT_TOO_LARGE").refused("", f"more than {AT_MOST} bytes")

"""Why the State of export says no: each refusal is a rule of the law with its article."""

from __future__ import annotations

from collections.abc import Sequence

from pic_law.rules import rule
from pic_schemas.refusal import Finding, Refused


def finding(rule_id: str, detail: str, pointer: str = "") -> Finding:
    """One reason, with title, article and source from the law."""
    return rule(rule_id).finding(pointer, detail)


def refused(rule_id: str, detail: str, pointer: str = "", *, needs: str = "") -> Refused:
    """A refusal of the rule's own kind, ready to raise; `needs` says what would have to happen first."""
    return rule(rule_id).refused(pointer, detail, needs)


def refuse_if_any(findings: Sequence[Finding]) -> None:
    """Raise with all of them; the first one's rule says what the refusal means to the caller."""
    if findings:
        raise Refused(rule(findings[0].rule).kind, findings)


def unknown(ref: str) -> Refused:
    """No such notification, or not one that concerns the caller: the answer is the same, so nothing leaks."""
    return refused("NOTIFICATION_UNKNOWN", f"no notification {ref!r} concerns you")

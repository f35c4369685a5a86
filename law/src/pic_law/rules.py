"""Every rule that can refuse or hold something: its id, title, article, source and weight."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pic_law import library
from pic_law.dated import Entry
from pic_law.errors import LawError, UnknownLaw
from pic_schemas.refusal import Finding, Kind, Refused

Severity = Literal["BLOCK", "HOLD", "WARN"]


class Rule(Entry):
    """A rule of the procedure or of the border.

    `kind` is what a refusal under it means to the caller, `needs` what would have to happen first.
    """

    id: str
    title: str
    severity: Severity = "BLOCK"
    kind: Kind = "invalid"
    needs: str = ""

    def finding(self, pointer: str, detail: str, needs: str = "") -> Finding:
        """Why something is refused or held; `pointer` is an RFC 6901 pointer into what was sent, or empty."""
        return Finding(
            rule=self.id,
            article=self.article,
            source=self.source,
            pointer=pointer,
            detail=detail,
            verified=self.verified,
            title=self.title,
            needs=needs or self.needs,
        )

    def refused(self, pointer: str, detail: str, needs: str = "") -> Refused:
        """The refusal under this rule, of this rule's kind, ready to raise."""
        return Refused(self.kind, [self.finding(pointer, detail, needs)])


@cache
def rules() -> dict[str, Rule]:
    """Every rule by id, in the order of the file."""
    found: dict[str, Rule] = {}
    for item in library.entries(Rule, "rules", "rules"):
        if item.id in found:
            raise LawError(f"rules.yaml: {item.id} stands twice")
        found[item.id] = item
    return found


def rule(id_: str) -> Rule:
    """The rule of this id; raises `UnknownLaw`."""
    try:
        return rules()[id_]
    except KeyError:
        raise UnknownLaw(f"no rule {id_!r} in rules.yaml") from None

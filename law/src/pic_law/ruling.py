"""What an authority writes when it decides, and what makes it a decision that can stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pic_law.conditions import unreadable
from pic_law.desk import Act
from pic_law.governing import Governing
from pic_law.grounds import check_ground, grounds
from pic_law.rules import rule
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import Condition, DecisionScope, Ground
from pic_schemas.refusal import Finding

Role = Literal["import", "transit"]
CONSENTS = frozenset({Act.CONSENT, Act.CONSENT_WITH_CONDITIONS})


@dataclass(frozen=True, slots=True)
class GroundCited:
    """A ground as the authority cites it: the letter of its own law's list, and its words."""

    letter: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict before it is checked; what is not given follows from the law and the notification."""

    verdict: Act
    signatory: str
    valid_from: date | None = None
    valid_to: date | None = None
    scope: DecisionScope | None = None
    conditions: tuple[Condition, ...] = ()
    grounds: tuple[GroundCited, ...] = ()

    @property
    def consents(self) -> bool:
        return self.verdict in CONSENTS

    def with_window(self, first: date, last: date) -> Ruling:
        """A consent has a window; another verdict has none."""
        if not self.consents:
            return replace(self, valid_from=None, valid_to=None)
        return replace(self, valid_from=self.valid_from or first, valid_to=self.valid_to or last)


def check_window(ruling: Ruling, decided_on: date) -> list[Finding]:
    """A window that is over before it begins, or before the decision, is none."""
    if ruling.valid_from is None or ruling.valid_to is None:
        return []
    if ruling.valid_to < max(ruling.valid_from, decided_on):
        detail = (
            f"valid until {ruling.valid_to}, but valid from {ruling.valid_from} and decided on {decided_on}"
        )
        return [rule("CONSENT_WINDOW").finding("/valid_to", detail)]
    return []


def check_conditions(ruling: Ruling) -> list[Finding]:
    """Conditions and the verdict say the same (block 21)."""
    conditional = ruling.verdict is Act.CONSENT_WITH_CONDITIONS
    if conditional and not ruling.conditions:
        return [
            rule("CONDITION_MISSING").finding("/conditions", "a conditional consent names its conditions")
        ]
    if ruling.conditions and not conditional:
        return [rule("BLOCK_INVALID").finding("/conditions", f"{ruling.verdict.value} has no conditions")]
    return list(unreadable(ruling.conditions))


def check_scope(ruling: Ruling, document: NotificationDocument) -> list[Finding]:
    """A consent narrows what was notified and never widens it: DIWASS Art. 17(7), (10)."""
    scope, findings = ruling.scope, []
    if scope is None:
        return []
    if (scope.quantity_kg or 0) > document.quantity_kg:
        detail = f"{scope.quantity_kg} kg of {document.quantity_kg} kg notified"
        findings.append(rule("QUANTITY_EXCEEDED").finding("/scope/quantity", detail))
    if (scope.shipments or 0) > document.shipments:
        detail = f"{scope.shipments} shipments of {document.shipments} notified"
        findings.append(rule("SHIPMENTS_EXCEEDED").finding("/scope/shipments", detail))
    return findings


def check_grounds(ruling: Ruling, document: NotificationDocument, profile: str, role: Role) -> list[Finding]:
    """An objection names grounds, each open to this authority's role under its own law."""
    if ruling.verdict is Act.OBJECTION and not ruling.grounds:
        return [rule("GROUND_MISSING").finding("/grounds", "an objection names its grounds")]
    if ruling.consents and ruling.grounds:
        return [
            rule("BLOCK_INVALID").finding("/grounds", f"{ruling.verdict.value} has no grounds of objection")
        ]
    if ruling.verdict is not Act.OBJECTION:
        return []
    checked = (
        check_ground(
            letter_of(cited, profile, role, document),
            profile=profile,
            role=role,
            recovery=document.recovery,
            pointer=f"/grounds/{place}/letter",
        )
        for place, cited in enumerate(ruling.grounds)
    )
    return [finding for finding in checked if finding is not None]


def letter_of(cited: GroundCited, profile: str, role: Role, document: NotificationDocument) -> str:
    """`12(1)(j)` is the letter j of its list; what is in no list stays as it was cited."""
    listed = grounds(profile, role, document.recovery)
    article = f"Art. {cited.letter}"
    return next((known.letter for known in listed if known.article == article), cited.letter)


def findings_of(
    ruling: Ruling, document: NotificationDocument, profile: str, role: Role, decided_on: date
) -> list[Finding]:
    """Everything that keeps this ruling from standing."""
    return [
        *check_window(ruling, decided_on),
        *check_conditions(ruling),
        *check_scope(ruling, document),
        *check_grounds(ruling, document, profile, role),
    ]


def ground_said(
    cited: GroundCited, governing: Governing, role: Role, document: NotificationDocument
) -> Ground:
    """The ground by its letter, with its article; without a list, the article of the decision itself."""
    letter = letter_of(cited, governing.profile, role, document)
    listed = grounds(governing.profile, role, document.recovery)
    article = next(
        (known.article for known in listed if known.letter == letter), governing.article or governing.source
    )
    return Ground(letter=letter, article=article, text=cited.text)

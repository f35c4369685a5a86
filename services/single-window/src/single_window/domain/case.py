"""The case file: everything that is known about a case, derived from what was said and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from single_window.domain.border import DeclarationEntry
from single_window.domain.failures import IllegalTrafficEntry, RemedyEntry
from single_window.domain.ledger import LedgerEntry, balance
from single_window.domain.shipment import MovementEntry

OPENED = "OPENED"
CONSENTS = ("consent", "consent-with-conditions", "tacit-consent")


@dataclass
class AnnouncedEnd:
    """What an authority said of a day that has not come; until then its consent stands."""

    verdict: str
    effective_on: date
    article: str
    reasons: list[str]


@dataclass
class AuthorityEntry:
    """One authority asked, and where its part of the case stands."""

    authority: str
    state: str
    role: str
    voting: bool = True
    acknowledged_on: date | None = None
    decision_due_at: datetime | None = None
    due_article: str = ""
    verdict: str | None = None
    decision_version: int = 0
    decided_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    article: str = ""
    stood_at: str | None = None
    announced: AnnouncedEnd | None = None

    @property
    def consents(self) -> bool:
        return (self.verdict or "") in CONSENTS


@dataclass
class RequestEntry:
    """What an authority wants to know, and whether the exporter answered."""

    authority: str
    role: str
    request: int
    requested_on: date
    questions: list[str]
    due_at: datetime | None = None
    article: str = ""
    answered_on: date | None = None
    answers: list[str] = field(default_factory=list)


@dataclass
class ChangeEntry:
    """A change and who said what of it; `outcome` is open, agreed, refused or overtaken."""

    change: int
    kind: str
    reason: str
    requested_on: date
    places: list[str]
    article: str
    answers: dict[str, bool] = field(default_factory=dict)
    outcome: str = "open"


@dataclass
class GuaranteeEntry:
    """The financial guarantee behind the notification."""

    guarantee_id: str
    kind: str
    amount: str
    currency: str
    valid_to: date | None = None
    approved_on: date | None = None
    released_on: date | None = None


@dataclass
class AuthorisationEntry:
    """What allows the movement to start."""

    authorisation_no: str
    how: str
    issued_on: date
    valid_from: date
    valid_to: date
    quantity_kg: int
    shipments: int
    conditions: list[str] = field(default_factory=list)
    article: str = ""


@dataclass
class DifferenceEntry:
    """One entry that the exporter's and the importer's notice state differently."""

    field: str
    pointer: str
    export_notice: str
    import_notice: str


@dataclass
class NoticesEntry:
    """The importer's own notice, and how it compares with the exporter's; `agree` is open until then."""

    reference: str
    importer: str
    notice_version: int
    filed_on: date
    policy: str = ""
    agree: bool | None = None
    compared_on: date | None = None
    article: str = ""
    differences: list[DifferenceEntry] = field(default_factory=list)


@dataclass
class ProhibitionEntry:
    """Why nothing may start, whatever was consented to; `stood_at` is where the notification stood before."""

    since: date
    cause: str
    reasons: list[str]
    stood_at: str


@dataclass
class ViewEntry:
    """How an authority sees the load, beside what was stated."""

    authority: str
    part: str
    version: int
    stated_on: date
    seen: str
    reason: str
    treated_as: str
    because: list[str] = field(default_factory=list)


@dataclass
class Consignment:
    """What is shipped, by whom, to whom: the notification document in one line."""

    exporter: str
    exporter_name: str
    importer_name: str
    facility: str
    facility_name: str
    waste: str
    code: str
    operation: str
    quantity_kg: int | None
    shipments: int
    states: list[str]
    last_departure: date | None = None


@dataclass
class CaseFile:
    """`state` is the notification's; that of a load without notification is where it stands at the border."""

    world: str
    case: str
    opened_at: datetime
    state: str = OPENED
    number: str | None = None
    exporter: str | None = None
    export_state: str | None = None
    consignment: Consignment | None = None
    profile: str = ""
    authorities: dict[str, AuthorityEntry] = field(default_factory=dict)
    requests: list[RequestEntry] = field(default_factory=list)
    changes: list[ChangeEntry] = field(default_factory=list)
    notification_version: int = 1
    contract_confirmed_on: date | None = None
    contract_wanted: bool = True
    guarantee_wanted: bool = True
    exporter_confirms: bool = False
    """Receipt and certificate are the exporter's to say: Basel Convention Article 6(5)(a), 6(9)."""
    notices: NoticesEntry | None = None
    views: dict[str, ViewEntry] = field(default_factory=dict)
    prohibition: ProhibitionEntry | None = None
    exhausted: bool = False
    guarantee: GuaranteeEntry | None = None
    authorisation: AuthorisationEntry | None = None
    expiring_on: date | None = None
    expired_on: date | None = None
    movements: dict[int, MovementEntry] = field(default_factory=dict)
    declarations: dict[str, DeclarationEntry] = field(default_factory=dict)
    illegal_traffic: IllegalTrafficEntry | None = None
    remedies: dict[str, RemedyEntry] = field(default_factory=dict)
    parties: list[str] = field(default_factory=list)
    seats: list[str] = field(default_factory=list)
    events: int = 0
    last_at: datetime | None = None
    # The audit log so far: its length, and the hash that the next entry will be chained to.
    audited: int = 0
    chain: str = ""

    @property
    def ledger(self) -> LedgerEntry:
        """Not kept: it would be worked out anew for every message of the case."""
        return balance(self)

    @property
    def voting(self) -> list[AuthorityEntry]:
        return [entry for entry in self.authorities.values() if entry.voting]

    @property
    def agreed(self) -> bool:
        """Every authority whose verdict is needed consented."""
        return bool(self.voting) and all(entry.consents for entry in self.voting)

    @property
    def last_day(self) -> date | None:
        """The last day of departure: the form's, unless consents say another; a silence may narrow it."""
        last = self.consignment.last_departure if self.consignment else None
        consents = [entry for entry in self.authorities.values() if entry.consents]
        ends = [entry.valid_to or (None if entry.verdict == "tacit-consent" else last) for entry in consents]
        return min((end for end in ends if end is not None), default=last)

    @property
    def live_movements(self) -> list[MovementEntry]:
        return [movement for movement in self.movements.values() if movement.live]

    @property
    def open_change(self) -> ChangeEntry | None:
        return next((entry for entry in self.changes if entry.outcome == "open"), None)

    @property
    def all_completed(self) -> bool:
        """At least one shipment was made, and none is on its way."""
        states = {movement.state for movement in self.live_movements}
        failed = {one.shipment for one in self.remedies.values() if one.completed_on is None}
        ended = {"COMPLETED"} | {one.outcome for one in self.remedies.values() if one.outcome}
        return bool(states) and states <= ended and not failed & set(self.movements)

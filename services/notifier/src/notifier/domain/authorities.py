"""The importing and transit authorities as the State of export hears them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from pic_law.authorities import authority
from pic_schemas.address import Address, Role
from pic_schemas.documents import NotificationDocument
from pic_schemas.messages import (
    AuthorityConcerned,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    DecisionTaken,
    NotificationAcknowledged,
    RestsOn,
    SilenceRecorded,
)

CONSENTS = frozenset({"consent", "consent-with-conditions"})
OBJECTIONS = frozenset({"objection", "not-consent"})


@dataclass
class ConcernedAuthority:
    """One authority that was asked: its acknowledgement and its latest decision."""

    state: str
    authority: str
    role: Literal["import", "transit"]
    voting: bool
    channel: Literal["electronic", "paper"] = "electronic"
    acknowledgement: NotificationAcknowledged | None = None
    decision: DecisionTaken | None = None
    silence: SilenceRecorded | None = None
    due_moved_to: datetime | None = None
    """Where its decision clock ends after it stood still for a question."""
    withdrawn: ConsentWithdrawn | None = None
    suspended: ConsentSuspended | None = None
    announced: ConsentWithdrawn | ConsentSuspended | None = None
    """Taken back from a day that has not come: until then the consent stands."""
    statement: int = 0

    @property
    def decision_due_at(self) -> datetime | None:
        said = self.acknowledgement.decision_due_at if self.acknowledgement else None
        return self.due_moved_to or said

    @property
    def address(self) -> Address:
        return Address(self.state, Role.COMPETENT_AUTHORITY, self.authority)

    @property
    def decision_version(self) -> int:
        return self.decision.version if self.decision else 0

    @property
    def consents(self) -> bool:
        """In writing, or by a recorded silence, which whatever the authority says supersedes."""
        if self.withdrawn or self.suspended:
            return False
        if self.decision is None:
            return self.silence is not None
        return self.decision.verdict in CONSENTS

    @property
    def silent(self) -> bool:
        """Its consent is a recorded silence."""
        return self.consents and self.decision is None

    @property
    def objects(self) -> bool:
        return self.decision is not None and self.decision.verdict in OBJECTIONS

    @property
    def answered(self) -> bool:
        return self.acknowledgement is not None or self.decision is not None

    def hear_decision(self, decision: DecisionTaken) -> bool:
        """A newer decision replaces an older one in whatever order they come; False for an older one."""
        if decision.version <= self.spoken:
            return False
        self.decision, self.statement = decision, decision.version
        self.withdrawn = self.suspended = self.announced = None
        return True

    @property
    def spoken(self) -> int:
        """The number of the last thing it said about its consent."""
        return max(self.statement, self.decision_version)

    def hear_interruption(self, said: ConsentWithdrawn | ConsentSuspended, on: date) -> bool:
        """Withdrawn or suspended, now or from a later day; False for what something newer has replaced."""
        if said.version <= self.spoken:
            return False
        self.statement, self.announced = said.version, said
        self.take_back(on)
        return True

    def take_back(self, on: date) -> None:
        """What was announced takes effect once its day has come; what stood until then no longer does."""
        said = self.announced
        if said is None or on < said.effective_on:
            return
        self.announced = None
        self.withdrawn = said if isinstance(said, ConsentWithdrawn) else None
        self.suspended = said if isinstance(said, ConsentSuspended) else None

    def hear_reinstatement(self, said: ConsentReinstated) -> bool:
        """Lifted, or never come to its day; False for what something newer has replaced."""
        if said.version <= self.spoken:
            return False
        self.statement = said.version
        self.withdrawn = self.suspended = self.announced = None
        return True

    def named(self) -> AuthorityConcerned:
        return AuthorityConcerned(
            state=self.state,
            authority=self.authority,
            role=self.role,
            voting=self.voting,
            channel=self.channel,
        )


def all_consent(authorities: Sequence[ConcernedAuthority]) -> bool:
    """Whether every authority whose verdict is needed consents; silence counts only once it was recorded."""
    return all(each.consents for each in authorities if each.voting)


def rests_on(authorities: Sequence[ConcernedAuthority]) -> tuple[RestsOn, ...]:
    """The decisions, by version, that an authorisation rests on."""
    return tuple(
        RestsOn(authority=each.authority, decision_version=each.decision_version)
        for each in authorities
        if each.decision
    )


def rests_on_silence(authorities: Sequence[ConcernedAuthority]) -> tuple[str, ...]:
    """The authorities whose recorded silence an authorisation rests on."""
    return tuple(each.authority for each in authorities if each.silent)


def asked_by(document: NotificationDocument, voting: frozenset[str]) -> list[ConcernedAuthority]:
    """Whom block 15 names: the State of import, then transit in the order of travel."""
    route = document.block_15
    asked = [ConcernedAuthority(route.import_.country, route.import_.authority, "import", True)]
    asked += [
        ConcernedAuthority(t.country, t.authority, "transit", t.country in voting) for t in route.transit
    ]
    return [replace(each, channel=authority(each.authority).channel) for each in asked]

"""What each rule of the law says of one movement: prohibitions, agreements, the States' own views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pic_law.agreements import Agreement, Outcome, agreement
from pic_law.codes import Code
from pic_law.countries import status, waived_transit_consent
from pic_law.one_sided import OneSided, one_sided
from pic_law.prohibitions import Prohibition, ban_amendment, procedures, prohibitions
from pic_law.reach import Reach
from pic_law.rules import Rule, rule
from pic_law.views import own_classifications


@dataclass(frozen=True)
class Step:
    """One rule that spoke, and what it demands; `rule` is its id, or that of an agreement or procedure."""

    outcome: Outcome
    rule: str
    article: str
    source: str
    verified: bool
    detail: str


@dataclass(frozen=True)
class Movement:
    """One movement of one waste on one day."""

    origin: str
    destination: str
    transits: tuple[str, ...]
    waste: Code
    recovery: bool
    on: date

    @property
    def route(self) -> tuple[str, ...]:
        """Every State of the way, in the order of travel."""
        return (self.origin, *self.transits, self.destination)

    @property
    def annexed(self) -> bool:
        """Whether the waste stands in Annex I, II or VIII: hazardous or other waste of the Convention."""
        return self.waste.waste_class != "listed-non-hazardous"

    @property
    def agreed(self) -> Agreement | None:
        """The Article 11 agreement that covers it."""
        direct = not self.transits
        return agreement(
            self.origin, self.destination, self.waste.code, self.recovery, self.on, direct=direct
        )

    def regarded_hazardous_in(self) -> dict[str, Step]:
        """The States of the route whose own law regards the waste as hazardous, each with its step."""
        views = own_classifications(
            self.origin, self.destination, self.transits, self.waste, self.recovery, self.on
        )
        return {view.state: _regarded(view) for view in views if view.view == "hazardous"}


def trail(movement: Movement) -> tuple[Step, ...]:
    """Every rule that speaks, in the order in which the procedure asks."""
    return (
        *_prohibited(movement),
        *_non_party(movement),
        *_banned(movement),
        _procedure(movement),
        *_stricter(movement),
        *movement.regarded_hazardous_in().values(),
        *_in_transit(movement),
        *_shifted(movement),
    )


def _prohibited(movement: Movement) -> Iterator[Step]:
    """Article 4(1): what the State of import forbids, and a State of transit where it says so."""
    m = movement
    speaking = [
        entry
        for entry in prohibitions().all_on(m.on)
        for end in (m.destination, *(m.transits if entry.transit_too else ()))
        if entry.concerns(m.origin, end, m.waste, m.recovery, m.on)
    ]
    there = any(entry.destination == m.destination for entry in speaking)
    hazardous = m.destination in m.regarded_hazardous_in()
    for entry in speaking:
        if entry.is_met(prohibited_there=there, regarded_hazardous=hazardous):
            yield _forbidden(entry)


def _non_party(movement: Movement) -> Iterator[Step]:
    """Articles 4(5) and 11: between a Party and a non-Party only under an agreement."""
    m = movement
    one, other = status(m.origin, m.on), status(m.destination, m.on)
    controlled = m.annexed or m.regarded_hazardous_in()
    if one.party == other.party or not controlled or m.agreed is not None:
        return
    stranger = m.origin if other.party else m.destination
    yield said(
        rule("NON_PARTY"), "PROHIBITED", f"{stranger} is not a Party and no agreement covers {m.waste.code}"
    )


def _banned(movement: Movement) -> Iterator[Step]:
    """Article 4A: from an Annex VII State that is bound to a State outside Annex VII; Annex II stays free."""
    m = movement
    origin, destination = status(m.origin, m.on), status(m.destination, m.on)
    if not (origin.ban and origin.annex_vii) or destination.annex_vii:
        return
    banned = ban_amendment(m.recovery)
    listed = m.waste.waste_class in banned.classes
    arguable = banned.national and not m.annexed and bool(m.regarded_hazardous_in())
    if listed or arguable:
        detail = f"{m.origin} is bound by the Ban Amendment, {m.destination} is not in Annex VII"
        known = listed and banned.verified
        yield Step("PROHIBITED", "BAN_AMENDMENT", banned.article, banned.source, known, detail)


def _procedure(movement: Movement) -> Step:
    """What an agreement says, else what the Convention says of the class of waste."""
    found, waste = movement.agreed, movement.waste
    if found is not None and found.outcome is not None:
        return _stated(found, found.outcome, found.id)
    if movement.annexed:
        return said(rule("PIC"), "PIC", f"{waste.code}: {waste.article}, written consent of every State")
    return said(
        rule("NO_CONTROL"), "NONE", f"{waste.code}: {waste.article}, not subject to prior informed consent"
    )


def _stricter(movement: Movement) -> Iterator[Step]:
    m = movement
    for entry in procedures().all_on(m.on):
        if entry.concerns(m.origin, m.destination, m.waste, m.recovery, m.on):
            yield _stated(entry, entry.outcome, entry.id)


def _in_transit(movement: Movement) -> Iterator[Step]:
    """Articles 6(4) and 7: a Party's own consent, which an agreement of others cannot take away."""
    m = movement
    if not m.annexed:
        return
    for state in m.transits:
        if not status(state, m.on).party:
            yield said(rule("TRANSIT_NON_PARTY"), "NONE", f"{state} is told and has no vote")
        elif m.agreed is None or not m.agreed.binds((state,), m.on):
            waived = waived_transit_consent(state, m.on)
            detail = f"{state} in transit{': waived written consent' if waived else ''}"
            yield said(rule("TRANSIT_PARTY"), "PIC_TACIT" if waived else "PIC", detail)


def side_of(movement: Movement) -> OneSided | None:
    """Article 6(5): who regulates the waste; None where an agreement says who does what."""
    m = movement
    if m.agreed is not None and m.agreed.outcome is not None:
        return None
    return one_sided(m.origin, m.destination, m.transits, m.waste, m.recovery, m.on)


def _shifted(movement: Movement) -> Iterator[Step]:
    """Article 6(5): a waste that one side alone regulates puts the duties on that side."""
    found = side_of(movement)
    if found is not None and found.title:
        general = rule("ONE_SIDED")
        detail = f"{', '.join(found.regulated_by)}: {found.title}"
        yield Step("NONE", general.id, found.article, general.source, general.verified, detail)


def _forbidden(entry: Prohibition) -> Step:
    return Step("PROHIBITED", "PROHIBITED", entry.article, entry.source, entry.verified, entry.title)


def _regarded(entry: Reach) -> Step:
    return Step("PIC", "REGARDED_HAZARDOUS", entry.article, entry.source, entry.verified, entry.title)


def _stated(entry: Reach | Agreement, outcome: Outcome, id_: str) -> Step:
    return Step(outcome, id_, entry.article, entry.source, entry.verified, entry.title)


def said(general: Rule, outcome: Outcome, detail: str) -> Step:
    """What a rule of rules.yaml says."""
    return Step(outcome, general.id, general.article, general.source, general.verified, detail)

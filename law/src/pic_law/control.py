"""Which control procedure a movement needs: the strictest of Convention, agreements and States."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pic_law import codes, library
from pic_law.agreements import Agreement, Outcome, agreement
from pic_law.codes import Code
from pic_law.countries import status
from pic_law.reach import Reach
from pic_law.rules import Rule, rule
from pic_schemas.refusal import Finding

STRICTNESS: Sequence[Outcome] = ("NONE", "GENERAL_INFO", "PIC_TACIT", "PIC", "PROHIBITED")


class Prohibition(Reach):
    """What a State or the Union forbids; `transit_too` reaches States of transit as well."""

    transit_too: bool = False


class Procedure(Reach):
    """What a State or the Union asks for beyond the Convention."""

    outcome: Outcome


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
class Control:
    """The procedure of one movement: the strictest step of the trail decides."""

    outcome: Outcome
    trail: tuple[Step, ...]

    @property
    def deciding(self) -> Step:
        """The first of the strictest steps."""
        return next(step for step in self.trail if step.outcome == self.outcome)

    @property
    def prohibited(self) -> bool:
        return self.deciding.outcome == STRICTNESS[-1]

    def findings(self, pointer: str = "") -> list[Finding]:
        """Every reason why the movement is prohibited; empty if it is not."""
        forbidding = (step for step in self.trail if step.outcome == STRICTNESS[-1])
        return [_finding(step, pointer) for step in forbidding]


@dataclass(frozen=True)
class _Movement:
    origin: str
    destination: str
    transits: tuple[str, ...]
    waste: Code
    recovery: bool
    on: date


def control(
    origin: str, destination: str, transits: Sequence[str], code: str, operation: str, on: date
) -> Control:
    """The control procedure on the day of the act.

    `code` is one waste code, `operation` one D- or R-code. Raises `Refused` for a code that is unknown or not
    valid on that day, `UnknownLaw` for a country that is not in the table.
    """
    waste = codes.waste(code, on) or codes.lookup(codes.list_of(code), code, on)
    recovery = codes.lookup("operation", operation, on).kind == "R"
    movement = _Movement(origin, destination, tuple(transits), waste, recovery, on)
    trail = (*_forbidding(movement), _procedure(movement), *_stricter(movement))
    return Control(max((step.outcome for step in trail), key=STRICTNESS.index), trail)


def _forbidding(movement: _Movement) -> Iterator[Step]:
    yield from _prohibited(movement)
    yield from _non_party(movement)
    yield from _ban_amendment(movement)


def _prohibited(movement: _Movement) -> Iterator[Step]:
    """Article 4(1): what the State of import forbids, and a State of transit where it says so."""
    m = movement
    for entry in _prohibitions():
        ends = (m.destination, *(m.transits if entry.transit_too else ()))
        for end in ends:
            if entry.concerns(m.origin, end, m.waste, m.recovery, m.on):
                yield Step(
                    "PROHIBITED", "PROHIBITED", entry.article, entry.source, entry.verified, entry.title
                )


def _non_party(movement: _Movement) -> Iterator[Step]:
    """Articles 4(5) and 11: between a Party and a non-Party only under an agreement."""
    m = movement
    one, other = status(m.origin, m.on), status(m.destination, m.on)
    if one.party == other.party or not _of_the_convention(m.waste) or _agreed(m) is not None:
        return
    stranger = m.origin if other.party else m.destination
    yield _said(
        rule("NON_PARTY"), "PROHIBITED", f"{stranger} is not a Party and no agreement covers {m.waste.code}"
    )


def _ban_amendment(movement: _Movement) -> Iterator[Step]:
    """Article 4A: from an Annex VII State that is bound to a State outside Annex VII; Annex II stays free."""
    m = movement
    origin, destination = status(m.origin, m.on), status(m.destination, m.on)
    banned = _banned()["R" if m.recovery else "D"]
    if origin.ban and origin.annex_vii and not destination.annex_vii and m.waste.waste_class in banned:
        detail = f"{m.origin} is bound by the Ban Amendment, {m.destination} is not in Annex VII"
        yield _said(rule("BAN_AMENDMENT"), "PROHIBITED", detail)


def _procedure(movement: _Movement) -> Step:
    """What an agreement says, else what the Convention says of the class of waste."""
    found = _agreed(movement)
    if found is not None and found.outcome is not None:
        return _stated(found, found.outcome, found.id)
    waste = movement.waste
    if _of_the_convention(waste):
        return _said(rule("PIC"), "PIC", f"{waste.code}: {waste.article}, written consent of every State")
    return _said(
        rule("NO_CONTROL"), "NONE", f"{waste.code}: {waste.article}, not subject to prior informed consent"
    )


def _stricter(movement: _Movement) -> Iterator[Step]:
    m = movement
    for entry in _procedures():
        if entry.concerns(m.origin, m.destination, m.waste, m.recovery, m.on):
            yield _stated(entry, entry.outcome, entry.id)


def _agreed(movement: _Movement) -> Agreement | None:
    m = movement
    return agreement(m.origin, m.destination, m.waste.code, m.recovery, m.on, direct=not m.transits)


def _of_the_convention(waste: Code) -> bool:
    return waste.waste_class != "listed-non-hazardous"


def _stated(entry: Reach | Agreement, outcome: Outcome, id_: str) -> Step:
    return Step(outcome, id_, entry.article, entry.source, entry.verified, entry.title)


def _said(general: Rule, outcome: Outcome, detail: str) -> Step:
    return Step(outcome, general.id, general.article, general.source, general.verified, detail)


def _finding(step: Step, pointer: str) -> Finding:
    stated = {"article": step.article, "source": step.source, "verified": step.verified}
    return rule(step.rule).model_copy(update=stated).finding(pointer, step.detail)


def read() -> None:
    """Load what this room reads; raises `LawError`."""
    _prohibitions(), _procedures(), _banned()


@cache
def _prohibitions() -> tuple[Prohibition, ...]:
    return library.entries(Prohibition, "prohibitions", "prohibitions")


@cache
def _banned() -> dict[str, tuple[str, ...]]:
    stated = library.statute("prohibitions")["ban_amendment"]
    return {kind: tuple(stated[kind]) for kind in ("D", "R")}


@cache
def _procedures() -> tuple[Procedure, ...]:
    return library.entries(Procedure, "procedures", "procedures")

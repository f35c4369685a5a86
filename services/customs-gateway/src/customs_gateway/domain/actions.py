"""What an office may ask for now: every command is tried on a copy, so that offered and accepted agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import datetime

from customs_gateway.domain.amendment import Answer, mind_a_cancellation, overridden, withdrawn
from customs_gateway.domain.audit import Record, audited
from customs_gateway.domain.cancellation import may_answer
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.detention import Seizure, seized
from customs_gateway.domain.enforcement import (
    Detention,
    Result,
    Suspicion,
    detained,
    illegal_traffic_reported,
    inspection_ordered,
    inspection_recorded,
)
from customs_gateway.domain.lodgement import entry_recorded, exit_confirmed
from customs_gateway.domain.passage import Stamping, transit_discharged, transit_entered, transit_exited
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import Act
from pic_law.rules import rule
from pic_schemas.action import Action, standing_against
from pic_schemas.address import Address

Trial = Callable[[Declaration, RegistryEntry | None, datetime], object]

# What a body will say fits every case here: it is checked when it is sent.
WORDS = "to be said"
ANY_CASE = Suspicion(("b",), WORDS, "not-assignable")


def _leave(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return exit_confirmed(d, entry, now.date(), now.date())


def _enter(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return entry_recorded(d, entry, now.date(), now.date())


def _answer(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return overridden(d, entry, Answer(WORDS, WORDS), now.date())


def _amend(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    mind_a_cancellation(d, entry)
    return d.mind(Act.AMEND)


def _inspect(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return inspection_ordered(d, "physical", None, now.date())


def _detain(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return detained(d, Detention(), now.date())


def _seize(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return seized(d, Seizure(WORDS, "documents", WORDS), now.date())


def _report(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return illegal_traffic_reported(d, entry, ANY_CASE, now)


def _audit(d: Declaration, entry: RegistryEntry | None, now: datetime) -> object:
    return audited(d, Record(WORDS, WORDS, irregular=False), now.date())


def _stamped(act: Callable[[Declaration, RegistryEntry | None, Stamping], object]) -> Trial:
    return lambda d, entry, now: act(d, entry, Stamping(d.office, now.date(), now.date()))


ACTS: tuple[tuple[str, str, Trial], ...] = (
    ("reassess", "/reassessment", lambda d, entry, now: d.reopen()),
    ("amend", "/amendment", _amend),
    ("withdraw", "/withdrawal", lambda d, entry, now: withdrawn(d, entry, WORDS, now.date())),
    ("answer for the quantity", "/quantity-override", _answer),
    ("order inspection", "/inspections", _inspect),
    ("detain", "/detention", _detain),
    ("seize", "/seizure", _seize),
    ("report illegal traffic", "/illegal-traffic-report", _report),
    ("answer cancellation", "/cancellation-answer", lambda d, entry, now: may_answer(d, entry)),
    ("record audit", "/audit", _audit),
    ("confirm exit", "/exit", _leave),
    ("record entry", "/entry", _enter),
    ("stamp into transit", "/transit-entry", _stamped(transit_entered)),
    ("discharge transit", "/discharge", _stamped(transit_discharged)),
)


def actions(
    declaration: Declaration, entry: RegistryEntry | None, seats: Iterable[Address], now: datetime
) -> list[Action]:
    """Every command of these offices for this declaration, and what stands against it."""
    return [action for seat in seats for action in _of_office(declaration, entry, seat, now)]


def _of_office(
    declaration: Declaration, entry: RegistryEntry | None, seat: Address, now: datetime
) -> Iterator[Action]:
    for act, path, trial in (*ACTS, *_results(declaration)):

        def attempt(trial: Trial = trial) -> None:
            _mind_the_office(declaration, seat)
            trial(deepcopy(declaration), deepcopy(entry), now)

        yield Action(act, seat.role, "POST", path, standing_against(attempt))
    for act, path, trial in ANYWHERE:

        def stamp(trial: Trial = trial) -> None:
            _mind_the_state(declaration, seat)
            trial(deepcopy(declaration), deepcopy(entry), now)

        yield Action(act, seat.role, "POST", path, standing_against(stamp))


ANYWHERE: tuple[tuple[str, str, Trial], ...] = (
    ("stamp out of transit", "/transit-exit", _stamped(transit_exited)),
)
"""What every office of the State may do, wherever the declaration was lodged."""


def _results(declaration: Declaration) -> Iterator[tuple[str, str, Trial]]:
    for number in declaration.open_inspections:
        yield f"record inspection {number}", f"/inspections/{number}/result", _found(number)


def _found(number: int) -> Trial:
    return lambda d, entry, now: inspection_recorded(d, number, Result(WORDS), now.date())


def _mind_the_state(declaration: Declaration, seat: Address) -> None:
    if seat.state != declaration.office_state:
        detail = f"declaration {declaration.id} was lodged in {declaration.office_state}"
        raise rule("SEAT_FORBIDS").refused("", detail)


def _mind_the_office(declaration: Declaration, seat: Address) -> None:
    if seat.agency != declaration.office:
        detail = f"declaration {declaration.id} was lodged at {declaration.office}"
        raise rule("SEAT_FORBIDS").refused("", detail, needs=f"the office {declaration.office}")

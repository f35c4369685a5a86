"""From lodging to the border: what is decided, what is said, and what the ledger shows afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.lodgement import entry_recorded, exit_confirmed, lodge
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.states import PROCEDURE, Act, State
from pic_schemas.messages import CustomsHeld, CustomsRefused, CustomsReleased
from pic_schemas.refusal import Refused
from tests.services.customs_gateway.story import (
    CASE,
    CLEARED_AT,
    MOVEMENT,
    WORLD,
    announce,
    decision,
    declared,
    many_shipments,
    ready,
)

FRESH = Knowledge({"/notifier/CA": 5})
STALE = Knowledge({"/notifier/CA": 5}, stale=True)


def declaration(entry: RegistryEntry, direction: str = "export", **changes: Any) -> Declaration:
    return lodge(WORLD, CASE, declared(direction, **changes), entry, CLEARED_AT)


def released(entry: RegistryEntry, direction: str = "export") -> Declaration:
    found = declaration(entry, direction)
    assert isinstance(clear(found, entry, FRESH, CLEARED_AT), CustomsReleased)
    return found


def test_a_lawful_load_is_released_and_its_quantity_consumed() -> None:
    case = ready()
    said = clear(declaration(case), case, FRESH, CLEARED_AT)
    assert isinstance(said, CustomsReleased)
    assert said.ledger is not None
    assert (said.ledger.consumed_kg, said.ledger.available_kg) == (25_000, 0)
    assert said.knowledge == {"/notifier/CA": 5}


def test_a_refused_load_gives_its_quantity_back() -> None:
    case = ready()
    case.decided(decision(version=2, verdict="objection"))
    said = clear(declaration(case), case, FRESH, CLEARED_AT)
    assert isinstance(said, CustomsRefused)
    assert case.ledger.lines == {}


def test_a_held_load_keeps_its_quantity_reserved_until_it_is_looked_at_again() -> None:
    case = ready()
    case.movements[1].prenotified_on = None
    found = declaration(case)
    assert isinstance(clear(found, case, FRESH, CLEARED_AT), CustomsHeld)
    assert case.ledger.reserved_kg == 25_000
    announce(case)
    found.reopen()
    assert isinstance(clear(found, case, FRESH, CLEARED_AT), CustomsReleased)
    assert (case.ledger.reserved_kg, case.ledger.consumed_kg) == (0, 25_000)
    assert [one.outcome for one in found.earlier] == ["held"]


def test_stale_knowledge_holds_what_it_would_release() -> None:
    case = ready()
    said = clear(declaration(case), case, STALE, CLEARED_AT)
    assert isinstance(said, CustomsHeld)
    assert said.reasons == ("REGISTRY_STALE",)


def test_the_same_shipment_is_not_exported_twice() -> None:
    case = ready()
    released(case)
    again = clear(declaration(case, declaration_id="export-2"), case, FRESH, CLEARED_AT)
    assert isinstance(again, CustomsRefused)
    assert again.reasons == ("CH06",)
    assert case.ledger.consumed_kg == 25_000


def test_a_refused_second_declaration_leaves_the_first_ones_quantity_alone() -> None:
    case = ready(many_shipments(2, 50), 50_000)
    released(case)
    announce(case, 2)
    fields = {"shipment": 2, "movement_number": None, "declaration_id": "export-2", "net_kg": 25_001}
    assert isinstance(clear(declaration(case, **fields), case, FRESH, CLEARED_AT), CustomsRefused)
    assert (case.ledger.consumed_kg, case.ledger.available_kg) == (25_000, 25_000)


@pytest.mark.parametrize(
    ("shipment", "movement", "meant"),
    [
        (1, MOVEMENT, 1),
        (None, MOVEMENT, 1),
        (1, None, 1),
        (2, MOVEMENT, None),
        (1, "GB 0001 000001.000001", None),
        (1, "nonsense", None),
        (None, None, None),
    ],
)
def test_shipment_and_movement_number_must_mean_the_same(
    shipment: int | None, movement: str | None, meant: int | None
) -> None:
    assert declaration(ready(), shipment=shipment, movement_number=movement).shipment == meant


def test_exit_and_entry_are_recorded_once_and_in_their_order() -> None:
    case = ready()
    out, into = released(case), released(case, "import")
    today = date(2026, 8, 4)
    assert exit_confirmed(out, case, date(2026, 7, 22), today).movement_number == MOVEMENT
    with pytest.raises(Refused, match="before the exit on 2026-07-22"):
        entry_recorded(into, case, date(2026, 7, 21), today)
    with pytest.raises(Refused, match="EXIT_CONFIRMED: no way to confirm exit"):
        exit_confirmed(out, case, today, today)


def test_only_a_released_export_leaves_and_only_a_released_import_enters() -> None:
    case = ready()
    out, into = released(case), released(case, "import")
    for act in (out.record_entry, into.confirm_exit):
        with pytest.raises(Refused, match="STATE_FORBIDS"):
            act(CLEARED_AT.date(), CLEARED_AT.date())


def test_every_state_but_the_last_ones_has_a_way_on() -> None:
    crossed = {State.EXIT_CONFIRMED, State.ENTRY_RECORDED, State.DISCHARGED}
    ends = {*crossed, State.RELEASE_WITHDRAWN, State.WITHDRAWN, State.RETURNED, State.DISPOSED_LOCALLY}
    assert {state for state, _ in PROCEDURE} == set(State) - ends
    assert {act for _, act in PROCEDURE} == set(Act)


def test_what_another_gateway_released_is_accounted_for_here() -> None:
    here, there = ready(), ready()
    lodged = declared("export")
    said = clear(lodge(WORLD, CASE, lodged, there, CLEARED_AT), there, FRESH, CLEARED_AT)
    for _ in range(2):
        here.lodged_elsewhere(lodged)
        here.decided_elsewhere(said, released=True, refused=False)
    assert here.ledger.figures() == there.ledger.figures()

"""The quantity account: whatever happens, no kilogram beyond the consent is ever given out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from customs_gateway.domain.ledger import Claim, Overdrawn, QuantityLedger
from customs_gateway.domain.registry import RegistryEntry

SHIPMENTS = st.integers(1, 4)
KILOGRAMS = st.integers(1, 60_000)


def export(kg: int) -> Claim:
    return Claim("export", "CA", kg)


def entering(kg: int) -> Claim:
    return Claim("import", "BE", kg)


def test_an_accepted_export_reserves_and_its_release_consumes() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    ledger.reserve(1, "d1", export(24_000))
    assert (ledger.available_kg, ledger.reserved_kg, ledger.consumed_kg) == (1_000, 24_000, 0)
    ledger.consume(1, "d1")
    assert (ledger.available_kg, ledger.reserved_kg, ledger.consumed_kg) == (1_000, 0, 24_000)


def test_a_refused_declaration_gives_back_what_it_reserved() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    ledger.reserve(1, "d1", export(24_000))
    ledger.give_back(1, "d1")
    assert ledger.available_kg == 25_000
    assert ledger.lines == {}


def test_the_import_of_a_shipment_does_not_draw_its_quantity_again() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    ledger.reserve(1, "out", export(25_000))
    ledger.consume(1, "out")
    ledger.reserve(1, "in", entering(25_000))
    ledger.consume(1, "in")
    assert (ledger.available_kg, ledger.consumed_kg) == (0, 25_000)


def test_an_import_heavier_than_its_export_draws_only_the_difference() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    ledger.reserve(1, "out", export(24_000))
    ledger.consume(1, "out")
    ledger.reserve(1, "in", entering(24_500))
    assert ledger.available_kg == 500
    ledger.give_back(1, "in")
    assert ledger.available_kg == 1_000


def test_what_the_facility_received_stands_in_place_of_what_was_declared() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    ledger.reserve(1, "out", export(25_000))
    ledger.consume(1, "out")
    ledger.settle(1, 24_900)
    assert (ledger.available_kg, ledger.consumed_kg) == (100, 24_900)


def test_one_kilogram_too_many_is_refused_and_changes_nothing() -> None:
    ledger = QuantityLedger(authorised_kg=25_000)
    with pytest.raises(Overdrawn, match="25001 kg declared, 25000 kg free"):
        ledger.reserve(1, "d1", export(25_001))
    assert ledger.available_kg == 25_000


def test_a_consent_narrowed_below_what_is_used_leaves_nothing_to_draw() -> None:
    ledger = QuantityLedger(authorised_kg=50_000)
    ledger.reserve(1, "d1", export(25_000))
    ledger.authorised_kg = 20_000
    assert ledger.available_kg == -5_000
    with pytest.raises(Overdrawn):
        ledger.reserve(2, "d2", export(1))


class AnyHistory(RuleBasedStateMachine):
    """Declarations of several shipments in any order; the facility never receives more than was declared."""

    declarations = Bundle("declarations")

    def __init__(self) -> None:
        super().__init__()
        self.entry = RegistryEntry("world", "case")
        self.ledger = self.entry.ledger
        self.ledger.authorised_kg = 100_000
        self.count = 0

    @rule(
        target=declarations, shipment=SHIPMENTS, kg=KILOGRAMS, direction=st.sampled_from(["export", "import"])
    )
    def accept(self, shipment: int, kg: int, direction: str) -> tuple[int, str]:
        self.count += 1
        room = self.ledger.room(shipment)
        try:
            self.ledger.reserve(shipment, f"d{self.count}", Claim(direction, "CA", kg))
        except Overdrawn:
            assert kg > room
        return shipment, f"d{self.count}"

    @rule(declaration=declarations)
    def release(self, declaration: tuple[int, str]) -> None:
        self.ledger.consume(*declaration)

    @rule(declaration=declarations)
    def refuse(self, declaration: tuple[int, str]) -> None:
        line = self.ledger.lines.get(declaration[0])
        if line is None or not line.released:
            self.ledger.give_back(*declaration)

    @rule(shipment=SHIPMENTS, share=st.integers(0, 100))
    def receive(self, shipment: int, share: int) -> None:
        line = self.ledger.lines.get(shipment)
        if line is not None:
            self.ledger.settle(shipment, line.kg * share // 100)

    @rule(shipment=SHIPMENTS)
    def reject(self, shipment: int) -> None:
        """The facility rejects it: nothing is given back by that."""
        before = self.ledger.figures()
        movement = self.entry.movement(shipment, f"CA 0000 000001.{shipment:06d}")
        self.entry.received(movement, date(2026, 8, 5), 0, accepted=False)
        assert self.ledger.figures() == before

    @rule(shipment=SHIPMENTS, kg=KILOGRAMS)
    def credit(self, shipment: int, kg: int) -> None:
        """The authority of export gives back: never more than was drawn for this shipment."""
        line, free = self.ledger.lines.get(shipment), self.ledger.available_kg
        drawn = line.kg if line else 0
        self.ledger.credit(shipment, kg)
        assert self.ledger.available_kg == free + min(kg, drawn)

    @rule(declaration=declarations, kg=KILOGRAMS)
    def amend(self, declaration: tuple[int, str], kg: int) -> None:
        """After a release as before it: the new mass must fit beside everything else."""
        shipment, name = declaration
        line = self.ledger.lines.get(shipment)
        if line is None or name not in line.claims or line.received_kg is not None:
            return
        before = (self.ledger.figures(), line.claims[name])
        try:
            self.ledger.reserve(shipment, name, Claim(line.claims[name].direction, "CA", kg))
        except Overdrawn:
            assert (self.ledger.figures(), line.claims[name]) == before

    @rule(declaration=declarations)
    def withdraw(self, declaration: tuple[int, str]) -> None:
        self.ledger.suspend(*declaration)
        self.ledger.give_back(*declaration)

    @invariant()
    def what_is_authorised_is_available_reserved_or_consumed(self) -> None:
        figures = self.ledger.figures()
        parts = figures.available_kg + figures.reserved_kg + figures.consumed_kg
        assert parts == figures.authorised_kg == 100_000

    @invariant()
    def no_more_is_given_out_than_was_consented(self) -> None:
        assert self.ledger.available_kg >= 0


TestAnyHistory = AnyHistory.TestCase

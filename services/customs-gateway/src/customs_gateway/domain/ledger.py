"""The quantity account of one notification: authorised = available + reserved + consumed, in kilograms.

The model is quantity management as in Implementing Regulation (EU) 2024/2145, Articles 6 to 8: an accepted
declaration reserves, a released one consumes, one that is not released gives back; what was released may be
amended or withdrawn, and an officer may answer for a quantity by name. A notification covers one waste
stream (one waste code), so its account is the account of the stream.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pic_schemas.messages import Ledger


class Overdrawn(Exception):
    """More was asked for than is available."""


@dataclass(slots=True)
class Claim:
    """What one declaration draws for a shipment."""

    direction: str
    state: str
    kg: int
    released: bool = False
    answered_by: str | None = None
    """The officer who answers for a quantity that the account did not allow, and why."""


@dataclass(slots=True)
class ShipmentLine:
    """One shipment. Export and import declare the same load, so their claims overlap instead of adding up."""

    claims: dict[str, Claim] = field(default_factory=dict)
    received_kg: int | None = None

    @property
    def kg(self) -> int:
        if self.received_kg is not None:
            return self.received_kg
        return max((claim.kg for claim in self.claims.values()), default=0)

    @property
    def released(self) -> bool:
        """The first release consumes; the declarations that follow attach to it."""
        return any(claim.released for claim in self.claims.values())

    @property
    def let_out(self) -> bool:
        """The State of export has decided about this shipment: it released it."""
        return any(claim.released and claim.direction == "export" for claim in self.claims.values())

    @property
    def consumed(self) -> bool:
        return self.released or self.received_kg is not None

    @property
    def empty(self) -> bool:
        return not self.claims and self.received_kg is None


@dataclass(slots=True)
class QuantityLedger:
    """The account. What is authorised follows the consents; a newer one may lower it below what is used."""

    authorised_kg: int = 0
    lines: dict[int, ShipmentLine] = field(default_factory=dict)

    @property
    def reserved_kg(self) -> int:
        return sum(line.kg for line in self.lines.values() if not line.consumed)

    @property
    def consumed_kg(self) -> int:
        return sum(line.kg for line in self.lines.values() if line.consumed)

    @property
    def available_kg(self) -> int:
        # A line is either reserved or consumed; asked many times a decision, over every load of the case.
        return self.authorised_kg - sum(line.kg for line in self.lines.values())

    def room(self, shipment: int) -> int:
        """The most that a declaration of this shipment may claim."""
        line = self.lines.get(shipment)
        return self.available_kg + (line.kg if line else 0)

    def reserve(self, shipment: int, declaration: str, claim: Claim) -> None:
        """A declaration was accepted. The first of a shipment draws, later ones attach. Raises Overdrawn."""
        if claim.kg > self.room(shipment):
            raise Overdrawn(f"{claim.kg} kg declared, {self.room(shipment)} kg free for shipment {shipment}")
        self.record(shipment, declaration, claim)

    def record(self, shipment: int, declaration: str, claim: Claim) -> None:
        """A claim that another office has accepted already: a fact is not refused."""
        self.lines.setdefault(shipment, ShipmentLine()).claims[declaration] = claim

    def consume(self, shipment: int, declaration: str) -> None:
        """The declaration was released; what it reserved is consumed."""
        if (claim := self._claim(shipment, declaration)) is not None:
            claim.released = True

    def suspend(self, shipment: int, declaration: str) -> None:
        """What was released is looked at again: the quantity is reserved, no longer consumed."""
        if (claim := self._claim(shipment, declaration)) is not None:
            claim.released = False

    def answered_by(self, shipment: int, declaration: str) -> str | None:
        """Who answers for this declaration's quantity, room or not."""
        claim = self._claim(shipment, declaration)
        return claim.answered_by if claim else None

    def let_out(self, shipment: int) -> bool:
        """Whether the State of export has released this shipment already."""
        line = self.lines.get(shipment)
        return line is not None and line.let_out

    def give_back(self, shipment: int, declaration: str) -> None:
        """The declaration was not released: its reservation is dropped."""
        line = self.lines.get(shipment)
        if line is None:
            return
        line.claims.pop(declaration, None)
        if line.empty:
            del self.lines[shipment]

    def strike(self, shipment: int) -> None:
        """The shipment was cancelled: whatever was drawn for it is free again."""
        self.lines.pop(shipment, None)

    def credit(self, shipment: int, kg: int) -> None:
        """The authority of export gives back what was drawn for a load that failed."""
        line = self.lines.get(shipment)
        if line is not None:
            self.settle(shipment, max(0, line.kg - kg))

    def settle(self, shipment: int, received_kg: int) -> None:
        """The facility's weight stands for the shipment from now on, also if it is above the declared one."""
        self.lines.setdefault(shipment, ShipmentLine()).received_kg = received_kg

    def rival(self, shipment: int, declaration: str, direction: str, state: str) -> str | None:
        """Another declaration of the same shipment for the same crossing."""
        line = self.lines.get(shipment) or ShipmentLine()
        for other, claim in line.claims.items():
            if other != declaration and (claim.direction, claim.state) == (direction, state):
                return other
        return None

    def _claim(self, shipment: int, declaration: str) -> Claim | None:
        line = self.lines.get(shipment)
        return line.claims.get(declaration) if line else None

    def figures(self) -> Ledger:
        """The account as it travels."""
        return Ledger(
            authorised_kg=self.authorised_kg,
            available_kg=self.available_kg,
            reserved_kg=self.reserved_kg,
            consumed_kg=self.consumed_kg,
        )

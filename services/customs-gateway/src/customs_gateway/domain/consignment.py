"""A load without notification, as customs of both ends know it: by its consignment reference."""

from __future__ import annotations

from dataclasses import dataclass

from pic_schemas.messages import DeclarationLodged

LONGEST_REFERENCE = 35
"""UCR, WCO data model 016: an..35."""


@dataclass(frozen=True, slots=True)
class Consignment:
    """The case that the first declaration under a reference opened."""

    world: str
    ucr: str
    case: str
    origin: str
    destination: str
    states: tuple[str, ...]

    def continued_by(self, lodged: DeclarationLodged) -> bool:
        """Whether a declaration means the same load: same ends, at an office that it concerns."""
        same_ends = (self.origin, self.destination) == (lodged.origin, lodged.destination)
        return same_ends and lodged.office[:2] in self.states


def consigned(world: str, case: str, lodged: DeclarationLodged) -> Consignment:
    """The load that the first declaration under its reference made known."""
    return Consignment(world, lodged.ucr, case, lodged.origin, lodged.destination, states_of(lodged))


def states_of(lodged: DeclarationLodged) -> tuple[str, ...]:
    """The States that a load without notification concerns."""
    stated = (lodged.origin, *lodged.transits, lodged.destination, lodged.office[:2])
    return tuple(dict.fromkeys(stated))

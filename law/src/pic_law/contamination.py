"""How clean waste must be that is declared as clean: numbers by country, the Convention gives none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from pic_law import library
from pic_law.codes import waste
from pic_law.reach import Reach


class Limit(Reach):
    """What may be in the load at most, in percent of its mass, by kind of contaminant and in all.

    `binding` is false for a guideline. `inspected_first`: the State of import wants to have looked inside.
    """

    percent: Mapping[str, Decimal] = {}
    total: Decimal | None = None
    purity: Decimal | None = None
    """How much of the plastic must be the stated polymer, in percent; asked where the load is classified."""
    binding: bool
    inspected_first: bool = False

    def exceeded(self, found: Mapping[str, Decimal]) -> Iterator[str]:
        """What is above the limit, in words; `found` is percent by kind."""
        for kind, most in self.percent.items():
            if found.get(kind, Decimal()) > most:
                yield f"{found[kind].normalize():f} % {kind}, {most} % allowed"
        together = sum(found.values(), Decimal())
        if self.total is not None and together > self.total:
            yield f"{together.normalize():f} % in all, {self.total} % allowed"


def limits(origin: str, destination: str, code: str, recovery: bool, on: date) -> tuple[Limit, ...]:
    """The limits for waste that is declared under this code, on the day of the act."""
    declared = waste(code, on)
    if declared is None:
        return ()
    return tuple(one for one in all_limits() if one.concerns(origin, destination, declared, recovery, on))


@cache
def all_limits() -> tuple[Limit, ...]:
    """Every limit of the file."""
    return library.entries(Limit, "contamination", "limits")

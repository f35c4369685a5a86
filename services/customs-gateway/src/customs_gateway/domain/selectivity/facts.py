"""What an indicator looks at, and what it may answer: it fires, it cannot say yet, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from customs_gateway.domain.checks.examination import Examination
from customs_gateway.domain.inspection import Inspection
from pic_law.indicators import Indicator
from pic_schemas.messages import CheckResult


@dataclass(frozen=True, slots=True)
class Facts:
    """One declaration as the checks saw it, with what they found and what officers did with it."""

    examination: Examination
    checks: Mapping[str, CheckResult]
    altered: tuple[str, ...] = ()
    """JSON pointers of what was altered after lodging."""
    inspections: tuple[Inspection, ...] = ()

    def failed(self, checks: tuple[str, ...]) -> Iterator[CheckResult]:
        """Those of these checks that failed, whatever they weigh."""
        for name in checks:
            found = self.checks.get(name)
            if found is not None and found.outcome == "fail":
                yield found


@dataclass(frozen=True, slots=True)
class Fired:
    """The indicator speaks against the load: what was found, and where it is declared."""

    detail: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The indicator cannot be answered from what is known; it scores nothing."""

    detail: str
    pointer: str = ""


Answer = Fired | Unknown | None
Indication = Callable[[Facts, Indicator], Answer]

"""What one container, reference or company is part of: the cases open on it, whoever declared them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pic_schemas.messages import DeclarationLodged


@dataclass(slots=True)
class Trace:
    """One container, reference or company, and what is under way with it, by case and shipment."""

    world: str
    mark: str
    open: dict[str, str] = field(default_factory=dict)

    def begin(self, holder: str, why: str) -> None:
        self.open[holder] = why

    def end(self, holder: str) -> None:
        self.open.pop(holder, None)

    def of_other_movements(self, case: str, shipment: int | None) -> list[str]:
        """What is under way with it in another movement, in words."""
        mine = holder(case, shipment)
        return [f"{self.mark}: {why}" for name, why in sorted(self.open.items()) if name != mine]

    def of_other_cases(self, case: str) -> list[str]:
        """The same, where movements of one case may share it: a reference may stand for a whole contract."""
        return [
            f"{self.mark}: {why}" for name, why in sorted(self.open.items()) if name.partition("/")[0] != case
        ]


LONGEST_MARK = 80


def holder(case: str, shipment: int | None) -> str:
    """One movement; a load without notification is its case."""
    return case if shipment is None else f"{case}/{shipment}"


def mark_of_reference(lodged: DeclarationLodged) -> str:
    """The consignment reference, which one case at a time may bear."""
    return f"reference {lodged.ucr}"[:LONGEST_MARK]


def marks_of_load(lodged: DeclarationLodged) -> list[str]:
    """The reference, and the containers, which one movement at a time may bear."""
    return _marks((mark_of_reference(lodged), *(f"container {one.id}" for one in lodged.equipment)))


def marks_of_parties(lodged: DeclarationLodged, facility: str | None = None) -> list[str]:
    """The companies behind a load."""
    known: Iterable[str | None] = (lodged.exporter, lodged.consignee, facility)
    return _marks(f"company {one}" for one in known if one)


def refused(marks: Iterable[str]) -> list[str]:
    """The same marks as those of loads that an office refused; they outlive the load."""
    return _marks(f"refused {mark}" for mark in marks)


def irregular(marks: Iterable[str]) -> list[str]:
    """The same marks as those of companies whose load was found to be irregular."""
    return _marks(f"irregular {mark}" for mark in marks)


def mark_of_case(case: str) -> str:
    """Under this mark a case keeps the marks of its loads, to end them when a load has arrived."""
    return f"case {case}"


def _marks(stated: Iterable[str]) -> list[str]:
    return sorted({mark[:LONGEST_MARK] for mark in stated})

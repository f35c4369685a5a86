"""Worklists seat by seat, for one who sits on some of them or looks at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pic_schemas.address import Address
from single_window.domain.case import CaseFile
from single_window.domain.seats import in_order_of_travel, seats_of
from single_window.domain.tasks import Task, in_order, tasks_of


@dataclass(frozen=True, slots=True)
class SeatList:
    """What waits for one seat, the most urgent first."""

    seat: Address
    tasks: list[Task]

    @property
    def overdue(self) -> int:
        return sum(task.overdue for task in self.tasks)


def worklists(cases: Iterable[CaseFile], now: datetime, own: set[Address] | None) -> list[SeatList]:
    """One list for each of the `own` seats; with None for every seat of the cases."""
    route: dict[str, None] = {}
    lists: dict[Address, list[Task]] = {seat: [] for seat in own or ()}
    for case in cases:
        route |= dict.fromkeys(case.consignment.states if case.consignment else ())
        for seat in seats_of(case) if own is None else own:
            lists.setdefault(seat, []).extend(tasks_of(case, seat, now))
    return [SeatList(seat, in_order(lists[seat])) for seat in in_order_of_travel(lists, route)]

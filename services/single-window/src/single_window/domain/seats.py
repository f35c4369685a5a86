"""The seats that take part in a case, each with its own worklist."""

from __future__ import annotations

from collections.abc import Iterable

from pic_schemas.address import ANY, Address, Role
from single_window.domain.case import CaseFile
from single_window.domain.tasks import RULES

ORDER = tuple(RULES)


def seats_of(case: CaseFile) -> list[Address]:
    """Every seat of the case that may have a duty; `any office` of a State only where none is named."""
    seats = [Address.parse(text) for text in case.seats]
    named = {(seat.state, seat.role) for seat in seats if seat.agency != ANY}
    return [
        seat
        for seat in seats
        if seat.role in RULES and (seat.agency != ANY or (seat.state, seat.role) not in named)
    ]


def in_order_of_travel(seats: Iterable[Address], route: Iterable[str]) -> list[Address]:
    """State by State as the loads travel, in each the order of the procedure."""
    seats = set(seats)
    states = list(dict.fromkeys((*route, *sorted(seat.state for seat in seats))))
    return sorted(seats, key=lambda seat: (states.index(seat.state), _place(seat.role), seat.agency))


def _place(role: Role) -> int:
    return ORDER.index(role)

"""What each seat may ask for now: every command is tried on a copy, so that offered and accepted agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import date

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.changes import mind_the_change, waiting
from notifier.domain.custody import mind_the_holder, mind_the_taker
from notifier.domain.ending import close
from notifier.domain.inquiries import declare_invalid, mind_the_question
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.numbering import NumberSeries
from notifier.domain.paper import mind_the_answer, mind_the_paper
from notifier.domain.parties import may_see, mind_the_authority
from notifier.domain.prenotification import mind_the_start
from notifier.domain.prohibition import lift
from notifier.domain.receipts import mind_the_certificate, mind_the_receipt
from notifier.domain.rescheduling import mind_any_day
from notifier.domain.shipments import mind_the_departure
from notifier.domain.updating import mind_the_update
from pic_law.desk import ON_PAPER, Act
from pic_schemas.action import Action, standing_against
from pic_schemas.address import Address, Role

Trial = Callable[[Notification, date], object]
Line = tuple[str, str, str, Trial]

# Act, method, path below the notification, and what the command itself does or minds first.
# fmt: off
EXPORTER: tuple[Line, ...] = (
    ("revise",            "PUT",  "",                    lambda n, on: n.revise(n.draft)),
    ("submit",            "POST", "/submission",         lambda n, on: n.submit(_a_number(n), on)),
    ("copy",              "POST", "/copy",               lambda n, on: n.blank_copy()),
    ("attach",            "POST", "/attachments",        lambda n, on: n.allow("attach")),
    ("lodge guarantee",   "POST", "/guarantee",          lambda n, on: n.mind_the_guarantee(on)),
    ("withdraw",          "POST", "/withdrawal",         lambda n, on: n.allow("withdraw")),
    ("change",            "POST", "/changes",            lambda n, on: mind_the_change(n)),
    ("prenotify",         "POST", "/movements",          mind_the_start),
)
AUTHORITY: tuple[Line, ...] = (
    ("attach",            "POST", "/attachments",        lambda n, on: n.allow("attach")),
    ("approve guarantee", "POST", "/guarantee/approval", lambda n, on: n.approve_guarantee(on)),
    ("ask",               "POST", "/information-requests", mind_the_question),
    ("declare invalid",   "POST", "/invalidity",         lambda n, on: declare_invalid(n, "-", on)),
    ("carry out",         "POST", "/carried-out",        lambda n, on: n.carry_out(on)),
    ("transmit",          "POST", "/transmission",       lambda n, on: n.transmit(on)),
    ("authorise",         "POST", "/authorisation",      lambda n, on: authorise(n, on, Wish())),
    ("release guarantee", "POST", "/guarantee/release",  lambda n, on: n.release_guarantee(on)),
    ("prohibit",          "POST", "/prohibition",        lambda n, on: n.allow("prohibit")),
    ("lift prohibition",  "POST", "/prohibition/lifting", lambda n, on: lift(n, "-", on)),
    ("close",             "POST", "/closing",            close),
)
# fmt: on


def actions(notification: Notification, seats: Iterable[Address], on: date) -> list[Action]:
    """Every command of these seats in this case; a seat that it does not concern has none."""
    known = [seat for seat in seats if may_see(notification, [seat])]
    return [action for seat in known for action in OF_SEAT[seat.role](notification, seat, on)]


def _of_exporter(notification: Notification, seat: Address, on: date) -> Iterator[Action]:
    for line in EXPORTER:
        yield _tried(notification, line, seat, on)
    for movement in notification.movements:
        against = standing_against(movement.mind_the_cancellation)
        path = f"/movements/{movement.shipment}/cancellation"
        yield Action("cancel shipment", seat.role, "POST", path, against)
        path = f"/movements/{movement.shipment}/rescheduling"
        against = standing_against(_movable(notification, movement, on))
        yield Action("reschedule shipment", seat.role, "POST", path, against)
        path = f"/movements/{movement.shipment}/update"
        against = standing_against(_updatable(notification, movement))
        yield Action("update shipment", seat.role, "POST", path, against)
        path = f"/movements/{movement.shipment}"
        against = standing_against(_confirmable(notification, movement, mind_the_receipt))
        yield Action("confirm receipt", seat.role, "POST", f"{path}/receipt", against)
        against = standing_against(_confirmable(notification, movement, mind_the_certificate))
        yield Action("certify completion", seat.role, "POST", f"{path}/certificate", against)
    for each in (each for each in notification.inquiries if each.is_open):
        path = f"/information-requests/{each.authority}/{each.request}/answer"
        against = standing_against(lambda: notification.allow("answer"))
        yield Action(f"answer {each.authority}", seat.role, "POST", path, against)


def _of_authority(notification: Notification, seat: Address, on: date) -> Iterator[Action]:
    for act, method, path, trial in AUTHORITY:

        def in_office(copy: Notification, day: date, trial: Trial = trial) -> None:
            mind_the_authority(copy, seat)
            trial(copy, day)

        yield _tried(notification, (act, method, path, in_office), seat, on)
    if (change := notification.open_change) is not None:
        against = standing_against(_own_answer(notification, seat, change.number))
        path = f"/changes/{change.number}/answer"
        yield Action("answer change", seat.role, "POST", path, against)
    yield from _on_paper(notification, seat)


def _own_answer(notification: Notification, seat: Address, change: int) -> Callable[[], object]:
    def attempt() -> None:
        mind_the_authority(notification, seat)
        waiting(notification, change, seat.agency)

    return attempt


def _on_paper(notification: Notification, seat: Address) -> Iterator[Action]:
    """The steps of the authorities that are not on the exchange."""
    for asked in (each for each in notification.authorities if each.channel == "paper"):
        for act in ON_PAPER:
            against = standing_against(_paper_step(notification, seat, asked.authority, act))
            yield Action(
                f"record {act.value} of {asked.authority}", seat.role, "POST", "/paper-steps", against
            )
        if (change := notification.open_change) is not None and change.essential:
            against = standing_against(_paper_answer(notification, seat, asked.authority, change.number))
            yield Action(
                f"record change-answer of {asked.authority}", seat.role, "POST", "/paper-steps", against
            )


def _paper_step(notification: Notification, seat: Address, code: str, act: Act) -> Callable[[], object]:
    def attempt() -> None:
        mind_the_authority(notification, seat)
        mind_the_paper(notification, code, act)

    return attempt


def _paper_answer(notification: Notification, seat: Address, code: str, change: int) -> Callable[[], object]:
    def attempt() -> None:
        mind_the_authority(notification, seat)
        mind_the_answer(notification, code, change)

    return attempt


def _of_carrier(notification: Notification, seat: Address, on: date) -> Iterator[Action]:
    for movement in notification.movements:
        against = standing_against(
            # mypy infers no type for a default that binds the loop variable.
            lambda movement=movement: mind_the_departure(  # type: ignore[misc]
                notification, movement, seat.agency, on
            )
        )
        path = f"/movements/{movement.shipment}/departure"
        yield Action("depart", seat.role, "POST", path, against)
        path = f"/movements/{movement.shipment}"
        against = standing_against(_taker(notification, movement, seat.agency))
        yield Action("take over", seat.role, "POST", f"{path}/hand-overs", against)
        against = standing_against(_holder(movement, seat.agency))
        yield Action("deliver", seat.role, "POST", f"{path}/delivery", against)


def _movable(notification: Notification, movement: Movement, on: date) -> Callable[[], object]:
    return lambda: mind_any_day(notification, movement, on)


def _confirmable(
    notification: Notification, movement: Movement, mind: Callable[[Notification, Movement], object]
) -> Callable[[], object]:
    return lambda: mind(notification, movement)


def _updatable(notification: Notification, movement: Movement) -> Callable[[], object]:
    return lambda: mind_the_update(notification, movement)


def _taker(notification: Notification, movement: Movement, carrier: str) -> Callable[[], object]:
    return lambda: mind_the_taker(notification, movement, carrier)


def _holder(movement: Movement, carrier: str) -> Callable[[], object]:
    return lambda: mind_the_holder(movement, carrier)


def _tried(notification: Notification, line: Line, seat: Address, on: date) -> Action:
    act, method, path, trial = line
    return Action(act, seat.role, method, path, standing_against(lambda: trial(deepcopy(notification), on)))


def _a_number(notification: Notification) -> str:
    """Any number will do for a trial; the real one is issued by the command."""
    return NumberSeries(notification.world, notification.exporter.state).issue()


OF_SEAT: dict[Role, Callable[[Notification, Address, date], Iterator[Action]]] = {
    Role.EXPORTER: _of_exporter,
    Role.COMPETENT_AUTHORITY: _of_authority,
    Role.CARRIER: _of_carrier,
}

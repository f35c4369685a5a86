"""What offices of a State of transit do with a load, and what the clock says if it does not come out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import get_args

from customs_gateway.amending import examine_again
from customs_gateway.clearing import is_stale, own, own_state, say, say_to_officials
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.movement import Passage
from customs_gateway.domain.passage import (
    Stamping,
    exit_overdue,
    transit_discharged,
    transit_entered,
    transit_exited,
    transit_overdue,
)
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.store import DECLARATIONS, REGISTRY, is_ours
from pic_kit.access import Caller
from pic_kit.reactions import Reactions
from pic_kit.runtime import Runtime
from pic_kit.timers import Deadlines, Timer
from pic_kit.transaction import NO_CASE, Work
from pic_law.passages import over_at, passage_if_any
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CancellationGranted,
    CustomsExited,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    DeclarationWithdrawn,
    ExitOverdue,
    TransitDischarged,
    TransitEntered,
    TransitExited,
    TransitOverdue,
)

EXIT_DUE, TRANSIT_DUE = "exit-due", "transit-due"


async def enter_transit(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load is stamped in at the office that opened the transit."""
    found, entry = await own(work, caller, runtime, declaration)
    say(work, found, entry, transit_entered(found, entry, _stamp(work, caller, on)))
    await _push(work, runtime, found, entry)
    return found


async def exit_transit(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load is stamped out, at any office of the State of transit."""
    found, entry = await own_state(work, caller, runtime, declaration)
    said = transit_exited(found, entry, _stamp(work, caller, on))
    say(work, found, entry, said, office=caller.agency)
    await _push(work, runtime, found, entry)
    return found


async def discharge(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The office that opened the transit ends it."""
    found, entry = await own(work, caller, runtime, declaration)
    say(work, found, entry, transit_discharged(found, entry, _stamp(work, caller, on)))
    await _push(work, runtime, found, entry)
    return found


async def _push(work: Work, runtime: Runtime, found: Declaration, entry: RegistryEntry | None) -> None:
    """A stamp may be what another declaration of the shipment waits for: told at once, under one lock."""
    if entry is not None and any(one != found.id for one in entry.open_here):
        hosts = runtime.settings.hosts
        await examine_again(work, entry, found.shipment, hosts, stale=is_stale(runtime))


def _stamp(work: Work, caller: Caller, on: date | None) -> Stamping:
    today = work.now.date()
    return Stamping(caller.agency, on or today, today)


async def transit_came_due(work: Work, timer: Timer) -> None:
    """Nothing is decided by the clock: the authorities and offices concerned are told."""
    found, entry = await _kept(work, timer)
    if found is not None and (said := transit_overdue(found, entry, work.now.date())) is not None:
        say_to_officials(work, found, entry, said)


async def exit_came_due(work: Work, timer: Timer) -> None:
    """What was released for export and did not leave is asked about; what it drew stays drawn."""
    found, entry = await _kept(work, timer)
    if found is None or (said := exit_overdue(found, work.now.date())) is None:
        return
    if entry is not None and found.shipment is not None and found.movement_number is not None:
        entry.movement(found.shipment, found.movement_number).exit_overdue = True
    say_to_officials(work, found, entry, said)


def watch(deadlines: Deadlines) -> None:
    """What this gateway does when a load was to have crossed."""
    deadlines.on(TRANSIT_DUE)(transit_came_due)
    deadlines.on(EXIT_DUE)(exit_came_due)


async def _kept(work: Work, timer: Timer) -> tuple[Declaration | None, RegistryEntry | None]:
    entry = await work.shelf(REGISTRY).get(timer.world, timer.case)
    return await work.shelf(DECLARATIONS).get(timer.world, timer.authority), entry


# What is heard. The own offices' words start and stop the clocks, away from the request that waits.


async def released(work: Work, event: Event, message: CustomsReleased) -> None:
    """A release for export waits for the exit."""
    if message.direction != "export":
        return
    found = await _ours(work, message.declaration_id)
    if found is None or not found.may_change:
        return
    start, case = event.time.date(), event.case or NO_CASE
    if (time := passage_if_any("exit", found.office_state, start)) is not None:
        due = over_at(time.last_day(start))
        work.timers.schedule(Timer(work.world.id, case, EXIT_DUE, due, found.id, len(found.earlier)))


Ends = CustomsExited | CustomsHeld | CustomsRefused | DeclarationWithdrawn | CancellationGranted


async def waits_no_more(work: Work, event: Event, message: Ends) -> None:
    """The load left, or its release no longer stands."""
    declaration, direction = message.declaration_id, getattr(message, "direction", "export")
    found = await _ours(work, declaration) if declaration is not None and direction == "export" else None
    decided_first = (
        isinstance(message, CustomsHeld | CustomsRefused) and found is not None and not found.earlier
    )
    if found is not None and found.lodged.direction == "export" and not decided_first:
        await work.timers.cancel(work.world.id, event.case or NO_CASE, EXIT_DUE, found.id)


async def entered(work: Work, event: Event, message: TransitEntered) -> None:
    stamped = await _stamped(work, event, message)
    if stamped is not None:
        stamped.entered_on, stamped.entered_at = message.entered_on, message.office
        stamped.due_on = message.due_on
    if await is_ours(work, message.declaration_id):
        due, case = over_at(message.due_on), event.case or NO_CASE
        work.timers.schedule(Timer(work.world.id, case, TRANSIT_DUE, due, message.declaration_id))


async def exited(work: Work, event: Event, message: TransitExited) -> None:
    stamped = await _stamped(work, event, message)
    if stamped is not None:
        stamped.exited_on, stamped.exited_at = message.exited_on, message.office
    if await is_ours(work, message.declaration_id):
        await work.timers.cancel(work.world.id, event.case or NO_CASE, TRANSIT_DUE, message.declaration_id)


async def discharged(work: Work, event: Event, message: TransitDischarged) -> None:
    if (stamped := await _stamped(work, event, message)) is not None:
        stamped.discharged_on = message.discharged_on


async def overdue_in_transit(work: Work, event: Event, message: TransitOverdue) -> None:
    if (stamped := await _stamped(work, event, message)) is not None:
        stamped.overdue = True


async def overdue_at_exit(work: Work, event: Event, message: ExitOverdue) -> None:
    entry = await work.shelf(REGISTRY).get(work.world.id, event.case or NO_CASE)
    if entry is not None and message.shipment is not None and message.movement_number is not None:
        entry.movement(message.shipment, message.movement_number).exit_overdue = True


OnTheWay = TransitEntered | TransitExited | TransitDischarged | TransitOverdue


async def _stamped(work: Work, event: Event, message: OnTheWay) -> Passage | None:
    """The stamps of the State that speaks; of a load without notification only its own office keeps them.

    None also where an office of this gateway speaks: it has put its stamp into the entry already.
    """
    if message.shipment is None or message.movement_number is None:
        return None
    if await is_ours(work, message.declaration_id):
        return None
    entry = await work.shelf(REGISTRY).get(work.world.id, event.case or NO_CASE)
    if entry is None:
        return None
    movement = entry.movement(message.shipment, message.movement_number)
    return movement.transits.setdefault(message.office[:2], Passage())


async def _ours(work: Work, declaration: str) -> Declaration | None:
    return await work.shelf(DECLARATIONS).get(work.world.id, declaration)


def listen(reactions: Reactions) -> None:
    """Register every reaction."""
    heard: tuple[tuple[type, Callable[..., Awaitable[None]]], ...] = (
        (CustomsReleased, released),
        *((end, waits_no_more) for end in get_args(Ends)),
        (TransitEntered, entered),
        (TransitExited, exited),
        (TransitDischarged, discharged),
        (TransitOverdue, overdue_in_transit),
        (ExitOverdue, overdue_at_exit),
    )
    for message, reaction in heard:
        reactions.on(message)(reaction)

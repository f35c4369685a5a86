"""What authorities and offices do about a failed movement, and what the clock does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID, uuid5

from customs_gateway import store
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.failure import Failure, make_known, make_known_unnotified
from customs_gateway.domain.parties import officials, parties
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.remedy import Remedy, Stage, opened
from customs_gateway.store import DECLARATIONS, REGISTRY, REMEDIES
from pic_kit.access import Caller
from pic_kit.runtime import Runtime
from pic_kit.timers import Deadlines, Timer
from pic_kit.transaction import Work
from pic_law.clocks import END_OF_DAY, add_months
from pic_law.remedies import months_between_reminders
from pic_law.rules import rule
from pic_schemas.address import ANY, Address, Role
from pic_schemas.messages import Message

REMEDY_DUE, REMEDY_FINISH = "remedy-due", "remedy-finish"

deadlines = Deadlines()


def remedy_id(command: UUID) -> str:
    """The same command opens the same case."""
    return str(uuid5(command, "remedy"))


async def open_remedy(
    work: Work, caller: Caller, runtime: Runtime, ref: str, id_: str, failure: Failure
) -> Remedy:
    """A movement cannot be completed, or is found illegal; the authorities concerned are informed."""
    _hosted(caller, runtime)
    case = await store.case_of(work.connection, work.world.id, ref)
    entry = await work.shelf(REGISTRY).get(work.world.id, case) if case else None
    if entry is None:
        load = await _without_notification(work, caller, ref)
        said, of = make_known_unnotified(id_, load, failure, work.now), load.case
    elif store.concerns(entry, caller):
        said, of = make_known(id_, entry, failure, work.now), entry.case
    else:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref!r} concerns {caller.state}")
    found = work.shelf(REMEDIES).add(opened(work.world.id, of, said))
    _say(work, caller, found, entry, said)
    return found


async def _without_notification(work: Work, caller: Caller, ref: str) -> Declaration:
    """The load of a case that nothing was notified in, as its declaration says."""
    for id_ in await store.declarations_of(work.connection, work.world.id, ref):
        load = await work.shelf(DECLARATIONS).get(work.world.id, id_)
        if load is not None and load.lodged.number is None and caller.state in load.states:
            return load
    raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref!r} concerns {caller.state}")


async def order(
    work: Work, caller: Caller, runtime: Runtime, id_: str, measure: str, reason: str, facility: str | None
) -> Remedy:
    found, entry = await _own(work, caller, runtime, id_)
    recovery = entry is None or entry.document is None or entry.document.recovery
    said = found.order(seat_of(caller), measure, reason, facility, work.now.date(), recovery=recovery)
    _say(work, caller, found, entry, said)
    return found


async def oppose(work: Work, caller: Caller, runtime: Runtime, id_: str, reason: str) -> Remedy:
    found, entry = await _own(work, caller, runtime, id_)
    _say(work, caller, found, entry, found.oppose(reason, work.now.date()))
    return found


async def depart(work: Work, caller: Caller, runtime: Runtime, id_: str, on: date | None) -> Remedy:
    found, entry = await _own(work, caller, runtime, id_)
    today = work.now.date()
    _say(work, caller, found, entry, found.depart(on or today, today))
    return found


async def complete(
    work: Work, caller: Caller, runtime: Runtime, id_: str, on: date | None, place: str, credit_kg: int
) -> Remedy:
    found, entry = await _own(work, caller, runtime, id_)
    today = work.now.date()
    said = found.complete(seat_of(caller), on or today, place, credit_kg, today)
    _say(work, caller, found, entry, said)
    return found


def seat_of(caller: Caller) -> Address:
    """An authority before an office: whoever sits on both speaks as the authority."""
    return caller.address(
        Role.COMPETENT_AUTHORITY if Role.COMPETENT_AUTHORITY in caller.roles else Role.CUSTOMS
    )


@deadlines.on(REMEDY_DUE)
async def came_due(work: Work, timer: Timer) -> None:
    """Nothing is decided by the clock: every authority concerned is told that the case is still open."""
    found = await work.shelf(REMEDIES).get(timer.world, timer.authority)
    if found is None or found.stage is Stage.COMPLETED:
        return
    await _escalate(work, found)
    _remind(work, found, timer.restarts + 1)


@deadlines.on(REMEDY_FINISH)
async def not_finished(work: Work, timer: Timer) -> None:
    """What was ordered has not come to its end in time; another order since has its own day."""
    found = await work.shelf(REMEDIES).get(timer.world, timer.authority)
    if found is not None and found.stage is not Stage.COMPLETED and found.finish_by == timer.due_at.date():
        await _escalate(work, found)


async def _escalate(work: Work, found: Remedy) -> None:
    said = found.escalate(work.now.date())
    entry = await work.shelf(REGISTRY).get(found.world, found.case)
    sender = Address(found.duty_of or found.origin, Role.COMPETENT_AUTHORITY, ANY)
    told = officials(entry.document if entry else None, found.states)
    work.emit(said, case=found.case, sender=sender, recipients=told)


def watch(work: Work, found: Remedy, hosts: Callable[[str], bool]) -> None:
    if not hosts(found.duty_of or found.origin):
        return
    if found.due_at is not None:
        work.timers.schedule(Timer(found.world, found.case, REMEDY_DUE, found.due_at, found.id))
    else:
        _remind(work, found, 0)


def watch_the_finish(work: Work, found: Remedy, hosts: Callable[[str], bool]) -> None:
    """The State of import, whose facility takes the load, watches its end."""
    day = found.finish_by
    if day is not None and hosts(found.destination):
        at = datetime.combine(day, END_OF_DAY)
        clock = Timer(found.world, found.case, REMEDY_FINISH, at, found.id, restarts=day.toordinal())
        work.timers.schedule(clock)


def _remind(work: Work, found: Remedy, restarts: int) -> None:
    months = months_between_reminders(found.cause)
    if months is not None:
        day = add_months(found.opened_on, months * (restarts + 1))
        at = datetime.combine(day, END_OF_DAY)
        work.timers.schedule(Timer(found.world, found.case, REMEDY_DUE, at, found.id, restarts))


def _hosted(caller: Caller, runtime: Runtime) -> None:
    if not runtime.settings.hosts(caller.state):
        raise rule("STATE_NOT_CONCERNED").refused("", f"this gateway does not act for {caller.state}")


async def _own(work: Work, caller: Caller, runtime: Runtime, id_: str) -> tuple[Remedy, RegistryEntry | None]:
    found = await work.shelf(REMEDIES).get(work.world.id, id_)
    if found is None or caller.state not in found.states:
        raise rule("REMEDY_UNKNOWN").refused("", f"no case {id_} that concerns {caller.state}")
    _hosted(caller, runtime)
    return found, await work.shelf(REGISTRY).get(work.world.id, found.case)


def _say(work: Work, caller: Caller, found: Remedy, entry: RegistryEntry | None, said: Message) -> None:
    """Companies are told what was ordered and done; of suspicions only officials hear."""
    document = entry.document if entry else None
    open_to_all = Role.EXPORTER in type(said).receivers
    told = (parties if open_to_all else officials)(document, found.states)
    work.emit(said, case=found.case, sender=seat_of(caller), recipients=told)

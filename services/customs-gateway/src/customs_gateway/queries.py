"""What may be read: declarations, the registry, the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from customs_gateway import store
from customs_gateway.domain.actions import actions as possible
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.remedy import Remedy
from customs_gateway.domain.seizure_report import Value
from customs_gateway.domain.seizure_report import seizure_report as report_of
from customs_gateway.domain.selectivity.draw import Sampling
from customs_gateway.domain.selectivity.hits import Group
from customs_gateway.store import DECLARATIONS, REGISTRY, REMEDIES, SAMPLING
from pic_kit.access import Caller
from pic_kit.actions import ActionsView, action_views
from pic_kit.worlds import time_in
from pic_law.detentions import Form, ReportField
from pic_law.rules import rule
from pic_schemas.address import Role
from pic_schemas.messages import Evidence
from pic_schemas.numbers import UnreadableNumber, normalise


async def declaration(connection: AsyncConnection, caller: Caller, id_: str) -> tuple[Declaration, int]:
    """One declaration and its version."""
    found = await DECLARATIONS.fetch(connection, store.one_declaration(caller, id_))
    if not found:
        raise rule("DECLARATION_UNKNOWN").refused("", f"no declaration {id_}")
    return found[0]


async def evidence(
    connection: AsyncConnection, caller: Caller, id_: str, inspection: int, sha256: str
) -> Evidence:
    """One photo or document of an inspection."""
    found, _ = await declaration(connection, caller, id_)
    attached = [one for each in found.inspections if each.number == inspection for one in each.attachments]
    for one in attached:
        if one.sha256 == sha256:
            return one
    raise rule("ATTACHMENT_UNKNOWN").refused("", f"inspection {inspection} has no attachment {sha256}")


async def seizure_report(
    connection: AsyncConnection, caller: Caller, id_: str, form: Form, *, nominal: bool
) -> list[tuple[ReportField, Value]]:
    """Field by field; with names only inside the State whose office seized."""
    found, _ = await declaration(connection, caller, id_)
    if nominal and caller.state != found.office_state:
        raise rule("SEAT_FORBIDS").refused("", f"names stay in {found.office_state}")
    return report_of(found, form, nominal=nominal)


async def actions(connection: AsyncConnection, caller: Caller, id_: str) -> ActionsView:
    """What the caller's office may ask for now; an authority or an observer asks for nothing here."""
    found, _ = await declaration(connection, caller, id_)
    entry = await REGISTRY.fetch(connection, store.one_entry(caller.world, found.case))
    now = await time_in(connection, caller.world)
    seats = [caller.address(Role.CUSTOMS)] if Role.CUSTOMS in caller.roles else []
    offered = possible(found, entry[0][0] if entry else None, seats, now)
    return ActionsView(
        case=found.case,
        number=found.lodged.number,
        state=found.state,
        now=now,
        actions=action_views(offered, f"/v1/declarations/{found.id}"),
    )


async def declarations(
    connection: AsyncConnection, caller: Caller, ref: str | None, after: str | None, limit: int
) -> list[Declaration]:
    """A page of declarations, of one case or of all."""
    case = None
    if ref is not None:
        case = await store.case_of(connection, caller.world, ref) or ref
    page = store.declarations_after(caller, case, after)
    return [found for found, _ in await DECLARATIONS.fetch(connection, page, limit=limit)]


async def lodged_within(
    connection: AsyncConnection, caller: Caller, first: date, last: date, after: str | None, limit: int
) -> list[Declaration]:
    """A page of what was lodged at the offices of the caller's State in these days."""
    page = store.lodged_within(caller, first, last, after)
    return [found for found, _ in await DECLARATIONS.fetch(connection, page, limit=limit)]


async def entries_of(
    connection: AsyncConnection, caller: Caller, numbers: Sequence[str]
) -> dict[str, RegistryEntry]:
    """What is known of these numbers, however written, in one statement; keyed as they were asked."""
    read = {number: _readable(number) for number in numbers}
    normal = {number: registered for number, registered in read.items() if registered is not None}
    if not normal:
        return {}
    wanted = store.entries_of_numbers(caller.world, set(normal.values()))
    entries = {entry.number: entry for entry, _ in await REGISTRY.fetch(connection, wanted)}
    found = {asked: entries.get(number) for asked, number in normal.items()}
    return {asked: entry for asked, entry in found.items() if entry and store.concerns(entry, caller)}


def _readable(number: str) -> str | None:
    try:
        return normalise(number)
    except UnreadableNumber:
        return None


async def remedy(connection: AsyncConnection, caller: Caller, id_: str) -> tuple[Remedy, int]:
    """One failed movement and its version, for whoever it concerns."""
    found = await REMEDIES.fetch(connection, store.remedies_of(caller, only=id_))
    if not found:
        raise rule("REMEDY_UNKNOWN").refused("", f"no case {id_} that concerns {caller.state}")
    return found[0]


async def remedies(
    connection: AsyncConnection, caller: Caller, overdue: bool, after: str | None, limit: int
) -> list[Remedy]:
    """A page of failed movements."""
    page = store.remedies_of(caller, overdue=overdue, after=after)
    return [found for found, _ in await REMEDIES.fetch(connection, page, limit=limit)]


async def today(connection: AsyncConnection, caller: Caller) -> date:
    """The day in the caller's world."""
    return (await time_in(connection, caller.world)).date()


async def hits(connection: AsyncConnection, caller: Caller) -> list[Group]:
    """What the offices of the caller's State selected and found, in groups."""
    return await store.hits_of(connection, caller)


async def sampling(connection: AsyncConnection, caller: Caller) -> Sampling | None:
    """The rates of the caller's State; None if it never set one."""
    found = await SAMPLING.fetch(connection, SAMPLING.matches([(caller.world, caller.state)]))
    return found[0][0] if found else None


async def registered(connection: AsyncConnection, caller: Caller, ref: str) -> tuple[RegistryEntry, int]:
    """What customs know of a notification. Whom it does not concern is told that it does not exist."""
    case = await store.case_of(connection, caller.world, ref)
    found = await REGISTRY.fetch(connection, store.one_entry(caller.world, case)) if case else []
    if not found or not store.concerns(found[0][0], caller):
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref}")
    return found[0]

"""Where notifications are kept and found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from notifier.domain.life import State
from notifier.domain.notification import Notification
from notifier.domain.numbering import NumberSeries, series_name
from notifier.tables import attachment_parts, movement_documents, notifications, number_series
from pic_kit.attachments import Contents
from pic_kit.repository import Repository
from pic_kit.transaction import Work
from pic_kit.worlds import time_in
from pic_schemas.address import Address, Role
from pic_schemas.numbers import UnreadableNumber, normalise


class Kept(NamedTuple):
    """A notification with the version of its row, on a day of its world."""

    notification: Notification
    version: int
    on: date


def _columns(notification: Notification) -> dict[str, Any]:
    asked = " ".join(each.state for each in notification.authorities)
    return {
        "number": notification.number,
        "state": notification.state.value,
        "export_state": notification.exporter.state,
        "exporter": notification.exporter.agency,
        "asked": f" {asked} " if asked else "",
    }


NOTIFICATIONS = Repository(
    notifications,
    Notification,
    key=lambda n: (n.world, n.case),
    columns=_columns,
    parts=movement_documents,
)
CONTENTS = Contents(attachment_parts)
NUMBERS = Repository(number_series, NumberSeries, key=lambda s: (s.world, s.name), columns=lambda s: {})


async def next_number(work: Work, state: str, code: int) -> str:
    """Issued in the command's own transaction: a refused submission uses up no number."""
    shelf, world = work.shelf(NUMBERS), work.world.id
    series = await shelf.get(world, series_name(state, code))
    return (series or shelf.add(NumberSeries(world, state, code=code))).issue()


async def case_of(connection: AsyncConnection, world: str, ref: str) -> str | None:
    """The case id behind a reference: the id itself, or the notification number, blanks optional."""
    try:
        return str(UUID(ref))
    except ValueError:
        pass
    try:
        number = normalise(ref)
    except UnreadableNumber:
        return None
    table = notifications.c
    query = select(table.case_id).where(table.world == world, table.number == number)
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found


_BY_NUMBER = NOTIFICATIONS.locking(
    and_(notifications.c.world == bindparam("world"), notifications.c.number == bindparam("number"))
)


async def held(work: Work, ref: str) -> Notification | None:
    """The notification of this world, loaded and locked."""
    shelf = work.shelf(NOTIFICATIONS)
    try:
        return await shelf.get(work.world.id, str(UUID(ref)))
    except ValueError:
        pass
    try:
        number = normalise(ref)
    except UnreadableNumber:
        return None
    return await shelf.find(_BY_NUMBER, world=work.world.id, number=number)


async def kept(connection: AsyncConnection, world: str, ref: str) -> Kept | None:
    """The notification of this world, for reading."""
    case = await case_of(connection, world, ref)
    if case is None:
        return None
    found = await NOTIFICATIONS.fetch(connection, NOTIFICATIONS.matches([(world, case)]))
    today = (await time_in(connection, world)).date()
    return Kept(*found[0], today) if found else None


async def page(
    connection: AsyncConnection, world: str, seats: Sequence[Address] | None, after: str, limit: int
) -> list[Kept]:
    """At most `limit` notifications after a case id that concern these seats; None sees the whole world."""
    table = notifications.c
    where = [table.world == world, table.case_id > after]
    if seats is not None:
        where.append(or_(False, *(_concerns(seat) for seat in seats)))
    found = await NOTIFICATIONS.fetch(connection, and_(*where), limit=limit)
    today = (await time_in(connection, world)).date()
    return [Kept(*each, today) for each in found]


def _concerns(seat: Address) -> Any:
    """A company sees its own; an authority what was submitted in its State or asked of its State."""
    table = notifications.c
    if seat.role is Role.EXPORTER:
        return and_(table.export_state == seat.state, table.exporter == seat.agency)
    own = and_(table.export_state == seat.state, table.state != State.DRAFT.value)
    return or_(own, table.asked.contains(f" {seat.state} ", autoescape=True))

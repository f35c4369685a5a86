"""Where registry entries, declarations and failed movements live, and who may find them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from customs_gateway.domain.consignment import Consignment
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.remedy import Remedy
from customs_gateway.domain.selectivity.draw import Sampling
from customs_gateway.domain.selectivity.hits import Group, found_in, selected_by, stratum_of
from customs_gateway.tables import (
    CONSIGNMENTS_TABLE,
    DECLARATIONS_TABLE,
    REGISTRY_TABLE,
    REMEDIES_TABLE,
    SAMPLING_TABLE,
    attachment_parts,
)
from pic_kit.access import Caller
from pic_kit.attachments import Contents
from pic_kit.repository import Repository
from pic_kit.transaction import Work
from pic_schemas.numbers import UnreadableNumber, normalise

CONTENTS = Contents(attachment_parts)

REGISTRY = Repository(
    REGISTRY_TABLE,
    RegistryEntry,
    key=lambda entry: (entry.world, entry.case),
    columns=lambda entry: {"number": entry.number},
)


def _hits(declaration: Declaration) -> dict[str, str]:
    """What it was selected for before anybody looked, and what looking found."""
    selection = selected_by(declaration)
    return {
        "fired": " ".join(selection.scored) if selection else "",
        "stratum": stratum_of(selection),
        "found": found_in(declaration),
    }


DECLARATIONS = Repository(
    DECLARATIONS_TABLE,
    Declaration,
    key=lambda declaration: (declaration.world, declaration.id),
    columns=lambda declaration: {
        "case_id": declaration.case,
        "office_state": declaration.office_state,
        "states": " ".join(sorted({*declaration.states, declaration.office_state})),
        "state": declaration.state.value,
        "lodged_on": declaration.lodged_at.date(),
        **_hits(declaration),
    },
)

SAMPLING = Repository(
    SAMPLING_TABLE,
    Sampling,
    key=lambda sampling: (sampling.world, sampling.state),
    columns=lambda sampling: {},
)

CONSIGNMENTS = Repository(
    CONSIGNMENTS_TABLE,
    Consignment,
    key=lambda consignment: (consignment.world, consignment.ucr),
    columns=lambda consignment: {},
)

REMEDIES = Repository(
    REMEDIES_TABLE,
    Remedy,
    key=lambda remedy: (remedy.world, remedy.id),
    columns=lambda remedy: {
        "case_id": remedy.case,
        "states": " ".join(sorted(remedy.states)),
        "standing": "overdue" if remedy.overdue and remedy.completed_on is None else remedy.stage.value,
    },
)


async def case_of(connection: AsyncConnection, world: str, ref: str) -> str | None:
    """The case of a case id or notification number that was transmitted; None if there is none."""
    try:
        refers = REGISTRY_TABLE.c.case_id == str(UUID(ref))
    except ValueError:
        return await case_of_number(connection, world, ref)
    return await _first_case(connection, REGISTRY_TABLE, _transmitted(world), refers)


async def case_of_number(connection: AsyncConnection, world: str, number: str) -> str | None:
    """The case of a notification number, written in any way; None if there is none."""
    try:
        refers = REGISTRY_TABLE.c.number == normalise(number)
    except UnreadableNumber:
        return None
    return await _first_case(connection, REGISTRY_TABLE, _transmitted(world), refers)


_BY_NUMBER = REGISTRY.locking(
    and_(REGISTRY_TABLE.c.world == bindparam("world"), REGISTRY_TABLE.c.number == bindparam("number"))
)


async def entry_of_number(work: Work, number: str) -> RegistryEntry | None:
    """The entry of a notification number, written in any way, loaded and locked."""
    try:
        written = normalise(number)
    except UnreadableNumber:
        return None
    return await work.shelf(REGISTRY).find(_BY_NUMBER, world=work.world.id, number=written)


async def is_ours(work: Work, declaration: str) -> bool:
    """Whether it was lodged at an office of this gateway; it is not read."""
    return await work.shelf(DECLARATIONS).exists(work.world.id, declaration)


async def case_of_declaration(connection: AsyncConnection, caller: Caller, declaration: str) -> str | None:
    """The case of a declaration that the caller may see; nothing is locked."""
    return await _first_case(connection, DECLARATIONS_TABLE, one_declaration(caller, declaration))


async def declarations_of(connection: AsyncConnection, world: str, case: str) -> list[str]:
    """Every declaration of a case, by id; nothing is locked."""
    table = DECLARATIONS_TABLE
    query = select(table.c.declaration_id).where(table.c.world == world, table.c.case_id == case)
    found = await connection.execute(query.order_by(table.c.declaration_id))
    return [str(one) for one in found.scalars()]


_SAMPLING = select(SAMPLING_TABLE.c.doc).where(
    SAMPLING_TABLE.c.world == bindparam("world"), SAMPLING_TABLE.c.state == bindparam("state")
)


async def sampling_of(connection: AsyncConnection, world: str, state: str) -> Sampling | None:
    """What the State draws in this world; nothing is locked."""
    found = (await connection.execute(_SAMPLING, {"world": world, "state": state})).scalar_one_or_none()
    return None if found is None else SAMPLING.read(found)


async def hits_of(connection: AsyncConnection, caller: Caller) -> list[Group]:
    """The declarations of the caller's State in groups that were selected and found alike."""
    table = DECLARATIONS_TABLE
    alike = (table.c.fired, table.c.stratum, table.c.found)
    where = [table.c.world == caller.world, table.c.office_state == caller.state]
    query = select(*alike, func.count().label("declarations")).where(*where).group_by(*alike)
    rows = await connection.execute(query)
    return [Group(tuple(row.fired.split()), row.stratum, row.found, row.declarations) for row in rows]


async def _first_case(connection: AsyncConnection, table: Table, *where: Any) -> str | None:
    found = (await connection.execute(select(table.c.case_id).where(*where).limit(1))).scalar_one_or_none()
    return None if found is None else str(found)


def _transmitted(world: str) -> Any:
    return and_(REGISTRY_TABLE.c.world == world, REGISTRY_TABLE.c.number.is_not(None))


def one_entry(world: str, case: str) -> Any:
    return REGISTRY.matches([(world, case)])


def entries_of_numbers(world: str, numbers: Iterable[str]) -> Any:
    """The entries of many numbers, written as they are registered."""
    return and_(_transmitted(world), REGISTRY_TABLE.c.number.in_(sorted(numbers)))


def one_declaration(caller: Caller, declaration: str) -> Any:
    return and_(DECLARATIONS.matches([(caller.world, declaration)]), seen_by(caller))


def declarations_after(caller: Caller, case: str | None, after: str | None) -> Any:
    """A page of the declarations that the caller may see, in the order of their ids."""
    table = DECLARATIONS_TABLE
    page = [table.c.world == caller.world, seen_by(caller)]
    page += [table.c.case_id == case] if case is not None else []
    page += [table.c.declaration_id > after] if after is not None else []
    return and_(*page)


def lodged_within(caller: Caller, first: date, last: date, after: str | None) -> Any:
    """A page of what was lodged at the offices of the caller's State between two days, both included."""
    table = DECLARATIONS_TABLE
    page = [table.c.world == caller.world, table.c.office_state == caller.state]
    page += [table.c.lodged_on >= first, table.c.lodged_on <= last]
    page += [table.c.declaration_id > after] if after is not None else []
    return and_(*page)


def seen_by(caller: Caller) -> Any:
    """An observer sees its world; everyone else what concerns its State."""
    if "observer" in caller.roles:
        return true()
    table = DECLARATIONS_TABLE
    return or_(table.c.office_state == caller.state, table.c.states.contains(caller.state, autoescape=True))


def remedies_of(
    caller: Caller, *, only: str | None = None, overdue: bool = False, after: str | None = None
) -> Any:
    """The failed movements that the caller may see, in the order of their ids."""
    table = REMEDIES_TABLE
    where = [table.c.world == caller.world]
    if "observer" not in caller.roles:
        where.append(table.c.states.contains(caller.state, autoescape=True))
    where += [table.c.remedy_id == only] if only is not None else []
    where += [table.c.standing == "overdue"] if overdue else []
    where += [table.c.remedy_id > after] if after is not None else []
    return and_(*where)


def concerns(entry: RegistryEntry, caller: Caller) -> bool:
    """Whether the caller may know of this notification."""
    return "observer" in caller.roles or caller.state in entry.states

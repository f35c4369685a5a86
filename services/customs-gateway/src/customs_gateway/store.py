"""All SQL of this service: where registry entries and declarations live, and who may find them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from customs_gateway.domain.consignment import Consignment
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.tables import CONSIGNMENTS_TABLE, DECLARATIONS_TABLE, REGISTRY_TABLE
from pic_kit.access import Caller
from pic_kit.repository import Repository
from pic_kit.tables import waiting
from pic_schemas.numbers import UnreadableNumber, normalise

REGISTRY = Repository(
    REGISTRY_TABLE,
    RegistryEntry,
    key=lambda entry: (entry.world, entry.case),
    columns=lambda entry: {"number": entry.number},
)

DECLARATIONS = Repository(
    DECLARATIONS_TABLE,
    Declaration,
    key=lambda declaration: (declaration.world, declaration.id),
    columns=lambda declaration: {
        "case_id": declaration.case,
        "office_state": declaration.office_state,
        "states": " ".join(sorted({*declaration.states, declaration.office_state})),
        "state": declaration.state.value,
    },
)

CONSIGNMENTS = Repository(
    CONSIGNMENTS_TABLE,
    Consignment,
    key=lambda consignment: (consignment.world, consignment.ucr),
    columns=lambda consignment: {},
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


async def case_of_declaration(connection: AsyncConnection, caller: Caller, declaration: str) -> str | None:
    """The case of a declaration that the caller may see; nothing is locked."""
    return await _first_case(connection, DECLARATIONS_TABLE, one_declaration(caller, declaration))


async def something_waits(connection: AsyncConnection, world: str, case: str) -> bool:
    """Whether messages of this case were heard that could not be applied yet."""
    query = select(waiting.c.id).where(waiting.c.world == world, waiting.c.case_id == case).limit(1)
    return (await connection.execute(query)).scalar_one_or_none() is not None


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


def seen_by(caller: Caller) -> Any:
    """An observer sees its world; everyone else what concerns its State."""
    if "observer" in caller.roles:
        return true()
    table = DECLARATIONS_TABLE
    return or_(table.c.office_state == caller.state, table.c.states.contains(caller.state, autoescape=True))


def concerns(entry: RegistryEntry, caller: Caller) -> bool:
    """Whether the caller may know of this notification."""
    return "observer" in caller.roles or caller.state in entry.states

"""What may be read: declarations, the registry, the ledger."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from customs_gateway import store
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.store import DECLARATIONS, REGISTRY
from pic_kit.access import Caller
from pic_law.rules import rule


async def declaration(connection: AsyncConnection, caller: Caller, id_: str) -> tuple[Declaration, int]:
    """One declaration and its version."""
    found = await DECLARATIONS.fetch(connection, store.one_declaration(caller, id_))
    if not found:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no declaration {id_}")
    return found[0]


async def declarations(
    connection: AsyncConnection, caller: Caller, ref: str | None, after: str | None, limit: int
) -> list[Declaration]:
    """A page of declarations, of one case or of all."""
    case = None
    if ref is not None:
        case = await store.case_of(connection, caller.world, ref) or ref
    page = store.declarations_after(caller, case, after)
    return [found for found, _ in await DECLARATIONS.fetch(connection, page, limit=limit)]


async def registered(connection: AsyncConnection, caller: Caller, ref: str) -> tuple[RegistryEntry, int]:
    """What customs know of a notification. Whom it does not concern is told that it does not exist."""
    case = await store.case_of(connection, caller.world, ref)
    found = await REGISTRY.fetch(connection, store.one_entry(caller.world, case)) if case else []
    if not found or not store.concerns(found[0][0], caller):
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref}")
    return found[0]

"""Who plays which seat of a world, and what personas have in mind; sandboxes only."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.repository import Repository
from pic_kit.tables import worlds as WORLDS
from pic_kit.transaction import Transaction
from pic_kit.worlds import World
from pic_schemas.address import Address, UnreadableAddress
from pic_schemas.refusal import Refused
from single_window.desk.tables import CASTS
from single_window.desk.worlds import existing, refusal
from single_window.domain.personas import Cast, Persona

casts = Repository(CASTS, Cast, key=lambda cast: (cast.world,), columns=lambda cast: {})
RULE_9 = "design rule 9"


async def worlds_with_casts(connection: AsyncConnection) -> set[str]:
    """Where personas play."""
    standing = (
        select(CASTS.c.world).join(WORLDS, WORLDS.c.world == CASTS.c.world).where(WORLDS.c.state == "open")
    )
    return set((await connection.execute(standing)).scalars())


async def cast_of(connection: AsyncConnection, world: str) -> Cast | None:
    """As it stands, for who looks at it."""
    found = await casts.fetch(connection, CASTS.c.world == world)
    return found[0][0] if found else None


async def sandbox(transaction: Transaction, world: str) -> World:
    """Raises Refused for a world that is not there, or in which every party plays itself."""
    found = await existing(transaction, world)
    if found.mode != "sandbox":
        detail = "in a live world every party plays itself"
        raise Refused.conflict(refusal("PERSONA_LIVE", RULE_9, "", detail))
    return found


async def held(transaction: Transaction, world: str) -> Cast:
    """The cast of this world, to be changed; an empty one where nobody has been cast."""
    shelf = transaction.shelf(casts)
    return await shelf.get(world) or shelf.add(Cast(world))


def known_seat(text: str, pointer: str) -> str:
    """`BE/competent-authority/BE001`. Raises Refused."""
    try:
        return str(Address.parse(text))
    except UnreadableAddress as error:
        raise Refused.invalid(refusal("ADDRESS_UNREADABLE", RULE_9, pointer, str(error))) from error


def known_persona(name: str, personas: Mapping[str, Persona], pointer: str) -> str:
    """Raises Refused for a persona that there is not."""
    if name not in personas:
        detail = f"no persona {name!r}; there are {', '.join(personas)}"
        raise Refused.invalid(refusal("PERSONA_UNKNOWN", RULE_9, pointer, detail))
    return name

"""What callers may read: only what concerns them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from notifier.domain.actions import OF_SEAT
from notifier.domain.actions import actions as possible
from notifier.domain.parties import READERS, may_see
from notifier.domain.refusals import refused, unknown
from notifier.store import Kept, kept, page
from pic_kit.access import Caller
from pic_kit.actions import ActionsView, action_views
from pic_kit.worlds import time_in
from pic_schemas.address import Address, Role
from pic_schemas.documents.declaration import Annex


async def one(connection: AsyncConnection, caller: Caller, ref: str) -> Kept:
    """Raises Refused (unknown) for what is not there and for what does not concern the caller."""
    found = await kept(connection, caller.world, ref)
    seats = _seats(caller)
    if found is None or not (seats is None or may_see(found.notification, seats)):
        raise unknown(ref)
    return found


async def actions(connection: AsyncConnection, caller: Caller, ref: str) -> ActionsView:
    """What the caller's seats may ask for now. Raises Refused like `one`."""
    found = await kept(connection, caller.world, ref)
    seats = [caller.address(role) for role in OF_SEAT if role in caller.roles]
    if found is None or not may_see(found.notification, seats):
        raise unknown(ref)
    it, now = found.notification, await time_in(connection, caller.world)
    return ActionsView(
        case=it.case,
        number=it.number,
        state=it.state,
        now=now,
        actions=action_views(possible(it, seats, now.date()), f"/v1/notifications/{it.case}"),
    )


async def attachment(connection: AsyncConnection, caller: Caller, ref: str, sha256: str) -> Annex:
    """For the exporter and the authorities concerned. Raises Refused (unknown) for everybody else."""
    found = await kept(connection, caller.world, ref)
    seats = [caller.address(role) for role in READERS if role in caller.roles]
    if found is None or not may_see(found.notification, seats):
        raise unknown(ref)
    if (annex := found.notification.attached(sha256)) is None:
        raise refused("ATTACHMENT_UNKNOWN", f"nothing is attached under {sha256}")
    return annex


async def several(connection: AsyncConnection, caller: Caller, after: str, limit: int) -> list[Kept]:
    """One page of what concerns the caller, in the order of the case ids."""
    return await page(connection, caller.world, _seats(caller), after, limit)


def _seats(caller: Caller) -> Sequence[Address] | None:
    """An observer sees its whole world."""
    if Role.OBSERVER in caller.roles:
        return None
    return [caller.address(role) for role in READERS if role in caller.roles]

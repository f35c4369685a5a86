"""What authorities and offices do with a load that is kept."""

from __future__ import annotations

from customs_gateway.clearing import own, say_to_officials, seen
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.detention import Seizure, detention_ended, seized
from customs_gateway.domain.parties import officials
from pic_kit.access import Caller
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.rules import rule
from pic_schemas.address import Role


async def decide(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, measure: str, reason: str
) -> Declaration:
    """The authority of the State of export, or of the State where the load is kept, decides in writing."""
    found, entry = await seen(work, caller, declaration)
    if not runtime.settings.hosts(caller.state):
        raise rule("STATE_NOT_CONCERNED").refused("", f"this gateway does not act for {caller.state}")
    by = caller.address(Role.COMPETENT_AUTHORITY)
    said = detention_ended(found, entry, by, measure, reason, work.now.date())
    told = officials(entry.document if entry else None, found.states)
    work.emit(said, case=found.case, sender=by, recipients=told)
    return found


async def seize(work: Work, caller: Caller, runtime: Runtime, declaration: str, wish: Seizure) -> Declaration:
    """The office takes a load that it detains."""
    found, entry = await own(work, caller, runtime, declaration)
    say_to_officials(work, found, entry, seized(found, wish, work.now.date()))
    return found

"""How many loads a State's customs draw by chance."""

from __future__ import annotations

from customs_gateway.domain.selectivity.draw import OwnRate, Sampling
from customs_gateway.store import SAMPLING
from pic_kit.access import Caller
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.rules import rule


async def set_rate(work: Work, caller: Caller, runtime: Runtime, rate: OwnRate) -> Sampling:
    """From its first day on this rate holds at every office of the caller's State in this world."""
    if not runtime.settings.hosts(caller.state):
        raise rule("STATE_NOT_CONCERNED").refused("", f"this gateway does not act for {caller.state}")
    shelf = work.shelf(SAMPLING)
    known = await shelf.get(work.world.id, caller.state)
    known = known or shelf.add(Sampling(work.world.id, caller.state))
    known.set_rate(rate, work.now.date())
    return known

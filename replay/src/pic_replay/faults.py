"""The `fault` of a step: what shall go wrong in this world from now on, or among its messages at once."""

from __future__ import annotations

from datetime import datetime

from pic_replay.exchange import Reply, World
from pic_replay.parts import Fault
from pic_replay.shape import on_the_clock

STANDING = {"seed", "fail", "lose", "slow", "seconds", "delay", "drop", "days", "only"}


async def order_fault(world: World, key: str, fault: Fault, start: datetime) -> Reply:
    """What the exchange answers; of two orders, the first that is refused."""
    if fault.of_messages:
        body = fault.model_dump(include={"seed", "repeat", "unreadable"})
        reply = await world.operate("POST", "/messages/disturbance", key=key, body=body)
        # What is ordered at the door stays as it is where this says nothing of it.
        if reply.status >= 400 or not fault.at_the_door:
            return reply
    offline = {state: on_the_clock(until, start) for state, until in fault.offline.items()}
    return await world.operate(
        "PUT", "/faults", body={**fault.model_dump(include=STANDING), "offline": offline}
    )

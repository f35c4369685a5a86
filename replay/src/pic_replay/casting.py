"""Personas of a scenario: who is cast when its world opens, who takes a seat over and hands it back."""

from __future__ import annotations

from collections.abc import Iterable

from pic_replay.exchange import Exchange, Reply, World
from pic_replay.names import near
from pic_replay.shape import Scenario, ScenarioError, Step


async def check_personas(exchange: Exchange, scenarios: Iterable[Scenario]) -> None:
    """Who there is to play an empty seat, only the exchange knows. Raises ScenarioError."""
    wanted = {(one.name, name) for one in scenarios if one.personas for name in one.personas.named}
    if not wanted:
        return
    known = [one["name"] for one in await exchange.operate("GET", "/v1/personas")]
    for scenario, name in sorted(wanted):
        if name not in known:
            raise ScenarioError(f"{scenario}: personas: no persona {name!r}{near(name, known)}")


async def cast(world: World, scenario: Scenario, key: str) -> Reply | None:
    """Cast what the scenario asks for; None when it asks for nobody."""
    wanted = scenario.personas
    if wanted is None:
        return None
    seats = {scenario.actors[name].address: persona for name, persona in wanted.seats.items()}
    taken = [actor.address for name, actor in scenario.actors.items() if name not in wanted.seats]
    body = {"others": wanted.others, "seats": seats, "taken": taken, "seed": wanted.seed}
    return await world.operate("POST", "/seats", key=key, body=body)


async def change_seats(world: World, scenario: Scenario, step: Step, key: str) -> Reply | None:
    """The answer of the last change; None when nobody sits down or stands up."""
    reply = None
    for name, path in ((step.take, "taking-over"), (step.hand_back, "handing-back")):
        if name is not None:
            body = {"seat": scenario.actors[name].address}
            reply = await world.operate("POST", f"/seats/{path}", key=f"{key}:{path}", body=body)
    return reply

"""Records a world that others played in: what was kept of their acts, what was said, how cases stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pic_replay.acts import CLOCK, Act, from_json
from pic_replay.canonical import Event
from pic_replay.exchange import ExchangeDown, World
from pic_replay.told import Happening, Told, case_ends

OPENED, MOVED = "pic.world.opened.v1", "pic.world.clock-moved.v1"
OPERATOR = "exchange/operator"
PAGE = 200


async def record_world(world: World, name: str) -> Told:
    """All of it so far; ask when the world is quiet. Raises ExchangeDown."""
    events = await world.new_events()
    acts = [from_json(act) for act in await kept_acts(world)]
    told = assembled(name, world.id, events, acts)
    told.cases = case_ends(await world.case_files(), events)
    return told


async def begin(world: World) -> str:
    """Let the exchange keep what is asked from now on; returns since when. Raises ExchangeDown."""
    reply = await world.operate("PUT", "/acts")
    if reply.status != 200:
        raise ExchangeDown(f"{world.id} does not keep its acts: {reply.status} {reply.body}")
    return str(reply.body["since"])


async def kept_acts(world: World) -> list[dict[str, Any]]:
    """What the exchange kept of them; none where nobody began."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await world.look(f"/v1/worlds/{world.id}/acts?after={after}&limit={PAGE}")
        found += page["acts"]
        after = page["next"]
    return found


def assembled(name: str, world: str, events: Sequence[Event], acts: Iterable[Act]) -> Told:
    """Each message under the act that it goes back to; what a deadline led to under the move of the clock."""
    opened = next((event for event in events if event["type"] == OPENED), None)
    clock = str((opened or {}).get("data", {}).get("now") or (events[0]["time"] if events else ""))
    asked = list(acts)
    # Without acts there is nothing to ask again: the messages stand as they were heard.
    if not asked:
        return Told(name, clock, [Happening(None, list(events))])
    happenings = [Happening(), *_in_order([*asked, *_moves(clock, events)])]
    _hear(world, happenings, events)
    return Told(name, clock, happenings)


def _moves(clock: str, events: Sequence[Event]) -> list[Act]:
    found, before = [], clock
    for event in events:
        if event["type"] == MOVED:
            to = event["data"]["now"]
            found.append(Act(before, None, "PUT", CLOCK, "", {"to": to}, 200, {"now": to}))
            before = to
    return found


def _in_order(acts: Sequence[Act]) -> list[Happening]:
    """By the world's time: a move comes before what was asked on the day at which it arrived."""
    return [Happening(act) for act in sorted(acts, key=lambda act: (_arrival(act), not act.moves_clock))]


def _arrival(act: Act) -> datetime:
    return _moment(act.to if act.moves_clock else act.at)


def _hear(world: str, happenings: Sequence[Happening], events: Sequence[Event]) -> None:
    under = {_command_id(world, one.act): one for one in happenings if one.act and not one.act.moves_clock}
    causes = {event["id"]: event["causationid"] for event in events}
    moves = [one for one in happenings if one.act is not None and one.act.moves_clock]
    arrivals = [_arrival(one.act) for one in moves if one.act is not None]
    for event in events:
        found = under.get(_root(event, causes))
        if found is None:
            place = bisect_left(arrivals, _moment(event["recordedtime"]))
            found = moves[place] if place < len(moves) else happenings[-1]
        if event["type"] == OPENED:
            found = happenings[0]
        found.said.append(event)


def _root(event: Event, causes: Mapping[str, str]) -> str:
    """The command or the deadline behind a message, over however many messages."""
    cause = str(event["causationid"])
    while cause in causes:
        cause = causes[cause]
    return cause


def _command_id(world: str, act: Act) -> str:
    """As the exchange derives it from world, caller and key."""
    caller = f"{act.seat.state}/{act.seat.agency}" if act.seat else OPERATOR
    return str(uuid5(NAMESPACE_URL, f"pic-command:{world}|{caller}|{act.key}"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

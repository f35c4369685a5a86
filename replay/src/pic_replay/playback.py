"""Plays a recorded world again: asks what was asked, on the same days of a fresh world, and listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from time import monotonic
from typing import Any
from uuid import uuid4

from pic_replay.acts import MESSAGES, WORLD, Act
from pic_replay.canonical import Event
from pic_replay.drift import Drift, drifts
from pic_replay.exchange import Exchange, World
from pic_replay.identities import Identities
from pic_replay.told import Happening, Told

MOST_AT_ONCE = 20
Advance = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds of the world pass in one of ours; None is as fast as the exchange answers."""

    factor: float | None = None

    async def wait(self, began: float, start: str, now: str) -> None:
        """Until the world's `now` is due, counted from when it began at `start`."""
        if self.factor is None:
            return
        passed = (datetime.fromisoformat(now) - datetime.fromisoformat(start)).total_seconds()
        await asyncio.sleep(max(0.0, began + passed / self.factor - monotonic()))


AT_SPEED = Pace()


@dataclass(slots=True)
class Replayed:
    """How a recorded world was told again. `stuck`: what waits for ever, where something does."""

    recorded: Told
    told: Told
    drifts: list[Drift] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    seconds: float = 0.0
    world: str = ""

    @property
    def name(self) -> str:
        return self.recorded.name


def askable(recorded: Told) -> Told:
    """The recording itself, or, where it holds no acts, one in which each message is put as its speaker."""
    if recorded.acts or not recorded.events:
        return recorded
    happenings = [Happening()]
    for (case, recorded_at), said in groupby(
        recorded.events, lambda event: (event.get("case"), event["recordedtime"])
    ):
        for events in _in_portions([event for event in said if event.get("case")]):
            happenings.append(Happening(_put(case or "", recorded_at, events), events))
    return Told(recorded.name, recorded.clock, happenings, recorded.cases)


def _in_portions(events: Sequence[Event]) -> Iterator[list[Event]]:
    for start in range(0, len(events), MOST_AT_ONCE):
        yield list(events[start : start + MOST_AT_ONCE])


def _put(case: str, at: str, events: Sequence[Event]) -> Act:
    messages = [
        {
            "type": event["type"],
            "sender": event["sender"],
            "recipients": _recipients(event),
            "data": event["data"],
            "happened": event["time"],
        }
        for event in events
    ]
    body = {"case": case, "messages": messages}
    return Act(at, None, "POST", MESSAGES, str(events[0]["id"]), body, 201, None)


def _recipients(event: Event) -> list[str]:
    found = event.get("recipients") or []
    return found.split(",") if isinstance(found, str) else list(found)


class Playback:
    """One recorded world in a fresh world of an exchange, deleted afterwards unless it is kept."""

    def __init__(
        self, exchange: Exchange, recorded: Told, *, pace: Pace = AT_SPEED, advance: Advance = lambda: None
    ) -> None:
        self._exchange = exchange
        self._recorded = askable(recorded)
        self._pace = pace
        self._advance = advance
        self.known = Identities()

    async def play(self, *, keep: bool = False) -> Replayed:
        """Ask everything, compare. Raises ExchangeDown."""
        began, name = monotonic(), f"p-{uuid4().hex[:16]}"
        result = Replayed(self._recorded, Told(self._recorded.name, self._recorded.clock), world=name)
        try:
            world = await World.open(
                self._exchange,
                now=self._recorded.clock,
                label=f"replay of {self._recorded.name}"[:200],
                key=f"world:{name}",
                world=name,
            )
            for happening in self._recorded.happenings:
                result.stuck = await self._repeat(world, happening, began)
            result.told = world.told(self._recorded.name, await world.case_files())
        finally:
            if not keep:
                await World(self._exchange, name).delete()
        result.seconds = monotonic() - began
        result.drifts = drifts(self._recorded, result.told, self.known)
        return result

    async def _repeat(self, world: World, happening: Happening, began: float) -> list[str]:
        act = happening.act
        if act is not None:
            answer = await self._ask(world, act, began)
            self.known.learn(act.answer, answer)
        stuck = await world.settle()
        self.known.learn_said(happening.said, await world.new_events())
        self._advance()
        return stuck

    async def _ask(self, world: World, act: Act, began: float) -> Any:
        due = self.known.applied(act.to) if act.moves_clock else act.at
        await self._pace.wait(began, self._recorded.clock, due)
        if act.moves_clock:
            return await world.move_clock(act.to)
        if _earlier(world.now, act.at):
            await world.move_clock(act.at, asked=False)
        path, body = self.known.applied(act.path), self.known.applied(act.body)
        if act.seat is None:
            ending = path.removeprefix(f"/v1/worlds/{WORLD}")
            return (await world.operate(act.method, ending, key=act.key, body=body)).body
        return (await world.ask(act.seat, act.method, path, key=act.key, body=body)).body


def _earlier(now: str, then: str) -> bool:
    return datetime.fromisoformat(now) < datetime.fromisoformat(then)

"""One seeded round: cases are played while faults are done to the stack, then every promise is checked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from pic_exchange.stack import Stack
from pic_replay.exchange import Exchange, ExchangeDown, Reply, World
from pic_replay.runner import Progress, Runner, Watch
from pic_replay.runner import _nobody as nobody
from pic_replay.scenario import load_scenario
from tests.faults import stores
from tests.faults.faults import FAULTS, Fault, Harm
from tests.faults.promises import Played, Undisturbed, broken, commands
from tests.faults.stories import lodge_at_once
from tests.support.exchanges import SECRET, scenario_path

RIVALS = "rivals"
SCENARIOS = ("s01-single-shipment", "s01-transit-state", "s03-objection", RIVALS)
PATIENCE = 60.0


@dataclass(slots=True)
class Listening(Exchange):
    """A client that remembers which of its commands were accepted, and which events it has seen.

    Cursors of a lost log say nothing of the new one: it begins again and passes over what it knows.
    """

    accepted: list[str] = field(default_factory=list)
    harm: Harm | None = None
    _seen: set[str] = field(default_factory=set)
    _began_again: bool = False

    @property
    def commands(self) -> tuple[str, ...]:
        """Keys of the acts of the case; seats and worlds have other keys."""
        return tuple(key for key in self.accepted if key.startswith(("s0", "s1")))

    async def request(
        self, method: str, path: str, *, token: str = "", key: str = "", body: Any = None, form: Any = None
    ) -> Reply:
        if path.startswith("/v1/events?") and self.harm and self.harm.log_lost and not self._began_again:
            path, self._began_again = path.partition("&after=")[0] + "&after=", True
        reply = await Exchange.request(self, method, path, token=token, key=key, body=body, form=form)
        if key and reply.status < 300:
            self.accepted.append(key)
        if path.startswith("/v1/events?") and reply.status == 200:
            fresh = [event for event in reply.body["events"] if event["id"] not in self._seen]
            self._seen |= {event["id"] for event in fresh}
            reply.body["events"] = fresh
        return reply


@dataclass(frozen=True)
class Round:
    """What a seed leads to."""

    seed: int
    scenarios: tuple[str, ...]
    faults: tuple[str, ...]
    at_steps: tuple[int, ...]
    patience: float = PATIENCE

    @classmethod
    def of(
        cls,
        seed: int,
        kinds: Sequence[str] = tuple(FAULTS),
        library: Sequence[str] = SCENARIOS,
        patience: float = PATIENCE,
    ) -> Round:
        """Every kind comes in turn, in half of the rounds together with another one."""
        chance = random.Random(seed)
        faults = [kinds[seed % len(kinds)]]
        faults += [chance.choice(kinds)] if chance.random() < 0.5 else []
        scenarios = chance.sample(library, 2)
        return cls(
            seed, tuple(scenarios), tuple(faults), tuple(chance.randint(1, 8) for _ in faults), patience
        )

    def __str__(self) -> str:
        return f"PIC_FAULT_SEED={self.seed}: {' + '.join(self.faults)} during {', '.join(self.scenarios)}"


async def without_faults(stack: Stack) -> dict[str, Undisturbed]:
    """Every scenario once, undisturbed: what the rounds are compared with."""
    client = partial(Listening, stack.url, SECRET, patience=PATIENCE)
    played = [await play(client(), name, f"undisturbed-{name}") for name in SCENARIOS]
    said = await stores.said(stack, [one.world for one in played])
    answers = await stores.answered(stack, [one.world for one in played])
    assert [one.failures for one in played] == [()] * len(played)
    return {one.scenario: Undisturbed(one.digest, commands(said, answers, one.world)) for one in played}


async def play_round(stack: Stack, drawn: Round, undisturbed: Mapping[str, Undisturbed]) -> list[str]:
    """The promises that this round broke."""
    mark = uuid4().hex[:6]
    worlds = [f"round-{drawn.seed}-{mark}-{place}" for place in range(len(drawn.scenarios))]
    harm = Harm(stack, random.Random(drawn.seed), worlds)
    client = partial(Listening, stack.url, SECRET, patience=drawn.patience, harm=harm)
    reached = asyncio.Condition()
    progress = {"step": 0}

    async def watch(seen: Progress) -> None:
        async with reached:
            progress["step"] = max(progress["step"], seen.step)
            reached.notify_all()

    async def do(fault: Fault, step: int) -> None:
        async with reached:
            await reached.wait_for(lambda: progress["step"] >= step)
        await fault(harm)

    places = zip(drawn.scenarios, worlds, strict=True)
    plays = [play(client(), name, world, watch) for name, world in places]
    harms = [do(FAULTS[name], step) for name, step in zip(drawn.faults, drawn.at_steps, strict=True)]
    *played, _ = await asyncio.gather(*plays, _in_turn(harms))
    # The case may have ended before the fault did: what was sent again must still change nothing.
    again = [await look_again(client(), one) for one in played]
    found = await broken(stack, again, undisturbed, log_is_ours=not harm.tampered)
    for mark in harm.garbage:
        found += [f"{s} parked {n} times" for s, n in (await stores.parked(stack, mark)).items() if n != 1]
    for skew in stack.folder.glob("*.skew"):
        skew.unlink()
    return found


async def _in_turn(harms: Sequence[Any]) -> None:
    for harm in harms:
        await harm


async def play(client: Listening, name: str, world: str, watch: Watch = nobody) -> Played:
    async with client:
        if name == RIVALS:
            return await _play_rivals(client, world, watch)
        outcome = await Runner(client, load_scenario(scenario_path(name)), world=world, watch=watch).play()
    return Played(name, world, outcome.digest, tuple(map(str, outcome.failures)), client.commands)


async def _play_rivals(client: Listening, world: str, watch: Watch) -> Played:
    """Faults that wait for a step begin together with the rivals."""

    async def now() -> None:
        await watch(Progress(8, 8, "rivals", []))

    try:
        found = await lodge_at_once(client, world, now)
        failures = [f"never quiet: {reason}" for reason in await found.settle()]
        digest = str((await found.digest())["digest"])
    except (AssertionError, ExchangeDown) as error:
        failures, digest = [f"{type(error).__name__}: {error}"], ""
    return Played(RIVALS, world, digest, tuple(failures), client.commands)


async def look_again(client: Listening, played: Played) -> Played:
    """Settled again after the last fault, with the digest of that moment."""
    async with client:
        world = await World.join(client, played.world)
        stuck = await world.settle()
        digest = str((await world.digest())["digest"])
    failures = (*played.failures, *(f"never quiet: {reason}" for reason in stuck))
    return Played(played.scenario, played.world, digest, failures, played.accepted)

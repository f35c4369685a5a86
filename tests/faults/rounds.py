"""One seeded round: cases are played while faults are done to the stack, then every promise is checked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any
from uuid import uuid4

from pic_exchange.stack import Stack
from pic_replay.exchange import Exchange, ExchangeDown, Reply, World
from pic_replay.runner import Progress, Runner, Watch
from pic_replay.runner import _nobody as nobody
from pic_replay.scenario import load_scenario
from tests.faults import stores, tally
from tests.faults.faults import FAULTS, Harm, NothingHappened
from tests.faults.promises import Played, Undisturbed, broken, commands
from tests.faults.stories import lodge_at_once
from tests.support.exchanges import SECRET, scenario_path

RIVALS = "rivals"
SCENARIOS = ("s01-single-shipment", "s01-transit-state", "s03-objection", RIVALS)
PATIENCE = 60.0
# A lost log is heard again from its first message; this many a second are borne with on a busy machine.
HEARD_AGAIN = 50
LONGEST_PAUSE = 10.0


@dataclass(slots=True)
class Listening(Exchange):
    """A client that remembers which of its commands were accepted, and which events it has seen.

    The cursor of a lost log is refused: it begins again and passes over what it knows.
    """

    accepted: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @property
    def commands(self) -> tuple[str, ...]:
        """Keys of the acts of the case; seats and worlds have other keys."""
        return tuple(key for key in self.accepted if key.startswith(("s0", "s1")))

    async def request(
        self, method: str, path: str, *, token: str = "", key: str = "", body: Any = None, form: Any = None
    ) -> Reply:
        reply = await Exchange.request(self, method, path, token=token, key=key, body=body, form=form)
        if reply.status == 410 and reply.body["rule"] == "CURSOR_OF_A_LOST_LOG":
            path = path.partition("&after=")[0]
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
    """What a seed leads to: faults one after the other, each some steps of the cases after the last.

    Two cases are played at a time, and new ones begin for as long as faults are done.
    """

    seed: int
    faults: tuple[str, ...]
    pauses: tuple[int, ...]
    library: tuple[str, ...]
    patience: float = PATIENCE

    @classmethod
    def of(
        cls,
        seed: int,
        kinds: Sequence[str] = tuple(FAULTS),
        library: Sequence[str] = SCENARIOS,
        patience: float = PATIENCE,
    ) -> Round:
        """Two faults and three in turn, dealt from decks of all kinds, so that every kind comes as often."""
        chance = random.Random(seed)
        first = 5 * (seed // 2) + 2 * (seed % 2)
        faults = tuple(_dealt(kinds, place) for place in range(first, first + 2 + seed % 2))
        pauses = tuple(chance.randint(1, 6) for _ in faults)
        return cls(seed, faults, pauses, tuple(library), patience)

    def cases(self, lane: int) -> Iterator[str]:
        """Which scenarios one of the two lanes plays, for as long as it is asked."""
        chance = random.Random(f"{self.seed} {lane}")
        while True:
            yield from chance.sample(self.library, len(self.library))

    def __str__(self) -> str:
        return f"PIC_FAULT_SEED={self.seed}: {' + '.join(self.faults)}"


def _dealt(kinds: Sequence[str], place: int) -> str:
    deck, card = divmod(place, len(kinds))
    return random.Random(deck).sample(kinds, len(kinds))[card]


async def without_faults(stack: Stack) -> dict[str, Undisturbed]:
    """Every scenario once, undisturbed: what the rounds are compared with."""
    client = partial(Listening, stack.url, SECRET, patience=PATIENCE)
    played = [await play(client(), name, f"undisturbed-{name}") for name in SCENARIOS]
    said = await stores.said(stack, [one.world for one in played])
    answers = await stores.answered(stack, [one.world for one in played])
    assert [one.failures for one in played] == [()] * len(played)
    return {one.scenario: Undisturbed(one.digest, commands(said, answers, one.world)) for one in played}


class Steps:
    """How many steps of any case were done, for the faults that wait for them."""

    def __init__(self) -> None:
        self.done = 0
        self._more = asyncio.Condition()

    async def watch(self, seen: Progress) -> None:
        async with self._more:
            self.done += 1
            self._more.notify_all()

    async def wait(self, steps: int) -> None:
        """Until so many more were done; a case that stands still keeps the next fault away for a while."""
        wanted = self.done + steps
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_PAUSE), self._more:
                await self._more.wait_for(lambda: self.done >= wanted)


async def play_round(stack: Stack, drawn: Round, undisturbed: Mapping[str, Undisturbed]) -> list[str]:
    """The promises that this round broke."""
    mark = uuid4().hex[:6]
    harm = Harm(stack, random.Random(drawn.seed), [])
    patience = drawn.patience
    if "kafka is wiped" in drawn.faults:
        patience += await stores.ever_said(stack) / HEARD_AGAIN
    client = partial(Listening, stack.url, SECRET, patience=patience)
    steps = Steps()
    harms = asyncio.create_task(_harm(harm, drawn, steps))

    async def lane(number: int) -> list[Played]:
        played: list[Played] = []
        for name in drawn.cases(number):
            harm.worlds.append(f"round-{drawn.seed}-{mark}-{number}-{len(played)}")
            played.append(await play(client(), name, harm.worlds[-1], steps.watch))
            if harms.done() or played[-1].failures:
                break
        return played

    played = list(chain(*await asyncio.gather(lane(0), lane(1))))
    await harms
    # The case may have ended before the fault did: what was sent again must still change nothing.
    again = [one if one.failures else await look_again(client(), one) for one in played]
    found = await broken(stack, again, undisturbed, log_is_ours=not harm.tampered)
    for garbage in harm.garbage:
        found += [f"{s} parked {n} times" for s, n in (await stores.parked(stack, garbage)).items() if n != 1]
    for skew in stack.folder.glob("*.skew"):
        skew.unlink()
    tally.rounds.update(played=1, cases=len(played))
    return found


async def _harm(harm: Harm, drawn: Round, steps: Steps) -> None:
    for name, pause in zip(drawn.faults, drawn.pauses, strict=True):
        await steps.wait(pause)
        try:
            await FAULTS[name](harm)
        except NothingHappened:
            continue
        tally.done[name] += 1


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

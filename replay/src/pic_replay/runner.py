"""Plays one scenario in a fresh world, step by step, and checks each step when the world is quiet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import uuid4

from pic_replay.acts import Seat
from pic_replay.casting import cast, change_seats
from pic_replay.exchange import Exchange, ExchangeDown, Reply, World
from pic_replay.expectations import Failure, Seen, check
from pic_replay.faults import order_fault
from pic_replay.matching import Missing, fill, pick
from pic_replay.parts import Expect
from pic_replay.publishing import publish
from pic_replay.shape import Scenario, Step
from pic_replay.told import Told

SHOWN = 12  # messages before a failure


@dataclass(slots=True)
class Outcome:
    """How a scenario ended."""

    scenario: Scenario
    world: str = ""
    failures: list[Failure] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    digest: str = ""
    seconds: float = 0.0
    steps_done: int = 0
    steps_wanted: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    said: list[list[dict[str, Any]]] = field(default_factory=list)
    """The messages that each step led to; of one that nobody waited for, they come with a later one."""
    so_far: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)
    told: Told | None = None
    law: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.scenario.name

    @property
    def steps(self) -> list[Step]:
        """All of the scenario's steps, or as many as were asked for."""
        return self.scenario.steps[: self.steps_wanted]

    @property
    def states(self) -> set[str]:
        """Every state in which a case was left."""
        return {str(case["state"]) for case in self.cases}

    @property
    def passed(self) -> bool:
        return not self.failures and self.steps_done == len(self.steps)

    def place_of(self, failure: Failure) -> str:
        """The step in its own words; counted in its file too, where another story stands before it."""
        title, others = self.scenario.steps[failure.step - 1].title, self.scenario.others
        if not others:
            return title
        own = failure.step - others
        return f"{title} (step {own} of its own file)" if own > 0 else f"{title} (of the story before it)"


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after every step, for those who watch."""

    step: int
    of: int
    about: str
    events: list[dict[str, Any]]


Watch = Callable[[Progress], Awaitable[None]]


async def _nobody(progress: Progress) -> None:
    return None


class Runner:
    """Stops at the first step that does not lead where the scenario says."""

    def __init__(
        self,
        exchange: Exchange,
        scenario: Scenario,
        *,
        watch: Watch = _nobody,
        world: str | None = None,
        steps: int | None = None,
        keep_acts: bool = False,
    ) -> None:
        self._exchange = exchange
        self._scenario = scenario
        self._watch = watch
        self._wanted_world = world
        self._steps = steps
        self._keep_acts = keep_acts
        self._saved: dict[str, Any] = {}
        self._seen: list[dict[str, Any]] = []
        self._refusals: set[str] = set()

    async def play(self, *, keep: bool = True) -> Outcome:
        """Open a world, play every step, read the case files; the world is deleted unless `keep`."""
        started = monotonic()
        # Named before it is opened: an opening that is interrupted leaves no world that nobody knows.
        name, opened = self._wanted_world or f"r-{uuid4().hex[:16]}", False
        outcome = Outcome(self._scenario, world=name, steps_wanted=self._steps)
        try:
            world = await self._open(name)
            opened = True
            await self._cast(world)
            await self._play_steps(world, outcome)
            outcome.cases = await world.case_files()
            outcome.law = await self._exchange.law()
            outcome.told = world.told(self._scenario.name, outcome.cases)
            outcome.digest = (await world.digest())["digest"]
        finally:
            outcome.seconds = monotonic() - started
            # A name that somebody chose may be the name of somebody's world.
            if not keep and (opened or self._wanted_world is None):
                await World(self._exchange, name).delete()
        return outcome

    async def _open(self, name: str) -> World:
        now, label = self._scenario.clock.isoformat(), self._scenario.name
        return await World.open(
            self._exchange,
            now=now,
            label=label[:200],
            # A chosen name that is taken is told as that, whoever opened it and with what.
            key=f"world:{name}:{uuid4().hex}",
            world=name,
            keep_acts=self._keep_acts,
        )

    async def _cast(self, world: World) -> None:
        reply = await cast(world, self._scenario, f"cast:{self._scenario.name}")
        if reply is not None and reply.status >= 400:
            raise ExchangeDown(f"{self._scenario.name} is not cast: {reply}")

    async def _play_steps(self, world: World, outcome: Outcome) -> None:
        steps = outcome.steps
        for number, step in enumerate(steps, 1):
            try:
                failures, events = await self._play_step(world, number, step)
            except (Missing, ExchangeDown) as error:
                failures, events = [Failure(number, "the step", str(error))], []
            outcome.events, outcome.refusals = self._seen, self._refusals
            outcome.said.append(events)
            if failures:
                outcome.failures += failures
                of_cases = [event for event in self._seen if event.get("case")]
                outcome.so_far = [_line(event) for event in of_cases[-SHOWN:]]
                return
            outcome.steps_done = number
            await self._watch(Progress(number, len(steps), step.title, events))

    async def _play_step(
        self, world: World, number: int, step: Step
    ) -> tuple[list[Failure], list[dict[str, Any]]]:
        if (moment := step.moment(self._scenario.clock)) is not None:
            await world.move_clock(moment)
        changed = await change_seats(world, self._scenario, step, f"{self._scenario.name}:{number}")
        if changed is not None and changed.status >= 400:
            return [Failure(number, "the seat changes hands", str(changed))], []
        reply = await self._act(world, number, step)
        self._refusals |= _rules_in(reply)
        if self._scenario.hurries_past(number) and reply is not None and reply.status < 400:
            return [], []
        stuck = await world.settle()
        if stuck:
            return [Failure(number, "the world never became quiet", "; ".join(stuck))], []
        events = await world.new_events()
        self._seen += events
        seen = Seen(world, reply, events, self._seen)
        expectations = step.expect
        if reply is not None and not any(e.status for e in expectations) and reply.status >= 400:
            return [
                Failure(
                    number,
                    f"{step.send.method if step.send else 'publish'} accepted",
                    f"{reply.status}: {reply.body}",
                )
            ], events
        return await self._check(number, expectations, seen), events

    async def _check(self, number: int, expectations: list[Expect], seen: Seen) -> list[Failure]:
        failures: list[Failure] = []
        for expectation in expectations:
            try:
                failures += await check(number, expectation, self._saved, seen)
            except Missing:
                # What a refused request should have saved: the refusal says more.
                if not failures:
                    raise
        return failures

    async def _act(self, world: World, number: int, step: Step) -> Reply | None:
        key = f"{self._scenario.scenario}:{number}"
        if step.fault is not None:
            return await order_fault(world, key, step.fault, self._scenario.clock)
        if step.publish is None:
            return await self.send(world, number, step)
        return await publish(world, key, step.publish, self._scenario.actors, self._saved, self._seen)

    async def send(self, world: World, number: int, step: Step) -> Reply | None:
        """Send one step's request as its actor and keep what it saves; None without a request."""
        if step.send is None or step.as_ is None:
            return None
        actor = self._scenario.actors[step.as_]
        seat = Seat(actor.seat, actor.state, actor.agency)
        path = fill(step.send.path, self._saved) + ("?dry_run=true" if step.send.dry_run else "")
        body = fill(step.send.body, self._saved)
        key = "" if step.send.method in ("GET", "DELETE") else f"{self._scenario.scenario}:{number}"
        body = {} if body is None and step.send.method in ("POST", "PUT") else body
        reply = await world.ask(seat, step.send.method, path, key=key, body=body)
        if reply.status < 400:
            self._saved |= {name: pick(reply.body, where) for name, where in step.save.items()}
        return reply


def _rules_in(reply: Reply | None) -> set[str]:
    """The rules that a refusal names."""
    body = reply.body if reply is not None and isinstance(reply.body, dict) else {}
    return {str(finding["rule"]) for finding in body.get("errors", []) if "rule" in finding}


def _line(event: dict[str, Any]) -> str:
    return f"{event['time']}  {event['type']}  {event['sender']}"

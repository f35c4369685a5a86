"""A recording or a scenario that fails, made as short as it still fails in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from pic_replay.canonical import canonical
from pic_replay.exchange import Exchange
from pic_replay.parts import Expect
from pic_replay.playback import Playback, Replayed
from pic_replay.runner import Outcome, Runner
from pic_replay.shape import Scenario, Step
from pic_replay.shrinking import shortest_failing
from pic_replay.told import Happening, Told
from pic_schemas.identities import UUID

R = TypeVar("R")
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Shrunk(Generic[R]):
    """What is left, how many steps there were, and how often it was tried."""

    left: R
    steps: int
    of: int
    attempts: int


class _Attempts:
    def __init__(self, tell: Tell) -> None:
        self.made = 0
        self._tell = tell

    def count(self) -> None:
        self.made += 1
        self._tell(self.made)


async def shrink_recording(exchange: Exchange, replayed: Replayed, tell: Tell) -> Shrunk[Told]:
    """Up to the first act that drifts, without the acts that it does not need. Raises ExchangeDown."""
    recorded = replayed.recorded
    last = max(1, min(drift.act for drift in replayed.drifts))
    asked = [one for one in recorded.happenings if one.act is not None][:last]
    symptom = _of_act([one for one in replayed.told.happenings if one.act is not None][last - 1])
    attempts = _Attempts(tell)

    async def still_fails(steps: Sequence[Happening]) -> bool:
        attempts.count()
        again = await Playback(exchange, _part(recorded, steps)).play()
        return _of_act(again.told.happenings[-1]) == symptom

    left = await shortest_failing(asked, still_fails)
    return Shrunk(_part(recorded, left), len(left), len(recorded.acts), attempts.made)


def _part(recorded: Told, steps: Sequence[Happening]) -> Told:
    # How the cases ended is not how they stand after these.
    return Told(recorded.name, recorded.clock, [Happening(), *steps])


def _of_act(happening: Happening) -> tuple[object, list[dict[str, Any]]]:
    """How an act was answered and what it led to, without ids."""
    act = happening.act
    said = [event for event in happening.said if event.get("case")]
    return (act.status, act.rules) if act else None, canonical(said)


async def shrink_scenario(exchange: Exchange, outcome: Outcome, tell: Tell) -> Shrunk[Scenario]:
    """The failing step and what it needs; only its failing expectation is left. Raises ExchangeDown."""
    steps = outcome.scenario.steps[: outcome.steps_done + 1]
    symptom = _failure(outcome)
    attempts = _Attempts(tell)

    async def still_fails(kept: Sequence[Step]) -> bool:
        part = _scenario(outcome.scenario, kept)
        if part is None:
            return False
        attempts.count()
        again = await Runner(exchange, part).play(keep=False)
        return again.steps_done == len(kept) - 1 and _failure(again) == symptom

    left = _scenario(outcome.scenario, await shortest_failing(_bare(steps, outcome), still_fails))
    if left is None:
        left = outcome.scenario
    return Shrunk(left, len(left.steps), len(outcome.scenario.steps), attempts.made)


def _bare(steps: Sequence[Step], outcome: Outcome) -> list[Step]:
    """Of the steps before, only that they are answered as they were; of the last, what fails."""
    before = [step.model_copy(update={"expect": [e for e in step.expect if e.status]}) for step in steps[:-1]]
    return [*before, steps[-1].model_copy(update={"expect": _failing(steps[-1], outcome)})]


def _failing(step: Step, outcome: Outcome) -> list[Expect]:
    first = outcome.failures[0].expected
    return [e for e in step.expect if e.status or first.startswith(f"{e.subject} ")]


def _failure(outcome: Outcome) -> tuple[str, str] | None:
    if not outcome.failures:
        return None
    first = outcome.failures[0]
    return UUID.sub("#", first.expected), UUID.sub("#", first.seen)


def _scenario(whole: Scenario, steps: Sequence[Step]) -> Scenario | None:
    """These steps as a scenario; None where a step needs what no step before it saved."""
    used = repr([(step.send, step.publish, step.expect) for step in steps])
    kept = [
        step.model_copy(
            update={"save": {name: at for name, at in step.save.items() if f"{{{name}}}" in used}}
        )
        for step in steps
    ]
    named = {name for step in kept for name in step.actors()}
    actors = {name: actor for name, actor in whole.actors.items() if name in named}
    part = whole.model_copy(update={"steps": kept, "actors": actors, "guards": []})
    try:
        return part.checked()
    except (ValueError, ValidationError):
        return None

"""What must hold after every round, whatever died: each broken promise as one sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pic_exchange.stack import Stack
from pic_schemas.envelope import Event, UnreadableRecord, event_id, from_binary
from tests.faults import log, stores
from tests.faults.stores import Answered, Said

Commands = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Undisturbed:
    """A scenario without faults: its digest, and the types of the events that each command caused."""

    digest: str
    commands: Commands


@dataclass(frozen=True)
class Played:
    """A scenario as a round played it."""

    scenario: str
    world: str
    digest: str
    failures: tuple[str, ...]
    accepted: tuple[str, ...]


async def broken(
    stack: Stack, played: Sequence[Played], undisturbed: Mapping[str, Undisturbed], *, log_is_ours: bool
) -> list[str]:
    """Empty when every promise was kept. `log_is_ours`: nobody but the relays wrote to the log."""
    worlds = [one.world for one in played]
    said = await stores.said(stack, worlds)
    answered = await stores.answered(stack, worlds)
    found = [f"{one.scenario}: {failure}" for one in played for failure in one.failures]
    found += [
        f"{one.scenario}: digest differs from the run without faults"
        for one in played
        if not one.failures and one.digest != undisturbed[one.scenario].digest
    ]
    found += _accepted_once(played, undisturbed, said, answered)
    found += _recorded_once(said, await stores.recorded(stack, worlds))
    found += _in_sequence(said)
    found += _ids_follow_from_causes(said)
    found += [f"waits for ever: {one}" for one in await stores.waiting(stack, worlds)]
    if log_is_ours:
        found += _log_in_order(worlds, await log.read_cases(stack.kafka.brokers))
    return found


def commands(said: Iterable[Said], answered: Iterable[Answered], world: str) -> Commands:
    """Key of each command -> types of the events that it caused."""
    caused = defaultdict(list)
    for one in said:
        caused[one.event.causationid].append(one.event.type)
    return {one.key: tuple(caused[one.command]) for one in answered if one.world == world}


def _accepted_once(
    played: Sequence[Played],
    undisturbed: Mapping[str, Undisturbed],
    said: Sequence[Said],
    answered: Sequence[Answered],
) -> Iterable[str]:
    for one in played:
        keys = Counter(answer.key for answer in answered if answer.world == one.world)
        led_to = commands(said, answered, one.world)
        for key in one.accepted:
            if keys[key] != 1:
                yield f"{one.scenario}: the accepted command {key} is stored {keys[key]} times"
            elif led_to[key] != (right := undisturbed[one.scenario].commands[key]):
                yield f"{one.scenario}: the command {key} led to {led_to[key]}, not to {right}"


def _recorded_once(said: Iterable[Said], recorded: Iterable[str]) -> Iterable[str]:
    files = Counter(recorded)
    for one in said:
        if (times := files.pop(str(one.event.id), 0)) != 1:
            yield f"{one.event.type} {one.event.id} of {one.store} is in the case files {times} times"
    for identity in files:
        yield f"event {identity} is in the case files but nobody said it"


def _in_sequence(said: Iterable[Said]) -> Iterable[str]:
    last: Counter[tuple[str, str | None, str]] = Counter()
    for one in said:
        stream = (one.event.world, one.event.case, one.event.source)
        if one.event.sequence != last[stream] + 1:
            yield f"outbox of {one.store}: {one.event.source} says {one.event.sequence} after {last[stream]}"
        last[stream] = one.event.sequence


def _ids_follow_from_causes(said: Iterable[Said]) -> Iterable[str]:
    for one in said:
        event = one.event
        cause = (event.world, event.source, event.causationid, event.type)
        if event.id not in {event_id(*cause, index) for index in range(10)}:
            yield f"the id of {event.type} {event.id} does not follow from its cause"


def _log_in_order(worlds: Sequence[str], records: Iterable[log.Received]) -> Iterable[str]:
    """Redelivered records may follow, but nothing is published before what it follows in its case."""
    last: Counter[tuple[str, str | None, str]] = Counter()
    for record in records:
        event = _event(record)
        if event is None or event.world not in worlds:
            continue
        stream = (event.world, event.case, event.source)
        if event.sequence > last[stream] + 1:
            yield f"the log has {event.source} {event.sequence} after {last[stream]}"
        last[stream] = max(last[stream], event.sequence)


def _event(record: log.Received) -> Event | None:
    try:
        return from_binary(record.headers, record.value)
    except UnreadableRecord:
        return None

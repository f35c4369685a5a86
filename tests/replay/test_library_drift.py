"""The whole library, recorded: no drift under the same law; under an amended one, where its rule is cited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from pic_exchange.here import exchange_here
from pic_replay.exchange import Exchange
from pic_replay.library import Library
from pic_replay.playback import Playback, Replayed
from pic_replay.recording import Recording, read_recording, write_recording
from pic_replay.rule_ids import rules_cited
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, find_scenarios, load_scenarios
from pic_replay.told import Told
from tests.scenarios.amendments import AMENDED, amendable, amended
from tests.support.exchanges import SCENARIOS, SECRET
from tests.support.shares import share_of

pytestmark = [pytest.mark.slow, pytest.mark.shared, pytest.mark.asyncio(loop_scope="module")]
SEED, WORLDS = 20261128, 4
CITING, OTHERS = 3, 1
"""Of a rule at most so many worlds that cite it are asked again, and so many that do not."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    folder = tmp_path_factory.mktemp("library")
    async with exchange_here(folder, secret=SECRET) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recording(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    scenarios = share_of(one for path in find_scenarios([SCENARIOS]) for one in load_scenarios(path))

    async def play(on: Exchange, scenario: Scenario) -> Outcome:
        return await Runner(on, scenario).play(keep=False)

    outcomes = await Library(scenarios, play, lambda _: None).run([exchange], WORLDS)
    assert [outcome.name for outcome in outcomes if not outcome.passed] == []
    file = tmp_path_factory.mktemp("recording") / "library.jsonl"
    write_recording([outcome.told for outcome in outcomes if outcome.told], file)
    return read_recording(file)


async def replayed(exchange: Exchange, worlds: list[Told]) -> list[Replayed]:
    async def play(on: Exchange, told: Told) -> Replayed:
        return await Playback(on, told).play()

    return await Library(worlds, play, lambda _: None).run([exchange], WORLDS)


def citing(recording: Recording) -> dict[str, set[tuple[str, str]]]:
    """Rule -> the cases in which a message, or the refusal of an act, cites it in the law's words.

    A prohibition that a State told of has the words of that State: no amendment of ours changes them.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for told in recording.worlds.values():
        for end in told.cases:
            of_the_law = [
                event
                for event in told.events
                if event.get("case") == end.id and not event["data"].get("told_by")
            ]
            for rule in rules_cited(of_the_law, told.acts_on(end.id)):
                found.setdefault(rule, set()).add((told.name, told.number_of(end.id)))
    return found


def some(recording: Recording, named: set[str], seed: Random) -> list[Told]:
    """Some of these worlds, and a handful of others."""
    others = sorted(recording.worlds.keys() - named)
    chosen = [
        *seed.sample(sorted(named), min(CITING, len(named))),
        *seed.sample(others, min(OTHERS, len(others))),
    ]
    return [told for name, told in recording.worlds.items() if name in chosen]


async def test_the_whole_library_drifts_nowhere(exchange: Exchange, recording: Recording) -> None:
    found = await replayed(exchange, list(recording.worlds.values()))
    assert [str(drift) for one in found for drift in one.drifts] == []
    assert [one.name for one in found if one.stuck] == []


async def test_an_amended_rule_drifts_in_exactly_the_cases_that_cite_it(
    exchange: Exchange, recording: Recording
) -> None:
    cited, seed = citing(recording), Random(SEED)
    rules = share_of(sorted(cited.keys() & amendable()))
    assert rules, "nothing would be seen"
    for rule in rules:
        asked = some(recording, {world for world, _ in cited[rule]}, seed)
        with amended(rule):
            found = [drift for one in await replayed(exchange, asked) for drift in one.drifts]
        names = {told.name for told in asked}
        assert {(drift.world, drift.case) for drift in found} == {
            case for case in cited[rule] if case[0] in names
        }, rule
        # The first message, or answer, that reads otherwise.
        assert [str(drift) for drift in found if AMENDED not in drift.what or rule not in drift.rules] == []

"""Every scenario names the rules that decide it; without one of them it no longer ends as it says."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from pic_exchange.here import exchange_here
from pic_exchange.touched import claims_of
from pic_exchange.transitions import walked
from pic_replay.diagram import drawn
from pic_replay.exchange import Exchange
from pic_replay.generate import PAGES
from pic_replay.pages import PICTURES, stories
from pic_replay.runner import Outcome, Runner
from tests.scenarios.switches import NoSuchRule, guards_of, switched_off
from tests.support.exchanges import SCENARIOS, SECRET
from tests.support.shares import share_of

FILES = stories(SCENARIOS)
LIBRARY = {scenario.name: scenario for story in FILES for scenario in story.scenarios}
STORIES = list(LIBRARY)
FIRST_OF_ITS_NUMBER = {
    name.partition("-")[0]: name for name in reversed(STORIES) if name[:3].removeprefix("s").isdigit()
}
"""One story of each number is played on every laptop; all of them belong to the whole stories."""
FIRSTS = [name for name in STORIES if name in FIRST_OF_ITS_NUMBER.values()]
OTHERS = share_of(name for name in STORIES if name not in FIRSTS)
PLAYED = [*FIRSTS, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)]
IN_CODE = {"CONSENT_MISSING", "CONTRACT_NOT_CONFIRMED", "DATES_IMPOSSIBLE", "EVIDENCE_MISSING"} | {
    *("CUSTOMS_CONTROL", "INFORMATION_STILL_DUE"),
    *("DOCUMENT_MISMATCH", "GROUND_NOT_OPEN", "PERMIT_REQUIRED", "STATE_SPEAKS_ITSELF"),
}
"""Named by a scenario, but no entry of the law that could be taken away decides under them."""
GUARDS = share_of(
    guards_of(
        (name, [guard for guard in scenario.guards if guard not in IN_CODE])
        for name, scenario in LIBRARY.items()
    )
)

DIAGRAMS = PAGES / PICTURES
DRAWN = {story.first.name for story in FILES}
"""Each file's first scenario: of a table the first case."""

pytestmark = [pytest.mark.shared, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Exchange]:
    async with exchange_here(tmp_path_factory.mktemp("guards"), secret=SECRET) as made:
        yield made


async def play(exchange: Exchange, name: str) -> Outcome:
    return await Runner(exchange, LIBRARY[name]).play()


@pytest.mark.parametrize("name", PLAYED)
async def test_the_scenario_ends_as_it_says_under_the_whole_law(exchange: Exchange, name: str) -> None:
    outcome = await play(exchange, name)
    assert outcome.failures == []
    assert outcome.passed
    assert claims_of(name) <= {str(arrow) for arrow in walked(outcome.events)}, (
        "see pic_exchange/touched.yaml"
    )
    if name in DRAWN:
        picture = (DIAGRAMS / f"{name}.svg").read_text("utf-8")
        assert picture == drawn(outcome), f"draw it again: pic replay --diagrams {DIAGRAMS}"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "guard"), GUARDS)
async def test_without_the_rule_that_decides_it_the_scenario_fails(
    exchange: Exchange, name: str, guard: str
) -> None:
    with switched_off(guard):
        outcome = await play(exchange, name)
    assert outcome.failures, f"{name} ends the same without {guard}: it does not decide"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["c672-clean-b3011", "arrangement-clean-scrap"])
async def test_without_a_rule_of_another_story_the_scenario_ends_as_it_says(
    exchange: Exchange, name: str
) -> None:
    """The switch itself breaks nothing."""
    with switched_off("CH24", "NON_PARTY", "TH_39_15"):
        outcome = await play(exchange, name)
    assert outcome.passed, outcome.failures


async def test_a_guard_that_nothing_decides_under_is_refused() -> None:
    with pytest.raises(NoSuchRule, match="MOON_PHASE"), switched_off("MOON_PHASE"):
        pass

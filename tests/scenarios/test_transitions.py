"""Every arrow of every state machine is walked along by a scenario, or says why not."""

from __future__ import annotations

from pic_exchange.touched import reasons, touched
from pic_exchange.transitions import drawn
from pic_replay.scenario import load_scenarios
from tests.support.exchanges import SCENARIOS

UNTOUCHED_AT_MOST = 5


def test_every_arrow_is_touched_by_a_scenario_or_has_a_reason() -> None:
    left = {str(arrow) for arrow in drawn()} - set(touched()) - set(reasons())
    assert left == set(), "play them, or say in touched.yaml why nobody does"


def test_at_most_five_arrows_are_untouched_each_with_its_reason() -> None:
    assert len(reasons()) <= UNTOUCHED_AT_MOST
    assert all(len(reason) > 40 for reason in reasons().values()), reasons()
    assert not set(reasons()) & set(touched())


def test_nothing_is_claimed_of_an_arrow_or_a_scenario_that_is_not_there() -> None:
    files = [*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("tables/*.yaml")]
    names = {scenario.name for path in files for scenario in load_scenarios(path)}
    assert set(touched().values()) <= names
    assert set(touched()) | set(reasons()) <= {str(arrow) for arrow in drawn()}

"""Scenarios in pytest: a fixture that plays a file, and scenario files collected as tests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from pic_replay.exchange import Exchange
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import Scenario, load_scenario, load_scenarios

URL, SECRET = "PIC_URL", "PIC_OPERATOR_SECRET"


class NotAsTheScenarioSays(AssertionError):
    """What was expected, what was seen, and what was said until then."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pic", "PIC exchange scenarios")
    group.addoption("--pic-against", metavar="URL", help=f"a running exchange; else {URL} of the environment")
    group.addoption("--pic-scenarios", action="store_true", help="collect *.yaml files as scenarios")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".yaml" and parent.config.getoption("--pic-scenarios"):
        found: pytest.Collector = ScenarioFile.from_parent(parent, path=file_path)
        return found
    return None


class ScenarioFile(pytest.File):
    """One file: a scenario, or one for each case of its table."""

    def collect(self) -> Iterable[pytest.Item]:
        for scenario in load_scenarios(self.path):
            yield ScenarioItem.from_parent(self, name=scenario.name, scenario=scenario)


class ScenarioItem(pytest.Item):
    """One scenario, played in a world of its own."""

    def __init__(self, *, scenario: Scenario, **options: Any) -> None:
        super().__init__(**options)
        self._scenario = scenario

    def runtest(self) -> None:
        _expect_passed(asyncio.run(_play(self.config, self._scenario)))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The report of the replay says more than where in the runner it was raised."""
        if isinstance(excinfo.value, NotAsTheScenarioSays):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


@pytest.fixture
def play_scenario(request: pytest.FixtureRequest) -> Callable[[str | Path], Outcome]:
    """Plays a file and returns its outcome; a scenario that does not end as it says fails the test."""

    def play(path: str | Path) -> Outcome:
        outcome = asyncio.run(_play(request.config, load_scenario(Path(path))))
        _expect_passed(outcome)
        return outcome

    return play


async def _play(config: pytest.Config, scenario: Scenario) -> Outcome:
    url = config.getoption("--pic-against") or os.environ.get(URL)
    if not url:
        raise pytest.UsageError(f"name a running exchange with --pic-against, or in {URL}")
    async with Exchange(url, os.environ.get(SECRET, "")) as exchange:
        return await Runner(exchange, scenario).play(keep=False)


def _expect_passed(outcome: Outcome) -> None:
    if not outcome.passed:
        told = [*map(str, outcome.failures), "said until then:", *outcome.so_far]
        raise NotAsTheScenarioSays(f"{outcome.name}\n" + "\n".join(told))

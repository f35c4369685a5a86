"""A recording replays without drift; a rule that changed is found at the first message that differs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pic_replay.exchange import Exchange
from pic_replay.recording import RecordingUnreadable, drifts, read_recording, write_recording
from pic_replay.runner import Outcome, Runner
from pic_replay.scenario import load_scenario
from tests.scenarios.switches import switched_off
from tests.support.exchanges import SECRET, own_exchange, scenario_path

NAMES = ("s03-objection", "c672-clean-b3011", "s23-duplicates-and-order")


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with own_exchange(tmp_path / "own", secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


async def played(exchange: Exchange) -> list[Outcome]:
    return [await Runner(exchange, load_scenario(scenario_path(name))).play(keep=False) for name in NAMES]


async def test_a_recording_replays_without_drift_and_names_what_a_changed_rule_changes(
    exchange: Exchange, tmp_path: Path
) -> None:
    file = tmp_path / "recording.jsonl"
    write_recording(await played(exchange), file)
    recorded = read_recording(file)
    assert drifts(recorded, await played(exchange)) == []
    with switched_off("CH03"):
        found = drifts(recorded, await played(exchange))
    citing = [name for name in NAMES if "CH03" in json.dumps(recorded[name])]
    assert [drift.scenario for drift in found] == citing
    assert citing == ["s03-objection", "c672-clean-b3011"]
    assert "pic.customs.refused.v1 differs at $" in str(found[0])


def recording(folder: Path, *lines: object) -> Path:
    file = folder / "recording.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return file


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([{"recording": 9}], "line 1: no recording of format 1"),
        (
            [{"recording": 1}, {"scenario": "s"}, {"message": {"type": "pic.decision.taken.v9"}}],
            "line 3: this contract has no 'pic.decision.taken.v9'; did you mean 'pic.decision.taken.v1'?",
        ),
    ],
)
def test_a_recording_of_another_contract_is_refused_by_name(
    tmp_path: Path, lines: list[object], told: str
) -> None:
    with pytest.raises(RecordingUnreadable, match="line") as caught:
        read_recording(recording(tmp_path, *lines))
    assert told in str(caught.value)


def test_a_scenario_that_was_not_recorded_is_told(tmp_path: Path) -> None:
    outcome = Outcome(load_scenario(scenario_path("s03-objection")))
    with pytest.raises(RecordingUnreadable, match="s03-objection was not recorded"):
        drifts(read_recording(recording(tmp_path, {"recording": 1}, {"scenario": "s04"})), [outcome])

"""A recording asks again what was asked; a rule that changed is found in exactly the cases that cite it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pic_replay.acts import Act, Seat
from pic_replay.drift import drifts
from pic_replay.exchange import Exchange
from pic_replay.identities import Identities
from pic_replay.playback import Playback, Replayed
from pic_replay.recording import read_recording, write_recording
from pic_replay.rule_ids import rules_cited
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from pic_replay.told import CaseEnd, Happening, Told
from tests.scenarios.switches import switched_off
from tests.support.exchanges import SECRET, own_exchange, scenario_path

OLD, NEW = "0b0e8a3c-0000-4000-8000-000000000001", "0b0e8a3c-0000-4000-8000-000000000002"
SEAT = Seat("competent-authority", "BE", "BE001")


def said(case: str, place: int, **data: Any) -> dict[str, Any]:
    return {
        "id": f"{case[:-2]}{place:02}",
        "type": data.pop("type", "pic.decision.taken.v1"),
        "source": "/consent/BE",
        "sequence": place,
        "time": f"2026-06-{place:02}T00:00:00Z",
        "sender": "BE/competent-authority/BE001",
        "case": case,
        "data": data,
    }


def told(case: str, *events: dict[str, Any], status: int = 201, rules: tuple[str, ...] = ()) -> Told:
    answer = {"case": case} if status < 400 else {"errors": [{"rule": rule} for rule in rules]}
    act = Act(
        "2026-06-01", SEAT, "POST", f"/consent/v1/notifications/{OLD}/decisions", "k", {}, status, answer
    )
    ends = [CaseEnd(case, "CA0000000001", "CONSENTED", None, str(len(events)))]
    return Told("w", "2026-06-01", [Happening(), Happening(act, list(events))], ends)


def known() -> Identities:
    found = Identities()
    found.learn({"case": OLD}, {"case": NEW})
    return found


def test_two_tellings_that_differ_only_in_their_ids_are_the_same() -> None:
    before, now = told(OLD, said(OLD, 1, ref=OLD)), told(NEW, said(NEW, 1, ref=NEW))
    assert drifts(before, now, known()) == []


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (
            told(NEW, said(NEW, 1, verdict="consent", rule="R1")),
            "message 1: pic.decision.taken.v1 differs at $.data.verdict: expected 'objection', was 'consent'",
        ),
        (told(NEW), "message 1: recorded pic.decision.taken.v1, seen nothing more"),
        (
            told(NEW, said(NEW, 1, type="pic.notification.objected.v1")),
            "message 1: recorded pic.decision.taken.v1, seen pic.notification.objected.v1",
        ),
    ],
)
def test_the_first_message_that_differs_is_told_with_its_field(now: Told, what: str) -> None:
    before = told(OLD, said(OLD, 1, verdict="objection", rule="R1"))
    (drift,) = drifts(before, now, known())
    assert drift.what == what
    assert drift.case == "CA0000000001"
    assert drift.behind.startswith("act 1, competent-authority BE001: POST /consent/v1/notifications/")


def test_an_answer_that_differs_is_told_with_the_rules_that_it_no_longer_names() -> None:
    before, now = told(OLD, status=422, rules=("GROUND_NOT_OPEN",)), told(NEW, status=409, rules=("OTHER",))
    (drift,) = drifts(before, now, known())
    assert drift.what.endswith("recorded 422 under GROUND_NOT_OPEN, seen 409 under OTHER")
    assert drift.rules == ("GROUND_NOT_OPEN", "OTHER")


def test_a_case_that_does_not_come_to_be_is_not_held_against_its_neighbour() -> None:
    before, now = told(OLD, said(OLD, 1)), told(NEW, said(NEW, 1))
    other = said("0b0e8a3c-0000-4000-8000-000000000099", 2)
    before.happenings[1].said.append(other)
    (drift,) = drifts(before, now, known())
    assert (drift.case, drift.what) == (
        "unnumbered 2",
        "message 1: recorded pic.decision.taken.v1, seen nothing more",
    )


def test_names_of_the_run_take_the_places_of_the_recorded_ones() -> None:
    names = known()
    names.learn(
        {"number": "CA0000000001", "at": "2026-06-01"}, {"number": "CA0000000002", "at": "2026-07-01"}
    )
    asked = {
        "path": f"/v1/{OLD}/x",
        "number": "CA0000000001",
        "text": "see CA0000000001/2",
        "at": "2026-06-01",
    }
    assert names.applied(asked) == {
        "path": f"/v1/{NEW}/x",
        "number": "CA0000000002",
        "text": "see CA0000000002/2",
        "at": "2026-06-01",
    }


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Exchange]:
    async with own_exchange(tmp_path / "own", secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        yield exchange


async def recorded(exchange: Exchange, names: tuple[str, ...], file: Path) -> list[Told]:
    outcomes = [await Runner(exchange, load_scenario(scenario_path(name))).play(keep=False) for name in names]
    write_recording([outcome.told for outcome in outcomes if outcome.told], file)
    return list(read_recording(file).worlds.values())


async def replayed(exchange: Exchange, worlds: list[Told]) -> list[Replayed]:
    return [await Playback(exchange, told).play() for told in worlds]


def citing(worlds: list[Told], rule: str) -> set[tuple[str, str]]:
    """Cases in which a message, or the refusal of an act, names the rule."""
    return {
        (told.name, end.number)
        for told in worlds
        for end in told.cases
        if rule in rules_cited([e for e in told.events if e.get("case") == end.id], told.acts_on(end.id))
    }


@pytest.mark.slow
async def test_a_recording_drifts_nowhere_and_under_another_law_where_the_rule_is_cited(
    exchange: Exchange, tmp_path: Path
) -> None:
    names = ("s03-objection", "s23-duplicates-and-order")
    worlds = await recorded(exchange, names, tmp_path / "recording.jsonl")
    assert [one.drifts for one in await replayed(exchange, worlds)] == [[], []]
    with switched_off("CH03"):
        found = [drift for one in await replayed(exchange, worlds) for drift in one.drifts]
    assert {(drift.world, drift.case) for drift in found} == citing(worlds, "CH03")
    assert [drift.world for drift in found] == ["s03-objection"]
    assert "CH03" in found[0].rules
    assert await exchange.operate("GET", "/v1/worlds") == []

"""Recordings as files: what they hold, and what a reader of another contract is told by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pic_replay.acts import CLOCK, Act, Seat
from pic_replay.contract import version_of
from pic_replay.parts import SentFile
from pic_replay.recording import RecordingUnreadable, read_recording, write_recording
from pic_replay.told import CaseEnd, Happening, Told

CLOSED = "pic.notification.closed.v1"
EXAMPLES = Path(__file__).resolve().parents[2] / "schemas" / "examples"


def message(type_: str = CLOSED, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"{type_}.json").read_text("utf-8"))
    return found | changed


def told() -> Told:
    seat = Seat("exporter", "CA", "CA-PLASTIX")
    path = "/notifier/v1/notifications/c-1/attachments"
    file = Act("2026-06-01", seat, "POST", path, "k", SentFile("application/pdf", b"%PDF"), 201, {"a": 1})
    clock = Act("2026-06-01", None, "PUT", CLOCK, "", {"to": "2026-06-02"}, 200, {})
    happenings = [Happening(), Happening(file, [message()]), Happening(clock)]
    return Told("w", "2026-06-01", happenings, [CaseEnd("c-1", "CA0000000001", "CLOSED", {"kg": 1}, "h")])


def test_what_was_asked_and_what_was_said_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "recording.jsonl"
    write_recording([told()], file, {"profiles": "abc"})
    found = read_recording(file)
    assert found.worlds == {"w": told()}
    assert found.law == {"profiles": "abc"}


def test_a_recording_that_is_interrupted_leaves_no_file(tmp_path: Path) -> None:
    broken = Told("w", "2026-06-01", [Happening(None, [{"type": CLOSED, "id": object()}])])
    with pytest.raises(TypeError):
        write_recording([broken], tmp_path / "recording.jsonl")
    assert list(tmp_path.iterdir()) == []


def recording(folder: Path, *lines: object) -> Path:
    file = folder / "recording.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return file


def said(type_: str = CLOSED, **changed: Any) -> dict[str, Any]:
    event = message()
    return {"message": event | {"type": type_, "data": event["data"] | changed}}


HEAD, WORLD, END = {"recording": 2, "contract": {}}, {"world": "w", "clock": "2026-06-01"}, {"end": 1}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "line 1: no recording, the file is empty"),
        ([{"recording": 9}], "line 1: no recording of format 1 or 2"),
        ([HEAD, WORLD], "line 2: torn, the last line is missing"),
        ([HEAD, said()], "line 2: no world was named before"),
        ([HEAD, WORLD, WORLD], "line 3: the world w stands twice"),
        ([HEAD, WORLD, {"act": {"at": "2026-06-01"}}], "line 3: no field 'method'"),
        ([HEAD, WORLD, {"weather": "fine"}], "line 3: neither world, act, message nor case: weather"),
        (
            [HEAD, WORLD, said("pic.decision.taken.v9")],
            "line 3: no message 'pic.decision.taken.v9'; did you mean 'pic.decision.taken.v1'?",
        ),
        ([HEAD, WORLD, said(closed_buy=1)], f"line 3: {CLOSED} has no field 'closed_buy'"),
        ([HEAD, WORLD, said(closed_on="soon")], f"line 3: {CLOSED} has another form now: closed_on: "),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_by_name(
    tmp_path: Path, lines: list[object], told: str
) -> None:
    with pytest.raises(RecordingUnreadable) as caught:
        read_recording(recording(tmp_path, *lines))
    assert told in str(caught.value)


def test_a_field_that_came_later_has_its_default_in_an_older_recording(tmp_path: Path) -> None:
    type_ = "pic.silence.recorded.v1"
    event = message(type_)
    now = read_recording(recording(tmp_path, HEAD, WORLD, {"message": event}, END)).world("w").events[0]
    without = {name: value for name, value in now["data"].items() if name != "releases"}
    assert now["data"]["releases"] is True
    old = {"message": event | {"data": without}}
    assert (
        read_recording(recording(tmp_path, HEAD, WORLD, old, END)).world("w").events[0]["data"] == now["data"]
    )
    # What claims to be of today's form is taken at its word.
    today = HEAD | {"contract": {type_: version_of(type_)}}
    assert read_recording(recording(tmp_path, today, WORLD, old, END)).world("w").events[0]["data"] == without


def test_a_recording_of_the_first_format_is_read_as_messages_without_acts(tmp_path: Path) -> None:
    file = recording(tmp_path, {"recording": 1}, {"scenario": "s03", "digest": "d"}, said())
    found = read_recording(file).world("s03")
    assert (found.acts, len(found.events), found.clock) == ([], 1, message()["time"])


def test_a_world_that_was_not_recorded_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    file = recording(tmp_path, {"recording": 1}, {"scenario": "s04"})
    with pytest.raises(RecordingUnreadable, match="s03 was not recorded; did you mean 's04'"):
        read_recording(file).world("s03")

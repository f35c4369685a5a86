"""A scenario file that cannot be played is refused before anything is sent, with line and nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pic_replay.scenario import ScenarioError, load_scenario, load_scenarios

GOOD = """\
scenario: a-draft
about: A draft is kept.
clock: 2026-06-01
actors:
  exporter: {seat: exporter, state: CA, agency: CA-PLASTIX}
steps:
  - as: exporter
    send: {POST: /notifier/v1/notifications, body: {}}
    save: {case: $.case}
    expect:
      - {event: pic.notification.drafted.v1, with: {exporter: {registration_no: CA-PLASTIX}}}
      - {case: "{case}", with: {state: DRAFT}}
"""
TABLE = """\
for each:
  - {case: thailand, state: TH, kg: 25000}
  - {case: malaysia, state: MY, kg: 100}
scenario: into
about: A load of {kg} kg into {state}.
clock: 2026-06-01
actors:
  exporter: {seat: exporter, state: CA, agency: CA-PLASTIX}
steps:
  - as: exporter
    send: {POST: /customs/v1/declarations, body: {destination: "{state}", net_kg: "{kg}"}}
    save: {case: $.case}
    expect: [{case: "{case}"}]
"""


def refusal(folder: Path, text: str) -> str:
    file = folder / "wrong.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenarios(file)
    return str(caught.value).removeprefix(str(folder))


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("    save:", "    saev:", "line 9: steps/1/saev: Extra inputs are not permitted"),
        ("    save:", "    saev:", "did you mean 'save'?"),
        ("{seat: exporter", "{seat: exporer", "line 5: actors/exporter/seat: Input should be"),
        ("{seat: exporter", "{seat: exporer", "did you mean 'exporter'?"),
        ("  - as: exporter", "  - as: exprter", "steps/1: no actor 'exprter'; did you mean 'exporter'?"),
        ("drafted.v1", "draftd.v1", "line 11: steps/1/expect/1: no message 'pic.notification.draftd.v1'"),
        ("drafted.v1", "draftd.v1", "did you mean 'pic.notification.drafted.v1'?"),
        ("exporter: {reg", "exportr: {reg", "has no field 'exportr'; did you mean 'exporter'?"),
        ('"{case}"', '"{cas}"', "steps/1/expect: {cas} was not saved before; did you mean 'case'?"),
        (
            "save: {case: $.case}",
            "save: {case: $.case, number: $.number}",
            "steps/1/save/number: saved but never used: number",
        ),
        ("/notifier/v1/notifications,", "'/n/v1/{case}',", "{case} was not saved before"),
    ],
)
def test_a_mistake_is_told_with_line_and_nearest_name(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in GOOD
    assert told in refusal(tmp_path, GOOD.replace(right, wrong))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: it holds nothing"),
        (b"hello", "line 1: it holds str"),
        (b"- hello", "line 1: it holds list"),
        (b"\x00\x01\xff", "no text that can be read"),
        (b"a: \x01", "wrong.yaml: "),
        (b"scenario: [\nabout: x", "line 3: while parsing a flow sequence: did not find expected ',' or ']'"),
    ],
)
def test_what_is_no_scenario_at_all_is_told_as_that(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenarios(file)
    assert told in str(caught.value)


def test_the_file_without_the_mistake_is_read(tmp_path: Path) -> None:
    file = tmp_path / "good.yaml"
    file.write_text(GOOD, "utf-8")
    assert load_scenario(file).name == "a-draft"


def test_a_table_gives_a_scenario_for_each_case_and_keeps_the_types(tmp_path: Path) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE, "utf-8")
    first, second = load_scenarios(file)
    assert (first.name, second.name) == ("into-thailand", "into-malaysia")
    assert first.about == "A load of 25000 kg into TH."
    assert second.steps[0].expect[0].case == "{case}", "the name of a case is no column"
    assert second.steps[0].send is not None
    assert second.steps[0].send.body == {"destination": "MY", "net_kg": 100}
    with pytest.raises(ScenarioError, match="2 scenarios"):
        load_scenario(file)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('"{state}"', '"TH"', None),
        ("kg: 25000}", "kg: 25000, port: X}", "every case needs the same columns"),
        ("case: malaysia", "case: thailand", "every case needs a `case`"),
        ('net_kg: "{kg}"', "net_kg: 1", None),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    tmp_path: Path, right: str, wrong: str, told: str | None
) -> None:
    changed = TABLE.replace(right, wrong)
    if told is None:
        changed = changed.replace("A load of {kg} kg into {state}.", "A load.")
        told = "line 2: columns that no step uses"
    assert told in refusal(tmp_path, changed)

"""The committed contract is what the code says, and yesterday's messages still load."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pic_schemas import generate
from pic_schemas.catalogue import CATALOGUE, TOPICS, load, message_type
from pic_schemas.compatibility import breaks
from pic_schemas.contract import files, schemas
from pic_schemas.envelope import UnreadableRecord, from_binary, from_structured, to_binary

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"


def _example(type: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{type}.json").read_text("utf-8"))
    return loaded


def _holds(kept: Any, frozen: Any) -> bool:
    """Everything frozen is still there; later optional fields may have joined it."""
    if isinstance(frozen, dict):
        return all(name in kept and _holds(kept[name], value) for name, value in frozen.items())
    if isinstance(frozen, list):
        return len(kept) == len(frozen) and all(map(_holds, kept, frozen))
    return bool(kept == frozen)


def test_the_committed_contract_is_what_the_code_says() -> None:
    assert generate.drifted() == []


def test_nothing_committed_has_been_broken() -> None:
    assert generate.broken() == []


def test_the_contract_is_generated_the_same_twice() -> None:
    assert files() == files()


@pytest.mark.parametrize("type", sorted(path.stem for path in EXAMPLES.glob("*.json")))
def test_a_frozen_example_loads_for_ever(type: str) -> None:
    event = from_structured(_example(type))
    assert _holds(load(event).payload(), event.data)
    record = to_binary(event)
    assert from_binary(record.headers, record.value) == event


def test_every_type_has_an_example_and_its_place() -> None:
    for type, line in CATALOGUE.items():
        event = from_structured(_example(type))
        assert line.topic in TOPICS
        assert line.summary
        assert line.basis
        assert (event.case is None) == (line.topic == "pic.worlds")
        assert event.source.startswith(f"/{line.owner}/")
        assert event.sender.split("/")[1] in line.senders
        assert {recipient.split("/")[1] for recipient in event.recipients} <= set(line.receivers)


def test_an_unknown_type_is_unreadable() -> None:
    with pytest.raises(UnreadableRecord, match="unknown type"):
        message_type("pic.notification.forgotten.v1")


def test_a_payload_of_the_wrong_shape_is_unreadable_and_says_where() -> None:
    event = from_structured(_example("pic.movement.prenotified.v1"))
    event.data["document"]["block_5"]["quantity"]["value"] = "much"
    with pytest.raises(UnreadableRecord, match="/document/block_5/quantity/value"):
        load(event)


def test_a_field_of_a_later_version_does_not_stop_the_reader() -> None:
    event = from_structured(_example("pic.decision.taken.v1"))
    expected = load(event)
    event.data["mood"] = "mild"
    event.data["conditions"][0]["colour"] = "red"
    assert load(event) == expected


def _changed(change: Any) -> list[str]:
    old = schemas()["pic.decision.taken.v1"]
    new = copy.deepcopy(old)
    change(new)
    return breaks(old, new)


def test_a_new_optional_field_is_an_addition() -> None:
    assert _changed(lambda s: s["properties"].update(note={"type": "string"})) == []
    assert _changed(lambda s: s["$defs"]["Condition"]["properties"].update(note={"type": "string"})) == []
    assert _changed(lambda s: s["properties"]["version"].update(description="said better")) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s["properties"].pop("signatory"), "/signatory: removed"),
        (lambda s: s["properties"].update(signed=s["properties"].pop("signatory")), "/signatory: removed"),
        (lambda s: s["properties"]["version"].update(minimum=2), "/version/minimum"),
        (lambda s: s["properties"]["verdict"]["enum"].remove("objection"), "/verdict/enum"),
        (lambda s: s["properties"]["verdict"]["enum"].append("maybe"), "/verdict/enum"),
        (lambda s: s["required"].append("valid_to"), "/valid_to: is required now"),
        (lambda s: s["required"].remove("version"), "/version: is no longer always sent"),
        (lambda s: s["$defs"]["Ground"]["properties"].pop("letter"), "/letter: removed"),
        (lambda s: s["$defs"]["Condition"]["properties"]["id"].update(type="integer"), "/id/type"),
    ],
)
def test_whatever_is_no_addition_breaks_the_gate(change: Any, reason: str) -> None:
    assert any(reason in found for found in _changed(change))


def test_the_generator_refuses_to_overwrite_a_broken_contract(tmp_path: Path) -> None:
    generate.write(tmp_path)
    assert generate.drifted(tmp_path) == generate.broken(tmp_path) == []
    committed = tmp_path / "json" / "pic.world.opened.v1.json"
    schema = json.loads(committed.read_text("utf-8"))
    schema["properties"]["label"]["maxLength"] = 3
    committed.write_text(json.dumps(schema), "utf-8")
    (tmp_path / "json" / "pic.world.forgotten.v1.json").write_text("{}", "utf-8")
    assert len(generate.broken(tmp_path)) == 2

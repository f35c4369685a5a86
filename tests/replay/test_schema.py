"""The published JSON Schema takes what the runner takes, and is what the code says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from pic_replay.generate import PLACE, text
from tests.support.exchanges import SCENARIOS

SCHEMA = json.loads(PLACE.read_text("utf-8"))

FILES = sorted([*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("preludes/*.yaml")])


class _Editor(yaml.CSafeLoader):
    """As an editor reads it: an include is any value, a date stays text."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


for tag in ("!include", "!file"):
    _Editor.add_constructor(tag, lambda loader, node: {})


def read(content: str) -> Any:
    return yaml.load(content, _Editor)


def test_the_published_schema_is_what_the_code_says() -> None:
    assert PLACE.read_text("utf-8") == text(), "run python -m pic_replay.generate"


@pytest.mark.parametrize(
    "path",
    sorted(SCENARIOS.glob("*.yaml")) + sorted(SCENARIOS.glob("preludes/*.yaml")),
    ids=lambda path: path.stem,
)
def test_every_scenario_of_the_library_fits_the_schema(path: Path) -> None:
    jsonschema_rs.validate(SCHEMA, read(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("seat: exporter", "seat: exporer"),
        ("pic.notification.submitted.v1", "pic.notification.submited.v1"),
        ("    as: exporter\n    send:", "    sa: exporter\n    send:"),
        ("{POST: ", "{PUSH: "),
    ],
)
def test_an_editor_shows_the_same_mistakes(right: str, wrong: str) -> None:
    content = (SCENARIOS / "s03-objection.yaml").read_text("utf-8")
    assert right in content
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(SCHEMA, read(content.replace(right, wrong, 1)))

"""Write the JSON Schema of scenario files and the pages of the library; `--check` that they are fresh."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pic_replay.begin import BEGIN, GIVEN, schema_of_begin
from pic_replay.pages import pages, stories
from pic_replay.shape import Scenario
from pic_replay.table import CASE, FOR_EACH
from pic_schemas.catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parents[3]
PLACE = ROOT / "replay" / "scenario.schema.json"
PAGES = ROOT / "docs" / "scenarios"
INHERITED = ("clock", "actors")
MESSAGES = ("event", "no_event", "repeat", "type")


def schema() -> dict[str, Any]:
    """As pydantic knows it, with the contract's messages by name and the table of cases."""
    found = Scenario.model_json_schema(by_alias=True)
    found |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "PIC exchange scenario"}
    found["properties"][FOR_EACH] = {
        "description": "one scenario for each case; {column} stands for its value",
        "type": "array",
        "minItems": 1,
        "items": {"type": "object", "properties": {CASE: {"type": "string"}}, "required": [CASE]},
    }
    found["properties"][BEGIN] = schema_of_begin()
    found["properties"][GIVEN] = {
        "description": "values that a story which begins with this one may replace; {name} stands for them",
        "type": "object",
        "minProperties": 1,
    }
    # Who begins with another story has its clock and its actors.
    found["required"] = [name for name in found["required"] if name not in INHERITED]
    found["anyOf"] = [{"required": [BEGIN]}, {"required": list(INHERITED)}]
    for part in ("Expect", "Publish", "Said"):
        _name_messages(found["$defs"][part]["properties"])
    return found


def _name_messages(properties: dict[str, Any]) -> None:
    for name in MESSAGES:
        if name in properties:
            # A table may put a column's name there.
            known = [{"enum": sorted(CATALOGUE)}, {"pattern": r"\{\w+\}"}]
            properties[name] = {"type": "string", "anyOf": known}


def text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def files() -> dict[Path, str]:
    """Everything that is made, by its place. Raises ScenarioError."""
    made = {PLACE: text()}
    return made | {PAGES / name: page for name, page in pages(stories(ROOT / "scenarios"), ROOT).items()}


def main(arguments: list[str]) -> int:
    made = files()
    left = [path for path in PAGES.glob("*.md") if path not in made]
    if "--check" in arguments:
        stale = [
            path for path, words in made.items() if not path.is_file() or path.read_text("utf-8") != words
        ]
        for path in (*stale, *left):
            print(f"{path.relative_to(ROOT)} is not what the code says; run python -m pic_replay.generate")
        return 1 if stale or left else 0
    for path, words in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8", newline="\n")
    for path in left:
        path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

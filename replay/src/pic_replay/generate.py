"""Write the JSON Schema of scenario files, for editors; `--check` that it is what the code says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pic_replay.begin import BEGIN, GIVEN, schema_of_begin
from pic_replay.shape import Scenario
from pic_replay.table import CASE, FOR_EACH
from pic_schemas.catalogue import CATALOGUE

PLACE = Path(__file__).resolve().parents[2] / "scenario.schema.json"
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


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        fresh = PLACE.is_file() and PLACE.read_text("utf-8") == text()
        if not fresh:
            print(f"{PLACE.name} is not what the code says; run python -m pic_replay.generate")
        return 0 if fresh else 1
    PLACE.write_text(text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""`for each`: one scenario for every case of a table; values take the places of their columns' names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pic_replay.names import near

FOR_EACH = "for each"
CASE = "case"
_NAME = re.compile(r"\{(\w+)\}")
_WHOLE = re.compile(r"^\{(\w+)\}$")


def expanded(raw: Any) -> list[Any]:
    """What a file holds, once for each case. Raises ValueError for a table that cannot be used."""
    if not isinstance(raw, dict) or FOR_EACH not in raw:
        return [raw]
    rest = {key: value for key, value in raw.items() if key != FOR_EACH}
    cases = _cases(raw[FOR_EACH])
    columns = set(cases[0]) - {CASE}
    used = set(_NAME.findall(repr(rest)))
    if unused := sorted(columns - used):
        raise ValueError(f"columns that no step uses: {', '.join(unused)}{near(unused[0], used)}")
    values = [{name: value for name, value in case.items() if name != CASE} for case in cases]
    names = [f"{rest.get('scenario', '')}-{case[CASE]}" for case in cases]
    return [filled(rest, row) | {"scenario": name} for row, name in zip(values, names, strict=True)]


def _cases(table: Any) -> list[Mapping[str, Any]]:
    if not isinstance(table, list) or not table or not all(isinstance(case, dict) for case in table):
        raise ValueError("write a list of cases, each {case: a-name, column: value}")
    names = [case.get(CASE) for case in table]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise ValueError("every case needs a `case`: a name of its own")
    if any(set(case) != set(table[0]) for case in table):
        raise ValueError("every case needs the same columns")
    return table


def filled(value: Any, case: Mapping[str, Any]) -> Any:
    """Names of columns are replaced; other names belong to `save`."""
    if isinstance(value, dict):
        return {key: filled(inner, case) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, case) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _WHOLE.match(value)
    if whole is not None and whole[1] in case:
        return case[whole[1]]
    return _NAME.sub(lambda found: str(case[found[1]]) if found[1] in case else found[0], value)

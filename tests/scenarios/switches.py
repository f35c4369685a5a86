"""Rules of the law, switched off for one test: checks of customs, entries of the statutes, steps of control.

The product has no such switch. A check answers "not applicable", an entry of a statute file is not there,
and a general rule of the control procedure says nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

import customs_gateway.domain.checks as border
import pic_law
from pic_law import library
from pic_law.control import STRICTNESS, Control, control
from pic_law.rules import rules
from pic_schemas.messages import CheckResult

GENERAL = ("NON_PARTY", "BAN_AMENDMENT")
"""Rules of the Convention that `control` applies without an entry of their own."""


OF_CHANGES: dict[str, Callable[[Any], bool]] = {
    "CHANGE_ADDS_AUTHORITY": lambda entry: entry.at == "/authorities",
    "CHANGE_NEEDS_NEW_NOTIFICATION": lambda entry: (
        entry.kind == "new-notification" and entry.at not in {"", "/authorities"}
    ),
}
"""Rules that refuse a change, and the entries of changes.yaml that decide under them, in every profile."""


class NoSuchRule(Exception):
    """Nothing decides under this id that could be switched off."""


def law_modules() -> list[ModuleType]:
    return [
        importlib.import_module(f"pic_law.{found.name}") for found in pkgutil.iter_modules(pic_law.__path__)
    ]


def forget_what_was_read() -> None:
    """Every statute is read again when it is asked for."""
    for module in law_modules():
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def checks() -> set[str]:
    """The ids of customs' checks, which are rules of the law."""
    return {id_ for id_ in rules() if id_.startswith("CH")}


@contextmanager
def switched_off(*ids: str) -> Iterator[None]:
    """Inside, none of these rules decides anything. Raises `NoSuchRule` for what nobody would miss."""
    if unknown := set(ids) - checks() - set(GENERAL) - entry_ids():
        raise NoSuchRule(f"no check and no entry of a statute: {', '.join(sorted(unknown))}")
    with pytest.MonkeyPatch.context() as patch:
        _silence_checks(patch, set(ids))
        _silence_control(patch, set(ids) & set(GENERAL))
        _drop_entries(patch, set(ids))
        _drop_duties(patch, set(ids) & duty_ids())
        forget_what_was_read()
        try:
            yield
        finally:
            patch.undo()
            forget_what_was_read()


def entry_ids() -> set[str]:
    """The ids of the entries that decide: agreements, prohibitions, procedures, limits, exemptions."""
    lists = {"agreements": "agreements", "procedures": "procedures", "prohibitions": "prohibitions"}
    lists |= {
        "dual_notices": "dual_notices",
        "disagreements": "disagreements",
        "export_grounds": "export_grounds",
        "classifications": "classifications",
        "withdrawals": "grounds",
        "contamination": "limits",
        "indicators": "indicators",
        "numbers": "schemes",
        "samples": "samples",
        "changes": "changes",
        "grounds": "transit_limits",
    }
    found = {item["id"] for file, key in lists.items() for item in library.statute(file)[key]}
    ways = library.statute("passages")
    found |= {item["id"] for key in ("stamps", "times") for item in ways[key]}
    failed = library.statute("remedies")
    found |= {item["id"] for key in ("measures", "reminders") for item in failed[key]}
    papers = library.statute("border_papers")
    found |= {item["id"] for key in ("papers", "exemptions") for item in papers[key]}
    return found | duty_ids() | set(OF_CHANGES)


def duty_ids() -> set[str]:
    """`PROFILE.duty`, as due dates name them."""
    listed = library.statute("profiles")["profiles"]
    return {f"{profile['id']}.{name}" for profile in listed for name in profile["duties"]}


def _silence_checks(patch: pytest.MonkeyPatch, ids: set[str]) -> None:
    examined = border.examine

    def examine(examination: Any) -> tuple[CheckResult, ...]:
        return tuple(_silenced(result) if result.id in ids else result for result in examined(examination))

    patch.setattr("customs_gateway.domain.clearance.examine", examine)


def _silenced(result: CheckResult) -> CheckResult:
    return result.model_copy(update={"outcome": "not-applicable", "detail": "switched off in a test"})


def _silence_control(patch: pytest.MonkeyPatch, ids: set[str]) -> None:
    def without(*movement: Any, **views: Any) -> Control:
        trail = tuple(step for step in control(*movement, **views).trail if step.rule not in ids)
        return Control(max((step.outcome for step in trail), key=STRICTNESS.index), trail)

    for asked_by in ("pic_law.disputes", "pic_law.notification_rules"):
        patch.setattr(f"{asked_by}.control", without)


def _drop_entries(patch: pytest.MonkeyPatch, ids: set[str]) -> None:
    read = library.entries

    def entries(model: Any, name: str, key: str) -> tuple[Any, ...]:
        found = read(model, name, key)
        if name == "changes":
            silenced = [OF_CHANGES[id_] for id_ in ids & set(OF_CHANGES)]
            found = tuple(item for item in found if not any(decides(item) for decides in silenced))
        return tuple(item for item in found if name == "rules" or getattr(item, "id", None) not in ids)

    patch.setattr(library, "entries", entries)


def _drop_duties(patch: pytest.MonkeyPatch, ids: set[str]) -> None:
    read = library.statute

    def statute(name: str) -> Any:
        content = read(name)
        if name != "profiles":
            return content
        return {**content, "profiles": [_without(profile, ids) for profile in content["profiles"]]}

    patch.setattr(library, "statute", statute)


def _without(profile: dict[str, Any], ids: set[str]) -> dict[str, Any]:
    kept = {name: duty for name, duty in profile["duties"].items() if f"{profile['id']}.{name}" not in ids}
    return {**profile, "duties": kept}


def guards_of(stories: Iterable[tuple[str, list[str]]]) -> list[Any]:
    """One test a guard, named after both."""
    return [pytest.param(name, guard, id=f"{name}-{guard}") for name, guards in stories for guard in guards]

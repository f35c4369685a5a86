"""Conditions of a consent that a machine can check, and those that a person confirms before a load starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pic_law.rules import rule
from pic_schemas.messages import Condition
from pic_schemas.refusal import Finding

NUMBERS = ("max-quantity-kg", "max-shipments")
LISTS = ("carriers",)


@dataclass(frozen=True)
class MachineRule:
    """`max-quantity-kg=500000`, or `carriers=CA-ALPHA,BE-BETA`."""

    name: str
    number: int | None = None
    values: tuple[str, ...] = ()


def machine_rule(condition: Condition) -> MachineRule | None:
    """What a machine checks; `None` for a condition in words alone, and for one that cannot be read."""
    name, _, stated = (condition.machine_rule or "").partition("=")
    name, values = name.strip(), tuple(part.strip() for part in stated.split(",") if part.strip())
    if name in NUMBERS and len(values) == 1 and values[0].isdecimal():
        return MachineRule(name, number=int(values[0]))
    return MachineRule(name, values=values) if name in LISTS and values else None


def unreadable(conditions: Iterable[Condition]) -> Iterator[Finding]:
    """Conditions whose rule no machine could check: they would bind nobody."""
    known = ", ".join((*NUMBERS, *LISTS))
    for place, condition in enumerate(conditions):
        if condition.machine_rule is not None and machine_rule(condition) is None:
            detail = f"{condition.machine_rule!r} is no rule; write one of {known}, with `=` and a value"
            yield rule("CONDITION_UNREADABLE").finding(f"/conditions/{place}/machine_rule", detail)


def smallest(name: str, conditions: Iterable[Condition]) -> int | None:
    """The smallest number that conditions of this name set; `None` if none does."""
    found = (machine_rule(condition) for condition in conditions)
    return min((one.number for one in found if one and one.name == name and one.number), default=None)


def allowed(name: str, conditions: Iterable[Condition]) -> frozenset[str] | None:
    """What every condition of this name allows; `None` if there is none."""
    found = (machine_rule(condition) for condition in conditions)
    listed = [frozenset(one.values) for one in found if one and one.name == name]
    return frozenset.intersection(*listed) if listed else None


def for_a_person(conditions: Iterable[Condition]) -> list[Condition]:
    """What the exporter confirms, because no machine can check it."""
    return [condition for condition in conditions if condition.machine_rule is None]

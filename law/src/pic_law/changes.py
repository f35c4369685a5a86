"""What may change under a notification: a correction, an essential change, or only a new notification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from pic_law.dated import Entry, Timelines, read
from pic_law.governing import FLOOR, own_law
from pic_schemas.documents.notification import NotificationDocument

Kind = Literal["correction", "essential", "new-notification"]
NEW_AUTHORITY = "/authorities"
STRICTNESS: tuple[Kind, ...] = ("correction", "essential", "new-notification")


class ChangeRule(Entry):
    """One place of the form under one law; `at` is a pointer, the longest that fits decides."""

    id: str
    profile: str
    at: str
    kind: Kind

    def covers(self, place: str) -> bool:
        return self.at == "" or place == self.at or place.startswith(f"{self.at}/")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of the form that is to change; `None` where nothing stood or nothing is to stand."""

    at: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ChangeFound:
    """What a State's law says of one difference."""

    state: str
    difference: Difference
    rule: ChangeRule


def differences(old: NotificationDocument, new: NotificationDocument) -> tuple[Difference, ...]:
    """Every place that differs, as deep as the form goes, and every authority that would have to be asked."""
    joining = sorted(_authorities(new) - _authorities(old))
    return (
        *_differing("", old.payload(), new.payload()),
        *(Difference(NEW_AUTHORITY, None, code) for code in joining),
    )


def found(old: NotificationDocument, new: NotificationDocument, on: date) -> tuple[ChangeFound, ...]:
    """Every difference under the law of every State of the route as it stands, by the day of lodging."""
    places = differences(old, new)
    return tuple(
        ChangeFound(state, place, change_rule(law_of(state, old.waste_code, on), place.at, on))
        for state in dict.fromkeys(old.states.all)
        for place in places
    )


def strictest(changes: tuple[ChangeFound, ...]) -> ChangeFound:
    """What counts when laws and places differ; of two alike the one whose text was read.

    Raises `ValueError` without a difference.
    """
    return max(changes, key=lambda change: (STRICTNESS.index(change.rule.kind), change.rule.verified))


def law_of(state: str, waste_code: str, on: date) -> str:
    """The profile whose list of changes a State applies: its own, else that of the agreed form."""
    own = own_law(state, waste_code, on)
    return own.profile if own is not None and own.profile in profiles_with_changes() else FLOOR


def change_rule(profile: str, at: str, on: date) -> ChangeRule:
    """The longest entry of the profile that covers the place on that day."""
    fitting = [r for r in _rules().all_on(on) if r.profile == profile and r.covers(at)]
    return max(fitting, key=lambda rule: len(rule.at))


def change_rules() -> tuple[ChangeRule, ...]:
    """Every entry of the file."""
    return tuple(rule for key in _rules().keys for rule in _rules().line(key))


@cache
def profiles_with_changes() -> frozenset[str]:
    """The profiles whose law says what may change; each says it of the whole form."""
    return frozenset(rule.profile for rule in change_rules() if rule.at == "")


def _differing(at: str, old: Any, new: Any) -> Iterator[Difference]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _differing(f"{at}/{key}", old.get(key), new.get(key))
    elif old != new:
        yield Difference(at, old, new)


def _authorities(document: NotificationDocument) -> set[str]:
    route = document.block_15
    return {route.export.authority, route.import_.authority, *(stop.authority for stop in route.transit)}


@cache
def _rules() -> Timelines[ChangeRule]:
    return read(ChangeRule, "changes", "changes", by=lambda rule: (rule.profile, rule.at))

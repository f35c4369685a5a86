"""What no scenario touches: messages that were never said, rules under which nothing was refused or cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pic_law.rules import rules
from pic_replay.runner import Outcome
from pic_schemas.catalogue import CATALOGUE


def write_coverage(outcomes: list[Outcome], path: Path, transitions: Sequence[str] = ()) -> None:
    """As a page: figures first, then what is left, each with its title.

    `transitions`: what there is to say of state machines, by somebody who knows them.
    """
    said = {event["type"] for outcome in outcomes for event in outcome.events}
    cited = set(_cited(outcomes))
    silent = [type_ for type_ in sorted(CATALOGUE) if type_ not in said]
    idle = {id_: rule for id_, rule in sorted(rules().items()) if id_ not in cited}
    states = sorted({text for outcome in outcomes for text in outcome.states})
    lines = [
        "# What the scenarios touch",
        "",
        f"{len(outcomes)} scenarios: {len(CATALOGUE) - len(silent)} of {len(CATALOGUE)} messages, "
        f"{len(rules()) - len(idle)} of {len(rules())} rules, states {', '.join(states)}.",
        "",
        "## Messages that none says",
        "",
        *[f"- `{type_}`: {CATALOGUE[type_].summary}" for type_ in silent],
        "",
        "## Rules that none meets",
        "",
        *[f"- `{id_}`: {rule.title}" for id_, rule in idle.items()],
        "",
        "## Rules that some meet and none guards",
        "",
        *[f"- `{id_}`: {rules()[id_].title}" for id_ in _unguarded(outcomes, cited)],
        *(["", "## Transitions that none walks along", "", *transitions] if transitions else []),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


def _unguarded(outcomes: Iterable[Outcome], cited: Iterable[str]) -> list[str]:
    """Switched off, they would be missed by no scenario that says so."""
    guarded = {guard for outcome in outcomes for guard in outcome.scenario.guards}
    return [id_ for id_ in sorted(rules()) if id_ in cited and id_ not in guarded]


def _cited(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Rule ids that a refusal, a failed check or a message names."""
    for outcome in outcomes:
        yield from outcome.refusals
        for event in outcome.events:
            yield from texts_under(event["data"], {"rule", "id"})


def texts_under(value: Any, keys: set[str]) -> Iterator[str]:
    """Texts that stand under one of these names, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            # A check that was passed has refused nothing.
            if name in keys and isinstance(inner, str) and value.get("outcome", "fail") == "fail":
                yield inner
            yield from texts_under(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_under(inner, keys)

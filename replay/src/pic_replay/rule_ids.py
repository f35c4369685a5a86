"""The rules that messages and refusals cite as their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pic_replay.acts import Act

Citation = tuple[str, str]
"""A rule with its words where it is cited and, of a check, how it came out; one that was passed cites too."""


def citations(events: Iterable[Mapping[str, Any]], acts: Iterable[tuple[int, Act]]) -> Counter[Citation]:
    """How often each is cited, by messages and by the refusals of acts."""
    found = Counter(cited for event in events for cited in cited_in(event["data"]))
    found.update(reason for _, act in acts for reason in act.reasons)
    return found


def rules_cited(events: Iterable[Mapping[str, Any]], acts: Iterable[tuple[int, Act]]) -> set[str]:
    """The rules alone."""
    return {rule for rule, _ in citations(events, acts)}


def cited_in(value: Any) -> Iterator[Citation]:
    """Texts that name a rule, however deep: `rule`, `clock_rule`, and the `id` of a check with an outcome."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if (name == "rule" or name.endswith("_rule")) and isinstance(inner, str) and inner:
                yield inner, _words(value, _article_beside(name, value), "title")
        if "outcome" in value and isinstance(value.get("id"), str):
            yield value["id"], _words(value, "outcome", "article", "title")
        for inner in value.values():
            yield from cited_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from cited_in(inner)


def _article_beside(rule: str, value: Mapping[str, Any]) -> str:
    """The article of `finish_rule` is `finish_article`; of a rule without one of its own, `article`."""
    own = rule.removesuffix("rule") + "article"
    return own if own in value else "article"


def _words(value: Mapping[str, Any], *names: str) -> str:
    """A check may quote another article than its own rule's: then only its title is the rule's."""
    return " ".join(str(value[name]) for name in names if value.get(name))

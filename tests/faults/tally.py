"""How often each kind of fault was really done, and each process killed: what the suite may claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

done: Counter[str] = Counter()
killed: Counter[str] = Counter()
rounds: Counter[str] = Counter()


def lacking(least: int, kinds: Iterable[str], processes: Iterable[str]) -> list[str]:
    """What was not done at least so often."""
    found = [f"{kind}: {done[kind]} times" for kind in kinds if done[kind] < least]
    return found + [f"kill -9 of {name}: {killed[name]} times" for name in processes if killed[name] < least]


def table() -> list[str]:
    """Kind and count, for the end of the run."""
    lines = [f"{count:5}  {kind}" for kind, count in sorted(done.items())]
    lines += [f"{count:5}  kill -9 of {name}, by whatever kind" for name, count in sorted(killed.items())]
    return [f"{rounds['played']:5}  rounds, {rounds['cases']} cases played in them", *lines]

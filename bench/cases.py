"""The cases that are played, in the mix of `mix.yaml`: how many loads each has, and of what value."""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

import yaml

MIX = yaml.safe_load((Path(__file__).parent / "mix.yaml").read_text("utf-8"))


@dataclass
class Load:
    """One shipment of a case."""

    number: int
    movement: str = ""
    export_id: str = ""
    import_id: str = ""


@dataclass
class Case:
    """One notification and its loads."""

    index: int
    loads: list[Load]
    transit: bool
    value: int
    ref: str = ""
    number: str = ""


def container(serial: int) -> str:
    """A container number with its check digit (ISO 6346): no two loads are in the same."""
    text = f"BETU{serial % 1_000_000:06d}"
    # Letters count from 10 on, past every multiple of eleven.
    values = [int(c) if c.isdigit() else (n := ord(c) - 55) + (n - 1) // 10 for c in text]
    return text + str(sum(value << place for place, value in enumerate(values)) % 11 % 10)


def between(quantiles: dict[str, float], draw: random.Random) -> float:
    """A value from quantiles like p10, p50, p90: straight lines between them."""
    points = sorted((int(name[1:]) / 100, float(value)) for name, value in quantiles.items())
    place = draw.uniform(points[0][0], points[-1][0])
    upper = min(bisect([p for p, _ in points], place), len(points) - 1)
    (low, first), (high, last) = points[upper - 1], points[upper]
    return first + (last - first) * (place - low) / (high - low)


def cases_of(movements: int, seed: int = 2026) -> list[Case]:
    """Cases with as many loads together, in the sizes of the mix."""
    draw, cases = random.Random(seed), list[Case]()
    left = movements
    while left > 0:
        tonnes = between(MIX["tonnes_per_notification"], draw)
        loads = min(left, MIX["loads_at_most"], max(1, round(tonnes / MIX["tonnes_per_load"])))
        transit = draw.random() >= MIX["transit_states"][0]
        value = round(between(MIX["value_per_tonne"], draw) * MIX["tonnes_per_load"])
        cases.append(Case(len(cases), [Load(n) for n in range(1, loads + 1)], transit, value))
        left -= loads
    return cases

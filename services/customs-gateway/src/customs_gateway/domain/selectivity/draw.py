"""The random draw: the same seed and the same declaration are always answered the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from pic_law.indicators import default_rate
from pic_law.rules import rule

Kind = Literal["documents", "scan", "physical", "sample"]
SPACE = 2**64


@dataclass(frozen=True, slots=True)
class OwnRate:
    """What a State draws in one world: how many of a hundred, from which day, and by which seed."""

    percent: Decimal
    asks_for: Kind
    valid_from: date
    seed: str
    set_by: str
    reason: str
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)


@dataclass(slots=True)
class Sampling:
    """The rates that one State has set in one world; of two that hold, the one set last."""

    world: str
    state: str
    rates: list[OwnRate] = field(default_factory=list)

    def set_rate(self, rate: OwnRate, today: date) -> None:
        """From today on, never for days that are over: their loads were drawn already."""
        if rate.valid_from < today:
            detail = f"{rate.valid_from} is over: today is {today}"
            raise rule("DATES_IMPOSSIBLE").refused("/valid_from", detail)
        if rate.valid_to is not None and rate.valid_to < rate.valid_from:
            detail = f"ends on {rate.valid_to} before it begins on {rate.valid_from}"
            raise rule("DATES_IMPOSSIBLE").refused("/valid_to", detail)
        self.rates.append(rate)

    def on(self, day: date) -> OwnRate | None:
        return next((one for one in reversed(self.rates) if one.holds(day)), None)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Whether a load was drawn, at which rate, what it is then looked at by, and which rate that was."""

    percent: Decimal
    drawn: bool
    asks_for: Kind
    rests_on: str


def draw(own: Sampling | None, declaration: str, on: date) -> Drawn:
    """By the State's own rate, else by that of the law's file; its seed is the State's secret."""
    rate = own.on(on) if own else None
    if own is None or rate is None:
        usual = default_rate(on)
        drawn = is_drawn(usual.id, declaration, usual.percent)
        return Drawn(usual.percent, drawn, usual.asks_for, usual.id)
    drawn = is_drawn(rate.seed, declaration, rate.percent)
    until = f" to {rate.valid_to}" if rate.valid_to else ""
    return Drawn(rate.percent, drawn, rate.asks_for, f"{own.state} since {rate.valid_from}{until}")


def is_drawn(seed: str, declaration: str, percent: Decimal) -> bool:
    """Uniform over declarations for any seed; nobody who does not know the seed can tell beforehand."""
    digest = sha256(f"{seed}\n{declaration}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * 100 < percent * SPACE

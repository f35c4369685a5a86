"""Faults on order in a sandbox: which world has which, and a die that falls alike for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

MOST_IN_A_ROW = 2
"""A request that is sent often enough gets through: what never answers is another test."""


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """Shares between 0 and 1 of what is asked. `offline`: State -> when it is back, in the world's time."""

    seed: int = 1
    fail: float = 0.0
    lose: float = 0.0
    slow: float = 0.0
    seconds: float = 0.0
    offline: Mapping[str, datetime] = field(default_factory=dict)

    def hits(self, kind: str, share: float, what: str) -> bool:
        """The same seed and the same request: the same answer."""
        drawn = sha256(f"{self.seed}|{kind}|{what}".encode()).digest()
        return int.from_bytes(drawn[:4], "big") < share * 2**32

    @property
    def is_empty(self) -> bool:
        return not (self.fail or self.lose or self.slow or self.offline)


class FaultBook:
    """Kept in memory: no fault outlives the process, and none is looked for as long as none is ordered."""

    def __init__(self) -> None:
        self._orders: dict[str, FaultOrder] = {}
        self._attempts: dict[str, Counter[str]] = {}

    @property
    def idle(self) -> bool:
        return not self._orders

    def order(self, world: str, order: FaultOrder) -> None:
        """From now on, instead of what was ordered before; an empty order ends it."""
        self.forget(world)
        if not order.is_empty:
            self._orders[world], self._attempts[world] = order, Counter()

    def of(self, world: str) -> FaultOrder | None:
        return self._orders.get(world)

    def attempt(self, world: str, what: str) -> int:
        """How often this was asked, this time included."""
        attempts = self._attempts[world]
        attempts[what] += 1
        return attempts[what]

    def forget(self, world: str) -> None:
        self._orders.pop(world, None)
        self._attempts.pop(world, None)

"""Plays many scenarios at once: several worlds on each exchange, on one exchange or on several."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Generic, TypeVar

from pic_replay.exchange import Exchange, ExchangeDown

S = TypeVar("S")
O = TypeVar("O")  # noqa: E741 - a scenario or a recorded world, and its outcome
Play = Callable[[Exchange, S], Awaitable[O]]
Tell = Callable[[O], None]


class Library(Generic[S, O]):
    """Outcomes are told in the order of the scenarios, whichever ends first.

    Exchanges take the next scenario when they have room, so that a slow one does not hold the others up.
    """

    def __init__(self, scenarios: Sequence[S], play: Play[S, O], tell: Tell[O]) -> None:
        self._scenarios = scenarios
        self._play = play
        self._tell = tell
        self._outcomes: dict[int, O] = {}
        self._told = 0
        self._next = 0
        self.seconds = 0.0

    async def run(self, exchanges: Sequence[Exchange], worlds: int) -> list[O]:
        """`worlds` at once on each exchange. Raises ExchangeDown when one does not answer."""
        began = monotonic()
        seats = min(worlds, -(-len(self._scenarios) // len(exchanges)))
        try:
            async with asyncio.TaskGroup() as group:
                for exchange in exchanges:
                    for _ in range(seats):
                        group.create_task(self._work(exchange))
        except BaseExceptionGroup as failures:
            down, others = failures.split(ExchangeDown)
            if others is None and down is not None:
                raise down.exceptions[0] from failures
            raise
        self.seconds = monotonic() - began
        return [self._outcomes[number] for number in range(len(self._scenarios))]

    async def _work(self, exchange: Exchange) -> None:
        while self._next < len(self._scenarios):
            number, self._next = self._next, self._next + 1
            self._outcomes[number] = await self._play(exchange, self._scenarios[number])
            while self._told in self._outcomes:
                self._tell(self._outcomes[self._told])
                self._told += 1

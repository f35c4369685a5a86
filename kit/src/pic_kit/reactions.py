"""What a service does when it hears a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from pic_kit.arrivals import Arrival
from pic_kit.transaction import Transaction, Work
from pic_schemas.envelope import Event
from pic_schemas.messages import Message


class NotYet(Exception):
    """A reaction needs a message that has not come; `waits_for` names the types that may cure it."""

    def __init__(self, detail: str, waits_for: Iterable[str] = (), reason: str = "NOT_YET") -> None:
        super().__init__(detail)
        self.waits_for = tuple(waits_for)
        self.reason = reason


Reaction = Callable[[Work, Event, Any], Awaitable[None]]


class Reactions:
    """What a service does when it hears a message; types that nobody registered are heard and passed over."""

    def __init__(self) -> None:
        self._by_type: dict[str, list[Reaction]] = {}
        self._always: list[Reaction] = []
        self._prefetch: list[Callable[[Transaction, Sequence[Arrival]], Awaitable[None]]] = []

    def on(self, kind: type[Message]) -> Callable[[Reaction], Reaction]:
        def register(reaction: Reaction) -> Reaction:
            self._by_type.setdefault(kind.type, []).append(reaction)
            return reaction

        return register

    def on_any(self, reaction: Reaction) -> Reaction:
        self._always.append(reaction)
        return reaction

    def include(self, others: Reactions) -> None:
        """React as those do, after what was registered so far."""
        for kind, found in others._by_type.items():
            self._by_type.setdefault(kind, []).extend(found)
        self._always += others._always
        self._prefetch += others._prefetch

    def reads(self, kind: str) -> bool:
        """Whether anybody here wants to know what a message of this type says."""
        return bool(self._always) or kind in self._by_type

    def before_batch(self, prefetch: Callable[[Transaction, Sequence[Arrival]], Awaitable[None]]) -> None:
        """Load a batch's aggregates in one statement per table instead of one per message."""
        self._prefetch.append(prefetch)

    async def prepare(self, transaction: Transaction, batch: Sequence[Arrival]) -> None:
        for prefetch in self._prefetch:
            await prefetch(transaction, batch)

    async def apply(self, work: Work, event: Event, message: Message | None) -> None:
        """Every reaction to this message, in the order of registration; there is none to what is not read."""
        for reaction in (*self._by_type.get(event.type, ()), *self._always):
            await reaction(work, event, message)

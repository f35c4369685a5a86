"""Reads the log in batches; the bus offset is committed after the database, under load now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import structlog

from pic_kit import tracing
from pic_kit.bus.base import BusUnavailable, Received, Subscription, TopicPartition
from pic_kit.cancellation import asked_to_stop
from pic_kit.clock import monotonic
from pic_kit.database import is_transient
from pic_kit.delivery import Delivery
from pic_kit.reactions import Reactions
from pic_kit.waiting import WaitingRoom
from pic_schemas.messages.base import WORLDS

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime

log = structlog.get_logger("consumer")
# Of all partitions together: one transaction. A service that is behind shares its cost among many.
BATCH = 1000
# A reader that is busy tells the broker only so often how far it is: what is read again has no effect.
COMMIT_EVERY = 0.25
BACK_OFF = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


class Consumer:
    """One service's reading of the log. `progress` is notified whenever something was applied."""

    def __init__(
        self, runtime: Runtime, reactions: Reactions, topics: Sequence[str], *, batch: int = BATCH
    ) -> None:
        self._runtime = runtime
        self._topics = topics
        self._batch = batch
        self._subscription: Subscription | None = None
        self._uncommitted: dict[TopicPartition, int] = {}
        self._committed_at = float("-inf")
        self.delivery = Delivery(runtime, reactions)
        self.progress = asyncio.Condition()
        self.last_contact: float | None = None
        self.behind = 0
        # False from the first record of a batch until the last of what it releases, and after every failure.
        self.at_rest = False
        self.read = 0

    @property
    def waiting_room(self) -> WaitingRoom:
        return self.delivery.waiting_room

    def seconds_since_contact(self) -> float:
        """Seconds since the bus last answered; infinite before the first answer."""
        return monotonic() - self.last_contact if self.last_contact is not None else float("inf")

    def hurry(self) -> None:
        """Somebody waits for what is read next."""
        if self._subscription is not None:
            self._subscription.hurry()

    async def run(self) -> None:
        """Until cancelled. A bus or database that is away is waited for; nothing is skipped."""
        failures = 0
        while True:
            try:
                await self.read_once()
                failures = 0
            except (Exception, asyncio.CancelledError) as error:
                if isinstance(error, asyncio.CancelledError) and asked_to_stop():
                    await self._commit_at_last()
                    await self.close()
                    raise
                if not (isinstance(error, BusUnavailable) or is_transient(error)):
                    log.exception("consumer failed; it starts again", service=self._runtime.name)
                await self.close()
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1

    async def close(self) -> None:
        """Leave the group; the next reading begins at the offset that was committed."""
        self.at_rest = False
        self._uncommitted = {}
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            try:
                await asyncio.wait_for(subscription.close(), 5)
            except Exception as error:
                log.warning("subscription did not close cleanly", error=repr(error))

    async def read_once(self, wait: float = 1.0) -> int:
        """Fetch, apply, commit; returns how many records came. Raises what time or an operator cures."""
        subscription = await self._subscribe()
        batches = await subscription.fetch(limit=self._batch, wait=wait)
        self.at_rest = self.at_rest and not batches
        records = [record for _, batch in sorted(batches.items(), key=_worlds_first) for record in batch]
        if records:
            with tracing.of_batch("apply", self._runtime.name, (record.headers for record in records)):
                await self.handle(records)
            self.read += len(records)
            # Whoever waits for this sees it in the database; the broker need not have been told.
            await self._tell()
            self._uncommitted |= {place: batch[-1].offset + 1 for place, batch in batches.items()}
        if not records or monotonic() - self._committed_at >= COMMIT_EVERY:
            await self._commit(subscription)
        # A reader that is busy was told by its fetch where the log ends; one that is idle asks.
        behind = await (subscription.behind_last_fetch() if records else subscription.behind())
        self.behind = sum(behind.values())
        self.last_contact = monotonic()
        self.at_rest = True
        if records:
            await self._tell()
        return len(records)

    async def _commit(self, subscription: Subscription) -> None:
        if self._uncommitted:
            await subscription.commit(self._uncommitted)
            self._uncommitted, self._committed_at = {}, monotonic()

    async def _commit_at_last(self) -> None:
        """So that the next process need not read again what this one has applied."""
        if self._subscription is not None:
            try:
                await asyncio.wait_for(self._commit(self._subscription), 2)
            except Exception as error:
                log.warning("the last offsets were not committed", error=repr(error))

    async def _tell(self) -> None:
        async with self.progress:
            self.progress.notify_all()

    async def lag(self) -> Mapping[TopicPartition, int]:
        """Records not yet fetched, for each partition. Raises BusUnavailable."""
        return await (await self._subscribe()).behind()

    async def handle(self, records: Sequence[Received]) -> None:
        """Apply what was fetched, of every partition at once; see `Delivery`."""
        await self.delivery.handle(records)

    async def _subscribe(self) -> Subscription:
        if self._subscription is None:
            # What waited before a restart may be cured by the new program, or by what was away.
            await self.waiting_room.release_all()
            self._subscription = await self._runtime.bus.subscribe(self._runtime.group, self._topics)
            # Both buses answer a subscription only when its partitions are assigned: that is contact.
            self.last_contact = monotonic()
        return self._subscription


def _worlds_first(batch: tuple[TopicPartition, Sequence[Received]]) -> tuple[bool, TopicPartition]:
    """What came in one fetch is applied in one go: a world is open before the first of its cases."""
    return batch[0][0] != WORLDS, batch[0]

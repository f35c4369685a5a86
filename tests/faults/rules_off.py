"""Each rule of the exchange turned off, to show that the suite sees it. Nothing of this is in the product."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4


def offset_before_database() -> None:
    """Rule 1: the offset is committed first; what was read by then is lost with the process."""
    from pic_kit.consumer import Consumer

    async def read_once(self: Any, wait: float = 1.0) -> int:
        from pic_kit.clock import monotonic

        subscription = await self._subscribe()
        batches = await subscription.fetch(limit=self._batch, wait=wait)
        for (topic, partition), records in batches.items():
            offset = records[-1].offset + 1
            consumer = subscription._consumer
            from aiokafka import TopicPartition

            await consumer.commit({TopicPartition(topic, partition): offset})
            # The point to die at lies between the two, whichever comes first.
            await subscription.commit({(topic, partition): offset})
            await self.handle(records)
        self.behind = sum((await subscription.behind()).values())
        self.last_contact = monotonic()
        async with self.progress:
            self.progress.notify_all()
        return sum(map(len, batches.values()))

    Consumer.read_once = read_once  # type: ignore[method-assign]


def outbox_before_aggregate() -> None:
    """Rule 2: the outbox takes its place before the aggregate's row is locked."""
    from sqlalchemy import text

    from pic_kit.outgoing import Outgoing
    from pic_kit.runtime import Runtime
    from pic_kit.tables import outbox

    write_once, write = Runtime._write_once, Outgoing._write

    async def reserve_first(self: Any, work: Any, **how: Any) -> Any:
        async def reserved(transaction: Any) -> Any:
            next_place = text("SELECT nextval('outbox_seq_seq')")
            places = [(await transaction.connection.execute(next_place)).scalar_one() for _ in range(3)]
            transaction.outgoing.places = places
            await asyncio.sleep(0.03 * random.random())
            return await work(transaction)

        return await write_once(self, reserved, **how)

    async def write_reserved(self: Any, sheaf: Any, events: Any) -> None:
        await write(self, sheaf, events)
        await sheaf.send()
        for (_, event), place in zip(events, self.places, strict=False):
            change = outbox.update().where(outbox.c.event_id == str(event.id)).values(seq=place)
            await self._connection.execute(change)
        self.places = self.places[len(events) :]

    Runtime._write_once = reserve_first  # type: ignore[method-assign]
    Outgoing._write = write_reserved  # type: ignore[method-assign]


def marks_what_it_sent() -> None:
    """Rule 3: the relay marks what it handed to the bus, whether the broker acknowledged it or not."""
    from pic_kit.bus.kafka import KafkaBus

    publish = KafkaBus.publish

    async def publish_and_hope(self: Any, records: Any) -> Any:
        try:
            await asyncio.wait_for(publish(self, records), 0.5)
        except Exception:
            self._producer = None
        return [None] * len(records)

    KafkaBus.publish = publish_and_hope  # type: ignore[method-assign]


def ids_by_chance() -> None:
    """Rule 4: an event's id says nothing of its cause."""
    import pic_kit.transaction

    pic_kit.transaction.event_id = lambda *_: uuid4()


def inbox_forgets() -> None:
    """Rule 5: nothing is remembered of what was applied, so what comes twice is applied twice."""
    from pic_kit.inbox import Fate, Inbox

    async def fate(self: Any, arrival: Any, **_: Any) -> tuple[Fate, str]:
        return Fate.APPLY, ""

    Inbox.fate = fate  # type: ignore[method-assign]


def early_messages_are_dropped() -> None:
    """Rule 6: what cannot be applied yet is dropped instead of set aside."""
    from pic_kit.inbox import Inbox

    async def drop(self: Any, arrival: Any, *_: Any, **__: Any) -> None:
        self.applied(arrival)

    Inbox.wait = drop  # type: ignore[method-assign]


def last_heard_wins() -> None:
    """Rule 7: the registry keeps the decision that it heard last, whatever its version."""
    from customs_gateway.domain.registry import RegistryEntry

    def keep_last(self: Any, authority: str, verdict: Any) -> None:
        self.verdicts[authority] = verdict
        self._recount()

    RegistryEntry._keep_latest = keep_last  # type: ignore[method-assign]


def stale_gateway_releases() -> None:
    """Rule 8: a gateway that has lost touch decides as if it knew everything."""
    import customs_gateway.commands

    customs_gateway.commands.is_stale = lambda runtime: False


RULES_OFF: Mapping[str, Callable[[], None]] = {
    "1": offset_before_database,
    "2": outbox_before_aggregate,
    "3": marks_what_it_sent,
    "4": ids_by_chance,
    "5": inbox_forgets,
    "6": early_messages_are_dropped,
    "7": last_heard_wins,
    "8": stale_gateway_releases,
}

"""The Kafka bus: the common behaviour, and what happens when the broker refuses or goes away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus, BusUnavailable, Record
from tests.kit.bus.behaviour import BusBehaviour, OpenBus, numbers, read, record
from tests.support.kafka import Kafka, launcher

pytestmark = pytest.mark.kafka


@pytest.fixture
def reopen(kafka: Kafka) -> OpenBus:
    return lambda: open_bus(kafka.url)


@pytest.fixture
async def bus(kafka: Kafka) -> AsyncIterator[Bus]:
    bus = open_bus(kafka.url)
    await bus.start()
    yield bus
    await bus.stop()


@pytest.fixture
async def topic(bus: Bus, topic_prefix: str) -> str:
    name = f"{topic_prefix}cases"
    await bus.ensure_topics({name: 1})
    return name


class TestKafkaBus(BusBehaviour):
    async def test_after_a_failed_record_no_later_one_of_its_key_counts_as_sent(
        self, bus: Bus, topic: str
    ) -> None:
        too_large = Record(topic, b"a", (), b"x" * 2_000_000)
        batch = [record(topic, "a", 1), too_large, record(topic, "a", 2), record(topic, "b", 3)]
        outcome = await bus.publish(batch)
        assert [error is None for error in outcome] == [True, False, False, True]
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        got = await read(subscription, 2)
        assert (numbers(got, "a"), numbers(got, "b")) == ([1], [3])
        await subscription.close()

    async def test_topics_may_be_asked_for_twice(self, bus: Bus, topic: str) -> None:
        await bus.ensure_topics({topic: 1})

    async def test_a_broker_that_is_not_there_is_unavailable(self) -> None:
        nobody = open_bus(f"kafka://127.0.0.1:{launcher().free_port()}")
        with pytest.raises(BusUnavailable):
            await nobody.start()
        with pytest.raises(BusUnavailable):
            await nobody.publish([record("cases", "a", 1)])
        with pytest.raises(BusUnavailable):
            await nobody.subscribe("group", ["cases"])
        with pytest.raises(BusUnavailable):
            await nobody.ensure_topics({"cases": 1})
        await nobody.stop()

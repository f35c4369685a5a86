"""What every bus must do, inherited by the suite of each bus."""

from __future__ import annotations

from collections.abc import Callable

from pic_kit.bus.base import Bus, Received, Record, Subscription

OpenBus = Callable[[], Bus]
PATIENCE = 20.0


def record(topic: str, key: str, number: int) -> Record:
    return Record(topic, key.encode(), (("ce_type", b"numbered"), ("raw", b"\x00\xff")), str(number).encode())


async def read(subscription: Subscription, wanted: int, *, limit: int = 500) -> list[Received]:
    """Fetch until exactly `wanted` records came; commits nothing."""
    records: list[Received] = []
    while len(records) < wanted:
        batches = await subscription.fetch(limit=min(limit, wanted - len(records)), wait=PATIENCE)
        assert batches, f"only {len(records)} of {wanted} records came"
        records += [one for batch in batches.values() for one in batch]
    return records


async def commit(subscription: Subscription, records: list[Received]) -> None:
    for one in records:
        await subscription.commit({(one.topic, one.partition): one.offset + 1})


def numbers(records: list[Received], key: str) -> list[int]:
    return [int(one.value) for one in records if one.key == key.encode()]


class BusBehaviour:
    """`bus` is started; `reopen` opens the same log as a new process would; `topic` has one partition."""

    async def test_a_record_comes_back_as_it_was_sent(self, bus: Bus, topic: str) -> None:
        sent = record(topic, "case", 1)
        assert await bus.publish([sent]) == [None]
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        [got] = await read(subscription, 1)
        assert Record(got.topic, got.key, got.headers, got.value) == sent
        await subscription.close()

    async def test_records_of_one_key_stay_in_order(self, bus: Bus, topic: str) -> None:
        for start in range(0, 300, 50):
            batch = [record(topic, key, n) for n in range(start, start + 50) for key in ("a", "b", "c")]
            assert await bus.publish(batch) == [None] * 150
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        got = await read(subscription, 900, limit=70)
        assert all(numbers(got, key) == list(range(300)) for key in ("a", "b", "c"))
        await subscription.close()

    async def test_no_more_records_come_than_asked_for(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(10)])
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        got: list[Received] = []
        while len(got) < 10:
            batches = await subscription.fetch(limit=4, wait=PATIENCE)
            assert 1 <= sum(map(len, batches.values())) <= 4
            got += [one for batch in batches.values() for one in batch]
        assert numbers(got, "case") == list(range(10))
        await subscription.close()

    async def test_two_groups_read_at_their_own_pace(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(6)])
        slow = await bus.subscribe(f"{topic}-slow", [topic])
        fast = await bus.subscribe(f"{topic}-fast", [topic])
        await commit(slow, await read(slow, 2))
        assert numbers(await read(fast, 6), "case") == list(range(6))
        assert numbers(await read(slow, 4), "case") == [2, 3, 4, 5]
        await slow.close()
        await fast.close()

    async def test_a_restart_resumes_at_the_committed_offset(
        self, bus: Bus, topic: str, reopen: OpenBus
    ) -> None:
        await bus.publish([record(topic, "case", n) for n in range(5)])
        before = await bus.subscribe(f"{topic}-group", [topic])
        await commit(before, await read(before, 3))
        await before.close()
        await bus.stop()
        again = reopen()
        await again.start()
        after = await again.subscribe(f"{topic}-group", [topic])
        assert numbers(await read(after, 2), "case") == [3, 4]
        await after.close()
        await again.stop()

    async def test_what_was_not_committed_is_delivered_again(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(3)])
        first = await bus.subscribe(f"{topic}-group", [topic])
        await read(first, 3)
        await first.close()
        second = await bus.subscribe(f"{topic}-group", [topic])
        assert numbers(await read(second, 3), "case") == [0, 1, 2]
        await second.close()

    async def test_a_failed_batch_is_read_again(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(4)])
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        got = await read(subscription, 4)
        await subscription.seek_back(topic, got[1].partition, got[1].offset)
        assert numbers(await read(subscription, 3), "case") == [1, 2, 3]
        await subscription.close()

    async def test_how_far_behind_a_group_is_shows_at_once(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(4)])
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        assert sum((await subscription.behind()).values()) == 4
        await read(subscription, 4)
        assert sum((await subscription.behind()).values()) == 0
        await bus.publish([record(topic, "case", 4)])
        assert sum((await subscription.behind()).values()) == 1
        await subscription.close()

    async def test_a_new_group_reads_from_the_start(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", n) for n in range(3)])
        old = await bus.subscribe(f"{topic}-old", [topic])
        await commit(old, await read(old, 3))
        new = await bus.subscribe(f"{topic}-new", [topic])
        assert numbers(await read(new, 3), "case") == [0, 1, 2]
        await old.close()
        await new.close()

    async def test_a_waiting_reader_is_woken_by_a_record(self, bus: Bus, topic: str) -> None:
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        assert await subscription.fetch(limit=10, wait=0) == {}
        await bus.publish([record(topic, "case", 1)])
        assert numbers(await read(subscription, 1), "case") == [1]
        await subscription.close()

    async def test_a_commit_for_a_lost_partition_is_harmless(self, bus: Bus, topic: str) -> None:
        await bus.publish([record(topic, "case", 1)])
        subscription = await bus.subscribe(f"{topic}-group", [topic])
        await subscription.close()
        other = await bus.subscribe(f"{topic}-group", [topic])
        await other.seek_back(topic, 999, 0)
        assert numbers(await read(other, 1), "case") == [1]
        await other.close()

    async def test_nothing_to_publish_is_no_failure(self, bus: Bus) -> None:
        assert await bus.publish([]) == []

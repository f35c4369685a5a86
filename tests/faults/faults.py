"""The faults: each a function that does harm to a running stack and leaves it whole again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from pic_exchange.republish import republish_all
from pic_exchange.servers import KAFKA
from pic_exchange.stack import PROCESSES, Stack
from pic_kit.bus.base import Record
from pic_kit.settings import Settings
from pic_schemas.envelope import Event
from tests.faults import log, stores, tally
from tests.faults.process import POINTS, armed

SERVICES = tuple(PROCESSES)
# Half of all messages are the notifier's.
BUSY = (*stores.SAYING, *["notifier"] * 4)


class NothingHappened(Exception):
    """The fault found nothing to harm, for instance no process that came to the point; it does not count."""


@dataclass
class Harm:
    """What a fault works on, and what it tells the checks about."""

    stack: Stack
    chance: random.Random
    worlds: list[str]
    done: list[str] = field(default_factory=list)
    tampered: bool = False
    garbage: list[str] = field(default_factory=list)

    async def blocking(self, act: Callable[..., object], *values: object) -> None:
        """The stack's own acts wait for processes; the cases go on meanwhile."""
        await asyncio.to_thread(act, *values)

    async def hold(self, least: float, most: float) -> None:
        """For how long a part stays away: the fault itself, not a guess at when something is ready."""
        await asyncio.sleep(self.chance.uniform(least, most))

    async def kill(self, name: str) -> None:
        """kill -9, whether it runs or hangs."""
        await self.blocking(self.stack.kill, name)
        tally.killed[name] += 1

    async def start(self, name: str) -> None:
        await self.blocking(self.stack.start_service, name)

    def one_of(self, *names: str) -> str:
        name = self.chance.choice(names)
        self.done.append(name)
        return name


Fault = Callable[[Harm], Awaitable[None]]


def killing(name: str) -> Fault:
    async def kill(harm: Harm) -> None:
        await harm.kill(name)
        await harm.hold(0, 1)
        await harm.start(name)

    return kill


def dying_at(*points: str) -> Fault:
    """A process dies between two statements that must not come apart."""

    async def die(harm: Harm) -> None:
        for name in harm.chance.sample(SERVICES, 3):
            if await _dies_at(harm, name, harm.one_of(*points)):
                return
        raise NothingHappened

    return die


async def _dies_at(harm: Harm, name: str, point: str) -> bool:
    file = armed(harm.stack.folder, name, point)
    arm(file)
    await harm.blocking(harm.stack.processes.wait, name, 4.0)
    file.unlink(missing_ok=True)
    if harm.stack.processes.running(name):
        return False
    harm.done.append(f"{name} died")
    tally.killed[name] += 1
    await harm.start(name)
    return True


def arm(file: Path, times: int = 1) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(times))


async def everything_dies(harm: Harm) -> None:
    """A power cut of all services at once."""
    for name in SERVICES:
        await harm.kill(name)
    for name in SERVICES:
        await harm.start(name)


async def kafka_stops(harm: Harm) -> None:
    await harm.blocking(harm.stack.kafka.stop)
    await harm.hold(0, 2)
    await harm.blocking(harm.stack.kafka.start)


async def kafka_dies(harm: Harm) -> None:
    await harm.kill(KAFKA)
    await harm.hold(0, 2)
    await harm.blocking(harm.stack.kafka.start)


async def kafka_is_wiped(harm: Harm) -> None:
    """The whole log is gone; `pic republish --log-lost` builds it from the outboxes."""
    stack = harm.stack
    for name in [*SERVICES, KAFKA]:
        await harm.kill(name)
    stack.kafka.wipe()
    await harm.blocking(stack.kafka.start)
    for name in SERVICES:
        await republish_all(Settings.from_environment(stack.environment(name)), log_lost=True)
    # As docs/operations.md advises: the single window, which stands last, is the one that says the worlds.
    for name in reversed(SERVICES):
        await harm.start(name)


async def postgres_restarts(harm: Harm) -> None:
    await harm.blocking(harm.stack.postgres.restart, "fast")


async def postgres_dies(harm: Harm) -> None:
    """It ends without a checkpoint and recovers from its write-ahead log."""
    await harm.blocking(harm.stack.postgres.restart, "immediate")


async def connections_are_cut(harm: Harm) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    cut += " AND backend_type = 'client backend'"
    for _ in range(harm.chance.randint(3, 8)):
        await harm.blocking(harm.stack.postgres.psql, cut)
        await harm.hold(0, 0.4)


def statements_failing(sqlstate: str, share: float) -> Fault:
    """The server itself raises this state on a share of the writes of one store."""

    async def fail(harm: Harm) -> None:
        store, table = harm.one_of(*stores.SAYING), harm.one_of("outbox", "heard", "answers")
        wrong = f"IF random() < {share} THEN RAISE EXCEPTION 'a fault' USING ERRCODE = '{sqlstate}'; END IF;"
        function = "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS"
        trigger = f"CREATE TRIGGER fault BEFORE INSERT OR UPDATE ON {table}"
        async with stores.connected(harm.stack, store) as connection:
            await connection.execute(f"{function} $$ BEGIN {wrong} RETURN NEW; END $$")
            await connection.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION fault()")
            try:
                await harm.hold(1.5, 3)
            finally:
                await connection.execute(f"DROP TRIGGER fault ON {table}; DROP FUNCTION fault()")

    return fail


async def group_rebalances(harm: Harm) -> None:
    """A second and a third member join in the middle of batches, and leave without a word."""
    service = harm.one_of(*[name for name in SERVICES if name != "single-window"])
    members = [f"{service}~2", f"{service}~3"][: harm.chance.randint(1, 2)]
    for member in members:
        await harm.start(member)
    await harm.hold(2, 3)
    for member in members:
        await harm.blocking(harm.stack.kill, member)


async def consumer_hangs(harm: Harm) -> None:
    """Longer than its session, so that the group takes it for dead; sometimes another takes over."""
    service = harm.one_of(*[name for name in SERVICES if name != "single-window"])
    second = harm.chance.random() < 0.5
    if second:
        await harm.start(f"{service}~2")
        await harm.hold(1, 1.5)
    harm.stack.pause(service)
    await harm.hold(2.5, 4)
    harm.stack.resume(service)
    if second:
        await harm.blocking(harm.stack.kill, f"{service}~2")


async def relay_is_robbed(harm: Harm) -> None:
    """The lock goes to another relay, which publishes in any order, twice, and marks nothing."""
    harm.tampered = True
    async with stores.robbed_relay(harm.stack, harm.one_of(*BUSY)) as connection:
        for _ in range(4):
            await harm.hold(0.2, 0.6)
            records = await _unpublished(connection)
            records += harm.chance.sample(records, len(records) // 2)
            harm.chance.shuffle(records)
            await log.publish(harm.stack.kafka.brokers, records)


async def messages_are_lost(harm: Harm) -> None:
    """The broker acknowledged and lost them; while the service runs, `pic republish` sends all again."""
    store = harm.one_of(*BUSY)
    async with stores.robbed_relay(harm.stack, store) as connection:
        await _until_two_wait_in_one_case(connection)
        # The newest of a case gets through: what is missing before it shows as a gap.
        lost = "UPDATE outbox AS lost SET published_at = now() WHERE published_at IS NULL AND EXISTS"
        later = "later.case_id = lost.case_id AND later.world = lost.world AND later.seq > lost.seq"
        await connection.execute(f"{lost} (SELECT FROM outbox AS later WHERE {later})")
    harm.tampered = True
    await harm.hold(0.5, 1.5)
    environment = harm.stack.environment(stores.SERVICE_OF[store])
    await republish_all(Settings.from_environment(environment), log_lost=False)


async def _until_two_wait_in_one_case(connection: Any) -> None:
    """At most three seconds: a case whose acts wait for each other's messages never has two."""
    query = (
        "SELECT count(*) > 1 FROM outbox WHERE published_at IS NULL GROUP BY world, case_id ORDER BY 1 DESC"
    )
    for _ in range(30):
        await asyncio.sleep(0.1)
        if await connection.fetchval(query):
            return


async def log_is_noisy(harm: Harm) -> None:
    """Old records again, in any order, and records that nobody can read."""
    harm.tampered = True
    old = [log.as_record(one.topic, one.event) for one in await stores.said(harm.stack, harm.worlds)]
    mark = f"garbage {uuid4().hex}"
    harm.garbage.append(mark)
    records = [*harm.chance.choices(old, k=30), log.garbage(harm.worlds[0].encode(), mark)]
    harm.chance.shuffle(records)
    await log.publish(harm.stack.kafka.brokers, records)


async def clocks_disagree(harm: Harm) -> None:
    """One machine's clock is wrong by up to 45 seconds from its next start on."""
    name = harm.one_of(*SERVICES)
    skew = harm.stack.folder / f"{name}.skew"
    skew.write_text(str(harm.chance.choice((-45, -20, 20, 45))))
    await killing(name)(harm)


async def _unpublished(connection: Any) -> list[Record]:
    query = "SELECT topic, event FROM outbox WHERE published_at IS NULL ORDER BY seq"
    found = await connection.fetch(query)
    return [log.as_record(row["topic"], Event.model_validate_json(row["event"])) for row in found]


FAULTS: dict[str, Fault] = {
    **{f"{name} is killed": killing(name) for name in SERVICES},
    "a process dies at a point": dying_at(*POINTS),
    "a process dies between database and offset": dying_at("between-database-and-offset"),
    "everything dies": everything_dies,
    "kafka stops": kafka_stops,
    "kafka dies": kafka_dies,
    "kafka is wiped": kafka_is_wiped,
    "postgres restarts": postgres_restarts,
    "postgres dies": postgres_dies,
    "connections are cut": connections_are_cut,
    "deadlocks": statements_failing("40P01", 0.4),
    "serialisation failures": statements_failing("40001", 0.4),
    "the disk is full": statements_failing("53100", 1.0),
    "a group rebalances": group_rebalances,
    "a consumer hangs": consumer_hangs,
    "a relay loses its lock": relay_is_robbed,
    "messages are lost": messages_are_lost,
    "the log is noisy": log_is_noisy,
    "clocks disagree": clocks_disagree,
}

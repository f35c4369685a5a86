"""Three services under random commands, deliveries, crashes and clock steps, beside a faultless model."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import func, select, update

from pic_kit.bus.base import Received, Record
from pic_kit.republish import republish
from pic_kit.runtime import Runtime
from pic_kit.tables import heard, outbox, parked, streams, waiting
from pic_kit.worlds import set_clock
from tests.kit.three_services import KINDS, ThreeServices
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import START, WORLD, all_records, case_id

CASES = [case_id(f"machine {number}") for number in range(3)]
SERVICES = st.sampled_from(sorted(KINDS))
CASE = st.sampled_from(CASES)


class Died(Exception):
    """A service was killed at this point."""


@dataclass
class Expected:
    """What a case must have come to when nothing moves any more."""

    said: int = 0
    released: int = 0
    due: datetime | None = None
    heard_once: bool = False


class Machine(RuleBasedStateMachine):
    """Every rule leaves the exchange able to go on; `agree` says what it must have come to."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp(prefix="pic-machine-"))
        self.exchange = ThreeServices(self.folder)
        self.expected = {case: Expected() for case in CASES}
        self.answers: dict[str, tuple[str, Any, Any]] = {}
        self.now = START
        self.keys = 0
        self.do(self.exchange.open())

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.do(self.agreed())
        finally:
            self.do(self.exchange.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    # --- commands ---

    @rule(case=CASE, anew=st.booleans(), dies=st.sampled_from(["", "before commit", "after commit"]))
    def command(self, case: str, anew: bool, dies: str) -> None:
        """Lodge, or change what is lodged; the service may die before the commit, or before the answer."""
        self.keys += 1
        first = anew or not self.expected[case].said
        path = f"/cases/{case}/guarantee" if first else f"/cases/{case}/changes"
        body = {"amount": 100} if first else None
        self.do(self._command(path, f"key-{self.keys}", body, case, dies))

    @rule(case=CASE, times=st.integers(2, 3))
    def change(self, case: str, times: int) -> None:
        """Several acts in a row, so that a case has more than one message under way."""
        for _ in range(times):
            self.command(case, False, "")

    async def _command(self, path: str, key: str, body: Any, case: str, dies: str) -> None:
        expected = self.expected[case]
        right = 201 if body and not expected.said else 200 if expected.said and not body else None
        if dies == "before commit":
            writing = patch.object(self.lodging.database, "writing", dying(self.lodging))
            with writing, suppress(Died):
                await self.exchange.post(path, key, body)
            await self.exchange.restart("lodging")
            return
        answer = await self.exchange.post(path, key, body)
        assert answer.status_code == (right or (409 if body else 404)), answer.text
        if right:
            expected.said += 1
            self.answers[key] = (path, body, answer.json())
        if dies:
            await self.exchange.restart("lodging")

    @property
    def lodging(self) -> Runtime:
        return self.exchange.runtimes["lodging"]

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A client that never saw the answer sends the same again, and sees it now."""
        if not self.answers:
            return
        key = data.draw(st.sampled_from(sorted(self.answers)))
        path, body, before = self.answers[key]
        answer = self.do(self.exchange.post(path, key, body))
        assert (answer.json(), answer.headers.get("Idempotent-Replay")) == (before, "true")

    # --- messages under way ---

    @rule(name=SERVICES, dies=st.booleans())
    def publish(self, name: str, dies: bool) -> None:
        """The relay publishes; it may die before it has marked what was acknowledged."""
        self.do(self._publish(name, dies))

    async def _publish(self, name: str, dies: bool) -> None:
        relay = self.exchange.runtimes[name].relay
        if not dies:
            await relay.publish_batch()
            return
        with patch.object(relay, "_mark", raising), suppress(Died):
            await relay.publish_batch()
        await self.exchange.restart(name)

    @rule(name=SERVICES, batch=st.integers(1, 5), dies=st.booleans())
    def read(self, name: str, batch: int, dies: bool) -> None:
        """The consumer applies some records; it may die between the database's commit and the offset's."""
        self.do(self._read(name, batch, dies))

    async def _read(self, name: str, batch: int, dies: bool) -> None:
        consumer = self.exchange.runtimes[name].consumer
        assert consumer is not None
        with patch.object(consumer, "_batch", batch):
            if not dies:
                await consumer.read_once(wait=0)
                return
            with patch("pic_kit.bus.embedded.EmbeddedSubscription.commit", raising), suppress(Died):
                await consumer.read_once(wait=0)
        await self.exchange.restart(name)

    @rule(name=SERVICES, random=st.randoms(use_true_random=False))
    def another_relay(self, name: str, random: Any) -> None:
        """A relay that has lost its lock publishes in any order, some twice, and marks nothing."""

        async def publish() -> None:
            records = await self.exchange.unpublished(name)
            records += random.sample(records, len(records) // 2)
            random.shuffle(records)
            await self.exchange.bus.publish(records)

        self.do(publish())

    @rule(name=SERVICES)
    def lose(self, name: str) -> None:
        """The broker acknowledged a message and lost it; in the end everything is said again."""

        async def lose() -> None:
            oldest = select(func.min(outbox.c.seq)).where(outbox.c.published_at.is_(None)).scalar_subquery()
            change = update(outbox).where(outbox.c.seq == oldest).values(published_at=START)
            await self.exchange.runtimes[name].write(lambda t: t.connection.execute(change))

        self.do(lose())

    @rule(random=st.randoms(use_true_random=False), garbage=st.booleans())
    def noise(self, random: Any, garbage: bool) -> None:
        """Old records again, in any order, and one that nobody can read."""

        async def publish() -> None:
            old = [_again(one) for one in await all_records(self.exchange.bus)]
            records = random.sample(old, min(len(old), 8))
            records += [Record("pic.cases", b"", (), b"no event")] if garbage else []
            await self.exchange.bus.publish(records)

        self.do(publish())

    @rule(name=SERVICES)
    def kill(self, name: str) -> None:
        self.do(self.exchange.restart(name))

    # --- time ---

    @rule(days=st.integers(1, 40), dies=st.booleans())
    def step_the_clock(self, days: int, dies: bool) -> None:
        """As the single window does: nothing moves, then from deadline to deadline."""
        self.do(self._step(self.now + timedelta(days=days), dies))

    async def _step(self, target: datetime, dies: bool) -> None:
        await self.agreed()
        while (due := await self._next_due()) is not None and due <= target:
            await self._set_clock(due)
            for runtime in self.exchange.runtimes.values():
                await runtime.fire_due(WORLD, due)
            if dies:
                # It does not know any more that it has fired.
                await self.exchange.restart("desk")
                await self.exchange.runtimes["desk"].fire_due(WORLD, due)
            for expected in self.expected.values():
                expected.released += expected.due == due
                expected.due = None if expected.due == due else expected.due
            await self.agreed()
        await self._set_clock(target)

    async def _next_due(self) -> datetime | None:
        found = [await runtime.next_due(WORLD) for runtime in self.exchange.runtimes.values()]
        due = min((moment for moment in found if moment), default=None)
        assert due == min((one.due for one in self.expected.values() if one.due), default=None)
        return due

    async def _set_clock(self, now: datetime) -> None:
        for runtime in self.exchange.runtimes.values():
            await runtime.write(lambda t: set_clock(t.connection, WORLD, now, moving=False))
        self.now = now

    # --- the model ---

    async def agreed(self) -> None:
        """Everything was said again and heard: the exchange is where the model is."""
        for runtime in self.exchange.runtimes.values():
            await republish(runtime.database)
        await self.exchange.settle()
        for case, expected in self.expected.items():
            if expected.said and not expected.heard_once:
                expected.heard_once, expected.due = True, self.now + services.REVIEW
            assert await self._found(case) == _right(expected)
        await self._nothing_lost_or_waiting()

    async def _found(self, case: str) -> dict[str, Any]:
        found = {name: await services.find(r, WORLD, case) for name, r in self.exchange.runtimes.items()}
        return {name: one and (one.state, one.changes) for name, one in found.items()}

    async def _nothing_lost_or_waiting(self) -> None:
        said: dict[Any, int] = {}
        for name in KINDS:
            said |= {(r.case_id, r.source): r.last for r in await self.exchange.rows(name, streams.select())}
        for name in KINDS:
            assert await self.exchange.rows(name, waiting.select()) == []
            applied = {(r.case_id, r.source): r.last for r in await self.exchange.rows(name, heard.select())}
            assert applied == said
            garbage = await self.exchange.rows(name, parked.select())
            assert len({(row.topic, row.log_offset) for row in garbage}) == len(garbage)


def _right(expected: Expected) -> dict[str, Any]:
    if not expected.said:
        return dict.fromkeys(KINDS)
    # Each time it was said, the desk approved: both stand in the register, and the review's release.
    written = 2 * expected.said + expected.released
    return {
        "lodging": ("approved", expected.said - 1),
        "desk": ("lodged", expected.said),
        "register": ("lodged", written),
    }


def _again(one: Received) -> Record:
    return Record(one.topic, one.key, one.headers, one.value)


async def raising(*_: Any, **__: Any) -> None:
    raise Died


def dying(runtime: Runtime) -> Any:
    """A transaction that does all its work and is not committed."""
    writing = runtime.database.writing

    @asynccontextmanager
    async def write() -> AsyncIterator[Any]:
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(writing())
            yield connection
            raise Died

    return write

"""The least that could do the same work: bare FastAPI with asyncpg, bare aiokafka with asyncpg."""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from contextlib import asynccontextmanager
from time import monotonic, process_time
from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import uvicorn
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.warnings import UnsupportedFieldAttributeWarning

from pic_kit.bus import open_bus
from pic_kit.consumer import BATCH
from pic_schemas.catalogue import TOPICS
from pic_schemas.documents.draft import DraftNotification

TRIPS = "bench.trips"
TABLES = """
CREATE TABLE IF NOT EXISTS bare_row (id bigserial PRIMARY KEY, doc text NOT NULL);
CREATE TABLE IF NOT EXISTS bare_outbox (id bigserial PRIMARY KEY, doc text NOT NULL);
CREATE TABLE IF NOT EXISTS bare_event (
  topic text, part int, pos bigint, key bytea, headers text, value bytea, PRIMARY KEY (topic, part, pos)
);
"""


class Declared(BaseModel):
    """Whatever a declaration holds, read as JSON."""

    model_config = {"extra": "allow"}
    number: str


def bare_app(dsn: str) -> FastAPI:
    """One endpoint that validates the document and inserts two rows; one with one select and one insert."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> Any:
        app.state.pool = await asyncpg.create_pool(dsn, min_size=10, max_size=10)
        yield
        await app.state.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/write", status_code=201)
    async def write(body: DraftNotification) -> DraftNotification:
        text = body.model_dump_json()
        async with app.state.pool.acquire() as connection, connection.transaction():
            await connection.execute("INSERT INTO bare_row (doc) VALUES ($1)", text)
            await connection.execute("INSERT INTO bare_outbox (doc) VALUES ($1)", text)
        return body

    @app.post("/decide", status_code=201)
    async def decide(body: Declared) -> dict[str, str]:
        async with app.state.pool.acquire() as connection, connection.transaction():
            await connection.fetchrow("SELECT doc FROM bare_row WHERE id = $1", 1)
            await connection.execute("INSERT INTO bare_outbox (doc) VALUES ($1)", body.model_dump_json())
        return {"outcome": "released"}

    return app


def serve(dsn: str, port: int) -> None:
    """`python -m bench.floors serve DSN PORT`, a process of its own like the service beside it."""
    # FastAPI silences it where it builds a body's model at once; the document's is built when it is used.
    warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)
    uvicorn.run(bare_app(dsn), host="127.0.0.1", port=port, log_level="warning", access_log=False)


async def create_tables(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(TABLES)
    await connection.execute("INSERT INTO bare_row (doc) VALUES ('{}')")
    await connection.close()


class Consumed(NamedTuple):
    """Messages a second, and seconds of CPU for all of them."""

    per_second: float
    cpu: float


async def consume_alone(dsn: str, brokers: str, expected: int) -> Consumed:
    """`consume` in a process of its own, as a bare program would run. Raises RuntimeError if it fails."""
    command = (sys.executable, "-m", "bench.floors", "consume", dsn, brokers, str(expected))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the floor of consuming ended with {process.returncode}")
    return Consumed(*json.loads(said))


async def consume(dsn: str, brokers: str, expected: int) -> Consumed:
    """Read whole topics in batches and insert the same bytes."""
    cpu = process_time()
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=2)
    async with pool.acquire() as connection:
        await connection.execute("TRUNCATE bare_event")
    consumer = AIOKafkaConsumer(
        *TOPICS,
        bootstrap_servers=brokers,
        group_id=f"bare.{uuid4().hex}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    read = 0
    try:
        # The first fetch shows that the group has settled and warms up; from then on the time counts.
        while not (first := await consumer.getmany(timeout_ms=1000, max_records=BATCH)):
            pass
        expected -= sum(len(records) for records in first.values())
        began = monotonic()
        while read < expected:
            for place, records in (await consumer.getmany(timeout_ms=1000, max_records=BATCH)).items():
                rows = [
                    (r.topic, r.partition, r.offset, r.key, json.dumps([str(h) for h in r.headers]), r.value)
                    for r in records
                ]
                async with pool.acquire() as connection, connection.transaction():
                    await connection.executemany("INSERT INTO bare_event VALUES ($1,$2,$3,$4,$5,$6)", rows)
                await consumer.commit({place: records[-1].offset + 1})
                read += len(records)
    finally:
        await consumer.stop()
        await pool.close()
    return Consumed(read / (monotonic() - began), process_time() - cpu)


async def round_trips(dsn: str, brokers: str, times: int) -> list[float]:
    """Seconds of one commit, one trip through Kafka and one more commit, again and again."""
    bus = open_bus(f"kafka://{brokers}")
    await bus.ensure_topics({TRIPS: 1})
    connection = await asyncpg.connect(dsn)
    producer = AIOKafkaProducer(bootstrap_servers=brokers, acks="all", enable_idempotence=True, linger_ms=0)
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="latest")
    await producer.start()
    await producer.send_and_wait(TRIPS, b"first")
    await consumer.start()
    # Its place must be known before the first trip, or the consumer begins behind it and waits for ever.
    consumer.assign([TopicPartition(TRIPS, 0)])
    await consumer.seek_to_end()
    await consumer.position(TopicPartition(TRIPS, 0))
    seconds = []
    try:
        for number in range(times):
            began = monotonic()
            await connection.execute("INSERT INTO bare_row (doc) VALUES ($1)", str(number))
            await producer.send_and_wait(TRIPS, str(number).encode())
            await consumer.getone()
            await connection.execute("INSERT INTO bare_outbox (doc) VALUES ($1)", str(number))
            seconds.append(monotonic() - began)
    finally:
        await consumer.stop()
        await producer.stop()
        await connection.close()
    return seconds


if __name__ == "__main__":
    what, dsn, *rest = sys.argv[1:]
    if what == "serve":
        serve(dsn, int(rest[0]))
    else:
        sys.stdout.write(json.dumps(asyncio.run(consume(dsn, rest[0], int(rest[1])))))

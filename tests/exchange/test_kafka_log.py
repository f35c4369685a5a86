"""A cluster's log becomes a recording: what came twice is one message, the unreadable is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from pic_exchange.recording import record_cluster
from pic_kit.bus import open_bus
from pic_kit.bus.base import Record
from pic_replay.exchange import ExchangeDown
from pic_replay.recording import read_recording
from pic_schemas.envelope import from_structured, to_binary
from tests.replay.test_drift import OLD
from tests.replay.test_recording import message
from tests.support.kafka import Kafka

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


async def test_every_world_of_a_cluster_is_recorded_from_its_log(
    kafka: Kafka, topic_prefix: str, tmp_path: Path
) -> None:
    topic, file = f"{topic_prefix}pic.cases", tmp_path / "cluster.jsonl"
    bus = open_bus(kafka.url)
    await bus.start()
    try:
        await bus.ensure_topics({topic: 1})
        said = [
            to_binary(from_structured(message(world=world, id=f"{OLD[:-1]}{place}")))
            for world, place in (("one", 1), ("two", 2))
        ]
        records = [Record(topic, one.key, one.headers, one.value) for one in said]
        garbage = Record(topic, b"one:x", (), b"\xff")
        assert await bus.publish([*records, garbage, records[0]]) == [None] * 4
    finally:
        await bus.stop()
    await record_cluster(kafka.servers, None, file, Console(quiet=True), topic_prefix)
    found = read_recording(file).worlds
    assert {name: [event["type"] for event in told.events] for name, told in found.items()} == {
        "one": ["pic.notification.closed.v1"],
        "two": ["pic.notification.closed.v1"],
    }
    with pytest.raises(ExchangeDown, match="nothing of nowhere"):
        await record_cluster(kafka.servers, "nowhere", file, Console(quiet=True), topic_prefix)

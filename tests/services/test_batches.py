"""Whatever is said: heard in a dozen cases at once, it costs no more statements than in two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event as happening
from sqlalchemy.engine import Engine

import consent.reactions
import notifier.reactions
import single_window.window.reactions
from consent.overdue_heard import keep_records
from customs_gateway.pushes import with_pushes
from customs_gateway.reactions import listen
from pic_kit.bus import open_bus
from pic_kit.bus.base import Received
from pic_kit.reactions import Reactions
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_schemas.catalogue import CATALOGUE
from pic_schemas.envelope import Event, from_structured, to_binary
from pic_schemas.messages import WorldOpened

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
WORLD = "batches"
FEW, MANY = 2, 12
# Early for whoever has not heard of its notification: each is set aside by itself, at its own cost.
EARLY = {
    "pic.movement.prenotified.v1",
    "pic.movement.departed.v1",
    "pic.movement.delivered.v1",
    "pic.movement.rescheduled.v1",
    "pic.movement.updated.v1",
    "pic.cancellation.granted.v1",
    "pic.customs.exited.v1",
    "pic.customs.entered.v1",
}
# Rare, and each looks for something of its own.
RARE = {"pic.classification.stated.v1"}
APART = {"customs-gateway": RARE, "consent": RARE | EARLY | {"pic.notification.changed.v1"}}


def every(state: str) -> bool:
    return True


STORES: dict[str, tuple[Callable[[], Reactions], str]] = {
    "notifier": (lambda: notifier.reactions.reactions, "notifier.migrations"),
    "consent": (lambda: keep_records(every, consent.reactions.listen(every)), "consent.migrations"),
    "customs-gateway": (
        lambda: with_pushes(listen(every), every, lambda: False),
        "customs_gateway.migrations",
    ),
    "window": (lambda: single_window.window.reactions.reactions, "single_window.window.migrations"),
}


def record(event: Event, offset: int) -> Received:
    return Received("pic.cases", 0, offset, *to_binary(event))


def in_many_cases(kind: str, count: int, first: int) -> list[Received]:
    """The contract's own example of this message, each in a case of its own."""
    example = from_structured(json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8")))
    return [
        record(
            example.model_copy(update={"world": WORLD, "case": str(uuid4()), "id": uuid4(), "sequence": 1}),
            first + number,
        )
        for number in range(count)
    ]


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    happening.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        happening.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("store", STORES)
async def test_a_batch_costs_the_same_statements_however_long_it_is(store: str, tmp_path: Path) -> None:
    make, migrations = STORES[store]
    settings = Settings.from_environment({"PIC_DATA": str(tmp_path)})
    reactions = make()
    runtime = Runtime(store, settings, open_bus(settings.bus_url), migrations=migrations, reactions=reactions)
    await runtime.prepare()
    assert runtime.consumer is not None
    now = datetime(2026, 6, 1, tzinfo=UTC)
    opened = WorldOpened(mode="sandbox", now=now)
    example = from_structured(json.loads((EXAMPLES / "pic.world.opened.v1.json").read_text("utf-8")))
    first = example.model_copy(update={"world": WORLD, "sequence": 1, "data": opened.payload()})
    await runtime.consumer.handle([record(first, 0)])
    offset, more = 1, dict[str, tuple[int, int]]()
    kinds = [kind for kind, line in CATALOGUE.items() if line.topic == "pic.cases" and reactions.reads(kind)]
    # One reaction hears them all.
    kinds = kinds[:3] if store == "window" else kinds
    try:
        for kind in kinds:
            counts = []
            for size in (FEW, MANY):
                batch = in_many_cases(kind, size, offset)
                offset += size
                with statements() as seen:
                    await runtime.consumer.handle(batch)
                counts.append(len(seen))
            if counts[1] - counts[0] >= MANY - FEW:
                more[kind] = (counts[0], counts[1])
        assert set(more) == APART.get(store, set())
    finally:
        await runtime.stop()

"""What an operator watches, as Prometheus metrics: asked of the stores at each scrape, never kept in step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import and_, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import wall_clock
from pic_kit.requests import BUCKETS, Requests
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox, parked, timers, waiting, worlds

router = APIRouter()
# Name, kind and meaning of everything that is told of a store; `docs/operations.md` lists them.
MEASURES = {
    "pic_store_up": ("gauge", "1 when the store's database answers"),
    "pic_relay_active": ("gauge", "1 where this process holds the relay's lock; one process a store does"),
    "pic_outbox_unpublished": ("gauge", "messages said but not yet acknowledged by the log"),
    "pic_outbox_oldest_seconds": ("gauge", "age of the oldest message that is not acknowledged"),
    "pic_consumer_lag": ("gauge", "records of the log that this process has not read, its partitions only"),
    "pic_log_contact_seconds": ("gauge", "seconds since the log last answered this process"),
    "pic_stale": ("gauge", "1 when contact is older than PIC_STALE_AFTER_SECONDS: customs then hold"),
    "pic_waiting": ("gauge", "messages that wait for another, by reason"),
    "pic_parked": ("gauge", "messages set aside for an operator"),
    "pic_deadlines_overdue": ("gauge", "deadlines past their time that have not fired"),
    "pic_deadlines_oldest_seconds": ("gauge", "how long the oldest such deadline of a live world is overdue"),
    "pic_pool_in_use": ("gauge", "database connections in use by this process"),
    "pic_published_total": ("counter", "messages that the log acknowledged to this process"),
    "pic_read_total": ("counter", "records that this process read and dealt with"),
}


@dataclass(slots=True)
class Measured:
    """One look at one store: (name, labels) -> value."""

    store: str
    values: dict[tuple[str, tuple[tuple[str, str], ...]], float] = field(default_factory=dict)

    def note(self, name: str, value: float, **labels: str) -> None:
        self.values[name, (("store", self.store), *sorted(labels.items()))] = float(value)

    def of(self, name: str) -> float:
        """The sum over its labels; what was not told counts nothing."""
        return sum(value for (known, _), value in self.values.items() if known == name)


async def measure(runtime: Runtime) -> Measured:
    """Everything about one store. A database that is away is a measure too, and no error."""
    measured = Measured(runtime.name)
    _note_process(runtime, measured)
    try:
        await runtime.read(lambda connection: _note_rows(connection, measured))
        measured.note("pic_store_up", 1)
    except Exception:
        measured.note("pic_store_up", 0)
    return measured


def _note_process(runtime: Runtime, measured: Measured) -> None:
    measured.note("pic_relay_active", runtime.relay.active)
    measured.note("pic_published_total", runtime.relay.published)
    measured.note("pic_pool_in_use", runtime.database.connections_in_use())
    if (consumer := runtime.consumer) is not None:
        away = consumer.seconds_since_contact()
        measured.note("pic_consumer_lag", consumer.behind)
        measured.note("pic_log_contact_seconds", away)
        measured.note("pic_stale", away >= runtime.settings.stale_after)
        measured.note("pic_read_total", consumer.read)


async def _note_rows(connection: AsyncConnection, measured: Measured) -> None:
    now = wall_clock()
    unpublished = outbox.c.published_at.is_(None)
    count = select(func.count()).select_from(outbox).where(unpublished)
    measured.note("pic_outbox_unpublished", (await connection.execute(count)).scalar_one())
    oldest = select(outbox.c.stored_at).where(unpublished).order_by(outbox.c.seq).limit(1)
    since = (await connection.execute(oldest)).scalar_one_or_none()
    measured.note("pic_outbox_oldest_seconds", _seconds(since, now))
    by_reason = select(waiting.c.reason, func.count().label("messages")).group_by(waiting.c.reason)
    for row in await connection.execute(by_reason):
        measured.note("pic_waiting", row.messages, reason=row.reason)
    aside = select(func.count()).select_from(parked)
    measured.note("pic_parked", (await connection.execute(aside)).scalar_one())
    await _note_deadlines(connection, measured, now)


async def _note_deadlines(connection: AsyncConnection, measured: Measured, now: datetime) -> None:
    """By each world's own clock; only in a live world does time pass by itself, so only there is it late."""
    live = worlds.c.mode == "live"
    world_time = case((live, now), else_=worlds.c.now)
    due = and_(
        timers.c.world == worlds.c.world,
        literal_column("timers.status") == literal_column("'pending'"),
        timers.c.due_at <= world_time,
    )
    query = select(
        func.count().label("overdue"), func.min(case((live, timers.c.due_at), else_=None)).label("oldest")
    ).where(due, worlds.c.state == "open")
    found = (await connection.execute(query)).one()
    measured.note("pic_deadlines_overdue", found.overdue)
    measured.note("pic_deadlines_oldest_seconds", _seconds(found.oldest, now))


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Numbers only: no world, case or party is named, so that a scraper needs no seat."""
    found = [await measure(runtime) for runtime in request.app.state.watched]
    return Response(_exposed(found, request.app.state.requests), media_type="text/plain; version=0.0.4")


def _exposed(found: Sequence[Measured], requests: Sequence[Requests]) -> bytes:
    # Imported at the first scrape: it costs more than a tenth of a second, which a start need not pay.
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Told([*_families(found), *_request_families(requests)]))
    return bytes(generate_latest(registry))


class _Told:
    """A collector that tells what was measured."""

    def __init__(self, families: list[Any]) -> None:
        self._families = families

    def collect(self) -> Iterable[Any]:
        return self._families


def _families(found: Sequence[Measured]) -> Iterable[Any]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    for name, (kind, meaning) in MEASURES.items():
        family_of = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
        labels = ["store", "reason"] if name == "pic_waiting" else ["store"]
        family = family_of(name, meaning, labels=labels)
        for measured in found:
            for (told, values), value in measured.values.items():
                if told == name:
                    given = dict(values)
                    family.add_metric([given.get(label, "") for label in labels], value)
        yield family


def _request_families(requests: Sequence[Requests]) -> Iterable[Any]:
    from prometheus_client.core import HistogramMetricFamily

    labels = ["service", "method", "route", "status"]
    family = HistogramMetricFamily("pic_request_seconds", "how long answers took", labels=labels)
    for each in requests:
        for (method, route, status), timing in each.timings.items():
            bounds = [*(str(bound) for bound in BUCKETS), "+Inf"]
            buckets = list(zip(bounds, timing.cumulative(), strict=True))
            family.add_metric([each.service, method, route, str(status)], buckets, timing.seconds)
    yield family

"""One trace leads from a request through the outbox and the log to what two other services did about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from pic_exchange.demo import own_exchange
from pic_exchange.migrating import CHAINS
from pic_kit import tracing
from pic_replay.exchange import Exchange
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.trace_into(SimpleSpanProcessor(exporter))
    yield exporter
    tracing.trace_into(None)


def named(spans: list[ReadableSpan], name: str) -> list[ReadableSpan]:
    return [span for span in spans if span.name == name]


def service(span: ReadableSpan) -> str:
    return str((span.attributes or {})["pic.service"])


@pytest.fixture(params=["laptop", pytest.param("kafka", marks=[pytest.mark.kafka, pytest.mark.postgres])])
def servers(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "laptop":
        return {}
    database = request.getfixturevalue("postgres").fresh_database
    stores = {f"PIC_{store.upper().replace('-', '_')}_DATABASE_URL": database() for store in CHAINS}
    return {**stores, "KAFKA_BOOTSTRAP_SERVERS": request.getfixturevalue("kafka").servers}


async def played(folder: Path, servers: dict[str, str], steps: int) -> None:
    async with own_exchange(folder, secret=SECRET, servers=servers) as url, Exchange(url, SECRET) as exchange:
        scenario = load_scenario(scenario_path("s01-single-shipment"))
        outcome = await Runner(exchange, scenario, steps=steps).play()
        assert outcome.failures == []


async def test_a_case_is_traced_through_http_outbox_log_and_two_other_services(
    tmp_path: Path, spans: InMemorySpanExporter, servers: dict[str, str]
) -> None:
    await played(tmp_path, servers, steps=8)
    finished = list(spans.get_finished_spans())
    said = "pic.notification.transmitted.v1"
    published = named(finished, f"publish {said}")[0]
    trace = published.context.trace_id
    mine = [span for span in finished if span.context.trace_id == trace]
    by_id = {span.context.span_id: span for span in mine}
    assert published.parent is not None
    request = by_id[published.parent.span_id]
    assert request.name == "POST /v1/notifications/{ref}/transmission"
    assert request.kind is SpanKind.SERVER
    assert service(published) == "notifier"
    reactions = named(mine, f"react {said}")
    assert {service(span) for span in reactions} >= {"consent", "customs-gateway", "window"}
    batches = [span for span in finished if span.name in ("publish batch", "apply batch")]
    linked = {(span.name, link.context.trace_id) for span in batches for link in span.links}
    assert {("publish batch", trace), ("apply batch", trace)} <= linked


async def test_a_trace_that_a_caller_began_goes_on_and_nonsense_is_not_carried_on(
    spans: InMemorySpanExporter,
) -> None:
    begun = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    for given in (begun, "nonsense\r\n", None):
        headers = [(b"traceparent", given.encode())] if given else []
        with tracing.of_request({"method": "GET", "path": "/", "headers": headers}) as span:
            assert span.traceparent is not None
            assert span.traceparent.startswith("00-" + "a" * 32) == (given == begun)
            assert tracing.current() == span.traceparent


async def test_without_a_collector_nothing_is_traced_and_nothing_imported(tmp_path: Path) -> None:
    imported = {name for name in sys.modules if name.startswith("opentelemetry")}
    tracing.configure_traces({})
    assert tracing.current() is None
    with tracing.of_request({"method": "GET", "path": "/", "headers": []}) as span:
        assert span.traceparent is None
    assert tracing.of_batch("publish", "notifier", []) is tracing.NO_SPAN
    assert {name for name in sys.modules if name.startswith("opentelemetry")} == imported

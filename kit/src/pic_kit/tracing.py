"""One cause traced through HTTP, outbox, log and reactions. Off unless PIC_TRACES_URL names a collector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from pic_kit.clock import wall_clock

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

HEADER = "traceparent"
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
ON_RECORD = b"ce_traceparent"


class Span:
    """What the code under a span may know of it: nothing, while traces are off."""

    __slots__ = ("_span", "traceparent")

    def __init__(self, traceparent: str | None = None, span: Any = None) -> None:
        self.traceparent = traceparent
        self._span = span

    def answered(self, name: str, status: int) -> None:
        if self._span is not None:
            self._span.update_name(name)
            self._span.set_attribute("http.response.status_code", status)


NO_SPAN: AbstractContextManager[Span] = nullcontext(Span())


class Tracer:
    """OpenTelemetry, imported only where traces are on."""

    def __init__(self, processor: SpanProcessor, share: float = 1.0) -> None:
        from opentelemetry import trace
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        resource = Resource.create({"service.name": "pic-exchange"})
        self.provider: TracerProvider = TracerProvider(
            resource=resource, sampler=ParentBasedTraceIdRatio(share)
        )
        self.provider.add_span_processor(processor)
        self._tracer = self.provider.get_tracer("pic_kit")
        self._trace = trace
        self._propagator = TraceContextTextMapPropagator()

    def context_of(self, traceparent: str | None) -> Any:
        """Never that of whatever runs at the moment: what travels in a row names its own cause."""
        from opentelemetry.context import Context

        return self._propagator.extract({HEADER: traceparent} if traceparent else {}, context=Context())

    def traceparent(self, span: Any) -> str:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier, context=self._trace.set_span_in_context(span))
        return carrier[HEADER]

    @contextmanager
    def span(
        self,
        name: str,
        kind: str,
        parent: str | None,
        attributes: Mapping[str, Any],
        links: Sequence[str] = (),
    ) -> Iterator[Span]:
        contexts = [self._trace.get_current_span(self.context_of(link)).get_span_context() for link in links]
        with self._tracer.start_as_current_span(
            name,
            context=self.context_of(parent),
            kind=self._trace.SpanKind[kind],
            attributes=dict(attributes),
            links=[self._trace.Link(context) for context in contexts],
        ) as span:
            yield Span(self.traceparent(span), span)

    def was(self, name: str, parent: str, attributes: Mapping[str, Any], began: int, ended: int) -> None:
        """A span that is over already: one message of a batch, in the trace of its own cause."""
        span = self._tracer.start_span(
            name,
            context=self.context_of(parent),
            kind=self._trace.SpanKind.PRODUCER,
            attributes=dict(attributes),
            start_time=began,
        )
        span.end(ended)


_tracer: Tracer | None = None


def _nanoseconds() -> int:
    return int(wall_clock().timestamp() * 1e9)


def configure_traces(environment: Mapping[str, str]) -> None:
    """For the whole process, from PIC_TRACES_URL and PIC_TRACES_SHARE."""
    if not (url := environment.get("PIC_TRACES_URL")):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    trace_into(BatchSpanProcessor(OTLPSpanExporter(url)), float(environment.get("PIC_TRACES_SHARE", "1")))


def trace_into(processor: SpanProcessor | None, share: float = 1.0) -> None:
    """Send spans there; None ends it."""
    global _tracer
    before, _tracer = _tracer, None if processor is None else Tracer(processor, share)
    if before is not None:
        before.provider.shutdown()


def readable(traceparent: str | None) -> str | None:
    """A W3C trace context, or None: whatever else a caller sends is not carried on."""
    return traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else None


def current() -> str | None:
    """The trace context of what runs now, where traces are on."""
    if _tracer is None:
        return None
    span = _tracer._trace.get_current_span()
    return _tracer.traceparent(span) if span.get_span_context().is_valid else None


def of_request(scope: Mapping[str, Any]) -> AbstractContextManager[Span]:
    """A request that is served; `answered` names it when the route is known."""
    if _tracer is None:
        return NO_SPAN
    # Within one process a mounted service is called inside its front door's span.
    given = current() or next(
        (v.decode("latin-1") for k, v in scope["headers"] if k == HEADER.encode()), None
    )
    attributes = {"http.request.method": scope["method"], "url.path": scope["path"]}
    return _tracer.span(scope["method"], "SERVER", readable(given), attributes)


def of_cause(
    what: str, service: str, traceparent: str | None, attributes: Mapping[str, Any]
) -> AbstractContextManager[Span]:
    """A message or a deadline that is handled, in the trace of what caused it."""
    if _tracer is None:
        return NO_SPAN
    return _tracer.span(what, "CONSUMER", readable(traceparent), {"pic.service": service, **attributes})


def of_reaction(service: str, event: Any) -> AbstractContextManager[Span]:
    """A message that is reacted to. Nothing is put together for it while traces are off."""
    if _tracer is None:
        return NO_SPAN
    told = {"pic.id": str(event.id), "pic.type": event.type, "pic.case": event.case or ""}
    return of_cause(f"react {event.type}", service, event.traceparent, told)


@contextmanager
def _batch(
    tracer: Tracer, what: str, service: str, headers: Sequence[Mapping[bytes, bytes]]
) -> Iterator[Span]:
    links = sorted({readable(each[ON_RECORD].decode()) or "" for each in headers} - {""})
    attributes = {"pic.service": service, "messaging.batch.message_count": len(headers)}
    began = _nanoseconds()
    with tracer.span(f"{what} batch", "INTERNAL", None, attributes, links) as span:
        yield span
    if what == "publish":
        ended = _nanoseconds()
        for each in headers:
            told = {name: each.get(f"ce_{name}".encode(), b"").decode() for name in ("id", "type", "case")}
            named = {f"pic.{name}": value for name, value in told.items()}
            tracer.was(
                f"publish {told['type']}",
                each[ON_RECORD].decode(),
                {"pic.service": service, **named},
                began,
                ended,
            )


def of_batch(
    what: str, service: str, headers: Iterable[Iterable[tuple[str, bytes]]]
) -> AbstractContextManager[Span]:
    """Many messages at once: a span of its own that links to the trace of each."""
    if _tracer is None:
        return NO_SPAN
    named = ({name.encode(): value for name, value in each} for each in headers)
    return _batch(_tracer, what, service, [each for each in named if ON_RECORD in each])

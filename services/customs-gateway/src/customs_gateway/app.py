"""Wires the customs gateway; the only place that does."""

from __future__ import annotations

from fastapi import FastAPI

from customs_gateway import transits
from customs_gateway.api import (
    amendments,
    consent_checks,
    declarations,
    detentions,
    enforcement,
    evidence,
    registry,
    remedies,
    selectivity,
    supporting_documents,
    transit,
)
from customs_gateway.api.bodies import explain
from customs_gateway.clearing import is_stale
from customs_gateway.pushes import with_pushes
from customs_gateway.reactions import listen
from customs_gateway.remedies import deadlines
from pic_kit.access import Verifier
from pic_kit.app import build_app
from pic_kit.bus.base import Bus
from pic_kit.examples import show_examples
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_law.startup import read_every_statute


def build(settings: Settings, bus: Bus, verifier: Verifier) -> FastAPI:
    """The service over its own store."""
    read_every_statute()
    transits.watch(deadlines)
    runtime = Runtime(
        "customs-gateway",
        settings,
        bus,
        migrations="customs_gateway.migrations",
        reactions=with_pushes(listen(settings.hosts), settings.hosts, lambda: is_stale(runtime)),
        deadlines=deadlines,
    )
    routers = (
        *(declarations.router, enforcement.router, registry.router),
        *(consent_checks.router, amendments.router, remedies.router),
        transit.router,
        evidence.router,
        detentions.router,
        selectivity.router,
        supporting_documents.router,
    )
    app = build_app(runtime, verifier, routers, title="Customs gateway", explain=explain)
    show_examples(app, "customs_gateway.api")
    return app

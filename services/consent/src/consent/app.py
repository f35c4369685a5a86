"""The consent service put together; the only wiring."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI

from consent.api import classifications, import_notices, movements, notifications
from consent.clocks import deadlines
from consent.overdue_heard import keep_records
from consent.reactions import listen
from pic_kit.access import Verifier
from pic_kit.app import build_app
from pic_kit.bus.base import Bus
from pic_kit.examples import show_examples
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_law.codes import misread
from pic_law.rules import rule
from pic_law.startup import read_every_statute
from pic_schemas.refusal import Finding, pointer


def build(settings: Settings, bus: Bus, verifier: Verifier) -> FastAPI:
    """One process plays the importing and transit States of `settings`, and their facilities."""
    read_every_statute()
    runtime = Runtime(
        "consent",
        settings,
        bus,
        migrations="consent.migrations",
        reactions=keep_records(settings.hosts, listen(settings.hosts)),
        deadlines=deadlines,
    )
    routers = (notifications.router, movements.router, import_notices.router, classifications.router)
    app = build_app(runtime, verifier, routers, title="PIC exchange: consent", explain=explain)
    show_examples(app, "consent.api")
    return app


def explain(location: Sequence[str | int], message: str, written: object) -> Finding:
    """Every body here is a block that authority or facility fills in."""
    if isinstance(written, str) and (meant := misread(written, pointer(location))):
        return meant
    return rule("BLOCK_INVALID").finding(pointer(location), message)

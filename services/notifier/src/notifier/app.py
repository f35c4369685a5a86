"""The only wiring of the notifier."""

from __future__ import annotations

from fastapi import FastAPI

from notifier.api import (
    attachments,
    changes,
    custody,
    inquiries,
    movements,
    notifications,
    paper,
    prohibitions,
    receipts,
)
from notifier.api.explanation import explain
from notifier.commands.clocks import deadlines
from notifier.reactions import reactions
from pic_kit.access import Verifier
from pic_kit.app import build_app
from pic_kit.bus.base import Bus
from pic_kit.examples import show_examples
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_law.startup import read_every_statute


def build(settings: Settings, bus: Bus, verifier: Verifier) -> FastAPI:
    """The service of the State of export."""
    read_every_statute()
    runtime = Runtime(
        "notifier",
        settings,
        bus,
        migrations="notifier.migrations",
        reactions=reactions,
        deadlines=deadlines,
    )
    app = build_app(
        runtime,
        verifier,
        (
            notifications.router,
            movements.router,
            custody.router,
            receipts.router,
            attachments.router,
            paper.router,
            inquiries.router,
            changes.router,
            prohibitions.router,
        ),
        title="Notifier: the State of export",
        explain=explain,
    )
    show_examples(app, "notifier.api")
    return app

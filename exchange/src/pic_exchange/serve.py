"""Runs one process of the exchange under uvicorn: everything, or one service of the stack."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from pic_exchange.garbage import keep_what_stays, look_rarely
from pic_kit.access import Verifier, keys_from_url
from pic_kit.bus import open_bus
from pic_kit.bus.base import Bus
from pic_kit.logs import configure_logs
from pic_kit.settings import Settings
from pic_kit.topics import topics_of
from pic_kit.tracing import configure_traces, trace_into

log = structlog.get_logger("serve")
PORT = 8400
GRACE = 3  # seconds: without a limit an open event stream keeps the process alive


class PortInUse(Exception):
    """Another program listens on the port."""


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind before anything is started, so that a taken port is told at once. Raises PortInUse."""
    # Named as TCP, or asyncio leaves Nagle's delay on: every answer came 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUse(f"port {port} on {host} is in use; choose another with --port") from error
    return listener


class QuietlyEnding(uvicorn.Server):
    """Ends on SIGINT and SIGTERM, and no more.

    uvicorn raises the signal again when it has stopped: that kills the process before its stores are closed
    and its consumers have left their groups.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in signals}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def server_for(app: FastAPI, kind: type[uvicorn.Server] = uvicorn.Server) -> uvicorn.Server:
    """uvicorn for an application whose own lifespan has been started already."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE,
        log_config=None,
    )
    return kind(config)


async def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM."""
    with listener:
        await server_for(app, QuietlyEnding).serve(sockets=[listener])


async def serve_everything(settings: Settings, listener: socket.socket) -> None:
    """The whole exchange in this process."""
    # A start makes many objects that stay: looking for garbage among them costs a sixth of it.
    gc.disable()
    from pic_exchange.copied import mend_if_copied, note_known
    from pic_exchange.embedded import EmbeddedExchange

    await mend_if_copied(settings)
    async with EmbeddedExchange(settings).running() as exchange:
        note_known(settings.data)
        look_rarely()
        await serve(exchange.app, listener)


@asynccontextmanager
async def one_service(name: str, settings: Settings) -> AsyncIterator[FastAPI]:
    """One service of the stack, running."""
    bus = open_bus(settings.bus_url)
    await bus.start()
    try:
        await bus.ensure_topics(topics_of(settings))
        app = _application(name, settings, bus)
        async with app.router.lifespan_context(app):
            yield app
    finally:
        await bus.stop()


def _application(name: str, settings: Settings, bus: Bus) -> FastAPI:
    if name == "single-window":
        import single_window.app

        return single_window.app.build(settings, bus).app
    from pic_exchange.embedded import SERVICES

    if settings.jwks_url is None:
        raise SystemExit("PIC_JWKS_URL is not set: a service of its own needs the issuer's keys")
    return SERVICES[name](settings, bus, Verifier(settings.issuer, keys_from_url(settings.jwks_url)))


async def serve_one(name: str, settings: Settings, host: str, port: int) -> None:
    """One service of the stack until it is told to stop."""
    listener = listening_socket(host, port)
    place = {"service": name, "deployment": settings.deployment, "port": listener.getsockname()[1]}
    try:
        async with one_service(name, settings) as app:
            keep_what_stays()
            log.info("serving", **place)
            await serve(app, listener)
    except Exception as error:
        # As an event like every other, and not as a drawing in the middle of JSON lines.
        log.exception("service ended by an error", **place)
        raise SystemExit(1) from error


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run to the end; Ctrl-C and SIGTERM are a normal end, after everything was closed."""
    configure_logs(os.environ)
    configure_traces(os.environ)
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(coroutine)
    finally:
        trace_into(None)

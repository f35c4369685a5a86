"""The only wiring of the single window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from pic_kit.access import Verifier
from pic_kit.app import build_app
from pic_kit.bus.base import Bus
from pic_kit.problems import contract_finding, problem
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_law.startup import read_every_statute
from single_window.api import (
    audit,
    cases,
    code_lists,
    console_codes,
    events,
    faults,
    health,
    injections,
    kept_acts,
    law,
    oauth,
    seats,
    set_aside,
    snapshots,
    worlds,
)
from single_window.api.context import Rooms
from single_window.clock import ClockMover
from single_window.console import acts, files, pages, required
from single_window.console import worlds as console_worlds
from single_window.desk.acts import ActBook
from single_window.desk.clients import ClientBook, operator_secret
from single_window.desk.issuer import Issuer
from single_window.desk.worlds import refusal
from single_window.domain.cursor import CursorOfALostLog
from single_window.domain.fault_book import FaultBook
from single_window.faulty_door import FaultyDoor
from single_window.front_door import front_door
from single_window.keep_acts import KeepActs
from single_window.players import Players
from single_window.playing import Doors, known_personas, play_on
from single_window.rebuilding import Builder
from single_window.settings import Upstreams, most_worlds
from single_window.stores import NeighbourStore, OwnStore, PeerAway, PeerStore, Store
from single_window.window.feed import Feed
from single_window.window.reactions import reactions
from single_window.window.store import forget_closed_cases


@dataclass(frozen=True, slots=True)
class SingleWindow:
    """The application, its two stores, and the public keys for whoever verifies tokens in this process."""

    app: FastAPI
    desk: Runtime
    window: Runtime
    rooms: Rooms
    operator_secret: str

    async def fetch_keys(self) -> dict[str, Any]:
        return await self.rooms.issuer.fetch_keys()


def build(
    settings: Settings,
    bus: Bus,
    peers: Mapping[str, httpx.AsyncClient] | None = None,
    neighbours: Mapping[str, Runtime] | None = None,
) -> SingleWindow:
    """`peers`: a client for every other service of this process; without it the environment names them.

    `neighbours`: their stores, which are asked often.
    """
    read_every_statute()
    upstreams = Upstreams.from_settings(settings)
    urls = {} if peers is not None else upstreams.services
    by_url = {url: httpx.AsyncClient(base_url=url, timeout=30) for url in urls.values()}
    clients = dict(peers) if peers is not None else {name: by_url[url] for name, url in urls.items()}
    secret = operator_secret(settings)
    doors = Doors(clients, upstreams, by_url)
    rooms = _rooms(settings, bus, clients, neighbours or {}, secret, doors)
    routers = [health.router, oauth.router, worlds.router, seats.router, injections.router]
    routers += [events.router, cases.router, kept_acts.router, faults.router, snapshots.router]
    routers += [audit.router, law.router, code_lists.router, required.router]
    routers += [console_codes.router, acts.router, pages.router, console_worlds.router, files.router]
    routers += [front_door(upstreams, by_url)] if peers is None else []
    verifier = Verifier(settings.issuer, rooms.issuer.fetch_keys)
    app = build_app(
        rooms.window,
        verifier,
        routers,
        title="Single window",
        companions=[rooms.desk],
        set_aside=set_aside.router,
    )
    app.state.rooms = rooms
    app.add_middleware(KeepActs, book=rooms.acts)
    # Outermost: what fails on order was never asked.
    app.add_middleware(FaultyDoor, book=rooms.faults, now=rooms.acts.now)
    # A world that is built again is asked through the same doors as everybody else.
    rooms.builder.enter_by(
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front-door", timeout=30)
    )
    app.add_exception_handler(PeerAway, _peer_away)
    app.add_exception_handler(CursorOfALostLog, _log_lost)
    _extend_lifespan(app, rooms, list(by_url.values()))
    return SingleWindow(app, rooms.desk, rooms.window, rooms, secret)


def _rooms(
    settings: Settings,
    bus: Bus,
    peers: Mapping[str, httpx.AsyncClient],
    neighbours: Mapping[str, Runtime],
    secret: str,
    doors: Doors,
) -> Rooms:
    desk = Runtime("desk", settings, bus, service="single-window", migrations="single_window.desk.migrations")
    window = Runtime(
        "window",
        settings,
        bus,
        service="single-window",
        migrations="single_window.window.migrations",
        reactions=reactions,
        forgets={"audit": forget_closed_cases},
    )
    issuer = Issuer(desk, settings.issuer)
    own: tuple[Store, ...] = (OwnStore(desk), OwnStore(window))
    others = tuple(
        NeighbourStore(name, client, issuer.own_token, neighbours[name])
        if name in neighbours
        else PeerStore(name, client, issuer.own_token)
        for name, client in peers.items()
    )
    players = Players(desk, window, issuer, doors, known_personas())
    stores, acts = (*own, *others), ActBook(desk)
    clock = ClockMover(desk, own, others, players)
    return Rooms(
        desk=desk,
        window=window,
        issuer=issuer,
        clients=ClientBook(desk, secret),
        stores=stores,
        clock=clock,
        players=players,
        feed=Feed(window, desk, settings),
        most_worlds=most_worlds(settings),
        acts=acts,
        faults=FaultBook(),
        builder=Builder(desk, window, issuer, stores, clock, players, acts),
    )


def _extend_lifespan(app: FastAPI, rooms: Rooms, clients: list[httpx.AsyncClient]) -> None:
    stores_running = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        async with stores_running(running):
            await rooms.acts.open_again()
            await rooms.builder.resume()
            await rooms.players.resume()
            await rooms.clock.resume()
            playing = asyncio.create_task(play_on(rooms.players, rooms.window, rooms.desk, rooms.stores))
            try:
                yield
            finally:
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)
                await rooms.builder.stop()
                await rooms.clock.stop()
                for client in clients:
                    await client.aclose()

    app.router.lifespan_context = lifespan


async def _peer_away(request: Request, error: Exception) -> JSONResponse:
    finding = refusal("SERVICE_AWAY", "design rule 6", "", str(error))
    return problem(request, 503, [finding], title="A service is away", retry_after=2)


async def _log_lost(request: Request, error: Exception) -> JSONResponse:
    finding = contract_finding("CURSOR_OF_A_LOST_LOG", "design rule 13", str(error), "/after")
    return problem(request, 410, [finding], title="The log was lost")

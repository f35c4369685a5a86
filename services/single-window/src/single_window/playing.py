"""Personas act when their world is quiet, whoever asks: a clock, somebody who waits, or nobody at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import Any

import httpx
import structlog
import yaml

from pic_kit.activity import heard_of
from pic_kit.database import is_transient
from pic_kit.runtime import Runtime
from pic_kit.worlds import load_worlds
from single_window.domain.personas import Persona, read_personas
from single_window.personas.acts import ACTS
from single_window.players import Players
from single_window.quiet import Quiet, first_of, wait_until_quiet
from single_window.settings import Upstreams
from single_window.stores import PeerAway, Store

log = structlog.get_logger("personas")
LOOK_AGAIN, PAUSE = 1.0, 0.1
MOST_ACTS = 1000


def known_personas() -> dict[str, Persona]:
    """Raises PersonaUnreadable, before anything starts."""
    raw: Any = yaml.safe_load(files("single_window.personas").joinpath("personas.yaml").read_text("utf-8"))
    return read_personas(raw["personas"], ACTS)


class Doors:
    """The services' own addresses: by name in one process, by State on a stack."""

    def __init__(
        self, peers: Mapping[str, httpx.AsyncClient], upstreams: Upstreams, by_url: Mapping[str, Any]
    ) -> None:
        self._peers = peers
        self._upstreams = upstreams
        self._by_url = by_url

    def client(self, service: str, state: str) -> httpx.AsyncClient:
        if service in self._peers:
            return self._peers[service]
        url = self._upstreams.consent_for(state)
        if url is None:
            raise PeerAway(f"no process plays the authorities of {state}")
        found: httpx.AsyncClient = self._by_url[url]
        return found


async def quiet_with_personas(
    players: Players, stores: Sequence[Store], world: str, seconds: float, *, moving: bool
) -> Quiet:
    """Quiet, and no persona has anything to do now. A clock that moves lets them play by itself."""
    if not players.play_in(world) or moving:
        return await wait_until_quiet(stores, world, seconds)
    async with players.turn(world):
        found = await wait_until_quiet(stores, world, seconds)
        for _ in range(MOST_ACTS):
            if not found.quiet:
                return found
            if not await players.act(world):
                due = await players.next_due(world)
                return replace(found, next_due=first_of(found.next_due, due))
            found = await wait_until_quiet(stores, world, max(seconds, 1.0))
    return Quiet((f"the personas have acted {MOST_ACTS} times and are not done",))


async def play_on(players: Players, window: Runtime, desk: Runtime, stores: Sequence[Store]) -> None:
    """For whoever only looks: after something was heard, let the personas of its world act when it is quiet.

    A world in which nothing was heard since they had nothing to do is not looked at: with a dozen of them
    every service was asked for each, whatever was said anywhere.
    """
    idle: dict[str, tuple[int, int]] = {}
    while True:
        await _heard(window)
        for world, now in (await _standing(players, window)).items():
            if idle.get(world) == now:
                continue
            try:
                found = (await desk.read(partial(load_worlds, ids=[world]))).get(world)
                if found is None or found.deleted:
                    players.forget(world)
                    idle.pop(world, None)
                elif not found.moving:
                    quiet = await quiet_with_personas(players, stores, world, 0, moving=False)
                    idle |= {world: now} if quiet.quiet else {}
            except Exception as error:
                if not (isinstance(error, PeerAway) or is_transient(error)):
                    log.exception("personas could not act", world=world)


async def _standing(players: Players, window: Runtime) -> dict[str, tuple[int, int]]:
    """Of each world how much was heard and how often personas were cast: both may give them work."""
    worlds = players.worlds
    try:
        heard = await heard_of(window, worlds) if worlds else {}
    except Exception as error:
        if not is_transient(error):
            log.exception("personas could not look")
        return {}
    return {world: (heard.get(world, 0), players.times_cast(world)) for world in worlds}


async def _heard(window: Runtime) -> None:
    """Something new, or a second; several messages at once are one reason to look."""
    consumer = window.consumer
    if consumer is None:
        await asyncio.sleep(LOOK_AGAIN)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN), consumer.progress:
            await consumer.progress.wait()
    await asyncio.sleep(PAUSE)

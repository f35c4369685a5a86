"""Builds a world again from a snapshot: asks what was asked, through the same doors, on the same days."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import structlog

from pic_kit.clock import monotonic
from pic_kit.runtime import Runtime
from pic_kit.worlds import load_worlds
from pic_schemas.identities import Identities
from pic_schemas.refusal import Refused
from single_window.clock import ClockMover
from single_window.desk import generations, worlds
from single_window.desk.acts import ActBook
from single_window.desk.issuer import Issuer
from single_window.domain.digest import world_digest
from single_window.domain.snapshot import Place, Snapshot, renamed, told_differently
from single_window.players import Players
from single_window.playing import quiet_with_personas
from single_window.stores import PeerAway, Store
from single_window.window.store import all_histories

log = structlog.get_logger("rebuilding")
PATIENCE, SETTLE_WITHIN, LATER = 60.0, 15.0, 0.05
BUSY = {423, 429, 502, 503, 504}
WORLD = "/v1/worlds/{world}"
# The exchange itself in the operator's place: nobody else may act in a world that is being built.
OPERATOR = {"role": "operator,exchange", "state": "exchange", "agency": "operator"}


class Builder:
    """One world at a time is built by one task, which goes on although the one who asked for it has left."""

    def __init__(
        self,
        desk: Runtime,
        window: Runtime,
        issuer: Issuer,
        stores: tuple[Store, ...],
        clock: ClockMover,
        players: Players,
        acts: ActBook,
    ) -> None:
        self._desk, self._window, self._issuer = desk, window, issuer
        self._stores, self._clock, self._players, self._acts = stores, clock, players, acts
        self._door: httpx.AsyncClient | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def enter_by(self, door: httpx.AsyncClient) -> None:
        """The front door of this exchange, where everybody's requests come in."""
        self._door = door

    async def resume(self) -> None:
        """No half of a world is left behind: what a crash interrupted is deleted, and may be asked anew."""
        for world in await self._desk.read(generations.half_built):
            log.info("a world that was half built is deleted", world=world)
            await self._delete(world)

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._door is not None:
            await self._door.aclose()

    async def build(self, world: str, snapshot: Snapshot | None, predecessor: str | None) -> None:
        """Returns when the world is what it shall be; without a snapshot it is empty. Twice is once.

        Raises Refused where another thing comes of it than then, PeerAway when it takes long.
        """
        if world not in self._tasks:
            if not await self._desk.read(lambda connection: generations.is_building(connection, world)):
                return
            task = asyncio.create_task(self._until_built(world, snapshot, predecessor))
            self._tasks[world] = task
            task.add_done_callback(lambda done: self._forget(world, done))
        try:
            await asyncio.wait_for(asyncio.shield(self._tasks[world]), PATIENCE)
        except TimeoutError as error:
            raise PeerAway(f"{world} is still being built; send the same request again") from error

    def _forget(self, world: str, done: asyncio.Task[None]) -> None:
        self._tasks.pop(world, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("a world was not built", world=world, reason=str(error))

    async def abandon(self, world: str) -> None:
        """Stop building it; whoever says so deletes it."""
        if (task := self._tasks.get(world)) is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _delete(self, world: str) -> None:
        await self._desk.write(lambda transaction: worlds.delete(transaction, world))
        await self._acts.forget(world)
        self._players.forget(world)

    async def _until_built(self, world: str, snapshot: Snapshot | None, predecessor: str | None) -> None:
        try:
            await self._ask_again(world, snapshot)
        except Exception:
            await self._delete(world)
            raise
        await self._desk.write(lambda transaction: generations.finish(transaction, world, predecessor))

    async def _ask_again(self, world: str, snapshot: Snapshot | None) -> None:
        await self._acts.begin(world, whole=True)
        if snapshot is None:
            return
        known = Identities()
        for number, act in enumerate(snapshot.acts, 1):
            await self._move_to(world, datetime.fromisoformat(act["at"]))
            answer = await self._asked(world, act, known, snapshot)
            if answer.status_code != act["status"]:
                raise _other(
                    f"act {number}, {_said(act)}, was answered {act['status']} then, {_told(answer)} now"
                )
            known.learn(act["answer"], _json(answer))
            await self._settle(world)
        await self._move_to(world, snapshot.now)
        await self._settle(world)
        found = world_digest(await self._window.read(lambda connection: all_histories(connection, world)))
        if different := told_differently(snapshot, found.world, found.cases):
            raise _other(different)

    async def _move_to(self, world: str, moment: datetime) -> None:
        found = (await self._desk.read(lambda connection: load_worlds(connection, [world])))[world]
        if found.now < moment:
            await self._clock.move(world, moment)

    async def _settle(self, world: str) -> None:
        found = await quiet_with_personas(self._players, self._stores, world, SETTLE_WITHIN, moving=False)
        # What waits for ever waited when the snapshot was taken as well.
        if not (found.quiet or found.stuck):
            raise PeerAway(f"{world} does not settle: {'; '.join(found.reasons)}")

    async def _asked(
        self, world: str, act: Mapping[str, Any], known: Identities, snapshot: Snapshot
    ) -> httpx.Response:
        if self._door is None:
            raise PeerAway("the exchange is still starting")
        path = renamed(act, known, await self._places(world, snapshot), snapshot)
        request = {"headers": await self._headers(world, act), **_content(act, known)}
        until = monotonic() + SETTLE_WITHIN
        while True:
            answer = await self._door.request(
                act["method"], path.replace(WORLD, f"/v1/worlds/{world}"), **request
            )
            if answer.status_code not in BUSY or monotonic() > until:
                return answer
            await asyncio.sleep(LATER)

    async def _headers(self, world: str, act: Mapping[str, Any]) -> dict[str, str]:
        seat = act["seat"] or OPERATOR
        token = await self._issuer.token(
            "rebuilding",
            agency=seat["agency"],
            state=seat["state"],
            roles=seat["role"].split(","),
            world="" if act["seat"] is None else world,
        )
        headers = {"Authorization": f"Bearer {token}"}
        if act["key"]:
            headers["Idempotency-Key"] = act["key"]
        if file := act.get("file"):
            headers["Content-Type"] = file["media_type"]
        return headers

    async def _places(self, world: str, snapshot: Snapshot) -> dict[Place, str]:
        """The messages of this world by their places; only for a snapshot in which one is said once more."""
        if not snapshot.places:
            return {}
        histories = await self._window.read(lambda connection: all_histories(connection, world))
        said = (event for _, events in histories for event in events)
        return {(event.case or "", event.source, event.sequence): str(event.id) for event in said}


def _content(act: Mapping[str, Any], known: Identities) -> dict[str, Any]:
    if file := act.get("file"):
        return {"content": b64decode(file["content"])}
    return {"json": known.applied(act.get("body"))} if act.get("body") is not None else {}


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _said(act: Mapping[str, Any]) -> str:
    who = f"{act['seat']['role']} {act['seat']['agency']}" if act["seat"] else "the operator"
    return f"{who}: {act['method']} {act['path']}"


def _told(answer: httpx.Response) -> str:
    body = _json(answer)
    rule = body.get("rule") if isinstance(body, Mapping) else None
    return f"{answer.status_code} {rule}" if rule else str(answer.status_code)


def _other(detail: str) -> Refused:
    """The law, the exchange or a fault is another one: the record would no longer say what it said."""
    return Refused.conflict(worlds.refusal("SNAPSHOT_DRIFTS", "design rule 10", "", detail))

"""Personas at work: they look at their desks when the world is quiet, and act as their seats would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, Protocol

import httpx
import structlog

from pic_kit.runtime import Runtime
from pic_kit.transaction import Transaction
from pic_kit.worlds import load_worlds
from pic_schemas.address import ANY, Address
from single_window.desk.casts import held, worlds_with_casts
from single_window.desk.issuer import Issuer
from single_window.domain.case import CaseFile
from single_window.domain.personas import Cast, Persona, Plan
from single_window.domain.seats import seats_of
from single_window.domain.tasks import Task, tasks_of
from single_window.personas.acts import ACTS, USUAL, Asked, CannotPlay, Scene, office_of
from single_window.stores import PeerAway
from single_window.window.documents import document_of
from single_window.window.store import find_case, open_cases

log = structlog.get_logger("personas")
MOST_CASES = 500
TOLD_AT_MOST = 300
BUSY = {423, 429, 502, 503, 504}


class Services(Protocol):
    """Where a seat's requests go."""

    def client(self, service: str, state: str) -> httpx.AsyncClient: ...


class Players:
    """One act after another in each world. A world without a cast costs nothing: it is not looked at."""

    def __init__(
        self,
        desk: Runtime,
        window: Runtime,
        issuer: Issuer,
        services: Services,
        personas: Mapping[str, Persona],
    ) -> None:
        self.personas = personas
        self._desk = desk
        self._window = window
        self._issuer = issuer
        self._services = services
        self._worlds: set[str] = set()
        self._casts: dict[str, int] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def resume(self) -> None:
        """Know again where personas play."""
        self._worlds = await self._desk.read(worlds_with_casts)

    def cast(self, world: str) -> None:
        """From now on personas play here, or others than before."""
        self._worlds.add(world)
        self._casts[world] = self._casts.get(world, 0) + 1

    def times_cast(self, world: str) -> int:
        return self._casts.get(world, 0)

    def forget(self, world: str) -> None:
        self._worlds.discard(world)
        self._locks.pop(world, None)
        self._casts.pop(world, None)

    def play_in(self, world: str) -> bool:
        return world in self._worlds

    @property
    def worlds(self) -> list[str]:
        """Where personas play."""
        return sorted(self._worlds)

    async def next_due(self, world: str) -> datetime | None:
        """When a persona acts next; to be asked when the world is quiet."""
        if world not in self._worlds:
            return None
        return (await self._looked(world)).next_due()

    async def act(self, world: str, now: datetime | None = None) -> bool:
        """Do what is due now, one act; False when there is nothing. To be asked when the world is quiet.

        While a clock moves, the one who moves it says what time it is.
        """
        if world not in self._worlds:
            return False
        cast = await self._looked(world, now)
        if cast.now is None or not (due := cast.due()):
            return False
        await self._do(cast, due[0], cast.now)
        return True

    def turn(self, world: str) -> asyncio.Lock:
        """Held from a look at the world to the act that rests on it, by one at a time."""
        return self._locks.setdefault(world, asyncio.Lock())

    async def _looked(self, world: str, now: datetime | None = None) -> Cast:
        """The cast, with what lies on its desks at this moment; kept, because a task has its day once."""
        cases = await self._window.read(lambda c: open_cases(c, world, None, MOST_CASES))

        async def look(transaction: Transaction) -> Cast:
            cast = await held(transaction, world)
            found = (await load_worlds(transaction.connection, [world])).get(world)
            if found is not None and not found.deleted:
                at = now or found.now
                cast.look(self._tasks(cases, cast, at), self.personas, at)
            # Acts rest on it after this transaction, which keeps its own for the next one.
            return deepcopy(cast)

        return await self._desk.write(look)

    def _tasks(self, cases: list[CaseFile], cast: Cast, now: datetime) -> list[Task]:
        return [
            task
            for case in cases
            for seat in seats_of(case)
            if cast.player(str(seat)) is not None
            for task in tasks_of(case, seat, now)
        ]

    async def _do(self, cast: Cast, plan: Plan, now: datetime) -> None:
        name = cast.player(plan.seat)
        if name is None:
            return
        persona = self.personas[name]
        act = persona.habit(plan.kind).acts[plan.step]
        done, told = await self._tried(cast, plan, USUAL.get(plan.kind, "") if act == "usual" else act, now)

        async def keep(transaction: Transaction) -> None:
            fresh = await held(transaction, cast.world)
            kept = fresh.plans.get(f"{plan.seat}|{plan.task}")
            # Somebody may have taken the seat meanwhile.
            if kept is None or kept.step != plan.step:
                return
            if done:
                fresh.done(kept, told[:TOLD_AT_MOST], persona, now)
            else:
                fresh.postpone(kept, told[:TOLD_AT_MOST], now)

        await self._desk.write(keep)

    async def _tried(self, cast: Cast, plan: Plan, act: str, now: datetime) -> tuple[bool, str]:
        """Send it and say what came of it; the same key twice acts once."""
        if act not in ACTS:
            return False, f"no persona knows how to do {plan.kind}"
        try:
            scene = await self._scene(cast.world, plan, now)
            asked = ACTS[act](scene)
        except (CannotPlay, KeyError, IndexError) as error:
            return False, f"cannot {act}: {error}"
        key = f"persona:{plan.task}:{plan.step}:{plan.refused}"
        answer = await self._send(cast.world, _seated(scene), asked, key)
        log.debug("persona acted", world=cast.world, seat=plan.seat, act=act, status=answer.status_code)
        done = answer.status_code < 400
        return done, act if done else f"{act} was refused: {_reason(answer)}"

    async def _scene(self, world: str, plan: Plan, now: datetime) -> Scene:
        found = await self._window.read(lambda c: find_case(c, world, plan.case, None))
        if found is None:
            raise CannotPlay("the case is not there any more")
        document = await self._window.read(lambda c: document_of(c, world, plan.case))
        subject = plan.task.split(":", 2)[2]
        return Scene(Address.parse(plan.seat), found[0], document or {}, plan.shipment, now, subject)

    async def _send(self, world: str, seat: Address, asked: Asked, key: str) -> httpx.Response:
        token = await self._issuer.token(
            f"persona:{seat}", agency=seat.agency, state=seat.state, roles=[seat.role], world=world
        )
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        client = self._services.client(asked.service, seat.state)
        try:
            answer = await client.post(asked.path, json=dict(asked.body), headers=headers)
        except httpx.HTTPError as error:
            raise PeerAway(f"{asked.service} cannot be reached: {type(error).__name__}") from error
        if answer.status_code in BUSY:
            raise PeerAway(f"{asked.service} is busy: {answer.status_code}")
        return answer


def _seated(scene: Scene) -> Address:
    """Of `any office` one is chosen, for a declaration is made at an office."""
    if scene.seat.agency != ANY:
        return scene.seat
    return Address(scene.seat.state, scene.seat.role, office_of(scene))


def _reason(answer: httpx.Response) -> str:
    try:
        body: Any = answer.json()
    except ValueError:
        return str(answer.status_code)
    return f"{body.get('rule', answer.status_code)}: {body.get('detail', '')}"


async def until_nothing_is_due(
    players: Players,
    world: str,
    settle: Callable[[], Awaitable[object]],
    now: datetime | None = None,
    most: int = 1000,
) -> int:
    """Let the personas of a quiet world act until none has anything to do; returns how many acts.

    Raises PeerAway when it does not end: two personas that answer each other for ever are a mistake.
    """
    async with players.turn(world):
        for acts in range(most):
            if not await players.act(world, now):
                return acts
            await settle()
    raise PeerAway(f"the personas of {world} have acted {most} times and are not done")

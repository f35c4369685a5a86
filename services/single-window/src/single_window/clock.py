"""Moves a sandbox's clock from deadline to deadline, the same everywhere, also across a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from pic_kit.activity import Activity
from pic_kit.database import is_transient
from pic_kit.runtime import Runtime
from single_window.desk import worlds
from single_window.players import Players, until_nothing_is_due
from single_window.quiet import earliest, first_of, settled, wait_until_settled
from single_window.stores import PeerAway, PeerStore, Store, all_activity

log = structlog.get_logger("clock")
SETTLE_WITHIN = 15.0
# Sooner than those who ask, and who stands between, give up: they wait for a minute.
ANSWER_WITHIN = 40.0
BACK_OFF = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many deadlines the clock stopped at, and how many timers came due there."""

    steps: int = 0
    fired: int = 0


class ClockMover:
    """One move a world at a time; a move goes on although the one who asked for it has left.

    The own stores act on no deadline: the desk keeps the target, the window hears of the arrival.
    """

    def __init__(
        self, desk: Runtime, own: Sequence[Store], peers: Sequence[PeerStore], players: Players
    ) -> None:
        self._desk = desk
        self._players = players
        self._own = own
        self._peers = peers
        self._stores = (*own, *peers)
        self._moves: dict[str, asyncio.Task[Moved]] = {}

    async def next_due(self, world: str) -> datetime | None:
        """When the next timer of this world comes due, anywhere."""
        look = await wait_until_settled(self._stores, world, SETTLE_WITHIN)
        return first_of(earliest(look), await self._players.next_due(world))

    async def move(self, world: str, target: datetime, *, patience: float = ANSWER_WITHIN) -> Moved:
        """Raises Refused, ClockMoving, and PeerAway when it takes longer than `patience` seconds."""
        await self._desk.write(lambda transaction: worlds.begin_move(transaction, world, target))
        task = self._start(world, target)
        try:
            return await asyncio.wait_for(asyncio.shield(task), patience)
        except TimeoutError as error:
            raise PeerAway(f"the clock of {world} is still on its way to {target.isoformat()}") from error

    async def resume(self) -> None:
        """Go on with the moves that a crash interrupted."""
        for world, target in (await self._desk.read(worlds.moves_under_way)).items():
            log.info("clock move resumed", world=world, target=target.isoformat())
            self._start(world, target)

    async def stop(self) -> None:
        tasks = list(self._moves.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, world: str, target: datetime) -> asyncio.Task[Moved]:
        task = asyncio.create_task(self._until_done(world, target))
        self._moves[world] = task
        task.add_done_callback(lambda _: self._moves.pop(world, None))
        return task

    async def _until_done(self, world: str, target: datetime) -> Moved:
        failures = 0
        while True:
            try:
                return await self._walk(world, target)
            except Exception as error:
                # A move that ends half-way would leave the world moving until the next start.
                if not (isinstance(error, PeerAway) or is_transient(error)):
                    raise
                log.warning("clock move is held up; it is tried again", world=world, reason=str(error))
                await asyncio.sleep(BACK_OFF[min(failures, len(BACK_OFF) - 1)])
                failures += 1

    async def _walk(self, world: str, target: datetime) -> Moved:
        look = await self._stop_commands(world)
        steps = fired = 0
        while (due := await self._next(world, look)) is not None and due <= target:
            # Nothing fires before every store knows the time.
            look = await self._set(world, due, moving=True)
            fired += await self._fire(world, look)
            look = await wait_until_settled(self._stores, world, SETTLE_WITHIN)
            if self._players.play_in(world):
                look = await self._let_play(world, due)
            steps += 1
        await self._set(world, target, moving=False)
        await self._desk.write(lambda transaction: worlds.end_move(transaction, world))
        return Moved(steps, fired)

    async def _next(self, world: str, look: Sequence[Activity]) -> datetime | None:
        """The next deadline or the next act of a persona."""
        return first_of(earliest(look), await self._players.next_due(world))

    async def _let_play(self, world: str, now: datetime) -> list[Activity]:
        """Personas send requests like everybody else, so the clock stands still for them."""
        await self._set(world, now, moving=False)
        await until_nothing_is_due(
            self._players, world, lambda: wait_until_settled(self._stores, world, SETTLE_WITHIN), now
        )
        return await self._stop_commands(world)

    async def _stop_commands(self, world: str) -> list[Activity]:
        look = await self._set(world, None, moving=True)
        look += await all_activity(self._own, world)
        if settled(look) and not any(found.waiting for found in look):
            return look
        return await wait_until_settled(self._stores, world, SETTLE_WITHIN)

    async def _set(self, world: str, now: datetime | None, *, moving: bool) -> list[Activity]:
        setting = (peer.set_clock(world, now, moving=moving) for peer in self._peers)
        return list(await asyncio.gather(*setting))

    async def _fire(self, world: str, look: Sequence[Activity]) -> int:
        """Service by service in their fixed order, so that two runs give the same history."""
        fired = 0
        for peer, found in zip(self._peers, look, strict=True):
            if found.due:
                fired += await peer.fire(world)
        return fired

"""The waiting room: messages of a case that came too early, released in order when their cure arrives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, select, update

from pic_kit.arrivals import Arrival, CaseKey, kept
from pic_kit.database import is_transient
from pic_kit.inbox import Fate, Inbox
from pic_kit.outgoing import AlreadySaid
from pic_kit.reactions import NotYet
from pic_kit.tables import waiting
from pic_kit.transaction import Transaction
from pic_schemas.messages.worlds import WorldOpened
from pic_schemas.refusal import Refused

if TYPE_CHECKING:
    from pic_kit.runtime import Runtime

React = Callable[[Transaction, Arrival], Awaitable[None]]


def explain(error: BaseException) -> tuple[str, str, tuple[str, ...]]:
    """Reason, detail and the types that may cure it, for the one who looks at the waiting message."""
    if isinstance(error, NotYet):
        return error.reason, str(error), error.waits_for
    if isinstance(error, Refused):
        first = error.findings[0]
        return first.rule, f"{first.detail} ({first.article})", ()
    return "REACTION_FAILED", f"{type(error).__name__}: {error}"[:500].replace("\0", ""), ()


AT_ONCE = 200
"""Messages of one case that are released in one transaction."""


class WaitingRoom:
    """Releases what waits: a case in one transaction if it can be, else each message in its own."""

    def __init__(self, runtime: Runtime, react: React, reads: Callable[[str], bool]) -> None:
        self._runtime = runtime
        self._react = react
        self._reads = reads

    async def release(self, world: str, case: str) -> int:
        """Apply what waits for this case, as far as it can go; returns how many were applied."""
        applied, refused = await self._together(world, case), set[int]()
        while (chosen := await self._next(world, case)) is not None and chosen.id not in refused:
            if await self._try(chosen):
                applied += 1
            else:
                # Its new reason may name another message of the queue, which comes next.
                refused.add(chosen.id)
        return applied

    async def release_all(self) -> None:
        """Try every case in which something waits."""
        for world, case in sorted(await self._cases()):
            await self.release(world, case)

    async def cases_of(self, worlds: Iterable[str]) -> set[CaseKey]:
        """The cases of these worlds in which something waits."""
        named = sorted(set(worlds))
        return await self._cases(waiting.c.world.in_(named)) if named else set()

    async def _cases(self, *where: Any) -> set[CaseKey]:
        query = select(waiting.c.world, waiting.c.case_id).where(*where).distinct()
        async with self._runtime.database.reading() as connection:
            return {(row.world, row.case_id) for row in await connection.execute(query)}

    async def _next(self, world: str, case: str) -> Any | None:
        async with self._runtime.database.reading() as connection:
            rows = (await connection.execute(_waiting_of(world, case))).all()
        return choose(rows) if rows else None

    async def _together(self, world: str, case: str) -> int:
        """In the order in which they came, up to the first that must go on waiting; none if one is refused.

        A projection that is built again from the log may have heard thousands before it heard their world.
        """
        query = _waiting_of(world, case).limit(AT_ONCE)
        applied = 0
        while True:
            async with self._runtime.database.reading() as connection:
                rows = (await connection.execute(query)).all()
            done = await self._try_all(rows) if len(rows) > 1 else 0
            applied += done
            if not done or done < len(rows):
                return applied

    async def _try_all(self, rows: Sequence[Any]) -> int:
        try:
            return await self._runtime.write(lambda transaction: self._apply_all(transaction, rows))
        except Exception as error:
            if is_transient(error):
                raise
            return 0

    async def _apply_all(self, transaction: Transaction, rows: Sequence[Any]) -> int:
        arrivals = [kept(row, self._reads) for row in rows]
        inbox = Inbox(transaction)
        await inbox.prepare(arrivals)
        done: list[int] = []
        for row, arrival in zip(rows, arrivals, strict=True):
            if not await self._take(transaction, inbox, arrival, self._react):
                break
            done.append(row.id)
        for stream in sorted({arrival.stream for arrival in arrivals[: len(done)]}):
            await inbox.pass_over_parked(stream)
        if done:
            await transaction.connection.execute(delete(waiting).where(waiting.c.id.in_(done)))
        await inbox.flush()
        return len(done)

    async def _try(self, row: Any) -> bool:
        """True when the message is done with, whether applied or not needed any more."""
        try:
            return await self._runtime.write(lambda transaction: self._apply(transaction, row, self._react))
        except AlreadySaid:
            return await self._runtime.write(lambda transaction: self._apply(transaction, row, _nothing))
        except Exception as error:
            if is_transient(error):
                raise
            await self._note(row.id, error)
            return False

    async def _apply(self, transaction: Transaction, row: Any, react: React) -> bool:
        arrival = kept(row, self._reads)
        inbox = Inbox(transaction)
        await inbox.prepare([arrival])
        if not await self._take(transaction, inbox, arrival, react):
            return False
        await inbox.pass_over_parked(arrival.stream)
        await transaction.connection.execute(delete(waiting).where(waiting.c.id == row.id))
        await inbox.flush()
        return True

    async def _take(self, transaction: Transaction, inbox: Inbox, arrival: Arrival, react: React) -> bool:
        """False when it must go on waiting."""
        opens = isinstance(arrival.message, WorldOpened)
        fate, _ = await inbox.fate(arrival, opens_world=opens, released=True)
        if fate is Fate.APPLY:
            await react(transaction, arrival)
            inbox.applied(arrival)
        return fate is not Fate.WAIT

    async def _note(self, row_id: int, error: BaseException) -> None:
        reason, detail, waits_for = explain(error)

        async def note(transaction: Transaction) -> None:
            change = {"reason": reason, "detail": detail, "waits_for": ",".join(waits_for)}
            statement = update(waiting).where(waiting.c.id == row_id)
            await transaction.connection.execute(statement.values(attempts=waiting.c.attempts + 1, **change))

        await self._runtime.write(note)


def _waiting_of(world: str, case: str) -> Select[Any]:
    return select(waiting).where(waiting.c.world == world, waiting.c.case_id == case).order_by(waiting.c.id)


async def _nothing(transaction: Transaction, arrival: Arrival) -> None:
    """What is left to do for a message that was applied before."""


def choose(rows: Sequence[Any]) -> Any:
    """What to try next: the head of the queue, or what leads to the message that it waits for."""
    wanted, passed = rows[0], set[int]()
    while wanted.id not in passed:
        passed.add(wanted.id)
        cures = [row for row in rows if _may_cure(wanted, row)]
        if not cures:
            break
        wanted = min((row for row in rows if row.source == cures[0].source), key=lambda row: row.sequence)
    return wanted


def _may_cure(refused: Any, row: Any) -> bool:
    """A gap is cured by an earlier sequence of the same producer; a refusal by the types that it named."""
    if row.source == refused.source:
        return bool(row.sequence < refused.sequence)
    return row.type in refused.waits_for.split(",")

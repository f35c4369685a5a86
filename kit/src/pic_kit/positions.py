"""Exchange-Position: what a write said, so that a later request elsewhere can wait until it was read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from sqlalchemy import BindParameter, ScalarSelect, Table, bindparam, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import monotonic
from pic_kit.prepared import Prepared
from pic_kit.problems import NotYetKnown, contract_finding
from pic_kit.runtime import Runtime
from pic_kit.tables import heard, streams, waiting
from pic_kit.transaction import NO_CASE
from pic_schemas.envelope import Event
from pic_schemas.refusal import Refused

PATIENCE = 5.0


def position_of(events: Iterable[Event]) -> str:
    """`{case}={source}:{sequence}`, the last one per case and producer, joined by commas."""
    last = {(event.case or NO_CASE, event.source): event.sequence for event in events}
    return ",".join(f"{case}={source}:{sequence}" for (case, source), sequence in sorted(last.items()))


def parse_position(position: str) -> list[tuple[str, str, int]]:
    """(case, source, sequence) of each part. Raises Refused for what is no position of ours."""
    parts = []
    for part in position.split(","):
        case, equals, rest = part.partition("=")
        source, colon, sequence = rest.rpartition(":")
        if not (equals and colon and re.fullmatch("[0-9]{1,18}", sequence)):
            raise Refused.invalid(
                contract_finding(
                    "POSITION_UNREADABLE", "design rule 8", "send back Exchange-Position as you got it"
                )
            )
        parts.append((case, source, int(sequence)))
    return parts


async def wait_until_known(runtime: Runtime, world: str, position: str) -> None:
    """Wait at most five seconds until this service has read that far. Raises NotYetKnown."""
    missing, until, looked = parse_position(position), monotonic() + PATIENCE, 0
    while True:
        # Counted before the look, so that what is applied during it is not waited for.
        seen = runtime.consumer.read if runtime.consumer is not None else 0
        # Sixty-four who wait must not take the connections and the time of the one they wait for.
        async with runtime.looks, runtime.database.looking() as connection:
            missing = await _unread(connection, world, missing)
        if not missing:
            return
        left = until - monotonic()
        if left <= 0:
            case, source, sequence = missing[0]
            raise NotYetKnown(f"not read yet: {case}={source}:{sequence}; ask again")
        # Told at once here; only what another process applies has to be looked for, less and less often.
        await _progress(runtime, seen, min(left, 0.1 * 2 ** min(looked, 4)))
        looked += 1


async def _progress(runtime: Runtime, seen: int, seconds: float) -> None:
    consumer = runtime.consumer
    if consumer is None:
        await asyncio.sleep(min(seconds, 0.05))
        return
    consumer.hurry()
    try:
        async with asyncio.timeout(seconds):
            async with consumer.progress:
                await consumer.progress.wait_for(lambda: consumer.read != seen)
    except TimeoutError:
        pass


def _last(table: Table) -> ScalarSelect[int]:
    names = (("world", "world"), ("case_id", "case"), ("source", "source"))
    where = (table.c[column] == bindparam(name) for column, name in names)
    return select(table.c.last).where(*where).scalar_subquery()


_KNOWN = Prepared(select(_last(heard).label("applied"), _last(streams).label("said")))


async def _unread(
    connection: AsyncConnection, world: str, wanted: list[tuple[str, str, int]]
) -> list[tuple[str, str, int]]:
    """What is left to wait for, from the first that is not read yet; what was read stays read."""
    for place, (case, source, sequence) in enumerate(wanted):
        (known,) = await _KNOWN.rows(connection, world=world, case=case, source=source)
        if max(known.applied or 0, known.said or 0) < sequence:
            return wanted[place:]
    return []


_OF_CASE: dict[str, BindParameter[str]] = {"world": bindparam("world"), "case_id": bindparam("case")}
_READ = select(heard.c.source, heard.c.last).where(*(heard.c[at] == value for at, value in _OF_CASE.items()))
_WAITS = select(literal(""), func.count()).where(*(waiting.c[at] == value for at, value in _OF_CASE.items()))
_KNOWLEDGE = Prepared(union_all(_READ, _WAITS))


async def knowledge(connection: AsyncConnection, world: str, case: str) -> tuple[dict[str, int], bool]:
    """The state of knowledge that a decision rests on: how far each producer of the case was read.

    And whether a message of the case was heard that cannot be applied yet.
    """
    rows = await _KNOWLEDGE.rows(connection, world=world, case=case)
    return {source: last for source, last in rows if source}, any(last for source, last in rows if not source)

"""Exchange-Position: what a write said, so that a later request elsewhere can wait until it was read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from sqlalchemy import bindparam, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.clock import monotonic
from pic_kit.problems import NotYetKnown, contract_finding
from pic_kit.runtime import Runtime
from pic_kit.tables import heard, streams
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
    wanted = parse_position(position)
    until = monotonic() + PATIENCE
    while True:
        # Counted before the look, so that what is applied during it is not waited for.
        seen = runtime.consumer.read if runtime.consumer is not None else 0
        behind = await runtime.read(lambda connection: _behind(connection, world, wanted))
        if not behind:
            return
        left = until - monotonic()
        if left <= 0:
            raise NotYetKnown(f"not read yet: {behind[0]}; ask again")
        await _progress(runtime, seen, min(left, 0.25))


async def _progress(runtime: Runtime, seen: int, seconds: float) -> None:
    consumer = runtime.consumer
    if consumer is None:
        await asyncio.sleep(min(seconds, 0.05))
        return
    try:
        async with asyncio.timeout(seconds):
            async with consumer.progress:
                await consumer.progress.wait_for(lambda: consumer.read != seen)
    except TimeoutError:
        pass


async def _behind(connection: AsyncConnection, world: str, wanted: list[tuple[str, str, int]]) -> list[str]:
    missing = []
    for case, source, sequence in wanted:
        known = 0
        for table in (heard, streams):
            where = (table.c.world == world, table.c.case_id == case, table.c.source == source)
            known = max(
                known,
                (await connection.execute(select(table.c.last).where(*where))).scalar_one_or_none() or 0,
            )
        if known < sequence:
            missing.append(f"{case}={source}:{sequence}")
    return missing


async def knowledge(connection: AsyncConnection, world: str, case: str) -> dict[str, int]:
    """How far each producer of a case was read: the state of knowledge that a decision rests on."""
    query = select(heard.c.source, heard.c.last).where(heard.c.world == world, heard.c.case_id == case)
    return {row.source: row.last for row in await connection.execute(query)}


_TOTALS = union_all(
    *(
        select(literal(name).label("what"), table.c.source, func.sum(table.c.last).label("messages"))
        .where(table.c.world == bindparam("world"))
        .group_by(table.c.source)
        for name, table in (("said", streams), ("applied", heard))
    )
)


async def totals(connection: AsyncConnection, world: str) -> tuple[dict[str, int], dict[str, int]]:
    """Messages of a world by producer: (said by this store, applied by this store)."""
    result: dict[str, dict[str, int]] = {"said": {}, "applied": {}}
    for what, source, messages in await connection.execute(_TOTALS, {"world": world}):
        result[what][source] = int(messages)
    return result["said"], result["applied"]

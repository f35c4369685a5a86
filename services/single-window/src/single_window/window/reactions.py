"""What the window does when it hears a message: remember it, and project it onto its case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pic_kit.inbox import Arrival, Reactions
from pic_kit.transaction import LogPosition, Transaction, Work
from pic_schemas.envelope import Event
from pic_schemas.messages import WorldDeleted
from single_window.domain.audit import chained
from single_window.domain.projections import apply, opened_by
from single_window.window.store import Recorded, cases, events, forget_world, note_concerned

reactions = Reactions()


@reactions.before_batch
async def fetch_cases(transaction: Transaction, batch: Sequence[Arrival]) -> None:
    keys = {(arrival.event.world, arrival.event.case) for arrival in batch if arrival.event.case}
    await transaction.shelf(cases).load(sorted(keys))


@reactions.on_any
async def record(work: Work, event: Event, message: Any) -> None:
    if isinstance(message, WorldDeleted):
        await forget_world(work.connection, event.world)
        return
    place = work.position or LogPosition("", 0, 0)
    recorded = work.shelf(events).add(Recorded(event, place.topic, place.partition, place.offset))
    if event.case is None:
        return
    case = await work.shelf(cases).get(event.world, event.case)
    if case is None:
        case = work.shelf(cases).add(opened_by(event))
    case.audited, case.chain = case.audited + 1, chained(case.chain, event)
    recorded.position, recorded.chain = case.audited, case.chain
    note_concerned(work.transaction, case, apply(case, event, message))

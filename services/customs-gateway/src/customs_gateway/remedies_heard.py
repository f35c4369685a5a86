"""What a gateway hears of failed movements: every gateway concerned keeps the case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customs_gateway.domain.detention import ended_by_remedy
from customs_gateway.domain.remedy import Remedy, opened, opened_by_report
from customs_gateway.remedies import watch, watch_the_finish
from customs_gateway.store import DECLARATIONS, REGISTRY, REMEDIES
from pic_kit.reactions import Reactions
from pic_kit.transaction import NO_CASE, Work
from pic_schemas.address import Address
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    IllegalTrafficReported,
    RemedyCompleted,
    RemedyEscalated,
    RemedyOpened,
    RemedyOpposed,
    RemedyOrdered,
    ReturnDeparted,
)


@dataclass(frozen=True)
class Ears:
    """The gateway that plays the State which owes something also watches the clock."""

    hosts: Callable[[str], bool]

    async def reported(self, work: Work, event: Event, said: IllegalTrafficReported) -> None:
        """A report of customs opens the case under the id of its declaration."""
        if await _heard(work, said.declaration_id) is None:
            told = tuple(dict.fromkeys(Address.parse(text).state for text in event.recipients))
            states = told or (said.origin, said.destination)
            found = opened_by_report(work.world.id, event.case or NO_CASE, states, said)
            watch(work, work.shelf(REMEDIES).add(found), self.hosts)

    async def was_opened(self, work: Work, event: Event, said: RemedyOpened) -> None:
        found = await _heard(work, said.remedy_id)
        if found is None:
            found = work.shelf(REMEDIES).add(opened(work.world.id, event.case or NO_CASE, said))
        watch(work, found, self.hosts)

    async def ordered(self, work: Work, event: Event, said: RemedyOrdered) -> None:
        if (found := await _heard(work, said.remedy_id)) is not None:
            found.hear_order(said)
            watch_the_finish(work, found, self.hosts)


async def opposed(work: Work, event: Event, said: RemedyOpposed) -> None:
    if (found := await _heard(work, said.remedy_id)) is not None:
        found.hear_opposition(said)


async def departed(work: Work, event: Event, said: ReturnDeparted) -> None:
    if (found := await _heard(work, said.remedy_id)) is not None:
        found.hear_departure(said)


async def escalated(work: Work, event: Event, said: RemedyEscalated) -> None:
    if (found := await _heard(work, said.remedy_id)) is not None:
        found.hear_escalation(said)


async def completed(work: Work, event: Event, said: RemedyCompleted) -> None:
    """Quantity that the State of export gave back is free again at every border."""
    if (found := await _heard(work, said.remedy_id)) is None:
        return
    found.hear_completion(said)
    kept = await work.shelf(DECLARATIONS).get(work.world.id, said.remedy_id)
    if kept is not None:
        ended_by_remedy(kept, said.outcome)
    await work.timers.cancel(found.world, found.case, authority=found.id)  # whatever was watched of it
    entry = await work.shelf(REGISTRY).get(found.world, found.case)
    if entry is not None and said.shipment is not None and said.credited_kg:
        entry.ledger.credit(said.shipment, said.credited_kg)


def listen(reactions: Reactions, hosts: Callable[[str], bool]) -> None:
    """Register every reaction."""
    ears = Ears(hosts)
    reactions.on(IllegalTrafficReported)(ears.reported)
    reactions.on(RemedyOpened)(ears.was_opened)
    reactions.on(RemedyOrdered)(ears.ordered)
    reactions.on(RemedyOpposed)(opposed)
    reactions.on(ReturnDeparted)(departed)
    reactions.on(RemedyEscalated)(escalated)
    reactions.on(RemedyCompleted)(completed)


async def _heard(work: Work, id_: str) -> Remedy | None:
    return await work.shelf(REMEDIES).get(work.world.id, id_)

"""What the authorities here learn of a facility: what was missed, and what came after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from consent.domain.facility_record import FacilityRecord
from consent.store import facility_records
from pic_kit.arrivals import Arrival
from pic_kit.reactions import Reactions
from pic_kit.transaction import NO_CASE, Transaction, Work
from pic_schemas.address import Address, Role
from pic_schemas.envelope import Event
from pic_schemas.messages import MovementCompleted, MovementOverdue, MovementReceived


@dataclass(frozen=True)
class RecordKeeping:
    """The records of the authorities of the States for which `hosts` is true."""

    hosts: Callable[[str], bool]

    async def prefetch(self, transaction: Transaction, batch: Sequence[Arrival]) -> None:
        """One statement for the records that a batch touches."""
        told = [
            (arrival.event, arrival.message)
            for arrival in batch
            if isinstance(arrival.message, MovementOverdue | MovementReceived | MovementCompleted)
        ]
        keys = {
            (event.world, authority, message.facility)
            for event, message in told
            for authority in self._addressed(event)
        }
        await transaction.shelf(facility_records).load(sorted(keys))

    async def note(self, work: Work, event: Event, message: MovementOverdue) -> None:
        shelf = work.shelf(facility_records)
        for authority in self._addressed(event):
            key = (event.world, authority, message.facility)
            record = await shelf.get(*key) or shelf.add(FacilityRecord(*key))
            record.hear_alert(event.case or NO_CASE, message)

    async def clear(self, work: Work, event: Event, message: MovementReceived | MovementCompleted) -> None:
        for authority in self._addressed(event):
            record = await work.shelf(facility_records).get(event.world, authority, message.facility)
            if record is not None:
                record.hear_what_came(message, event.time.date())

    def _addressed(self, event: Event) -> Iterator[str]:
        """The authority that says it keeps a record as well."""
        parties = dict.fromkeys(Address.parse(text) for text in (event.sender, *event.recipients))
        desks = (p for p in parties if p.role is Role.COMPETENT_AUTHORITY and self.hosts(p.state))
        yield from sorted(desk.agency for desk in desks)


def keep_records(hosts: Callable[[str], bool], reactions: Reactions) -> Reactions:
    """Registered beside what else is heard."""
    keeping = RecordKeeping(hosts)
    reactions.before_batch(keeping.prefetch)
    reactions.on(MovementOverdue)(keeping.note)
    reactions.on(MovementReceived)(keeping.clear)
    reactions.on(MovementCompleted)(keeping.clear)
    return reactions

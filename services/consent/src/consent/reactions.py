"""What this service hears: notifications that reach its desks, shipments on their way to its facilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consent.classifying import hear_declaration, hear_view
from consent.commands import DECISION_DUE, resume_decision_clock, settle_notices
from consent.domain import correspondence
from consent.domain.authority_file import AuthorityFile
from consent.domain.facility_file import FacilityFile
from consent.domain.notice_pair import NoticePair
from consent.domain.shipment import Shipment
from consent.store import authority_files, facility_files, notice_pairs
from consent.watching import watch
from pic_kit.arrivals import Arrival
from pic_kit.reactions import NotYet, Reactions
from pic_kit.transaction import NO_CASE, Transaction, Work
from pic_law.dual_notices import notices_wanted
from pic_schemas.address import Address, Role
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    AttachmentAdded,
    CancellationGranted,
    ChangeRefused,
    ChangeRequested,
    ClassificationStated,
    CustomsEntered,
    CustomsExited,
    DeclarationAmended,
    DeclarationLodged,
    InformationProvided,
    MovementDelivered,
    MovementDeparted,
    MovementPrenotified,
    MovementRescheduled,
    MovementUpdated,
    NotificationChanged,
    NotificationClosed,
    NotificationTransmitted,
    NotificationWithdrawn,
    SilenceRecorded,
)

OF_SHIPMENTS = frozenset(
    kind.type
    for kind in (
        *(MovementPrenotified, CancellationGranted, MovementDeparted, MovementDelivered),
        *(CustomsExited, CustomsEntered, MovementRescheduled, MovementUpdated),
    )
)
OF_FILES = frozenset(
    kind.type
    for kind in (
        *(AttachmentAdded, InformationProvided, ChangeRequested, ChangeRefused),
        *(NotificationChanged, NotificationWithdrawn, NotificationClosed),
    )
)
# News of a shipment may be early by both: all that leads to it is named at once.
LEADS_HERE = (NotificationTransmitted.type, MovementPrenotified.type)


@dataclass(frozen=True)
class Ears:
    """The reactions of a process that plays the States for which `hosts` is true."""

    hosts: Callable[[str], bool]

    async def open_files(self, work: Work, event: Event, message: NotificationTransmitted) -> None:
        """Each authority gets a file of its own; the State of import also opens the facility's."""
        case = _case(event)
        # What an authority answers on paper is recorded by the authority of export.
        asked = (desk for desk in message.authorities if desk.channel == "electronic")
        desks = [desk for desk in asked if self.hosts(desk.state)]
        await work.shelf(authority_files).load([(event.world, case, desk.authority) for desk in desks])
        for desk in desks:
            if await work.shelf(authority_files).get(event.world, case, desk.authority) is None:
                file = AuthorityFile.open(event.world, case, desk, message)
                work.shelf(authority_files).add(file)
        for desk in desks:
            if desk.role == "import" and notices_wanted(message.document, work.now.date()) is not None:
                await self._pair(work, case, message.number, message.document)
        ours = self.hosts(message.document.facility.country)
        if ours and await work.shelf(facility_files).get(event.world, case) is None:
            work.shelf(facility_files).add(FacilityFile.open(event.world, case, message))

    async def _pair(self, work: Work, case: str, number: str, document: NotificationDocument) -> None:
        """The exporter's half of two notices; the importer may have filed its own already."""
        shelf, world = work.shelf(notice_pairs), work.world.id
        pair = await shelf.get(world, number) or shelf.add(NoticePair(world, number))
        pair.hear_export(case, document)
        await settle_notices(work, pair)

    async def attach(self, work: Work, event: Event, message: AttachmentAdded) -> None:
        """A document joined the notification; an authority that was not asked yet reads it later."""
        for file in await self._files(work, event):
            file.hear_attachment(message.attachment)

    async def hear_answer(self, work: Work, event: Event, message: InformationProvided) -> None:
        """The exporter answered; where a clock stood still for it, the rest of it runs from now."""
        for file in await self._files(work, event):
            if correspondence.hear_answer(file, message):
                resume_decision_clock(work, file)

    async def hear_change(self, work: Work, event: Event, message: ChangeRequested) -> None:
        for file in await self._files(work, event):
            correspondence.hear_change(file, message)

    async def drop_change(self, work: Work, event: Event, message: ChangeRefused) -> None:
        for file in await self._files(work, event):
            file.change = None

    async def follow(self, work: Work, event: Event, message: NotificationChanged) -> None:
        """The new version of the form, at every desk and at the gate."""
        for file in await self._files(work, event):
            correspondence.follow(file, message)
        gate = await work.shelf(facility_files).get(event.world, _case(event))
        if gate is not None:
            gate.document = message.document
        here = self.hosts(message.document.states.import_)
        if here and notices_wanted(message.document, work.now.date()) is not None:
            await self._pair(work, _case(event), message.number, message.document)

    async def end(
        self, work: Work, event: Event, message: NotificationWithdrawn | NotificationClosed
    ) -> None:
        """Nothing is decided any more on what was withdrawn or closed."""
        for file in await self._files(work, event):
            file.end()
            await work.timers.cancel(file.world, file.case, DECISION_DUE, file.authority)

    async def _files(self, work: Work, event: Event) -> list[AuthorityFile]:
        """The files of this case at the desks that are played here, of the authorities addressed."""
        keys = [(event.world, _case(event), authority) for authority in self._addressed(event)]
        await work.shelf(authority_files).load(keys)
        found = [await work.shelf(authority_files).get(*key) for key in keys]
        return [file for file in found if file is not None]

    async def fall_silent(self, work: Work, event: Event, message: SilenceRecorded) -> None:
        """The State of export recorded that an authority here let its clock run out."""
        if file := await work.shelf(authority_files).get(event.world, _case(event), message.authority):
            file.hear_silence(message)

    async def announce(self, work: Work, event: Event, message: MovementPrenotified) -> None:
        if file := await self._facility_file(work, event):
            file.announce(message)

    async def reschedule(self, work: Work, event: Event, message: MovementRescheduled) -> None:
        if file := await self._facility_file(work, event):
            _shipment(file, message.shipment).start_date = message.start_date

    async def update(self, work: Work, event: Event, message: MovementUpdated) -> None:
        if file := await self._facility_file(work, event):
            _shipment(file, message.shipment).announced_kg = message.quantity_kg

    async def cancel(self, work: Work, event: Event, message: CancellationGranted) -> None:
        if file := await self._facility_file(work, event):
            file.cancel(_shipment(file, message.shipment))

    async def depart(self, work: Work, event: Event, message: MovementDeparted) -> None:
        if file := await self._facility_file(work, event):
            file.depart(_shipment(file, message.shipment), message.departed_on)

    async def deliver(self, work: Work, event: Event, message: MovementDelivered) -> None:
        if file := await self._facility_file(work, event):
            shipment = _shipment(file, message.shipment)
            file.deliver(shipment, message.delivered_on)
            await watch(work, file, shipment)

    async def leave(self, work: Work, event: Event, message: CustomsExited) -> None:
        # A load that needs no notification crosses as well, and has no shipment number.
        if message.shipment and (file := await self._facility_file(work, event)):
            file.leave(_shipment(file, message.shipment), message.exited_on)

    async def enter(self, work: Work, event: Event, message: CustomsEntered) -> None:
        if message.shipment and (file := await self._facility_file(work, event)):
            file.enter(_shipment(file, message.shipment), message.entered_on)

    async def declare(self, work: Work, event: Event, message: DeclarationLodged) -> None:
        """A load without notification on a route of ours: its authorities may see it differently."""
        if any(self.hosts(state) for state in (message.origin, *message.transits, message.destination)):
            await hear_declaration(work, event, message)

    async def prefetch(self, transaction: Transaction, batch: Sequence[Arrival]) -> None:
        """One statement for each kind of file that a batch touches."""
        keys = {
            (arrival.event.world, arrival.event.case)
            for arrival in batch
            if arrival.event.case is not None and self._concerns_a_facility(arrival)
        }
        await transaction.shelf(facility_files).load(sorted(keys))
        desks = {key for arrival in batch for key in self._desks(arrival)}
        await transaction.shelf(authority_files).load(sorted(desks))

    def _desks(self, arrival: Arrival) -> list[tuple[str, str, str]]:
        event, message = arrival.event, arrival.message
        if isinstance(message, NotificationTransmitted):
            asked = [desk.authority for desk in message.authorities if self.hosts(desk.state)]
        elif isinstance(message, SilenceRecorded):
            asked = [message.authority]
        else:
            asked = self._addressed(event) if event.type in OF_FILES else []
        return [(event.world, _case(event), authority) for authority in asked]

    def _addressed(self, event: Event) -> list[str]:
        """The authorities at the desks that are played here."""
        parties = (Address.parse(recipient) for recipient in event.recipients)
        return [p.agency for p in parties if p.role is Role.COMPETENT_AUTHORITY and self.hosts(p.state)]

    def _concerns_a_facility(self, arrival: Arrival) -> bool:
        if isinstance(arrival.message, NotificationTransmitted):
            return self.hosts(arrival.message.document.facility.country)
        return arrival.event.type in OF_SHIPMENTS

    def _for_our_facility(self, event: Event) -> bool:
        parties = (Address.parse(recipient) for recipient in event.recipients)
        return any(party.role is Role.FACILITY and self.hosts(party.state) for party in parties)

    async def _facility_file(self, work: Work, event: Event) -> FacilityFile | None:
        """The facility's file; None when the facility is played elsewhere. Raises NotYet."""
        file = await work.shelf(facility_files).get(event.world, _case(event))
        if file is None and self._for_our_facility(event):
            raise NotYet("the notification was not transmitted yet", LEADS_HERE)
        return file


def listen(hosts: Callable[[str], bool]) -> Reactions:
    """Every reaction, registered."""
    ears, reactions = Ears(hosts), Reactions()
    reactions.before_batch(ears.prefetch)
    reactions.on(NotificationTransmitted)(ears.open_files)
    reactions.on(AttachmentAdded)(ears.attach)
    reactions.on(SilenceRecorded)(ears.fall_silent)
    reactions.on(InformationProvided)(ears.hear_answer)
    reactions.on(ChangeRequested)(ears.hear_change)
    reactions.on(ChangeRefused)(ears.drop_change)
    reactions.on(NotificationChanged)(ears.follow)
    reactions.on(NotificationWithdrawn)(ears.end)
    reactions.on(NotificationClosed)(ears.end)
    reactions.on(MovementPrenotified)(ears.announce)
    reactions.on(MovementRescheduled)(ears.reschedule)
    reactions.on(MovementUpdated)(ears.update)
    reactions.on(CancellationGranted)(ears.cancel)
    reactions.on(MovementDeparted)(ears.depart)
    reactions.on(MovementDelivered)(ears.deliver)
    reactions.on(CustomsExited)(ears.leave)
    reactions.on(CustomsEntered)(ears.enter)
    reactions.on(DeclarationLodged)(ears.declare)
    reactions.on(DeclarationAmended)(ears.declare)
    reactions.on(ClassificationStated)(hear_view)
    return reactions


def _case(event: Event) -> str:
    return event.case or NO_CASE


def _shipment(file: FacilityFile, shipment: int) -> Shipment:
    """Raises NotYet."""
    found = file.find(shipment)
    if found is None:
        raise NotYet(f"shipment {shipment} was not prenotified yet", LEADS_HERE)
    return found

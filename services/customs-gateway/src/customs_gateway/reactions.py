"""What customs hear. The registry is built from these messages alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from customs_gateway import remedies_heard, store, transits
from customs_gateway.domain.cancellation import hear_request
from customs_gateway.domain.consignment import LONGEST_REFERENCE, consigned
from customs_gateway.domain.movement import RegisteredMovement
from customs_gateway.domain.parties import parties
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.store import CONSIGNMENTS, DECLARATIONS, REGISTRY, is_ours
from pic_kit.arrivals import Arrival
from pic_kit.reactions import Reactions
from pic_kit.transaction import NO_CASE, Transaction, Work
from pic_schemas.address import ANY, Address, Role
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CancellationGranted,
    CancellationRequested,
    ClassificationStated,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    CustomsDecision,
    CustomsEntered,
    CustomsExited,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    DecisionTaken,
    DeclarationLodged,
    GuaranteeApproved,
    GuaranteeLodged,
    GuaranteeReleased,
    Message,
    MovementCompleted,
    MovementDeparted,
    MovementPrenotified,
    MovementReceived,
    MovementRescheduled,
    MovementUpdated,
    NotificationAuthorised,
    NotificationChanged,
    NotificationClosed,
    NotificationExpired,
    NotificationObjected,
    NotificationProhibited,
    NotificationSubmitted,
    NotificationTransmitted,
    NotificationWithdrawn,
    ProhibitionLifted,
    ReceiptCorrected,
    SilenceRecorded,
    TransitDischarged,
    TransitEntered,
    TransitExited,
)

reactions = Reactions()

OfAMovement = MovementPrenotified | MovementDeparted | MovementReceived | MovementCompleted


Said = (
    DeclarationLodged
    | CustomsReleased
    | CustomsHeld
    | CustomsRefused
    | CustomsExited
    | CustomsEntered
    | TransitEntered
    | TransitExited
    | TransitDischarged
)
"""What an office says of a declaration; of its own the command that said it has written it into the entry."""


PassesBy = CustomsEntered | TransitEntered | TransitExited | TransitDischarged
"""Of these, and of what is not for export, it matters here only whether the declaration is ours."""


async def load_entries(transaction: Transaction, batch: Sequence[Arrival]) -> None:
    """What a whole batch touches, with one statement for each table."""
    read = [
        (arrival.event.world, arrival.event.case, arrival.message) for arrival in batch if arrival.message
    ]
    ours = transaction.shelf(DECLARATIONS)
    said = {(world, each.declaration_id) for world, _, each in read if isinstance(each, Said)}
    await ours.look(sorted(said))
    # Of what its own offices said the entry knows. To lock the entries of many cases for it, each after the
    # other, would make all their next loads wait, and the reader for them: it fell behind and held loads.
    entries = {
        (world, case)
        for world, case, each in read
        if case and not (isinstance(each, Said) and await ours.exists(world, each.declaration_id))
    }
    await transaction.shelf(REGISTRY).load(sorted(entries))
    await ours.load(sorted(_declarations(read)))
    await store.load_traces(transaction, read)


def _declarations(read: Iterable[tuple[str, str | None, Message]]) -> set[tuple[str, str]]:
    """Whatever names a declaration may be about one of ours, which is read unless it only passes by."""
    named = (
        (world, getattr(message, "declaration_id", None))
        for world, _, message in read
        if not isinstance(message, PassesBy) and getattr(message, "direction", "export") == "export"
    )
    return {(world, declaration) for world, declaration in named if declaration is not None}


reactions.before_batch(load_entries)


async def _entry(work: Work, event: Event) -> RegistryEntry:
    """The entry of this case; a guarantee may be heard of before its notification is transmitted."""
    shelf, case = work.shelf(REGISTRY), event.case or NO_CASE
    return await shelf.get(work.world.id, case) or shelf.add(RegistryEntry(work.world.id, case))


async def _movement(work: Work, event: Event, message: OfAMovement) -> RegisteredMovement:
    return (await _entry(work, event)).movement(message.shipment, message.movement_number)


@reactions.on(NotificationSubmitted)
async def notification_submitted(work: Work, event: Event, message: NotificationSubmitted) -> None:
    """Only the day, which decides the law that governs; the notification itself is not customs' yet."""
    (await _entry(work, event)).lodged_on = event.time.date()


@reactions.on(NotificationTransmitted)
async def notification_transmitted(work: Work, event: Event, message: NotificationTransmitted) -> None:
    (await _entry(work, event)).transmitted(message)


@reactions.on(NotificationChanged)
async def notification_changed(work: Work, event: Event, message: NotificationChanged) -> None:
    (await _entry(work, event)).changed(message)


@reactions.on(ClassificationStated)
async def classification_stated(work: Work, event: Event, message: ClassificationStated) -> None:
    """Of a load without notification there is nothing to cite: its declarations are found by the case."""
    entry = await _entry(work, event)
    entry.seen_by(message)
    if entry.number is None:
        entry.open_here = await store.declarations_of(work.connection, work.world.id, entry.case)


@reactions.on(NotificationProhibited)
async def notification_prohibited(work: Work, event: Event, message: NotificationProhibited) -> None:
    (await _entry(work, event)).prohibition = message


@reactions.on(ProhibitionLifted)
async def prohibition_lifted(work: Work, event: Event, message: ProhibitionLifted) -> None:
    (await _entry(work, event)).prohibition = None


@reactions.on(NotificationWithdrawn)
async def notification_withdrawn(work: Work, event: Event, message: NotificationWithdrawn) -> None:
    (await _entry(work, event)).withdrawn(message)


@reactions.on(DecisionTaken)
async def decision_taken(work: Work, event: Event, message: DecisionTaken) -> None:
    (await _entry(work, event)).decided(message)


@reactions.on(SilenceRecorded)
async def silence_recorded(work: Work, event: Event, message: SilenceRecorded) -> None:
    (await _entry(work, event)).silent(message)


@reactions.on(ConsentWithdrawn)
@reactions.on(ConsentSuspended)
async def consent_taken_back(work: Work, event: Event, message: ConsentWithdrawn | ConsentSuspended) -> None:
    (await _entry(work, event)).taken_back(message)


@reactions.on(ConsentReinstated)
async def consent_reinstated(work: Work, event: Event, message: ConsentReinstated) -> None:
    (await _entry(work, event)).reinstated(message)


@reactions.on(NotificationAuthorised)
async def notification_authorised(work: Work, event: Event, message: NotificationAuthorised) -> None:
    (await _entry(work, event)).authorised(message)


@reactions.on(NotificationObjected)
async def notification_objected(work: Work, event: Event, message: NotificationObjected) -> None:
    (await _entry(work, event)).objected(message)


@reactions.on(NotificationClosed)
async def notification_closed(work: Work, event: Event, message: NotificationClosed) -> None:
    (await _entry(work, event)).closed(message)


@reactions.on(NotificationExpired)
async def notification_expired(work: Work, event: Event, message: NotificationExpired) -> None:
    (await _entry(work, event)).expired(message)


@reactions.on(GuaranteeLodged)
async def guarantee_lodged(work: Work, event: Event, message: GuaranteeLodged) -> None:
    (await _entry(work, event)).guarantee_lodged(message)


@reactions.on(GuaranteeApproved)
async def guarantee_approved(work: Work, event: Event, message: GuaranteeApproved) -> None:
    (await _entry(work, event)).guarantee_approved(message)


@reactions.on(GuaranteeReleased)
async def guarantee_released(work: Work, event: Event, message: GuaranteeReleased) -> None:
    (await _entry(work, event)).guarantee(message.guarantee_id).released_on = message.released_on


@reactions.on(MovementPrenotified)
async def movement_prenotified(work: Work, event: Event, message: MovementPrenotified) -> None:
    movement = await _movement(work, event, message)
    movement.prenotified_on, movement.start_date = event.time.date(), message.start_date
    movement.quantity_kg, movement.equipment = message.quantity_kg, message.document.equipment
    movement.declared_complete = message.document.block_15.all_consents_received


@reactions.on(MovementRescheduled)
async def movement_rescheduled(work: Work, event: Event, message: MovementRescheduled) -> None:
    """The new day was announced today."""
    movement = (await _entry(work, event)).movement(message.shipment, message.movement_number)
    movement.prenotified_on, movement.start_date = event.time.date(), message.start_date


@reactions.on(MovementUpdated)
async def movement_updated(work: Work, event: Event, message: MovementUpdated) -> None:
    movement = (await _entry(work, event)).movement(message.shipment, message.movement_number)
    movement.quantity_kg, movement.equipment = message.quantity_kg, message.document.equipment


@reactions.on(MovementDeparted)
async def movement_departed(work: Work, event: Event, message: MovementDeparted) -> None:
    (await _movement(work, event, message)).departed_on = message.departed_on


@reactions.on(CancellationGranted)
async def cancellation_granted(work: Work, event: Event, message: CancellationGranted) -> None:
    """What this gateway answered itself is done already, and doing it again changes nothing."""
    entry = await _entry(work, event)
    entry.cancel(entry.movement(message.shipment, message.movement_number), message.answered_on)
    await store.load_has_ended(work, event.case or NO_CASE, message.shipment)


@reactions.on(MovementReceived)
async def movement_received(work: Work, event: Event, message: MovementReceived) -> None:
    entry, accepted = await _entry(work, event), message.outcome == "accepted"
    movement = entry.movement(message.shipment, message.movement_number)
    entry.received(movement, message.received_on, message.quantity_kg, accepted=accepted)
    await store.load_has_ended(work, event.case or NO_CASE, message.shipment)


@reactions.on(ReceiptCorrected)
async def receipt_corrected(work: Work, event: Event, message: ReceiptCorrected) -> None:
    """What was received is what is consumed, once it is corrected as well."""
    entry = await _entry(work, event)
    movement = entry.movement(message.shipment, message.movement_number)
    entry.received(movement, movement.received_on or message.corrected_on, message.quantity_kg, accepted=True)


@reactions.on(MovementCompleted)
async def movement_completed(work: Work, event: Event, message: MovementCompleted) -> None:
    (await _movement(work, event, message)).completed_on = message.completed_on


@reactions.on(CustomsExited)
async def customs_exited(work: Work, event: Event, message: CustomsExited) -> None:
    if (movement := await _crossed(work, event, message)) is not None:
        movement.exited_on = message.exited_on


@reactions.on(CustomsEntered)
async def customs_entered(work: Work, event: Event, message: CustomsEntered) -> None:
    if (movement := await _crossed(work, event, message)) is not None:
        movement.entered_on = message.entered_on


async def _crossed(
    work: Work, event: Event, message: CustomsExited | CustomsEntered
) -> RegisteredMovement | None:
    """The shipment that crossed at another gateway's office."""
    if message.shipment is None or message.movement_number is None:
        return None
    if await is_ours(work, message.declaration_id):
        return None
    return (await _entry(work, event)).movement(message.shipment, message.movement_number)


@reactions.on(DeclarationLodged)
async def declaration_lodged(work: Work, event: Event, message: DeclarationLodged) -> None:
    """What this gateway's own offices did is in its books already."""
    if await is_ours(work, message.declaration_id):
        return
    if message.number is not None and message.shipment is not None:
        load = f"declaration {message.declaration_id}"
        await store.load_is_under_way(work, event.case or NO_CASE, message.shipment, message, load)
    if message.number is not None:
        (await _entry(work, event)).lodged_elsewhere(message)
    elif len(message.ucr) <= LONGEST_REFERENCE:
        await _consigned_elsewhere(work, event, message)


async def _consigned_elsewhere(work: Work, event: Event, message: DeclarationLodged) -> None:
    """The first declaration under a reference opened the case; a later one joins it or stands alone."""
    shelf = work.shelf(CONSIGNMENTS)
    if await shelf.get(work.world.id, message.ucr) is None:
        shelf.add(consigned(work.world.id, event.case or NO_CASE, message))


@reactions.on(CustomsReleased)
@reactions.on(CustomsHeld)
@reactions.on(CustomsRefused)
async def decided_by_customs(work: Work, event: Event, message: CustomsDecision) -> None:
    if message.number is not None and not await is_ours(work, message.declaration_id):
        released, refused = isinstance(message, CustomsReleased), isinstance(message, CustomsRefused)
        (await _entry(work, event)).decided_elsewhere(message, released=released, refused=refused)


def listen(hosts: Callable[[str], bool]) -> Reactions:
    """Everything that is heard; only the gateway that plays the State of export answers a cancellation."""

    async def cancellation_requested(work: Work, event: Event, message: CancellationRequested) -> None:
        entry = await _entry(work, event)
        if entry.document is None or not hosts(entry.document.states.export):
            return
        said = hear_request(entry, message, work.now.date())
        if said is not None:
            everyone = parties(entry.document, entry.states)
            sender = Address(entry.document.states.export, Role.CUSTOMS, ANY)
            work.emit(said, case=event.case, sender=sender, recipients=everyone)

    heard = Reactions()
    heard.include(reactions)
    heard.on(CancellationRequested)(cancellation_requested)
    remedies_heard.listen(heard, hosts)
    transits.listen(heard)
    return heard

"""What the State of export does when it hears another State, customs or the facility."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from notifier.commands.cure import await_cure
from notifier.commands.desk import say
from notifier.commands.expiry import watch_the_window
from notifier.commands.interruption import await_the_day
from notifier.commands.overdue import wait_for_the_facility
from notifier.commands.prohibition import watch_the_law
from notifier.commands.silence import stop_watching, watch_for_silence
from notifier.domain import changes, inquiries, prohibition, shipments
from notifier.domain.exhaustion import settle_the_use
from notifier.domain.interruption import Interrupted, hear_interruption, hear_reinstatement
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.silence import hear_comparison
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from notifier.store import NOTIFICATIONS
from pic_kit.inbox import Arrival, Reactions
from pic_kit.transaction import Transaction, Work
from pic_schemas.address import Address
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    CancellationGranted,
    CancellationRefused,
    ChangeAnswered,
    ClassificationStated,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    ContractConfirmed,
    CustomsDecision,
    CustomsEntered,
    CustomsExited,
    CustomsHeld,
    CustomsRefused,
    CustomsReleased,
    DecisionTaken,
    InformationRequested,
    MovementCompleted,
    MovementReceived,
    NoticesCompared,
    NotificationAcknowledged,
    ReceiptCorrected,
    RemedyCompleted,
    RemedyOpened,
    ReturnDeparted,
)

log = structlog.get_logger("notifier")
reactions = Reactions()


@reactions.before_batch
async def load_notifications(transaction: Transaction, batch: Sequence[Arrival]) -> None:
    others = (a.event for a in batch if a.message is not None and a.message.owner != "notifier")
    keys = sorted({(event.world, event.case) for event in others if event.case})
    await transaction.shelf(NOTIFICATIONS).load(keys)


# The importing and transit authorities.


@reactions.on(NotificationAcknowledged)
async def acknowledged(work: Work, event: Event, message: NotificationAcknowledged) -> None:
    if notification := await _of_authority(work, event, message.authority):
        hear_acknowledgement(notification, message)
        watch_for_silence(work, notification, message.authority)


@reactions.on(NoticesCompared)
async def notices_compared(work: Work, event: Event, message: NoticesCompared) -> None:
    if notification := await _of_authority(work, event, message.authority):
        said = hear_comparison(notification, message, work.now)
        say(work, notification, said, notification.export_authority)
        watch_the_window(work, notification)


@reactions.on(ContractConfirmed)
async def contract_confirmed(work: Work, event: Event, message: ContractConfirmed) -> None:
    if notification := await _of_authority(work, event, message.authority):
        said = hear_contract(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        watch_the_window(work, notification)


@reactions.on(DecisionTaken)
async def decision_taken(work: Work, event: Event, message: DecisionTaken) -> None:
    if notification := await _of_authority(work, event, message.authority):
        await stop_watching(work, notification, message.authority)
        said = hear_decision(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        _settle_the_use(work, notification, credited=True)  # other limits: used up or not, it is said
        await_cure(work, notification, message.authority)


@reactions.on(InformationRequested)
async def information_requested(work: Work, event: Event, message: InformationRequested) -> None:
    if notification := await _of_authority(work, event, message.authority):
        inquiries.hear_request(notification, message)
        if "decision" in message.pauses:
            await stop_watching(work, notification, message.authority)


@reactions.on(ChangeAnswered)
async def change_answered(work: Work, event: Event, message: ChangeAnswered) -> None:
    if notification := await _of_authority(work, event, message.authority):
        said = changes.hear_answer(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        watch_the_window(work, notification)


@reactions.on(ClassificationStated)
async def classification_stated(work: Work, event: Event, message: ClassificationStated) -> None:
    """Of the authorities of the route; customs' own cases have no notification here."""
    notification = await _ours(work, event)
    if notification is not None and notification.document is not None:
        said = prohibition.hear_view(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        watch_the_window(work, notification)
        watch_the_law(work, notification)


@reactions.on(ConsentWithdrawn)
@reactions.on(ConsentSuspended)
async def consent_interrupted(work: Work, event: Event, message: Interrupted) -> None:
    if notification := await _of_authority(work, event, message.authority):
        said = hear_interruption(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        await_the_day(work, notification, message.authority)


@reactions.on(ConsentReinstated)
async def consent_reinstated(work: Work, event: Event, message: ConsentReinstated) -> None:
    if notification := await _of_authority(work, event, message.authority):
        said = hear_reinstatement(notification, message, work.now.date())
        say(work, notification, said, notification.export_authority)
        watch_the_window(work, notification)


# Customs.


@reactions.on(CustomsReleased)
async def released(work: Work, event: Event, message: CustomsReleased) -> None:
    if movement := await _leaving(work, event, message):
        movement.hear_release(message.office)


@reactions.on(CustomsHeld)
@reactions.on(CustomsRefused)
async def not_released(work: Work, event: Event, message: CustomsDecision) -> None:
    if movement := await _leaving(work, event, message):
        movement.hear_hold(message.office)


@reactions.on(CancellationGranted)
@reactions.on(CancellationRefused)
async def cancellation_answered(
    work: Work, event: Event, message: CancellationGranted | CancellationRefused
) -> None:
    if notification := await _ours(work, event):
        shipments.hear_answer(notification, message)
        _settle_the_use(work, notification)


@reactions.on(CustomsExited)
async def exited(work: Work, event: Event, message: CustomsExited) -> None:
    if movement := await _shipment(work, event, message.shipment):
        movement.exited_on = message.exited_on
        await _wait_for_the_facility(work, event, movement)


@reactions.on(CustomsEntered)
async def entered(work: Work, event: Event, message: CustomsEntered) -> None:
    if movement := await _shipment(work, event, message.shipment):
        movement.entered_on = message.entered_on


# The facility.


@reactions.on(MovementReceived)
async def received(work: Work, event: Event, message: MovementReceived) -> None:
    if notification := await _ours(work, event):
        shipments.hear_receipt(notification, message)
        _settle_the_use(work, notification)
        if movement := shipments.announced(notification, message.shipment):
            await wait_for_the_facility(work, notification, movement)


@reactions.on(ReceiptCorrected)
async def receipt_corrected(work: Work, event: Event, message: ReceiptCorrected) -> None:
    if notification := await _ours(work, event):
        shipments.hear_correction(notification, message)
        _settle_the_use(work, notification, credited=True)


# What becomes of a load that failed.


@reactions.on(RemedyOpened)
async def failed(work: Work, event: Event, message: RemedyOpened) -> None:
    if movement := await _shipment(work, event, message.shipment):
        movement.failed_on, movement.alert = message.opened_on, None
        await _wait_for_the_facility(work, event, movement)


@reactions.on(ReturnDeparted)
async def returning(work: Work, event: Event, message: ReturnDeparted) -> None:
    if movement := await _shipment(work, event, message.shipment):
        movement.returning_on = message.departed_on


@reactions.on(RemedyCompleted)
async def remedied(work: Work, event: Event, message: RemedyCompleted) -> None:
    notification = await _ours(work, event)
    movement = shipments.announced(notification, message.shipment) if notification else None
    if notification is not None and movement is not None:
        movement.remedy = message
        _settle_the_use(work, notification, credited=message.credited_kg > 0)


@reactions.on(MovementCompleted)
async def completed(work: Work, event: Event, message: MovementCompleted) -> None:
    if notification := await _ours(work, event):
        shipments.hear_certificate(notification, message)
        if movement := shipments.announced(notification, message.shipment):
            await wait_for_the_facility(work, notification, movement)


def _settle_the_use(work: Work, notification: Notification, *, credited: bool = False) -> None:
    """A load came to its end: whether anything remains is said at once."""
    said = settle_the_use(notification, work.now.date(), credited=credited)
    say(work, notification, said, notification.export_authority)
    watch_the_window(work, notification)


async def _ours(work: Work, event: Event) -> Notification | None:
    """What is said here of a case follows its transmission: one that is not here is another State's."""
    return await work.shelf(NOTIFICATIONS).get(event.world, event.case) if event.case else None


async def _of_authority(work: Work, event: Event, authority: str) -> Notification | None:
    """An authority speaks for itself alone; what another says in its name changes nothing."""
    notification = await _ours(work, event)
    # What this service recorded from paper it knows already.
    if notification is None or event.source == f"/notifier/{notification.exporter.state}":
        return None
    sender = Address.parse(event.sender)
    named = {each.address for each in notification.authorities if each.authority == authority}
    if sender in named:
        return notification
    log.warning("not the authority's own word", id=str(event.id), sender=event.sender, authority=authority)
    return None


async def _shipment(work: Work, event: Event, shipment: int | None) -> Movement | None:
    notification = await _ours(work, event)
    return shipments.announced(notification, shipment) if notification else None


async def _wait_for_the_facility(work: Work, event: Event, movement: Movement) -> None:
    if notification := await _ours(work, event):
        await wait_for_the_facility(work, notification, movement)


async def _leaving(work: Work, event: Event, message: CustomsDecision) -> Movement | None:
    """Only the decision on the export declaration lets a load depart."""
    return await _shipment(work, event, message.shipment) if message.direction == "export" else None

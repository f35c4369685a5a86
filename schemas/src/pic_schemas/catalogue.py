"""Every message type of the exchange: where it travels, who owns it, who says it to whom, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import ValidationError

from pic_schemas import messages
from pic_schemas.address import Role
from pic_schemas.envelope import Event, UnreadableRecord
from pic_schemas.messages.base import CASES, WORLDS, Message, Service
from pic_schemas.refusal import pointer

Model = type[Message]

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        CASES: "Everything that happens to a case, keyed {world}:{case}: one history in one order for all",
        WORLDS: "Worlds and their clocks, keyed {world}",
    }
)

# The order of the procedure, which is also the order of the generated documentation.
_MODELS: tuple[Model, ...] = (
    messages.WorldOpened,
    messages.ClockMoved,
    messages.WorldDeleted,
    messages.NotificationDrafted,
    messages.NotificationSubmitted,
    messages.GuaranteeLodged,
    messages.GuaranteeApproved,
    messages.InformationRequested,
    messages.InformationProvided,
    messages.NotificationInvalidated,
    messages.NotificationCarriedOut,
    messages.NotificationTransmitted,
    messages.AttachmentAdded,
    messages.NotificationAcknowledged,
    messages.CaseLinked,
    messages.NoticesCompared,
    messages.ContractConfirmed,
    messages.DecisionTaken,
    messages.SilenceRecorded,
    messages.NotificationAuthorised,
    messages.NotificationObjected,
    messages.NotificationExpiring,
    messages.NotificationExpired,
    messages.NotificationExhausted,
    messages.NotificationProhibited,
    messages.ProhibitionLifted,
    messages.NotificationWithdrawn,
    messages.ChangeRequested,
    messages.ChangeAnswered,
    messages.ChangeRefused,
    messages.NotificationChanged,
    messages.ConsentWithdrawn,
    messages.AuthorisationSuspended,
    messages.ConsentSuspended,
    messages.ConsentReinstated,
    messages.NotificationInterrupted,
    messages.MovementPrenotified,
    messages.MovementRescheduled,
    messages.MovementUpdated,
    messages.CancellationRequested,
    messages.CancellationGranted,
    messages.CancellationRefused,
    messages.MovementDeparted,
    messages.DeclarationLodged,
    messages.DeclarationAmended,
    messages.DeclarationWithdrawn,
    messages.CustomsReleased,
    messages.CustomsHeld,
    messages.CustomsRefused,
    messages.QuantityOverridden,
    messages.ClassificationStated,
    messages.CustomsSelected,
    messages.InspectionOrdered,
    messages.InspectionRecorded,
    messages.CustomsDetained,
    messages.CustomsSeized,
    messages.DetentionEnded,
    messages.IllegalTrafficReported,
    messages.CustomsExited,
    messages.ExitOverdue,
    messages.TransitEntered,
    messages.TransitExited,
    messages.TransitDischarged,
    messages.TransitOverdue,
    messages.CustomsEntered,
    messages.CustomsAudited,
    messages.MovementHandedOver,
    messages.MovementDelivered,
    messages.MovementReceived,
    messages.ReceiptCorrected,
    messages.MovementCompleted,
    messages.DutyMissed,
    messages.MovementOverdue,
    messages.RemedyOpened,
    messages.RemedyOrdered,
    messages.RemedyOpposed,
    messages.ReturnDeparted,
    messages.RemedyEscalated,
    messages.RemedyCompleted,
    messages.GuaranteeReleased,
    messages.NotificationClosed,
)


@dataclass(frozen=True, slots=True)
class MessageType:
    """One line of the catalogue; `senders` and `receivers` are seats."""

    type: str
    topic: str
    owner: Service
    senders: tuple[Role, ...]
    receivers: tuple[Role, ...]
    model: Model
    summary: str
    basis: str


def _line(model: Model) -> MessageType:
    return MessageType(
        type=model.type,
        topic=model.topic,
        owner=model.owner,
        senders=model.senders,
        receivers=model.receivers,
        model=model,
        summary=(model.__doc__ or "").strip().splitlines()[0],
        basis=model.basis,
    )


CATALOGUE: Mapping[str, MessageType] = MappingProxyType({model.type: _line(model) for model in _MODELS})


def message_type(type: str) -> MessageType:
    """The catalogue's line for a type; raises `UnreadableRecord` for a type we do not know."""
    try:
        return CATALOGUE[type]
    except KeyError:
        raise UnreadableRecord(f"unknown type {type}") from None


def load(event: Event) -> Message:
    """The message in an event, read tolerantly; raises `UnreadableRecord` naming the first wrong place."""
    model = message_type(event.type).model
    try:
        return model.read(event.data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UnreadableRecord(f"{event.type} at {pointer(first['loc'])}: {first['msg']}") from error

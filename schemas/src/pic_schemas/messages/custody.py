"""A load in other hands: from carrier to carrier, and at last to the facility."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from pic_schemas.documents.base import RegistrationNo, Text
from pic_schemas.documents.transport import Equipment, MeansOfTransport
from pic_schemas.messages.base import AUTHORITY, CARRIER, CUSTOMS, EXPORTER, FACILITY
from pic_schemas.messages.movement import OfMovement


class MovementHandedOver(OfMovement):
    """The next carrier took the load over and signed block 8 (in Canada its Part B)."""

    type = "pic.movement.handed-over.v1"
    owner = "notifier"
    senders = (CARRIER,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "Basel Convention Art. 6(9); WSR 1013/2006 Annex IC p. 39; SOR/2021-25 s. 16, 28"

    leg: int = Field(ge=2, description="Which carrier of the shipment it is, the first being 1")
    from_carrier: RegistrationNo
    to_carrier: RegistrationNo
    means: MeansOfTransport
    place: Text
    handed_over_on: date
    equipment: tuple[Equipment, ...] = ()
    seals_as_before: bool | None = Field(
        default=None, description="Whether containers and seals are those stated last; empty: not looked at"
    )


class MovementDelivered(OfMovement):
    """The last carrier brought the load to the facility, whether or not it is accepted there."""

    type = "pic.movement.delivered.v1"
    owner = "notifier"
    senders = (CARRIER,)
    receivers = (EXPORTER, AUTHORITY, CUSTOMS, FACILITY, CARRIER)
    basis = "Basel Convention Art. 6(9); SOR/2021-25 s. 16(7)"

    carrier: RegistrationNo
    facility: RegistrationNo
    place: Text
    delivered_on: date
    equipment: tuple[Equipment, ...] = ()
    seals_as_before: bool | None = None

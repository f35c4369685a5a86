"""The importer's own notice of a movement that the exporter notifies abroad."""

from __future__ import annotations

from pydantic import Field

from pic_schemas.documents.base import Strict
from pic_schemas.documents.notification import LABELS, IntendedPeriod, IntendedShipments
from pic_schemas.documents.operation import OperationCodes
from pic_schemas.documents.party import Facility, RegisteredParty
from pic_schemas.documents.quantity import IntendedQuantity
from pic_schemas.documents.route import Itinerary
from pic_schemas.documents.waste import Identification


class ImportNotice(Strict):
    """What both documents state, under the numbers that the blocks have in the notification."""

    block_1: RegisteredParty = Field(title=LABELS["block_1"])
    block_2: RegisteredParty = Field(title=LABELS["block_2"])
    block_4: IntendedShipments = Field(title=LABELS["block_4"])
    block_5: IntendedQuantity = Field(title=LABELS["block_5"])
    block_6: IntendedPeriod = Field(title=LABELS["block_6"])
    block_10: Facility = Field(title=LABELS["block_10"])
    block_11: OperationCodes = Field(title=LABELS["block_11"])
    block_14: Identification = Field(title=LABELS["block_14"])
    block_15: Itinerary = Field(title=LABELS["block_15"])

    @property
    def recovery(self) -> bool:
        return self.block_10.kind == "recovery"

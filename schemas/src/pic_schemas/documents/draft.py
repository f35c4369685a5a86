"""A notification in the making: the same blocks, none of them there yet."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from pic_schemas.documents.base import Strict, block
from pic_schemas.documents.declaration import Annexes, Declaration
from pic_schemas.documents.notification import (
    LABELS,
    Concerning,
    IntendedCarriers,
    IntendedPeriod,
    IntendedShipments,
    NotificationDocument,
)
from pic_schemas.documents.operation import Operation
from pic_schemas.documents.party import Facility, Generators, RegisteredParty
from pic_schemas.documents.quantity import IntendedQuantity
from pic_schemas.documents.route import CustomsOffices, Itinerary
from pic_schemas.documents.transport import Packaging
from pic_schemas.documents.waste import Designation, Identification, PhysicalCharacteristics
from pic_schemas.refusal import Finding, Refused

MISSING_BLOCK = "FORM_BLOCK_MISSING"


def _optional(name: str) -> Any:
    return block(LABELS, name, "May be missing in a draft", default=None)


class DraftNotification(Strict):
    """Blocks 1 to 18 of a notification that has not been submitted."""

    block_1: RegisteredParty | None = _optional("block_1")
    block_2: RegisteredParty | None = _optional("block_2")
    block_3: Concerning | None = _optional("block_3")
    block_4: IntendedShipments | None = _optional("block_4")
    block_5: IntendedQuantity | None = _optional("block_5")
    block_6: IntendedPeriod | None = _optional("block_6")
    block_7: Packaging | None = _optional("block_7")
    block_8: IntendedCarriers | None = _optional("block_8")
    block_9: Generators | None = _optional("block_9")
    block_10: Facility | None = _optional("block_10")
    block_11: Operation | None = _optional("block_11")
    block_12: Designation | None = _optional("block_12")
    block_13: PhysicalCharacteristics | None = _optional("block_13")
    block_14: Identification | None = _optional("block_14")
    block_15: Itinerary | None = _optional("block_15")
    block_16: CustomsOffices | None = _optional("block_16")
    block_17: Declaration | None = _optional("block_17")
    block_18: Annexes | None = _optional("block_18")

    def missing(self) -> list[str]:
        """Names of the mandatory blocks that are not filled in, in the order of the form."""
        fields = NotificationDocument.model_fields
        return [name for name, field in fields.items() if field.is_required() and getattr(self, name) is None]

    def contradictions(self) -> list[Finding]:
        """Blocks that contradict each other, whether or not others are still missing."""
        # The blocks as they are: each was checked by itself when the draft was read.
        filled = {
            name: block for name in type(self).model_fields if (block := getattr(self, name)) is not None
        }
        try:
            NotificationDocument.model_validate(filled)
        except ValidationError as error:
            absent = {f"/{name}" for name in NotificationDocument.model_fields if name not in filled}
            return [found for found in Refused.malformed(error).findings if found.pointer not in absent]
        return []

    def complete(self) -> NotificationDocument:
        """The document to submit; raises `Refused` (invalid) naming every missing or contradicting block."""
        if missing := self.missing():
            raise Refused.invalid(*map(_missing, missing))
        try:
            return NotificationDocument.model_validate(self.payload())
        except ValidationError as error:
            raise Refused.malformed(error) from error


def _missing(name: str) -> Finding:
    return Finding(
        rule=MISSING_BLOCK,
        article="Article 6(1), Annex V A",
        source="Basel Convention",
        pointer=f"/{name}",
        detail=f"{LABELS[name]} is missing",
        title="Mandatory block missing",
        needs=f"fill in block {name.removeprefix('block_')}",
    )

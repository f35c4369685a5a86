"""The movement document, blocks 1 to 22.

Labels: the form agreed for Basel, OECD and EU; page numbers are those of Regulation (EC) 1013/2006 Annex IC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from pic_schemas.documents.base import Country, Office, OperationCode, Strict, Text, block
from pic_schemas.documents.declaration import MovementDeclaration, Signature
from pic_schemas.documents.operation import OperationCodes
from pic_schemas.documents.party import Facility, Generators, RegisteredParty
from pic_schemas.documents.quantity import ActualQuantity, Quantity
from pic_schemas.documents.transport import Carriers, Equipment, LoadedPackaging
from pic_schemas.documents.waste import Designation, Identification, PhysicalCharacteristics
from pic_schemas.numbers import NumberText

LABELS: Mapping[str, str] = {
    "block_1": "1. Corresponding to notification No.",
    "block_2": "2. Serial/total number of shipments",
    "block_3": "3. Exporter - notifier",
    "block_4": "4. Importer - consignee",
    "block_5": "5. Actual quantity",
    "block_6": "6. Actual date of shipment",
    "block_7": "7. Packaging type(s), number of packages, special handling requirements",
    "block_8": "8. Carriers",
    "block_9": "9. Waste generator(s) - producer(s)",
    "block_10": "10. Disposal facility or recovery facility",
    "block_11": "11. Disposal/recovery operation(s)",
    "block_12": "12. Designation and composition of the waste",
    "block_13": "13. Physical characteristics",
    "block_14": "14. Waste identification",
    "block_15": "15. Exporter's - notifier's declaration",
    "block_16": "16. Additional information by any person involved in the movement",
    "block_17": "17. Shipment received by importer - consignee (if not facility)",
    "block_18": "18. Shipment received at disposal or recovery facility",
    "block_19": "19. Certificate of completion of disposal or recovery",
    "block_20": "20. Country of export - dispatch or customs office of exit",
    "block_21": "21. Country of import - destination or customs office of entry",
    "block_22": "22. Stamps of customs offices of transit countries",
}


class SerialNumber(Strict):
    """Which shipment of how many, e.g. 4/11 (block 2); cancelled ones do not count, so 12/11 may follow."""

    shipment: int = Field(ge=1, title="Serial number of the shipment")
    total: int = Field(ge=1, title="Total number of shipments")


class ActualDate(Strict):
    """The day the shipment starts (block 6)."""

    start_date: date = Field(title="Actual date of shipment")


class AdditionalInformation(Strict):
    """Containers, routing and anything else, added at any time (block 16)."""

    equipment: tuple[Equipment, ...] = Field(default=(), title="Containers and seals")
    remarks: tuple[Text, ...] = ()


class FacilityReceipt(Strict):
    """Accepted or rejected, how much, and when the operation will be completed (block 18)."""

    received_on: date
    outcome: Literal["accepted", "partly-rejected", "rejected"]
    quantity: Quantity
    expected_completion: date | None = None
    operation: OperationCode
    signed: Signature
    reason: Text | None = None


class CustomsStamp(Strict):
    """The waste left or entered the country here on this day (blocks 20 and 21)."""

    office: Office
    on: date
    signature: Text | None = None


class TransitStamp(Strict):
    """Entry into and exit from one transit State (block 22)."""

    country: Country
    entry: CustomsStamp | None = None
    exit: CustomsStamp | None = None


class MovementDocument(Strict):
    """Accompanies one shipment to its disposal: Basel Convention, Articles 4(7)(c) and 6(9), Annex V B."""

    block_1: NumberText = block(LABELS, "block_1", "Annex IC p. 32")
    block_2: SerialNumber = block(LABELS, "block_2", "Annex IC p. 32, 34")
    block_3: RegisteredParty = block(LABELS, "block_3", "Equals notification block 1; DIWASS Art. 17(6)(a)")
    block_4: RegisteredParty = block(LABELS, "block_4", "Equals notification block 2; DIWASS Art. 17(6)(b)")
    block_5: ActualQuantity = block(LABELS, "block_5", "Before the start; Annex IC p. 36")
    block_6: ActualDate = block(LABELS, "block_6", "Before the start")
    block_7: LoadedPackaging = block(LABELS, "block_7", "Before the start")
    block_8: Carriers = block(LABELS, "block_8", "Signed at take-over; Annex IC p. 39")
    block_9: Generators = block(LABELS, "block_9", "Equals block 9 of the notification")
    block_10: Facility = block(LABELS, "block_10", "Equals block 10 of the notification")
    block_11: OperationCodes = block(LABELS, "block_11", "Equals the codes of block 11 of the notification")
    block_12: Designation = block(LABELS, "block_12", "Equals block 12 of the notification")
    block_13: PhysicalCharacteristics = block(LABELS, "block_13", "Equals block 13 of the notification")
    block_14: Identification = block(LABELS, "block_14", "Equals block 14 of the notification")
    block_15: MovementDeclaration = block(LABELS, "block_15", "Before the start; Annex IC p. 43")
    block_16: AdditionalInformation | None = block(LABELS, "block_16", "Annex IC p. 44", default=None)
    block_17: Signature | None = block(LABELS, "block_17", "On arrival; Annex IC p. 45", default=None)
    block_18: FacilityReceipt | None = block(LABELS, "block_18", "On receipt; Annex IC p. 46", default=None)
    block_19: Signature | None = block(LABELS, "block_19", "WSR 1013/2006 Art. 16(e)", default=None)
    block_20: CustomsStamp | None = block(LABELS, "block_20", "Customs; Annex IC p. 50", default=None)
    block_21: CustomsStamp | None = block(LABELS, "block_21", "Customs; Annex IC p. 50", default=None)
    block_22: tuple[TransitStamp, ...] = block(LABELS, "block_22", "Customs of transit States", default=())

    @property
    def quantity_kg(self) -> int:
        return self.block_5.kg

    @property
    def shipment(self) -> int:
        return self.block_2.shipment

    @property
    def exporter(self) -> RegisteredParty:
        return self.block_3

    @property
    def facility(self) -> RegisteredParty:
        return self.block_10.facility

    @property
    def equipment(self) -> tuple[Equipment, ...]:
        return self.block_16.equipment if self.block_16 else ()

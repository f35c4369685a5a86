"""The notification document, blocks 1 to 18, and the blocks 19 to 21 that the authorities fill in.

Labels: the form agreed for Basel, OECD and EU; page numbers are those of Regulation (EC) 1013/2006 Annex IC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pic_schemas.documents.base import AuthorityCode, Country, Strict, Text, block
from pic_schemas.documents.declaration import Annexes, Declaration
from pic_schemas.documents.operation import Operation
from pic_schemas.documents.party import Carrier, Facility, Generators, RegisteredParty
from pic_schemas.documents.quantity import IntendedQuantity
from pic_schemas.documents.route import CustomsOffices, Itinerary, States
from pic_schemas.documents.transport import Packaging
from pic_schemas.documents.waste import Designation, Identification, PhysicalCharacteristics
from pic_schemas.numbers import NumberText

LABELS: Mapping[str, str] = {
    "block_1": "1. Exporter - notifier",
    "block_2": "2. Importer - consignee",
    "block_3": "3. Notification No. concerning",
    "block_4": "4. Total intended number of shipments",
    "block_5": "5. Total intended quantity",
    "block_6": "6. Intended period of time for shipment(s)",
    "block_7": "7. Packaging type(s); special handling requirements",
    "block_8": "8. Intended carrier(s); means of transport",
    "block_9": "9. Waste generator(s) - producer(s)",
    "block_10": "10. Disposal facility or recovery facility",
    "block_11": "11. Disposal/recovery operation(s)",
    "block_12": "12. Designation and composition of the waste",
    "block_13": "13. Physical characteristics",
    "block_14": "14. Waste identification",
    "block_15": "15. Countries/States concerned, competent authorities, points of exit or entry",
    "block_16": "16. Customs offices of entry and/or exit and/or export",
    "block_17": "17. Exporter's - notifier's / generator's - producer's declaration",
    "block_18": "18. Number of annexes attached",
    "block_19": "19. Acknowledgement from the relevant competent authority",
    "block_20": "20. Written consent to the movement",
    "block_21": "21. Specific conditions on consenting to the movement or reasons for objecting",
}


class Concerning(Strict):
    """Individual or multiple shipments, disposal or recovery, pre-consented facility (block 3)."""

    number: NumberText | None = Field(default=None, title="Notification No.")
    shipments: Literal["individual", "multiple"] = Field(title="A. Individual (i) or multiple (ii) shipments")
    operation: Literal["disposal", "recovery"] = Field(title="B. Disposal (i) or recovery (ii)")
    preconsented: bool = Field(default=False, title="C. Pre-consented recovery facility")

    @model_validator(mode="after")
    def _preconsent_is_for_recovery(self) -> Self:
        if self.preconsented and self.operation != "recovery":
            raise ValueError("only a recovery facility can be pre-consented (form, footnote 3)")
        return self


class IntendedShipments(Strict):
    """How many shipments at most (block 4)."""

    total: int = Field(ge=1, title="Total intended number of shipments")


class IntendedPeriod(Strict):
    """First and last departure (block 6)."""

    first_departure: date = Field(title="First departure")
    last_departure: date = Field(title="Last departure")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first_departure > self.last_departure:
            raise ValueError("the first departure is after the last")
        return self


class IntendedCarriers(Strict):
    """Every intended carrier, each with its means of transport (block 8)."""

    carriers: tuple[Carrier, ...] = Field(min_length=1, title="Intended carrier(s)")


class NotificationDocument(Strict):
    """A complete notification: Basel Convention, Article 6(1) and Annex V A."""

    block_1: RegisteredParty = block(LABELS, "block_1", "Annex V A 2; Annex IC p. 14")
    block_2: RegisteredParty = block(LABELS, "block_2", "Annex V A 4; Annex IC p. 15")
    block_3: Concerning = block(LABELS, "block_3", "Annex V A 9; Annex IC p. 16")
    block_4: IntendedShipments = block(LABELS, "block_4", "Annex V A 9; DIWASS Art. 17(9)")
    block_5: IntendedQuantity = block(LABELS, "block_5", "Annex V A 14; Annex IC p. 17: a ceiling")
    block_6: IntendedPeriod = block(LABELS, "block_6", "Annex V A 10; Annex IC p. 17")
    block_7: Packaging = block(LABELS, "block_7", "Annex V A 13; Annex IC p. 18")
    block_8: IntendedCarriers = block(LABELS, "block_8", "Annex V A 5, 11; Annex IC p. 19")
    block_9: Generators = block(LABELS, "block_9", "Annex V A 3; Annex IC p. 20")
    block_10: Facility = block(LABELS, "block_10", "Annex V A 4, 20; Annex IC p. 21")
    block_11: Operation = block(LABELS, "block_11", "Annex V A 1, 18; Annex IC p. 22")
    block_12: Designation = block(LABELS, "block_12", "Annex V A 13; Annex IC p. 23")
    block_13: PhysicalCharacteristics = block(LABELS, "block_13", "Annex V A 13")
    block_14: Identification = block(LABELS, "block_14", "Annex V A 16, 17; WSR 1013/2006 Art. 4(6)")
    block_15: Itinerary = block(LABELS, "block_15", "Annex V A 6-8; Annex IC p. 26")
    block_16: CustomsOffices | None = block(LABELS, "block_16", "EU only; Annex IC p. 27", default=None)
    block_17: Declaration = block(LABELS, "block_17", "Annex V A 19; Annex IC p. 28")
    block_18: Annexes = block(LABELS, "block_18", "Annex IC p. 12, 29")

    @field_validator("block_4")
    @classmethod
    def _individual_means_one(cls, shipments: IntendedShipments, info: ValidationInfo) -> IntendedShipments:
        concerning = info.data.get("block_3")
        if concerning is not None and (concerning.shipments == "individual") != (shipments.total == 1):
            raise ValueError("individual means one shipment, multiple more than one (DIWASS Art. 17(9))")
        return shipments

    @field_validator("block_10")
    @classmethod
    def _facility_for_the_operation(cls, facility: Facility, info: ValidationInfo) -> Facility:
        concerning = info.data.get("block_3")
        if concerning is not None and concerning.operation != facility.kind:
            raise ValueError("block 3 B and block 10 name different kinds of operation")
        return facility

    @field_validator("block_11")
    @classmethod
    def _codes_of_the_operation(cls, operation: Operation, info: ValidationInfo) -> Operation:
        concerning = info.data.get("block_3")
        letter = "R" if concerning is not None and concerning.operation == "recovery" else "D"
        if concerning is not None and not all(code.startswith(letter) for code in operation.codes):
            raise ValueError(f"block 3 B asks for {letter}-codes only")
        return operation

    @property
    def waste_code(self) -> str:
        """The code that decides the procedure, e.g. Y48."""
        return self.block_14.controlling

    @property
    def operation(self) -> tuple[str, ...]:
        return self.block_11.codes

    @property
    def recovery(self) -> bool:
        return self.block_3.operation == "recovery"

    @property
    def states(self) -> States:
        return self.block_15.states

    @property
    def quantity_kg(self) -> int:
        return self.block_5.kg

    @property
    def shipments(self) -> int:
        return self.block_4.total

    @property
    def exporter(self) -> RegisteredParty:
        return self.block_1

    @property
    def importer(self) -> RegisteredParty:
        return self.block_2

    @property
    def facility(self) -> RegisteredParty:
        return self.block_10.facility

    @property
    def carriers(self) -> tuple[Carrier, ...]:
        return self.block_8.carriers

    @property
    def companies(self) -> tuple[str, ...]:
        """Registration numbers of blocks 1, 2, 8, 9 and 10, each once, in the order of the form."""
        parties = (self.block_1, self.block_2, *self.carriers, *self.block_9.generators, self.facility)
        return tuple(dict.fromkeys(p.registration_no for p in parties if p.registration_no))


class AuthorityAcknowledgement(Strict):
    """One acknowledgement (block 19)."""

    country: Country
    authority: AuthorityCode
    received_on: date = Field(title="Notification received on")
    ack_sent_on: date = Field(title="Acknowledgement sent on")


class AuthorityConsent(Strict):
    """One consent, or the word OBJECTION in its place (block 20; Annex IC p. 31)."""

    country: Country
    authority: AuthorityCode
    verdict: Literal["consent", "consent-with-conditions", "objection", "not-consent"]
    given_on: date = Field(title="Consent given on")
    valid_from: date | None = Field(default=None, title="Consent valid from")
    valid_to: date | None = Field(default=None, title="until")
    tacit: bool = False


class ConditionOrReason(Strict):
    """One condition or one reason for an objection (block 21)."""

    authority: AuthorityCode
    kind: Literal["condition", "reason"]
    text: Text


class AuthorityBlocks(Strict):
    """What the competent authorities add to the form: blocks 19 to 21."""

    block_19: tuple[AuthorityAcknowledgement, ...] = block(LABELS, "block_19", "Annex IC p. 30", default=())
    block_20: tuple[AuthorityConsent, ...] = block(LABELS, "block_20", "Annex IC p. 31", default=())
    block_21: tuple[ConditionOrReason, ...] = block(LABELS, "block_21", "Annex IC p. 31", default=())

"""What callers send."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from consent.domain.shipment import Delivery, LaterOperation, Outcome
from consent.domain.states import Act
from consent.domain.withdrawal import Reason
from pic_law.rules import rule
from pic_law.ruling import GroundCited, Ruling
from pic_schemas.documents.base import OperationCode, RegistrationNo, Strict, Text
from pic_schemas.documents.quantity import Quantity
from pic_schemas.messages import Condition, DecisionScope, InTransit, Question, Verdict


class AcknowledgementBody(Strict):
    """Block 19; the day of receipt is today unless another is given."""

    received_on: date | None = None


class ContractBody(Strict):
    """Which contract was found."""

    contract_reference: Text


class ScopeBody(Strict):
    """What a consent is narrowed to; what is not given stays as notified."""

    quantity: Quantity | None = None
    shipments: int | None = Field(default=None, ge=1, le=999_999)
    routes: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    codes: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    operation: Annotated[tuple[OperationCode, ...], Field(max_length=100)] = ()

    def scope(self) -> DecisionScope:
        return DecisionScope(
            quantity_kg=kilograms(self.quantity, "/scope/quantity") if self.quantity else None,
            shipments=self.shipments,
            routes=self.routes,
            codes=self.codes,
            operation=self.operation,
        )


class GroundBody(Strict):
    """A ground of objection by its letter, and the authority's words."""

    letter: Text
    text: Annotated[str, Field(max_length=4000)] = ""


class DecisionBody(Strict):
    """Blocks 20 and 21; a consent's window follows from the law unless it is given."""

    verdict: Verdict
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: Annotated[tuple[Condition, ...], Field(max_length=100)] = ()
    grounds: Annotated[tuple[GroundBody, ...], Field(max_length=100)] = ()
    scope: ScopeBody | None = None
    signatory: Text

    def ruling(self) -> Ruling:
        return Ruling(
            verdict=Act(self.verdict),
            signatory=self.signatory,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            scope=self.scope.scope() if self.scope else None,
            conditions=self.conditions,
            grounds=tuple(GroundCited(ground.letter, ground.text) for ground in self.grounds),
        )


class QuestionsBody(Strict):
    """What the authority wants to know, each question with its number."""

    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=100)]


class ChangeAnswerBody(Strict):
    """Whether the authority agrees; a refusal says why."""

    agrees: bool
    reason: Text | None = None


class WithdrawalBody(Strict):
    """A ground of the authority's own law, or its reasons in words where that law lists none."""

    ground: Annotated[str, Field(max_length=60)] = ""
    text: Annotated[str, Field(max_length=4000)] = ""
    effective_on: date | None = Field(
        default=None,
        description="the first day without the consent; left out, the first one that the law allows",
    )
    in_transit: InTransit = Field(default="hold", description="what becomes of loads that have left already")
    signatory: Text

    def reason(self) -> Reason:
        return Reason(**self.model_dump())


class ReinstatementBody(Strict):
    """The suspension, or what was announced for a later day, is lifted."""

    text: Annotated[str, Field(max_length=4000)] = ""
    signatory: Text


class ReceiptBody(Strict):
    """Block 18 of the movement document; `quantity` is what was accepted, none of a rejected load."""

    received_on: date | None = None
    quantity: Quantity | None = None
    outcome: Outcome = "accepted"
    reason: Text | None = None
    expected_completion: date | None = None

    def delivery(self, today: date) -> Delivery:
        return Delivery(
            received_on=self.received_on or today,
            kg=kilograms(self.quantity, "/quantity") if self.quantity else 0,
            outcome=self.outcome,
            reason=self.reason,
            expected_completion=self.expected_completion,
        )


class CorrectionBody(Strict):
    """The quantity as it is after all, or as it was said, and why."""

    quantity: Quantity
    reason: Text

    @property
    def kg(self) -> int:
        return kilograms(self.quantity, "/quantity")


class CertificateBody(Strict):
    """Block 19 of the movement document; the quantity received unless another is given."""

    completed_on: date | None = None
    quantity: Quantity | None = None

    @property
    def kg(self) -> int | None:
        return kilograms(self.quantity, "/quantity") if self.quantity else None


class LaterCertificateBody(Strict):
    """The certificate of a later facility: who, which operation, when, how much."""

    facility: RegistrationNo
    operation: OperationCode
    completed_on: date | None = None
    quantity: Quantity | None = None

    def done(self, today: date) -> LaterOperation:
        kg = kilograms(self.quantity, "/quantity") if self.quantity else None
        return LaterOperation(self.facility, self.operation, self.completed_on or today, kg)


def kilograms(quantity: Quantity, at: str) -> int:
    """Raises Refused: a volume without its density counts for nothing."""
    if quantity.kg is None:
        detail = "a volume needs its density: quantities are counted in kilograms"
        raise rule("BLOCK_INVALID").refused(at, detail)
    return quantity.kg

"""What came on paper: recorded by the authority of export, with the document and the day it was written."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Response
from pydantic import Field

from notifier.api.notifications import Authority, shown
from notifier.api.views import NotificationView
from notifier.commands.paper import Step, record
from notifier.domain import paper
from notifier.domain.refusals import refused
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_law.desk import Act
from pic_law.ruling import GroundCited, Ruling
from pic_schemas.documents.base import AuthorityCode, OperationCode, Strict, Text
from pic_schemas.documents.declaration import Sha256
from pic_schemas.documents.quantity import Quantity
from pic_schemas.messages import Condition, DecisionScope, Verdict

router = APIRouter(prefix="/v1/notifications/{ref}/paper-steps", tags=["paper"])


class _OnPaper(Strict):
    authority: AuthorityCode
    happened_on: date = Field(description="the day on the paper, not the day of its recording")
    document: Sha256 | None = Field(default=None, description="digest of the attachment; required")

    @property
    def letter(self) -> paper.Letter:
        return paper.Letter(self.authority, self.happened_on, self.document)


class AcknowledgementOnPaper(_OnPaper):
    """Block 19."""

    step: Literal["acknowledgement"]
    received_on: date | None = None

    def taken(self) -> Step:
        return lambda notification, on: paper.acknowledge(notification, self.letter, self.received_on, on)


class ContractOnPaper(_OnPaper):
    """The State of import confirms the contract."""

    step: Literal["contract-confirmation"]
    contract_reference: Text

    def taken(self) -> Step:
        reference = self.contract_reference
        return lambda notification, on: paper.confirm_contract(notification, self.letter, reference, on)


class PaperGround(Strict):
    """A ground of objection by its letter, and the authority's words."""

    letter: Text
    text: str = ""


class PaperScope(Strict):
    """What a consent is narrowed to; what is not given stays as notified."""

    quantity: Quantity | None = None
    shipments: int | None = Field(default=None, ge=1)
    routes: tuple[Text, ...] = ()
    codes: tuple[Text, ...] = ()
    operation: tuple[OperationCode, ...] = ()

    def scope(self) -> DecisionScope:
        if self.quantity is not None and self.quantity.kg is None:
            raise refused("BLOCK_INVALID", "a volume needs its density", "/scope/quantity")
        return DecisionScope(
            quantity_kg=self.quantity.kg if self.quantity else None,
            shipments=self.shipments,
            routes=self.routes,
            codes=self.codes,
            operation=self.operation,
        )


class DecisionOnPaper(_OnPaper):
    """Blocks 20 and 21."""

    step: Literal["decision"]
    verdict: Verdict
    valid_from: date | None = None
    valid_to: date | None = None
    conditions: tuple[Condition, ...] = ()
    grounds: tuple[PaperGround, ...] = ()
    scope: PaperScope | None = None
    signatory: Text

    def taken(self) -> Step:
        ruling = Ruling(
            verdict=Act(self.verdict),
            signatory=self.signatory,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            scope=self.scope.scope() if self.scope else None,
            conditions=self.conditions,
            grounds=tuple(GroundCited(ground.letter, ground.text) for ground in self.grounds),
        )
        return lambda notification, on: paper.decide(notification, self.letter, ruling, on)


class ChangeAnswerOnPaper(_OnPaper):
    """The authority agrees to an essential change, or does not and says why."""

    step: Literal["change-answer"]
    change: int = Field(ge=1)
    agrees: bool
    reason: str = Field(default="", max_length=4000)

    def taken(self) -> Step:
        answer = (self.change, self.agrees, self.reason)
        return lambda notification, on: paper.answer_change(notification, self.letter, *answer, on)


PaperStep = Annotated[
    AcknowledgementOnPaper | ContractOnPaper | DecisionOnPaper | ChangeAnswerOnPaper,
    Body(discriminator="step"),
]


@router.post("", response_model=NotificationView, status_code=201, responses=problems())
async def record_step(ref: str, body: PaperStep, command: Authority) -> Response:
    """Record a step of a State that is not on the exchange; attach its document first."""

    async def act(work: Work) -> Answer:
        return shown(await record(work, command.caller, ref, body.taken(), body.happened_on), 201)

    return await command.run(act)

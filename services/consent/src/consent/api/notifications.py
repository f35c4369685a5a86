"""The authority's desk: inbox, acknowledgement, contract confirmation, decisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from consent import commands, queries
from consent.api.bodies import (
    AcknowledgementBody,
    ChangeAnswerBody,
    ContractBody,
    DecisionBody,
    QuestionsBody,
    ReinstatementBody,
    WithdrawalBody,
)
from consent.inbox_views import Inbox
from consent.views import AuthorityFileView, DecisionView, NotificationView
from pic_kit.access import Caller
from pic_kit.actions import ActionsView
from pic_kit.commands import Command, acts, seat
from pic_kit.problems import problems

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])

Authority = Annotated[Command, acts("competent-authority")]
Actor = Annotated[Caller, seat("competent-authority", "facility")]
Reader = Annotated[Caller, seat("competent-authority", "facility", "observer")]


@router.get("", responses=problems(401, 403, 409))
async def inbox(
    request: Request,
    caller: Reader,
    after: Annotated[str | None, Query(max_length=120, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Inbox:
    """The notifications on the caller's desk, or at its gate."""
    found: Inbox = await request.app.state.runtime.read(
        lambda connection: queries.inbox(connection, caller, after, limit)
    )
    return found


@router.get("/{ref}", responses=problems(401, 403, 404, 409))
async def notification(request: Request, response: Response, ref: str, caller: Reader) -> NotificationView:
    """One notification by case id or number."""
    found: queries.Versioned = await request.app.state.runtime.read(
        lambda connection: queries.notification(connection, caller, ref)
    )
    response.headers["ETag"] = found.etag
    return found.view


@router.get("/{ref}/actions", responses=problems(401, 403, 404, 409, 503))
async def read_actions(request: Request, ref: str, caller: Actor) -> ActionsView:
    """What your seat may do now, and why not the rest."""
    found: ActionsView = await request.app.state.runtime.read(
        lambda connection: queries.actions(connection, caller, ref)
    )
    return found


@router.post("/{ref}/acknowledgement", response_model=AuthorityFileView, responses=problems())
async def acknowledge(ref: str, command: Authority, body: AcknowledgementBody | None = None) -> Response:
    """Acknowledge receipt; starts the decision clock."""
    return await command.run(
        lambda work: commands.acknowledge(work, command.caller, ref, body.received_on if body else None)
    )


@router.post("/{ref}/contract-confirmation", response_model=AuthorityFileView, responses=problems())
async def confirm_contract(ref: str, body: ContractBody, command: Authority) -> Response:
    """Confirm the contract on environmentally sound management (State of import)."""
    return await command.run(
        lambda work: commands.confirm_contract(work, command.caller, ref, body.contract_reference)
    )


@router.post("/{ref}/decisions", response_model=DecisionView, status_code=201, responses=problems())
async def decide(ref: str, body: DecisionBody, command: Authority) -> Response:
    """Consent, consent with conditions, object, or do not consent."""
    return await command.run(lambda work: commands.decide(work, command.caller, ref, body.ruling()))


@router.post(
    "/{ref}/information-requests",
    response_model=AuthorityFileView,
    status_code=201,
    responses=problems(),
)
async def ask(ref: str, body: QuestionsBody, command: Authority) -> Response:
    """Ask the exporter for information (N02)."""
    return await command.run(lambda work: commands.ask(work, command.caller, ref, body.questions))


@router.post("/{ref}/changes/{change}/answer", response_model=AuthorityFileView, responses=problems())
async def answer_change(
    ref: str, change: Annotated[int, Path(ge=1, le=1000)], body: ChangeAnswerBody, command: Authority
) -> Response:
    """Agree to an essential change, or refuse it (N11)."""
    return await command.run(
        lambda work: commands.answer_change(
            work, command.caller, ref, change, agrees=body.agrees, reason=body.reason
        )
    )


@router.post("/{ref}/withdrawal", response_model=AuthorityFileView, responses=problems())
async def withdraw(ref: str, body: WithdrawalBody, command: Authority) -> Response:
    """Withdraw the consent, and say what becomes of loads that have left already."""
    return await command.run(lambda work: commands.withdraw(work, command.caller, ref, body.reason()))


@router.post("/{ref}/suspension", response_model=AuthorityFileView, responses=problems())
async def suspend(ref: str, body: WithdrawalBody, command: Authority) -> Response:
    """Suspend the consent, where the authority's law knows that."""
    return await command.run(lambda work: commands.suspend(work, command.caller, ref, body.reason()))


@router.post("/{ref}/reinstatement", response_model=AuthorityFileView, responses=problems())
async def reinstate(ref: str, body: ReinstatementBody, command: Authority) -> Response:
    """Lift the suspension: the consent stands as before."""
    return await command.run(
        lambda work: commands.reinstate(work, command.caller, ref, body.signatory, body.text)
    )

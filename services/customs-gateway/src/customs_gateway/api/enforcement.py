"""Looking into a load: order an inspection, record its result, detain, report illegal traffic."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from customs_gateway import auditing, commands
from customs_gateway.api.bodies import AuditBody, DetentionBody, InspectionBody, ReportBody, ResultBody
from customs_gateway.api.declarations import DeclarationId, Office, declared
from customs_gateway.api.views import DeclarationView
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work

router = APIRouter(prefix="/v1/declarations/{declaration_id}", tags=["enforcement"])

InspectionNumber = Annotated[int, Path(ge=1, le=999)]


@router.post("/inspections", status_code=201, response_model=DeclarationView, responses=problems())
async def order_inspection(declaration_id: DeclarationId, body: InspectionBody, command: Office) -> Response:
    """Order a look at papers, container, load or sample; the load stays until the result is there."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.kind, body.reason)
        return declared(work, await commands.order_inspection(work, *asked), 201)

    return await command.run(act)


@router.post("/inspections/{inspection}/result", response_model=DeclarationView, responses=problems())
async def record_inspection(
    declaration_id: DeclarationId, inspection: InspectionNumber, body: ResultBody, command: Office
) -> Response:
    """Record what was found; with the last result the declaration is examined and decided again."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, inspection, body.result())
        return declared(work, await commands.record_inspection(work, *asked))

    return await command.run(act)


@router.post("/audit", status_code=201, response_model=DeclarationView, responses=problems())
async def record_audit(declaration_id: DeclarationId, body: AuditBody, command: Office) -> Response:
    """Record an audit of a load that was released: who, when, what; the hit rates count it."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.record())
        return declared(work, await auditing.record_audit(work, *asked), 201)

    return await command.run(act)


@router.post("/detention", response_model=DeclarationView, responses=problems())
async def detain(
    declaration_id: DeclarationId, command: Office, body: DetentionBody | None = None
) -> Response:
    """Keep a held or refused load until an authority decides about it (WSR 1013/2006 Art. 35(6))."""

    async def act(work: Work) -> Answer:
        wish = (body or DetentionBody()).detention()
        asked = (command.caller, command.runtime, declaration_id, wish)
        return declared(work, await commands.detain(work, *asked))

    return await command.run(act)


@router.post("/illegal-traffic-report", status_code=201, response_model=DeclarationView, responses=problems())
async def report_illegal_traffic(
    declaration_id: DeclarationId, body: ReportBody, command: Office
) -> Response:
    """Report to the authorities concerned; what Article 9 makes due counts from this report."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.suspicion())
        return declared(work, await commands.report_illegal_traffic(work, *asked), 201)

    return await command.run(act)

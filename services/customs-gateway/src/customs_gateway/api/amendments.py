"""Changing what was declared before the load crosses, and answering for quantities by name."""

from __future__ import annotations

from fastapi import APIRouter, Response

from customs_gateway import amending
from customs_gateway.api.bodies import AmendmentBody, OverrideBody, WithdrawalBody
from customs_gateway.api.declarations import DeclarationId, Office, declared
from customs_gateway.api.views import DeclarationView
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.transaction import Work

router = APIRouter(prefix="/v1", tags=["declarations"])


@router.post("/declarations/{declaration_id}/amendment", response_model=DeclarationView, responses=problems())
async def amend(declaration_id: DeclarationId, body: AmendmentBody, command: Office) -> Response:
    """Change a declaration before its load crosses; it is examined and accounted for anew."""
    lodged = body.declaration.lodged(declaration_id)

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, lodged, body.reason)
        return declared(work, await amending.amend(work, *asked))

    return await command.run(act)


@router.post(
    "/declarations/{declaration_id}/withdrawal", response_model=DeclarationView, responses=problems()
)
async def withdraw(declaration_id: DeclarationId, body: WithdrawalBody, command: Office) -> Response:
    """Take a declaration back before its load crosses; what it drew is free again."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.reason)
        return declared(work, await amending.withdraw(work, *asked))

    return await command.run(act)


@router.post(
    "/declarations/{declaration_id}/quantity-override", response_model=DeclarationView, responses=problems()
)
async def override(declaration_id: DeclarationId, body: OverrideBody, command: Office) -> Response:
    """Answer by name for a quantity that is over-drawn at import (Reg. (EU) 2024/2145 Art. 8)."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.answer())
        return declared(work, await amending.override(work, *asked))

    return await command.run(act)

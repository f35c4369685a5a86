"""What customs know of a notification, and its quantity account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from customs_gateway import queries
from customs_gateway.api.views import LedgerView, RegistryView
from customs_gateway.domain.registry import RegistryEntry
from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import problems

router = APIRouter(prefix="/v1", tags=["registry"])

Reader = Annotated[Caller, seat("customs", "competent-authority", "observer")]
Ref = Annotated[str, Path(description="case id or notification number", min_length=1, max_length=80)]


async def _entry(request: Request, response: Response, caller: Caller, ref: str) -> RegistryEntry:
    runtime = request.app.state.runtime
    entry, version = await runtime.read(lambda connection: queries.registered(connection, caller, ref))
    response.headers["ETag"] = f'"{version}"'
    found: RegistryEntry = entry
    return found


@router.get("/registry/{ref}", responses=problems())
async def read_registry(request: Request, response: Response, ref: Ref, caller: Reader) -> RegistryView:
    """The consents, the authorisation, the guarantee and the movements, as customs know them."""
    entry = await _entry(request, response, caller, ref)
    today = await request.app.state.runtime.read(lambda connection: queries.today(connection, caller))
    return RegistryView.of(entry, today)


@router.get("/ledger/{ref}", responses=problems())
async def read_ledger(request: Request, response: Response, ref: Ref, caller: Reader) -> LedgerView:
    """authorised = available + reserved + consumed, in kilograms."""
    return LedgerView.of_entry(await _entry(request, response, caller, ref))

"""How a detention ends: an authority decides in writing, or the office seizes the load and reports it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from customs_gateway import detentions, queries
from customs_gateway.api.declarations import DeclarationId, Office, Reader, declared
from customs_gateway.api.views import DeclarationView
from customs_gateway.domain.detention import Seizure
from pic_kit.commands import Answer, Command, acts
from pic_kit.problems import problems
from pic_kit.spreadsheet import as_csv
from pic_kit.transaction import Work
from pic_law.detentions import Form
from pic_schemas.documents.base import Strict, Text
from pic_schemas.messages.enforcement import Detection

router = APIRouter(prefix="/v1/declarations/{declaration_id}", tags=["enforcement"])

Authority = Annotated[Command, acts("competent-authority")]
CSV = "text/csv; charset=utf-8"


class AuthorityDecisionBody(Strict):
    """What becomes of a load that is held or detained: `release`, `return` or `dispose-locally`."""

    measure: Annotated[Text, Field(max_length=40)]
    reason: Text


class SeizureBody(Strict):
    """On what law, how it was found and hidden, what becomes of it; the day is today if nothing is said."""

    legal_basis: Text
    detection: Detection
    disposal: Text
    concealment: Text | None = None
    operation: Text | None = None
    seized_on: date | None = None

    def seizure(self) -> Seizure:
        return Seizure(**dict(self))


class ReportedField(BaseModel):
    """One field of the report."""

    id: str
    title: str
    value: str | int | None
    nominal: bool


class SeizureReport(BaseModel):
    """A seizure, field by field; `verified` is false while the fields rest on no text that was read."""

    form: Form
    nominal: bool
    fields: list[ReportedField]
    source: str
    verified: bool


@router.post("/authority-decision", response_model=DeclarationView, responses=problems())
async def decide(declaration_id: DeclarationId, body: AuthorityDecisionBody, command: Authority) -> Response:
    """Decide in writing about a load that customs keeps (WSR 1013/2006 Art. 35(6))."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.measure, body.reason)
        return declared(work, await detentions.decide(work, *asked))

    return await command.run(act)


@router.post("/seizure", status_code=201, response_model=DeclarationView, responses=problems())
async def seize(declaration_id: DeclarationId, body: SeizureBody, command: Office) -> Response:
    """Seize a detained load."""

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration_id, body.seizure())
        return declared(work, await detentions.seize(work, *asked), 201)

    return await command.run(act)


@router.get(
    "/seizure-report",
    response_model=SeizureReport,
    responses={200: {"content": {"text/csv": {}}}, **problems(401, 403, 404, 409, 422)},
)
async def read_seizure_report(
    request: Request,
    declaration_id: DeclarationId,
    caller: Reader,
    form: Annotated[Form, Query()] = "LONG",
    nominal: Annotated[bool, Query(description="with names; in the State that seized, only")] = False,
    written: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """The report of a seizure, in the manner of the WCO's CEN; without names unless it stays in the State."""
    runtime = request.app.state.runtime
    asked = (caller, declaration_id, form)
    found = await runtime.read(lambda c: queries.seizure_report(c, *asked, nominal=nominal))
    if written == "csv":
        text = as_csv([field.id for field, _ in found], [[value for _, value in found]])
        name = f'attachment; filename="seizure-{declaration_id[:36]}.csv"'
        return Response(text, media_type=CSV, headers={"Content-Disposition": name})
    report = SeizureReport(
        form=form,
        nominal=nominal,
        fields=[
            ReportedField(id=one.id, title=one.title, value=value, nominal=one.nominal)
            for one, value in found
        ],
        source=found[0][0].source,
        verified=all(one.verified for one, _ in found),
    )
    return Response(report.model_dump_json(), media_type="application/json")

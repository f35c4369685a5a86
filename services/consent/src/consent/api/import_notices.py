"""The importer's own notice, where two States want a notice each of one movement."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from consent import commands, queries
from consent.views import NoticePairView
from pic_kit.access import Caller
from pic_kit.commands import Command, acts, seat
from pic_kit.problems import problems
from pic_schemas.documents.base import Strict, Text
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.numbers import NumberText

router = APIRouter(prefix="/v1/import-notices", tags=["import notices"])
Importer = Annotated[Command, acts("facility")]
Reader = Annotated[Caller, seat("facility", "competent-authority", "observer")]


class ImportNoticeBody(Strict):
    """The foreign notice number, the importer's own reference, and the blocks that both documents have."""

    foreign_notice_number: NumberText
    reference: Annotated[Text, Field(max_length=64)]
    notice: ImportNotice


@router.post("", response_model=NoticePairView, status_code=201, responses=problems())
async def file_import_notice(body: ImportNoticeBody, command: Importer) -> Response:
    """File the importer's notice of what is notified abroad, or file it anew: the newest stands."""
    return await command.run(
        lambda work: commands.file_import_notice(
            work, command.caller, body.foreign_notice_number, body.reference, body.notice
        )
    )


@router.get("/{number}", responses=problems(401, 403, 404, 409))
async def read_import_notice(request: Request, number: str, caller: Reader) -> NoticePairView:
    """The importer's notice and the list of differences, for the importer and its authority."""
    found: NoticePairView = await request.app.state.runtime.read(
        lambda connection: queries.import_notice(connection, caller, number)
    )
    return found

"""Which papers were cited at a State's offices in a period: asked once, or each night for the day before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from customs_gateway import queries
from customs_gateway.domain.declaration import Declaration
from pic_kit.access import Caller
from pic_kit.commands import seat
from pic_kit.problems import problems
from pic_law.rules import rule
from pic_schemas.messages import DeclarationDocument

LONGEST = timedelta(days=366)

router = APIRouter(prefix="/v1/supporting-documents", tags=["registry"])

Reader = Annotated[Caller, seat("customs", "competent-authority")]


class Cited(BaseModel):
    """One declaration and the papers that it cites."""

    declaration_id: str
    case: str
    office: str
    direction: str
    lodged_on: date
    border_date: date
    state: str
    number: str | None
    movement_number: str | None
    net_kg: int
    documents: tuple[DeclarationDocument, ...]

    @classmethod
    def of(cls, found: Declaration) -> Cited:
        lodged = found.lodged
        return cls(
            declaration_id=found.id,
            case=found.case,
            office=lodged.office,
            direction=lodged.direction,
            lodged_on=found.lodged_at.date(),
            border_date=lodged.border_date,
            state=found.state,
            number=lodged.number,
            movement_number=found.movement_number,
            net_kg=lodged.net_kg,
            documents=lodged.documents,
        )


class CitedPage(BaseModel):
    """Declarations in the order of their ids; `next` is the `after` of the next page."""

    items: list[Cited]
    next: str | None


@router.get("", responses=problems())
async def list_supporting_documents(
    request: Request,
    caller: Reader,
    first: Annotated[date, Query(description="the first day of lodging", examples=["2026-06-01"])],
    last: Annotated[date, Query(description="the last day, included", examples=["2026-06-30"])],
    after: Annotated[str | None, Query(description="`next` of the page before", max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CitedPage:
    """The papers cited at the offices of the caller's State, by day of lodging, a year at most.

    Implementing Regulation (EU) 2024/2145, Article 10: a list, asked once or for each period.
    """
    if last < first or last - first > LONGEST:
        detail = f"{first} to {last} is no period of at most {LONGEST.days} days"
        raise rule("DATES_IMPOSSIBLE").refused("/last", detail)
    page = (first, last, after, limit)
    found = await request.app.state.runtime.read(
        lambda connection: queries.lodged_within(connection, caller, *page)
    )
    return CitedPage(
        items=[Cited.of(one) for one in found], next=found[-1].id if len(found) == limit else None
    )

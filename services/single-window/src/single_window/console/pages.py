"""The console's pages: cases, a case, its documents, worklists, worlds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from pic_schemas.address import Address
from pic_schemas.envelope import Event
from single_window.api.cases import MOST_CASES, keyset, keyset_of, unknown_case, waiting_messages
from single_window.console import words
from single_window.console.rendering import page
from single_window.console.route import ConsoleRoute
from single_window.console.session import PATH
from single_window.console.visit import TheVisit, TheVisitor, Visit
from single_window.domain.case import CaseFile
from single_window.domain.documents import documents_of
from single_window.domain.lanes import swim_lane
from single_window.domain.reasons import stops_of
from single_window.domain.sight import as_seen_by
from single_window.domain.tasks import RULES
from single_window.domain.worklists import worklists
from single_window.window.store import events_of, find_case, list_cases, open_cases

router = APIRouter(prefix=PATH, route_class=ConsoleRoute, include_in_schema=False)
PER_PAGE = 100


@router.get("")
@router.get("/")
async def home(visitor: TheVisitor) -> Response:
    """Where a visitor begins."""
    return RedirectResponse(visitor.home, 303)


@router.get("/worlds/{world}/cases")
async def cases_page(
    visit: TheVisit,
    state: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The cases that concern the visitor, oldest first."""
    key = keyset(after) if after else None
    found = await visit.house.window.read(
        lambda c: list_cases(
            c, visit.world.id, visit.reader.parties, state=state or None, after=key, limit=PER_PAGE
        )
    )
    following = keyset_of(found[-1]) if len(found) == PER_PAGE else ""
    return _page("cases.html", visit, "cases", cases=found, wanted=state, following=following)


@router.get("/worlds/{world}/cases/{ref}")
async def case_page(visit: TheVisit, ref: str) -> Response:
    """One case: why it does not move, the swim-lane, verdicts, shipments, customs checks, quantities."""
    case, events = await _case(visit, ref)
    waiting, away = await waiting_messages(visit.house, case)
    return _page(
        "case.html",
        visit,
        "cases",
        case=case,
        swim=swim_lane(events, case.consignment.states if case.consignment else ()),
        stops=stops_of(case),
        stages=words.stages(case.state),
        waiting=waiting,
        away=away,
    )


@router.get("/worlds/{world}/cases/{ref}/documents")
async def documents_page(visit: TheVisit, ref: str) -> Response:
    """The notification document and every movement document, block by block."""
    case, events = await _case(visit, ref)
    return _page("documents.html", visit, "cases", case=case, documents=documents_of(events))


@router.get("/worlds/{world}/worklists")
async def worklists_page(visit: TheVisit) -> Response:
    """What waits for whom: the visitor's own seats, or every seat for one who sees the whole world."""
    world, parties = visit.world, visit.reader.parties
    cases = await visit.house.window.read(lambda c: open_cases(c, world.id, parties, MOST_CASES))
    return _page("worklists.html", visit, "worklists", lists=worklists(cases, world.now, _own_seats(visit)))


async def _case(visit: Visit, ref: str) -> tuple[CaseFile, list[Event]]:
    reader = visit.reader
    found = await visit.house.window.read(lambda c: find_case(c, reader.world, ref, reader.parties))
    if found is None:
        raise unknown_case(ref)
    events = await visit.house.window.read(lambda c: events_of(c, reader.world, found[0].case))
    return as_seen_by(found[0], events, reader.parties)


def _own_seats(visit: Visit) -> set[Address] | None:
    caller = visit.visitor.caller
    if visit.reader.parties is None:
        return None
    return {caller.address(role) for role in caller.roles if role in RULES}


def _page(template: str, visit: Visit, here: str, **context: Any) -> Response:
    return page(template, visit=visit, visitor=visit.visitor, world=visit.world, here=here, **context)

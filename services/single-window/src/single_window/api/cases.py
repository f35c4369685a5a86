"""Case files and worklists, for those whom a case concerns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from pic_kit.access import Caller
from pic_kit.activity import WaitingMessage
from pic_kit.commands import seat
from pic_kit.problems import problems
from pic_kit.worlds import load_worlds
from pic_schemas.address import Address
from pic_schemas.refusal import Finding, Refused
from single_window.api.context import PARTIES, Rooms, TheReader, TheRooms
from single_window.desk.worlds import unknown_world
from single_window.domain.border import DeclarationEntry
from single_window.domain.case import (
    AuthorisationEntry,
    AuthorityEntry,
    CaseFile,
    ChangeEntry,
    Consignment,
    GuaranteeEntry,
    NoticesEntry,
    ProhibitionEntry,
    RequestEntry,
    ViewEntry,
)
from single_window.domain.failures import IllegalTrafficEntry, RemedyEntry
from single_window.domain.ledger import LedgerEntry
from single_window.domain.shipment import MovementEntry
from single_window.domain.sight import as_seen_by
from single_window.domain.tasks import RULES, Task, in_order, tasks_of
from single_window.domain.timeline import TimelineEntry, timeline
from single_window.stores import PeerAway
from single_window.window.store import events_of, find_case, list_cases, open_cases

router = APIRouter(prefix="/v1", tags=["cases"])
MOST_CASES = 2000


class CaseLine(BaseModel):
    """A case in one line."""

    case: str
    number: str | None
    state: str
    opened_at: datetime
    last_at: datetime | None
    consignment: Consignment | None
    events: int


class CasePage(BaseModel):
    """Cases, oldest first. Send `next` back as `after` for the next page."""

    cases: list[CaseLine]
    next: str | None


class CaseView(CaseLine):
    """The case file. `waiting`: messages that some service cannot apply yet; `away`: who did not answer."""

    profile: str
    authorities: list[AuthorityEntry]
    requests: list[RequestEntry]
    changes: list[ChangeEntry]
    notification_version: int
    contract_confirmed_on: date | None
    notices: NoticesEntry | None
    views: list[ViewEntry]
    prohibition: ProhibitionEntry | None
    guarantee: GuaranteeEntry | None
    authorisation: AuthorisationEntry | None
    movements: list[MovementEntry]
    declarations: list[DeclarationEntry]
    illegal_traffic: IllegalTrafficEntry | None
    remedies: list[RemedyEntry]
    ledger: LedgerEntry
    parties: list[str]
    timeline: list[TimelineEntry]
    waiting: list[WaitingMessage]
    away: list[str]


class Worklist(BaseModel):
    """What waits for you, the most urgent first."""

    now: datetime
    tasks: list[Task]


def unknown_case(ref: str) -> Refused:
    """Also where the case exists but does not concern the caller, so that nothing leaks."""
    detail = f"no case {ref!r} that concerns you"
    return Refused.unknown(
        Finding("CASE_UNKNOWN", "design rule 10", "the exchange's own contract", "", detail)
    )


@router.get("/cases", responses=problems(401, 403, 404, 422))
async def read_cases(
    house: TheRooms,
    reader: TheReader,
    state: Annotated[str | None, Query(max_length=40)] = None,
    after: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> CasePage:
    """The cases in which your State or company is concerned."""
    key = keyset(after) if after else None
    found = await house.window.read(
        lambda c: list_cases(c, reader.world, reader.parties, state=state, after=key, limit=limit)
    )
    last = keyset_of(found[-1]) if len(found) == limit else None
    return CasePage(cases=[_line(case) for case in found], next=last)


def keyset_of(case: CaseFile) -> str:
    """What goes on behind this case."""
    return f"{case.opened_at.isoformat()}|{case.case}"


def keyset(after: str) -> tuple[datetime, str]:
    """Raises Refused."""
    moment, _, case = after.partition("|")
    try:
        # A plus sign in a query means a blank to most readers.
        return datetime.fromisoformat(moment.replace(" ", "+")), case
    except ValueError as error:
        detail = "send back `after` as you got it"
        finding = Finding("CURSOR", "HTTP contract", "the exchange's own contract", "/after", detail)
        raise Refused.invalid(finding) from error


def _line(case: CaseFile) -> CaseLine:
    names = CaseLine.model_fields
    return CaseLine(**{name: getattr(case, name) for name in names})


@router.get("/cases/{ref}", responses=problems(401, 403, 404))
async def read_case(ref: str, house: TheRooms, reader: TheReader) -> CaseView:
    """One case, by its id or its notification number: states, verdicts, ledger, time line, what waits."""
    found = await house.window.read(lambda c: find_case(c, reader.world, ref, reader.parties))
    if found is None:
        raise unknown_case(ref)
    whole = await house.window.read(lambda c: events_of(c, reader.world, found[0].case))
    case, events = as_seen_by(found[0], whole, reader.parties)
    waiting, away = await waiting_messages(house, case)
    return CaseView(
        **_line(case).model_dump(),
        profile=case.profile,
        authorities=list(case.authorities.values()),
        requests=case.requests,
        changes=case.changes,
        notification_version=case.notification_version,
        contract_confirmed_on=case.contract_confirmed_on,
        notices=case.notices,
        views=list(case.views.values()),
        prohibition=case.prohibition,
        guarantee=case.guarantee,
        authorisation=case.authorisation,
        movements=[replace(one, state=one.standing) for one in case.movements.values()],
        declarations=list(case.declarations.values()),
        illegal_traffic=case.illegal_traffic,
        remedies=list(case.remedies.values()),
        ledger=case.ledger,
        parties=case.parties,
        timeline=timeline(events),
        waiting=waiting,
        away=away,
    )


async def waiting_messages(house: Rooms, case: CaseFile) -> tuple[list[WaitingMessage], list[str]]:
    """What some service cannot apply yet, and which service did not answer."""
    looks = await asyncio.gather(
        *(store.activity(case.world) for store in house.stores), return_exceptions=True
    )
    found: list[WaitingMessage] = []
    away: list[str] = []
    for look in looks:
        if isinstance(look, PeerAway):
            away.append(str(look))
        elif isinstance(look, BaseException):
            raise look
        else:
            found += [message for message in look.waiting if message.case == case.case]
    return found, away


@router.get("/worklist", responses=problems(401, 403, 404))
async def read_worklist(
    house: TheRooms, reader: TheReader, caller: Annotated[Caller, seat(*PARTIES)]
) -> Worklist:
    """What waits for your seats, by the world's time."""
    world = (await house.window.read(lambda c: load_worlds(c, [reader.world]))).get(reader.world)
    if world is None:
        raise unknown_world(reader.world)
    cases = await house.window.read(lambda c: open_cases(c, reader.world, reader.parties, MOST_CASES))
    seats = [caller.address(role) for role in sorted(caller.roles) if role in RULES]
    return Worklist(now=world.now, tasks=in_order(_all(cases, seats, world.now)))


def _all(cases: list[CaseFile], seats: list[Address], now: datetime) -> list[Task]:
    return [task for case in cases for seat_ in seats for task in tasks_of(case, seat_, now)]

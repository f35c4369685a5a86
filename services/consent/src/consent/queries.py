"""Reads: an inbox, and one case as its reader may see it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from consent import movement_views, views
from consent.domain.actions import at_desk, at_gate
from consent.domain.authority_file import AuthorityFile
from consent.domain.facility_file import FacilityFile
from consent.inbox_views import Inbox, desk_entry, gate_entry
from consent.store import Found, FoundAtGate, case_of, desk, gate, marks_against, notice_pair
from pic_kit.access import Caller
from pic_kit.actions import ActionsView, action_views
from pic_kit.worlds import time_in
from pic_law.rules import rule
from pic_schemas.documents.import_notice import ImportNotice
from pic_schemas.numbers import UnreadableNumber, normalise


@dataclass(frozen=True, slots=True)
class Versioned:
    """A view with the versions of what it shows, for the ETag."""

    view: views.NotificationView
    etag: str


async def inbox(connection: AsyncConnection, caller: Caller, after: str | None, limit: int) -> Inbox:
    """The caller's notifications, by case id, `limit` at a time."""
    case, _, authority = (after or "").partition("/")
    if caller.roles & {"competent-authority", "observer"}:
        here = None if "observer" in caller.roles else (caller.state, caller.agency)
        files = await desk(
            connection,
            caller.world,
            authority=here,
            after=(case, authority) if after else None,
            limit=limit + 1,
        )
        entries = [desk_entry(file) for file, _ in files]
        cursors = [f"{file.case}/{file.authority}" for file, _ in files]
    else:
        gates = await gate(
            connection,
            caller.world,
            country=caller.state,
            company=caller.agency,
            after=case if after else None,
            limit=limit + 1,
        )
        entries = [gate_entry(file) for file, _ in gates]
        cursors = [file.case for file, _ in gates]
    return Inbox(items=entries[:limit], next=cursors[limit - 1] if len(entries) > limit else None)


async def notification(connection: AsyncConnection, caller: Caller, ref: str) -> Versioned:
    """One case. Raises Refused (NOTIFICATION_UNKNOWN) for a case that does not concern the caller."""
    case = await case_of(connection, caller.world, ref)
    desks, gates = await _visible(connection, caller, case) if case else ([], [])
    if not desks and not gates:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref} here")
    today = (await time_in(connection, caller.world)).date()
    view = views.NotificationView(
        case=(desks or gates)[0][0].case,
        number=(desks or gates)[0][0].number,
        document=(desks or gates)[0][0].document,
        files=[views.authority_file_view(file, version, today) for file, version in desks],
        movements=[
            movement_views.movement_view(file, shipment, version)
            for file, version in gates
            for shipment in file.shipments
        ],
        facility_record=await _facility_record(connection, caller, (desks or gates)[0][0]),
    )
    return Versioned(view, '"' + ".".join(str(version) for _, version in (*desks, *gates)) + '"')


async def _facility_record(
    connection: AsyncConnection, caller: Caller, file: AuthorityFile | FacilityFile
) -> list[movement_views.MissedView]:
    """What the authority that reads was told of the facility, in this case and in others."""
    if "competent-authority" not in caller.roles:
        return []
    facility = file.document.facility.registration_no
    found = await marks_against(connection, caller.world, caller.agency, facility)
    return [movement_views.missed_view(mark) for mark in found]


async def import_notice(connection: AsyncConnection, caller: Caller, number: str) -> views.NoticePairView:
    """For the importer who filed it and the authority of import. Raises Refused (IMPORT_NOTICE_UNKNOWN)."""
    try:
        pair = await notice_pair(connection, caller.world, normalise(number))
    except UnreadableNumber:
        pair = None
    filed = pair.filed if pair else None
    if pair is None or filed is None or not _concerned(filed.notice, caller):
        raise rule("IMPORT_NOTICE_UNKNOWN").refused("", f"no notice of an importer under {number} here")
    return views.notice_pair_view(pair, filed)


def _concerned(notice: ImportNotice, caller: Caller) -> bool:
    importer, desk = notice.block_2, notice.block_15.import_
    own = ("facility", importer.country, importer.registration_no)
    asked = ("competent-authority", desk.country, desk.authority)
    seats = {(role, caller.state, caller.agency) for role in caller.roles}
    return "observer" in caller.roles or bool(seats & {own, asked})


async def actions(connection: AsyncConnection, caller: Caller, ref: str) -> ActionsView:
    """What the caller may do now, at its own desk and at its own gate. Raises Refused like `notification`."""
    now = await time_in(connection, caller.world)
    case = await case_of(connection, caller.world, ref)
    desks, gates = await _own(connection, caller, case) if case else ([], [])
    if not desks and not gates:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref} here")
    first = (desks or gates)[0][0]
    found = [action for file, _ in desks for action in at_desk(file, now.date())]
    found += [action for file, _ in gates for action in at_gate(file, caller.agency)]
    return ActionsView(
        case=first.case,
        number=first.number,
        state=desks[0][0].state.value if desks else None,
        now=now,
        actions=action_views(found, f"/v1/notifications/{first.case}"),
    )


async def _own(connection: AsyncConnection, caller: Caller, case: str) -> tuple[Found, FoundAtGate]:
    """The file on the caller's own desk, the shipments at its own gate."""
    desks: Found = []
    gates: FoundAtGate = []
    if "competent-authority" in caller.roles:
        own = (caller.state, caller.agency)
        desks = await desk(connection, caller.world, case=case, authority=own)
    if "facility" in caller.roles:
        gates = await gate(connection, caller.world, case=case, country=caller.state, company=caller.agency)
    return desks, gates


async def _visible(connection: AsyncConnection, caller: Caller, case: str) -> tuple[Found, FoundAtGate]:
    """An authority sees its own file and its own State's facility, never another authority's desk."""
    world = caller.world
    if "observer" in caller.roles:
        return await desk(connection, world, case=case), await gate(connection, world, case=case)
    if "competent-authority" in caller.roles:
        own = await desk(connection, world, case=case, authority=(caller.state, caller.agency))
        return own, await gate(connection, world, case=case, country=caller.state) if own else []
    return [], await gate(connection, world, case=case, country=caller.state, company=caller.agency)

"""What a customs office may ask for. Each command locks the notification's registry entry first."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from customs_gateway import store
from customs_gateway.clearing import clear_now, is_stale, own, own_office, say, say_to_officials
from customs_gateway.domain.cancellation import Ruling, answer, refused_by_exit
from customs_gateway.domain.consignment import consigned
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.enforcement import (
    Detention,
    Result,
    Suspicion,
    detained,
    illegal_traffic_reported,
    inspection_ordered,
    inspection_recorded,
)
from customs_gateway.domain.lodgement import entry_recorded, exit_confirmed, lodge
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.selectivity.hits import found_in
from customs_gateway.domain.traces import marks_of_parties
from customs_gateway.store import CONSIGNMENTS, DECLARATIONS
from pic_kit.access import Caller
from pic_kit.attachments import Received
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.rules import rule
from pic_schemas.messages import DeclarationLodged, Evidence
from pic_schemas.messages.enforcement import EvidenceKind, InspectionKind


def declaration_id(command: UUID) -> str:
    """The same command lodges the same declaration."""
    return str(uuid5(command, "declaration"))


async def lodge_declaration(
    work: Work, caller: Caller, runtime: Runtime, lodged: DeclarationLodged
) -> Declaration:
    """Lodge, examine and decide in one transaction."""
    own_office(caller, runtime, lodged.office)
    entry = await _cited(work, caller, lodged.number)
    case = entry.case if entry else await _case_without_notification(work, lodged)
    named = lodged.model_copy(update={"number": entry.number if entry else None})
    declaration = work.shelf(DECLARATIONS).add(lodge(work.world.id, case, named, entry, work.now))
    say(work, declaration, entry, named)
    await clear_now(work, declaration, entry, stale=is_stale(runtime))
    return declaration


async def reassess(work: Work, caller: Caller, runtime: Runtime, declaration: str) -> Declaration:
    """Look at a held declaration again with what is known now."""
    found, entry = await own(work, caller, runtime, declaration)
    found.reopen()
    await clear_now(work, found, entry, stale=is_stale(runtime))
    return found


async def confirm_exit(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load has left the State of export."""
    found, entry = await own(work, caller, runtime, declaration)
    today = work.now.date()
    say(work, found, entry, exit_confirmed(found, entry, on or today, today))
    if (too_late := refused_by_exit(found, entry, today)) is not None:
        say(work, found, entry, too_late)
    return found


async def answer_cancellation(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, ruling: Ruling
) -> Declaration:
    """The exporter asked to cancel a shipment that this office released."""
    found, entry = await own(work, caller, runtime, declaration)
    say(work, found, entry, answer(found, entry, ruling, work.now.date()))
    return found


async def record_entry(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load has entered the State of import."""
    found, entry = await own(work, caller, runtime, declaration)
    today = work.now.date()
    say(work, found, entry, entry_recorded(found, entry, on or today, today))
    if entry is None:
        await store.load_has_ended(work, found.case, None)
    return found


async def order_inspection(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, kind: InspectionKind, reason: str | None
) -> Declaration:
    """Somebody will look into the load; it stays until the result is there."""
    found, entry = await own(work, caller, runtime, declaration)
    say_to_officials(work, found, entry, inspection_ordered(found, kind, reason, work.now.date()))
    return found


async def attach_evidence(
    work: Work,
    caller: Caller,
    runtime: Runtime,
    declaration: str,
    inspection: int,
    content: Received,
    *,
    media_type: str,
    kind: EvidenceKind,
) -> Declaration:
    """The bytes are kept in the transaction that lists them; the result will name them."""
    found, _ = await own(work, caller, runtime, declaration)
    evidence = Evidence(kind=kind, sha256=content.sha256, media_type=media_type, size=content.size)
    found.inspection(inspection).attach(evidence)
    await store.CONTENTS.keep(work.connection, work.world.id, content)
    return found


async def record_inspection(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, inspection: int, result: Result
) -> Declaration:
    """What was found; with the last result the declaration is examined again."""
    found, entry = await own(work, caller, runtime, declaration)
    said = inspection_recorded(found, inspection, result, work.now.date())
    say_to_officials(work, found, entry, said)
    if not found.open_inspections:
        found.reopen()
        await clear_now(work, found, entry, stale=is_stale(runtime))
    if found_in(found) == "irregular":
        facility = entry.document.facility.registration_no if entry and entry.document else None
        why = f"{found.office} found on {said.inspected_on}: {said.findings}"
        await store.load_was_irregular(work, found.lodged, facility, why)
    return found


async def detain(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, wish: Detention
) -> Declaration:
    """Keep the load until an authority decides about it."""
    found, entry = await own(work, caller, runtime, declaration)
    say_to_officials(work, found, entry, detained(found, wish, work.now.date()))
    return found


async def report_illegal_traffic(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, suspicion: Suspicion
) -> Declaration:
    """Tell the authorities concerned without delay; the State of export is informed by it."""
    found, entry = await own(work, caller, runtime, declaration)
    said = illegal_traffic_reported(found, entry, suspicion, work.now)
    say_to_officials(work, found, entry, said)
    facility = entry.document.facility.registration_no if entry and entry.document else None
    why = f"illegal traffic reported on {said.reported_on} by {said.office}"
    await store.case_is_open_on(work, found.case, marks_of_parties(found.lodged, facility), why)
    return found


async def _cited(work: Work, caller: Caller, number: str | None) -> RegistryEntry | None:
    """The notification that a declaration cites, locked; refused under CH02 if it cites one in vain."""
    if number is None:
        return None
    entry = await store.entry_of_number(work, number)
    if entry is None or not store.concerns(entry, caller):
        detail = f"{number!r} is no notification that concerns {caller.state}"
        raise rule("CH02").refused("/number", detail)
    return entry


async def _case_without_notification(work: Work, lodged: DeclarationLodged) -> str:
    """The case of the load: of an earlier declaration under the same reference, else a new one."""
    shelf = work.shelf(CONSIGNMENTS)
    known = await shelf.get(work.world.id, lodged.ucr)
    if known is not None and known.continued_by(lodged):
        return known.case
    case = str(uuid5(work.cause, "case"))
    if known is None:
        shelf.add(consigned(work.world.id, case, lodged))
    return case

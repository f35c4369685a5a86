"""What a customs office may ask for. Each command locks the notification's registry entry first."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from customs_gateway import store
from customs_gateway.domain.cancellation import Ruling, answer, refused_by_exit
from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.consignment import consigned
from customs_gateway.domain.declaration import Declaration, Outcome
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
from customs_gateway.domain.parties import officials, parties
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.traces import marks_of_parties
from customs_gateway.store import CONSIGNMENTS, DECLARATIONS, REGISTRY
from pic_kit.access import Caller
from pic_kit.positions import knowledge
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.rules import rule
from pic_schemas.messages import DeclarationLodged, Message
from pic_schemas.messages.enforcement import InspectionKind

BEHIND_AT_MOST = 500
"""Messages that the gateway may be behind the log and still release by itself."""


def declaration_id(command: UUID) -> str:
    """The same command lodges the same declaration."""
    return str(uuid5(command, "declaration"))


async def lodge_declaration(
    work: Work, caller: Caller, runtime: Runtime, lodged: DeclarationLodged
) -> Declaration:
    """Lodge, examine and decide in one transaction."""
    _own_office(caller, runtime, lodged.office)
    entry = await _cited(work, caller, lodged.number)
    case = entry.case if entry else await _case_without_notification(work, lodged)
    named = lodged.model_copy(update={"number": entry.number if entry else None})
    declaration = work.shelf(DECLARATIONS).add(lodge(work.world.id, case, named, entry, work.now))
    _say(work, caller, declaration, entry, named)
    await _clear(work, caller, runtime, declaration, entry)
    return declaration


async def reassess(work: Work, caller: Caller, runtime: Runtime, declaration: str) -> Declaration:
    """Look at a held declaration again with what is known now."""
    found, entry = await _own(work, caller, runtime, declaration)
    found.reopen()
    await _clear(work, caller, runtime, found, entry)
    return found


async def confirm_exit(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load has left the State of export."""
    found, entry = await _own(work, caller, runtime, declaration)
    today = work.now.date()
    _say(work, caller, found, entry, exit_confirmed(found, entry, on or today, today))
    if (too_late := refused_by_exit(found, entry, today)) is not None:
        _say(work, caller, found, entry, too_late)
    return found


async def answer_cancellation(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, ruling: Ruling
) -> Declaration:
    """The exporter asked to cancel a shipment that this office released."""
    found, entry = await _own(work, caller, runtime, declaration)
    _say(work, caller, found, entry, answer(found, entry, ruling, work.now.date()))
    return found


async def record_entry(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, on: date | None
) -> Declaration:
    """The load has entered the State of import."""
    found, entry = await _own(work, caller, runtime, declaration)
    today = work.now.date()
    _say(work, caller, found, entry, entry_recorded(found, entry, on or today, today))
    if entry is None:
        await store.load_has_ended(work, found.case, None)
    return found


async def order_inspection(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, kind: InspectionKind, reason: str | None
) -> Declaration:
    """Somebody will look into the load; it stays until the result is there."""
    found, entry = await _own(work, caller, runtime, declaration)
    _say_to_officials(work, caller, found, entry, inspection_ordered(found, kind, reason, work.now.date()))
    return found


async def record_inspection(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, inspection: int, result: Result
) -> Declaration:
    """What was found; with the last result the declaration is examined again."""
    found, entry = await _own(work, caller, runtime, declaration)
    said = inspection_recorded(found, inspection, result, work.now.date())
    _say_to_officials(work, caller, found, entry, said)
    if not found.open_inspections:
        found.reopen()
        await _clear(work, caller, runtime, found, entry)
    return found


async def detain(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, wish: Detention
) -> Declaration:
    """Keep the load until an authority decides about it."""
    found, entry = await _own(work, caller, runtime, declaration)
    _say_to_officials(work, caller, found, entry, detained(found, wish, work.now.date()))
    return found


async def report_illegal_traffic(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, suspicion: Suspicion
) -> Declaration:
    """Tell the authorities concerned without delay; the State of export is informed by it."""
    found, entry = await _own(work, caller, runtime, declaration)
    said = illegal_traffic_reported(found, entry, suspicion, work.now)
    _say_to_officials(work, caller, found, entry, said)
    facility = entry.document.facility.registration_no if entry and entry.document else None
    why = f"illegal traffic reported on {said.reported_on} by {said.office}"
    await store.case_is_open_on(work, found.case, marks_of_parties(found.lodged, facility), why)
    return found


async def _clear(
    work: Work, caller: Caller, runtime: Runtime, declaration: Declaration, entry: RegistryEntry | None
) -> None:
    read = await knowledge(work.connection, work.world.id, declaration.case)
    # A message of this case that was heard but cannot be applied yet may be the objection.
    waits = await store.something_waits(work.connection, work.world.id, declaration.case)
    known = Knowledge(read, stale=waits or is_stale(runtime))
    facility = entry.document.facility.registration_no if entry and entry.document else None
    load = (work, declaration.case, declaration.shipment)
    elsewhere = await store.look_elsewhere(*load, declaration.lodged, facility)
    decision = clear(declaration, entry, known, work.now, elsewhere)
    if declaration.decided.outcome is Outcome.REFUSED:
        await store.load_has_ended(*load)
    elif not elsewhere.in_use:
        await store.load_is_under_way(*load, declaration.lodged, f"declaration {declaration.id}")
    _say(work, caller, declaration, entry, decision)


def is_stale(runtime: Runtime) -> bool:
    """Whether this gateway has lost touch with the log, or is too far behind it."""
    consumer = runtime.consumer
    if consumer is None:
        return True
    lost = consumer.seconds_since_contact() > runtime.settings.stale_after
    return lost or consumer.behind > BEHIND_AT_MOST


def _own_office(caller: Caller, runtime: Runtime, office: str) -> None:
    if not runtime.settings.hosts(caller.state):
        # Two gateways speaking for one State would count the same sequence twice.
        raise rule("STATE_NOT_CONCERNED").refused("", f"this gateway does not act for {caller.state}")
    if caller.agency != office or caller.state != office[:2]:
        detail = f"{caller.name} does not act for the office {office}"
        raise rule("SEAT_FORBIDS").refused("/office", detail)


async def _cited(work: Work, caller: Caller, number: str | None) -> RegistryEntry | None:
    """The notification that a declaration cites, locked; refused under CH02 if it cites one in vain."""
    if number is None:
        return None
    case = await store.case_of_number(work.connection, work.world.id, number)
    entry = await work.shelf(REGISTRY).get(work.world.id, case) if case else None
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


async def _own(
    work: Work, caller: Caller, runtime: Runtime, declaration: str
) -> tuple[Declaration, RegistryEntry | None]:
    """A declaration of the caller's office with its registry entry, which is locked first."""
    case = await store.case_of_declaration(work.connection, caller, declaration)
    entry = await work.shelf(REGISTRY).get(work.world.id, case) if case else None
    found = await work.shelf(DECLARATIONS).get(work.world.id, declaration) if case else None
    if found is None:
        raise rule("DECLARATION_UNKNOWN").refused("", f"no declaration {declaration}")
    _own_office(caller, runtime, found.office)
    return found, entry


def _say(
    work: Work,
    caller: Caller,
    declaration: Declaration,
    entry: RegistryEntry | None,
    message: Message,
) -> None:
    told = parties(entry.document if entry else None, declaration.states)
    work.emit(message, case=declaration.case, sender=caller.address("customs"), recipients=told)


def _say_to_officials(
    work: Work, caller: Caller, declaration: Declaration, entry: RegistryEntry | None, message: Message
) -> None:
    """Who is looked into is not told by the exchange."""
    told = officials(entry.document if entry else None, declaration.states)
    work.emit(message, case=declaration.case, sender=caller.address("customs"), recipients=told)

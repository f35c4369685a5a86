"""What every command at an office needs: whose declaration it is, the decision, and who is told of it."""

from __future__ import annotations

from customs_gateway import store
from customs_gateway.domain.clearance import Knowledge, clear
from customs_gateway.domain.declaration import Declaration, Outcome
from customs_gateway.domain.parties import officials, parties
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.selectivity.told import selected
from customs_gateway.store import DECLARATIONS, REGISTRY
from pic_kit.access import Caller
from pic_kit.positions import knowledge
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.rules import rule
from pic_schemas.address import Address, Role
from pic_schemas.messages import CustomsDecision, Message

BEHIND_AT_MOST = 500
"""Messages that the gateway may be behind the log and still release by itself."""


async def clear_now(
    work: Work, declaration: Declaration, entry: RegistryEntry | None, *, stale: bool
) -> CustomsDecision:
    """Examine, decide, settle the account, and say it."""
    decision = await decide(work, declaration, entry, stale=stale)
    if entry is not None:
        entry.keep(declaration.id, is_open=declaration.may_change)
    say_selection(work, declaration, entry)
    say(work, declaration, entry, decision)
    return decision


async def _keep_refusal(work: Work, declaration: Declaration) -> None:
    decided, lodged = declaration.decided, declaration.lodged
    if decided.outcome is Outcome.REFUSED:
        why = f"refused at {lodged.office} on {work.now.date()}: {', '.join(decided.reasons)}"
        await store.load_was_refused(work, lodged, why)
    elif decided.outcome is Outcome.RELEASED:
        await store.refusal_is_lifted(work, lodged)


async def decide(
    work: Work, declaration: Declaration, entry: RegistryEntry | None, *, stale: bool
) -> CustomsDecision:
    """Examine with everything that is known now; the decision is not said yet."""
    # A message of this case that was heard but cannot be applied yet may be the objection.
    read, waits = await knowledge(work.connection, work.world.id, declaration.case)
    sampling = await store.sampling_of(work.connection, work.world.id, declaration.office_state)
    known = Knowledge(read, stale=waits or stale)
    facility = entry.document.facility.registration_no if entry and entry.document else None
    load = (work, declaration.case, declaration.shipment)
    elsewhere = await store.look_elsewhere(*load, declaration.lodged, facility)
    of_case = entry or await work.shelf(REGISTRY).get(work.world.id, declaration.case)
    views = of_case.seen_otherwise if of_case else ()
    decision = clear(declaration, entry, known, work.now, elsewhere, views, sampling)
    await _keep_refusal(work, declaration)
    if declaration.decided.outcome is Outcome.REFUSED:
        await store.load_has_ended(*load)
    elif not elsewhere.in_use:
        await store.load_is_under_way(*load, declaration.lodged, f"declaration {declaration.id}")
    return decision


def is_stale(runtime: Runtime) -> bool:
    """Whether this gateway has lost touch with the log, or is too far behind it."""
    consumer = runtime.consumer
    if consumer is None:
        return True
    lost = consumer.seconds_since_contact() > runtime.settings.stale_after
    return lost or consumer.behind > BEHIND_AT_MOST


def own_office(caller: Caller, runtime: Runtime, office: str) -> None:
    """Raises Refused where this caller, or this gateway, does not act for the office."""
    if not runtime.settings.hosts(caller.state):
        # Two gateways speaking for one State would count the same sequence twice.
        raise rule("STATE_NOT_CONCERNED").refused("", f"this gateway does not act for {caller.state}")
    if caller.agency != office or caller.state != office[:2]:
        detail = f"{caller.name} does not act for the office {office}"
        raise rule("SEAT_FORBIDS").refused("/office", detail)


async def seen(work: Work, caller: Caller, declaration: str) -> tuple[Declaration, RegistryEntry | None]:
    """A declaration that concerns the caller's State; its registry entry is locked first."""
    case = await store.case_of_declaration(work.connection, caller, declaration)
    entry = await work.shelf(REGISTRY).get(work.world.id, case) if case else None
    found = await work.shelf(DECLARATIONS).get(work.world.id, declaration) if case else None
    if found is None:
        raise rule("DECLARATION_UNKNOWN").refused("", f"no declaration {declaration}")
    return found, entry


async def own(
    work: Work, caller: Caller, runtime: Runtime, declaration: str
) -> tuple[Declaration, RegistryEntry | None]:
    """A declaration of the caller's office with its registry entry, which is locked first."""
    found, entry = await seen(work, caller, declaration)
    own_office(caller, runtime, found.office)
    return found, entry


async def own_state(
    work: Work, caller: Caller, runtime: Runtime, declaration: str
) -> tuple[Declaration, RegistryEntry | None]:
    """A declaration of any office of the caller's State: a load may leave where it did not enter."""
    found, entry = await seen(work, caller, declaration)
    own_office(caller, runtime, caller.agency)
    if found.office_state != caller.state:
        detail = f"declaration {declaration} was lodged in {found.office_state}"
        raise rule("SEAT_FORBIDS").refused("", detail)
    return found, entry


def say(
    work: Work, declaration: Declaration, entry: RegistryEntry | None, message: Message, office: str = ""
) -> None:
    """An office, that of the declaration if no other is named, says it to everyone concerned."""
    told = parties(entry.document if entry else None, declaration.states)
    sender = Address(declaration.office_state, Role.CUSTOMS, office or declaration.office)
    work.emit(message, case=declaration.case, sender=sender, recipients=told)


def say_to_officials(
    work: Work, declaration: Declaration, entry: RegistryEntry | None, message: Message
) -> None:
    """Who is looked into is not told by the exchange."""
    told = officials(entry.document if entry else None, declaration.states)
    work.emit(message, case=declaration.case, sender=_office(declaration), recipients=told)


def say_selection(work: Work, declaration: Declaration, entry: RegistryEntry | None) -> None:
    """Officials learn of the channel; what was said before is not said again, nor is green by itself."""
    if (said := selected(declaration)) is not None:
        say_to_officials(work, declaration, entry, said)


def _office(declaration: Declaration) -> Address:
    return Address(declaration.office_state, Role.CUSTOMS, declaration.office)

"""Commands on a declaration that was lodged: amend, withdraw, answer for a quantity; pushes of changes."""

from __future__ import annotations

from collections.abc import Callable

from customs_gateway import store
from customs_gateway.clearing import clear_now, decide, is_stale, own, say, say_selection, say_to_officials
from customs_gateway.domain.amendment import Answer, amended, overridden, withdrawn
from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.store import DECLARATIONS
from pic_kit.access import Caller
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_schemas.messages import DeclarationLodged


async def amend(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, lodged: DeclarationLodged, reason: str
) -> Declaration:
    """The declaration says something else now; it is examined and accounted for anew."""
    found, entry = await own(work, caller, runtime, declaration)
    said = amended(found, entry, lodged, reason)
    await store.load_has_ended(work, found.case, found.shipment)
    say(work, found, entry, said)
    await clear_now(work, found, entry, stale=is_stale(runtime))
    return found


async def withdraw(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, reason: str
) -> Declaration:
    """The declaration is taken back; what it drew is free again."""
    found, entry = await own(work, caller, runtime, declaration)
    say(work, found, entry, withdrawn(found, entry, reason, work.now.date()))
    await store.load_has_ended(work, found.case, found.shipment)
    return found


async def override(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, answer: Answer
) -> Declaration:
    """An officer answers for a quantity by name; the declaration is examined again at once."""
    found, entry = await own(work, caller, runtime, declaration)
    say_to_officials(work, found, entry, overridden(found, entry, answer, work.now.date()))
    found.reopen()
    await clear_now(work, found, entry, stale=is_stale(runtime))
    return found


async def examine_again(
    work: Work, entry: RegistryEntry, shipment: int | None, hosts: Callable[[str], bool], *, stale: bool
) -> None:
    """A fact arrived: every open declaration that cites this notification is decided with it.

    Said only where the outcome or its reasons are others than before. CSW-CERTEX, Article 5: a change of the
    document's status is pushed to whoever cited it.
    """
    shelf, still_open = work.shelf(DECLARATIONS), []
    await shelf.load((work.world.id, one) for one in sorted(entry.open_here))
    for one in entry.open_here:
        found = await shelf.get(work.world.id, one)
        if found is None or not found.may_change or not hosts(found.office_state):
            # An inspection brings a declaration back; what crossed, was refused or withdrawn is settled.
            if found is not None and found.open_inspections:
                still_open.append(one)
            continue
        still_open.append(one)
        if shipment in (None, found.shipment) and not _settled(entry, found):
            await _decide_again(work, found, entry, stale=stale)
    entry.open_here = still_open


async def _decide_again(work: Work, found: Declaration, entry: RegistryEntry, *, stale: bool) -> None:
    before = (found.decided.outcome, found.decided.reasons)
    found.examine_again()
    # A load without notification has an entry for the views on it, and none that it could cite.
    decision = await decide(work, found, entry if entry.number else None, stale=stale)
    say_selection(work, found, entry if entry.number else None)
    if (found.decided.outcome, found.decided.reasons) != before:
        say(work, found, entry, decision)


def _settled(entry: RegistryEntry, found: Declaration) -> bool:
    """What was received or shall be cancelled is decided elsewhere."""
    movement = entry.movements.get(found.shipment or 0)
    return movement is not None and (movement.received_on is not None or movement.cancellation_pending)

"""How an authority sees a load: stated by command, heard from the authorities of other States."""

from __future__ import annotations

from consent.domain.classified_load import ClassifiedLoad, Sight
from consent.domain.parties import concerned
from consent.store import authority_files, case_of, classified_loads
from pic_kit.access import Caller
from pic_kit.transaction import NO_CASE, Work
from pic_law.rules import rule
from pic_schemas.address import Role
from pic_schemas.envelope import Event
from pic_schemas.messages import ClassificationStated, DeclarationAmended, DeclarationLodged


async def state_view(work: Work, caller: Caller, ref: str, sight: Sight) -> ClassificationStated:
    """An authority of the route says what it would state of a load: Regulation (EC) 1013/2006, Article 28."""
    case = await case_of(work.connection, caller.world, ref) or NO_CASE
    file = await work.shelf(authority_files).get(caller.world, case, caller.agency)
    load = await work.shelf(classified_loads).get(caller.world, case)
    if file is not None:
        load = load or work.shelf(classified_loads).add(
            ClassifiedLoad.notified(caller.world, case, file.document)
        )
        load.read(file.document)
    if load is None or load.part_of(caller.state) is None:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no load {ref} concerns {caller.state}")
    if load.number is not None and file is None:
        raise rule("NOTIFICATION_UNKNOWN").refused("", f"no notification {ref} on this desk")
    said = load.state_view(caller.address(Role.COMPETENT_AUTHORITY), sight, work.now.date())
    told = concerned(file.document) if file is not None else load.officials
    work.emit(said, case=case, sender=caller.address(Role.COMPETENT_AUTHORITY), recipients=told)
    return said


async def hear_declaration(work: Work, event: Event, message: DeclarationLodged) -> None:
    """A load without notification: its first declaration says what it is, an amendment says it anew."""
    if message.number is not None or event.case is None:
        return
    shelf = work.shelf(classified_loads)
    load = await shelf.get(event.world, event.case)
    if load is None:
        shelf.add(ClassifiedLoad.declared(event.world, event.case, message))
    elif isinstance(message, DeclarationAmended):
        load.follow(message)


async def hear_view(work: Work, event: Event, message: ClassificationStated) -> None:
    """What an authority elsewhere said of the same load."""
    case, shelf = event.case or NO_CASE, work.shelf(classified_loads)
    load = await shelf.get(event.world, case)
    (load or shelf.add(ClassifiedLoad.disputed(event.world, case, message))).hear(message)

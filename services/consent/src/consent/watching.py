"""The clocks of the authority of import over a shipment at the gate: set at delivery, stopped when done."""

from __future__ import annotations

from collections.abc import Iterable

from consent.clocks import deadlines
from consent.domain import compliance
from consent.domain.compliance import Watch
from consent.domain.facility_file import FacilityFile
from consent.domain.parties import concerned
from consent.domain.shipment import Shipment
from consent.store import facility_files
from pic_kit.timers import Timer
from pic_kit.transaction import Work
from pic_schemas.messages import DutyMissed

MISSED = "duty-missed"


async def watch(work: Work, file: FacilityFile, shipment: Shipment) -> None:
    """Called when the load was delivered, or when the facility did something: what is done is not watched."""
    waiting = {each.duty: each for each in compliance.watches(file, shipment)}
    for duty in set(shipment.watched) - set(waiting):
        await work.timers.cancel(file.world, file.case, MISSED, _whose(shipment, duty))
    for duty in sorted(set(waiting) - set(shipment.watched)):
        work.timers.schedule(_timer(file, shipment, waiting[duty]))
    shipment.watched = sorted(waiting)


def note(work: Work, file: FacilityFile, said: Iterable[DutyMissed]) -> None:
    """The authority of import tells everybody concerned."""
    for message in said:
        sender, readers = compliance.address_of_authority(file), concerned(file.document)
        work.emit(message, case=file.case, sender=sender, recipients=readers)


def _timer(file: FacilityFile, shipment: Shipment, found: Watch) -> Timer:
    basis = {"rule": found.due.rule, "article": found.due.article, "profile": found.law.profile}
    whose = _whose(shipment, found.duty)
    return Timer(file.world, file.case, MISSED, found.due.due_at, whose, basis=basis)


def _whose(shipment: Shipment, duty: str) -> str:
    return f"{shipment.shipment}/{duty}"


@deadlines.on(MISSED)
async def day_is_over(work: Work, timer: Timer) -> None:
    file = await work.shelf(facility_files).get(timer.world, timer.case)
    shipment, _, duty = timer.authority.partition("/")
    found = file.find(int(shipment)) if file else None
    if file is not None and found is not None:
        note(work, file, compliance.came_due(file, found, duty, work.now))

"""One question of an agency: is this consent number real, open, big enough, for this waste, route and day?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from customs_gateway.domain.checks.examination import failed, not_applicable, not_yet_known, passed
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.domain.standing import IN_FORCE, Standing
from pic_schemas.messages import CheckResult

MAY_STAND = ("pass", "not-applicable")


@dataclass(frozen=True, slots=True)
class Question:
    """What an agency has before it; what it leaves out is not asked about."""

    number: str
    on: date
    net_kg: int | None = None
    shipment: int | None = None
    waste_code: str | None = None
    hs: str | None = None
    route: tuple[str, ...] = ()


def holds(results: tuple[CheckResult, ...]) -> bool:
    """Whether nothing that was asked about stands against the number."""
    return all(one.outcome in MAY_STAND for one in results)


def answers(entry: RegistryEntry | None, question: Question) -> tuple[CheckResult, ...]:
    """Real, open, big enough, this waste, this route, this day: all six, whatever the first one says."""
    if entry is None:
        # Whom a number does not concern is told the same as for a number that does not exist.
        return (failed("CH02", f"{question.number!r} is no notification known here", "/number"),)
    return tuple(_of(entry, question))


def _of(entry: RegistryEntry, question: Question) -> Iterator[CheckResult]:
    yield passed("CH02", f"{entry.number} is in the registry")
    yield _open(entry, question.on)
    yield _big_enough(entry, question)
    yield _this_waste(entry, question)
    yield _this_route(entry, question)
    yield _this_day(entry, question)


def _open(entry: RegistryEntry, on: date) -> CheckResult:
    standing = entry.standing_on(on)
    if standing not in IN_FORCE or entry.authorisation is None:
        return failed("CH03", f"{entry.number} is {standing}, not authorised", "/number")
    if entry.unread_decisions:
        named = ", ".join(one.authority for one in entry.unread_decisions)
        return not_yet_known("CH03", f"the authorisation rests on decisions not read here yet: {named}")
    ended = f", and ended with {entry.ended_with}" if standing is Standing.EXPIRED else ""
    return passed("CH03", f"{entry.number} is authorised ({entry.authorisation.authorisation_no}){ended}")


def _big_enough(entry: RegistryEntry, question: Question) -> CheckResult:
    if question.net_kg is None:
        return not_applicable("CH07", "no mass is asked about")
    free = entry.ledger.available_kg if question.shipment is None else entry.ledger.room(question.shipment)
    detail = f"{question.net_kg} kg asked about, {free} kg free"
    if question.net_kg > free:
        return failed("CH07", detail, "/net_kg")
    return passed("CH07", detail)


def _this_waste(entry: RegistryEntry, question: Question) -> CheckResult:
    document = entry.document
    if document is None or (question.waste_code is None and question.hs is None):
        return not_applicable("CH13", "no waste is asked about")
    if question.waste_code not in (None, document.waste_code):
        detail = f"{question.waste_code} asked about, {document.waste_code} notified"
        return failed("CH13", detail, "/waste_code")
    notified = document.block_14.hs_code
    if question.hs is not None and notified and not any(question.hs.startswith(hs) for hs in notified):
        return failed("CH13", f"{question.hs} asked about, {', '.join(notified)} notified", "/hs")
    return passed("CH13", f"{document.waste_code} under {', '.join(notified) or 'any line'}, as notified")


def _this_route(entry: RegistryEntry, question: Question) -> CheckResult:
    if not question.route:
        return not_applicable("CH12", "no route is asked about")
    if strangers := [state for state in question.route if state not in entry.states]:
        return failed("CH12", f"{', '.join(strangers)} was never asked", "/route", "BLOCK")
    return passed("CH12", f"{' > '.join(question.route)} lies on {' > '.join(entry.states)}")


def _this_day(entry: RegistryEntry, question: Question) -> CheckResult:
    if entry.window is None:
        return not_applicable("CH05", "nothing is authorised, so there is no window")
    start, end = entry.window
    if start <= question.on <= end:
        return passed("CH05", f"{question.on} is within {start} to {end}")
    return failed("CH05", f"{question.on} is outside {start} to {end}", "/on")

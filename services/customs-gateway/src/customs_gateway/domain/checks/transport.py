"""CH11, CH12, CH15 and CH16: who carries the load, where it crosses, what it weighs, what it is packed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from customs_gateway.domain.checks.consents import NO_NUMBER
from customs_gateway.domain.checks.examination import Examination, failed, not_applicable, passed
from pic_law.tolerances import tolerance
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import CheckResult

PORT = 5
"""An office's code begins with the UN/LOCODE of its port."""


def carrier_is_notified(examination: Examination) -> CheckResult:
    document, declared = examination.document, examination.declared
    if document is None:
        return not_applicable("CH11", NO_NUMBER)
    if declared.carrier is None:
        return not_applicable("CH11", "no carrier is declared")
    means = {one.registration_no: one.means for one in document.carriers}
    if declared.carrier not in means:
        named = ", ".join(means)
        return failed("CH11", f"{declared.carrier} declared, {named} notified (block 8)", "/carrier")
    if declared.means is not None and declared.means not in means[declared.carrier]:
        by = ", ".join(means[declared.carrier])
        return failed("CH11", f"{declared.carrier} by {declared.means}, notified by {by} (block 8)", "/means")
    return passed("CH11", f"{declared.carrier} stands in block 8")


def crosses_where_it_was_notified(examination: Examination) -> CheckResult:
    """Another place of a State concerned is asked about; a State that was never asked ends it."""
    document, declared = examination.document, examination.declared
    if document is None:
        return not_applicable("CH12", NO_NUMBER)
    asked = {state for states in _states(document) for state in states}
    if strangers := [state for state in declared.transits if state not in asked]:
        named = ", ".join(strangers)
        return failed("CH12", f"the load goes by {named}, which was never asked", "/transits", "BLOCK")
    if examination.office_state not in asked:
        detail = f"{examination.office_state} was never asked"
        return failed("CH12", detail, "/office", "BLOCK")
    places = sorted(set(_places(document, examination.direction, examination.office_state)))
    if declared.office in places or declared.office[:PORT] in places:
        return passed("CH12", f"{declared.office} is where it was notified (blocks 15, 16)")
    where = ", ".join(places) or "nowhere"
    return failed("CH12", f"{declared.office} declared, {where} notified (blocks 15, 16)", "/office")


def _states(document: NotificationDocument) -> Iterator[Iterable[str]]:
    yield document.states.all
    for other in document.block_15.alternatives:
        yield (one.country for one in other.transit)


def _places(document: NotificationDocument, direction: str, state: str) -> Iterator[str]:
    """The ports and offices of a State that were notified for this direction, alternatives included."""
    route, offices = document.block_15, document.block_16
    transits = (*route.transit, *(one for other in route.alternatives for one in other.transit))
    if direction == "export":
        yield route.export.exit_point
        yield from (other.exit_point for other in route.alternatives if other.exit_point)
        yield from (office for office in (offices.export, offices.exit) if office) if offices else ()
    elif direction == "import":
        yield route.import_.entry_point
        yield from (other.entry_point for other in route.alternatives if other.entry_point)
        yield from (office for office in (offices.entry,) if office) if offices else ()
    else:
        for one in transits:
            if one.country == state:
                yield from (one.entry_point, one.exit_point)


def weight_is_near_the_declared(examination: Examination) -> CheckResult:
    weighed, declared = examination.weighed_kg, examination.declared.net_kg
    if weighed is None:
        return not_applicable("CH15", "the load was not weighed")
    basis = tolerance(examination.direction, examination.declared.border_date)
    apart = abs(weighed - declared) * 100 / declared
    detail = f"{weighed} kg weighed, {declared} kg declared: {apart:.1f} % apart"
    if apart > basis.hold_above_percent:
        return failed("CH15", f"{detail}, held above {basis.hold_above_percent} %", "/net_kg", "HOLD", basis)
    if apart > basis.warn_above_percent:
        return failed("CH15", f"{detail}, noted above {basis.warn_above_percent} %", "/net_kg", "WARN", basis)
    return passed("CH15", detail, basis)


def equipment_is_that_of_the_movement(examination: Examination) -> CheckResult:
    movement, declared = examination.movement, examination.declared.equipment
    if movement is None or not movement.equipment:
        return not_applicable("CH16", "the movement document names no container")
    if not declared:
        return not_applicable("CH16", "no container is declared")
    if differences := list(_differences(movement.equipment, declared)):
        return failed("CH16", "; ".join(differences), "/equipment")
    return passed("CH16", f"{len(declared)} containers with their seals as in the movement document")


def _differences(announced: Iterable[Equipment], declared: Iterable[Equipment]) -> Iterator[str]:
    known = {one.id: set(one.seals) for one in announced}
    shown = {one.id: set(one.seals) for one in declared}
    yield from (f"{one} is declared and not announced" for one in shown.keys() - known.keys())
    yield from (f"{one} is announced and not declared" for one in known.keys() - shown.keys())
    for one in sorted(known.keys() & shown.keys()):
        if known[one] and shown[one] != known[one]:
            yield f"{one} bears {_list(shown[one])}, announced {_list(known[one])}"


def _list(seals: set[str]) -> str:
    return ", ".join(sorted(seals)) or "no seal"

"""Every legal check of a notification document on a given day; its shape is checked where it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from pic_law import codes, export_grounds
from pic_law.authorities import authorities, offices
from pic_law.calendars import calendar
from pic_law.clocks import due, latest_before
from pic_law.control import Load, control
from pic_law.countries import countries
from pic_law.duties import Role
from pic_law.governing import Governing, governing
from pic_law.rules import rule
from pic_schemas.documents import DraftNotification, NotificationDocument
from pic_schemas.refusal import Finding

CODE_LINES = {
    "basel": "basel",
    "oecd": "oecd",
    "y_code": "y",
    "h_code": "h",
    "un_class": "un_class",
    "hs_code": "hs",
}
"""The lines of block 14 that hold codes of a list, and which list."""

FOR_CONTROL = ("basel", "oecd")
"""Of these lines a notification fills at most one code each: one waste, one code (Art. 4(6))."""


def findings(document: NotificationDocument, on: date) -> list[Finding]:
    """What the law has against this document when it is submitted on that day; empty if nothing."""
    return [found for _, check in CHECKS for found in check(document, on)]


def findings_so_far(draft: DraftNotification, on: date) -> list[Finding]:
    """What the law has against the blocks that stand: checks that need a missing block wait for it."""
    filled = {name: block for name in DraftNotification.model_fields if (block := getattr(draft, name))}
    document = NotificationDocument.model_construct(**filled)
    ready = (check for needed, check in CHECKS if all(f"block_{n}" in filled for n in needed))
    return [found for check in ready for found in check(document, on)]


def _quantity(document: NotificationDocument, on: date) -> Iterator[Finding]:
    if document.quantity_kg <= 0:
        yield rule("QUANTITY_POSITIVE").finding("/block_5/quantity", f"{document.quantity_kg} kg")


def _period(document: NotificationDocument, on: date) -> Iterator[Finding]:
    last = document.block_6.last_departure
    if last < on:
        yield rule("WINDOW_CLOSED").finding("/block_6/last_departure", f"{last} lies before {on}")
    yield from _too_far(document, document.states.export, on)
    yield from _too_long(document, document.states.export, "export", on)
    yield from _too_long(document, document.states.import_, "import", on)


def warnings(draft: DraftNotification, on: date) -> list[Finding]:
    """What may stand against the form, by sources that nobody has re-read: told, and never in the way."""
    if draft.block_3 is None or draft.block_6 is None or draft.block_14 is None or draft.block_15 is None:
        return []
    filled = {name: block for name in DraftNotification.model_fields if (block := getattr(draft, name))}
    found = _too_near(NotificationDocument.model_construct(**filled), on)
    return [one for one in found if not one.verified]


def _near(document: NotificationDocument, on: date) -> Iterator[Finding]:
    yield from (found for found in _too_near(document, on) if found.verified)


def _too_near(document: NotificationDocument, on: date) -> Iterator[Finding]:
    """Some States want to read the notice a number of days before the first shipment.

    What two States agreed on transit binds them wherever the load goes on to.
    """
    states, first = document.states, document.block_6.first_departure
    route: list[tuple[str, Role, str]] = [(states.export, "export", states.import_)]
    route += [(state, "transit", state) for state in states.transit]
    route.append((states.import_, "import", states.import_))
    for state, role, destination in route:
        if any(one not in countries() for one in (state, states.export, states.import_)):
            continue  # said where the itinerary is read
        found = governing(
            "notice_before_departure",
            state=state,
            role=role,
            origin=states.export,
            destination=destination,
            waste_code=document.waste_code,
            recovery=document.recovery,
            lodged_on=on,
        )
        latest = latest_before(found.duty, first, calendar(state)) if found.duty else None
        if latest is not None and on > latest.due_on:
            stated = {"article": found.article, "source": found.source, "verified": found.verified}
            detail = f"{state} wants to read it by {latest.due_on}: {latest.basis}"
            near = rule("NOTIFIED_TOO_LATE").model_copy(update=stated)
            yield near.finding("/block_6/first_departure", detail)


def _too_far(document: NotificationDocument, state: str, on: date) -> Iterator[Finding]:
    if state not in countries():
        return  # said where the itinerary is read
    found = _asked("notification_window", document, state, "export", on)
    first = document.block_6.first_departure
    opens = latest_before(found.duty, first, calendar(state)) if found.duty else None
    if opens is not None and on < opens.due_on:
        stated = {"article": found.article, "source": found.source, "verified": found.verified}
        too_far = rule("WINDOW_TOO_FAR").model_copy(update=stated)
        detail = f"{first} can be notified to {state} from {opens.due_on} on: {opens.basis}"
        yield too_far.finding("/block_6/first_departure", detail)


def _too_long(document: NotificationDocument, state: str, role: Role, on: date) -> Iterator[Finding]:
    if state not in countries():
        return  # said where the itinerary is read
    first, last = document.block_6.first_departure, document.block_6.last_departure
    found = _longest_period(document, state, role, on)
    longest = due(found.duty, first, calendar(state)) if found.duty else None
    if longest is not None and last > longest.due_on:
        stated = {"article": found.article, "source": found.source, "verified": found.verified}
        too_long = rule("WINDOW_TOO_LONG").model_copy(update=stated)
        detail = f"{first} to {last} is longer than {state} allows: {longest.basis}"
        yield too_long.finding("/block_6/last_departure", detail)


def _longest_period(document: NotificationDocument, state: str, role: Role, on: date) -> Governing:
    return _asked("notification_period_max", document, state, role, on)


def _asked(duty: str, document: NotificationDocument, state: str, role: Role, on: date) -> Governing:
    return governing(
        duty,
        state=state,
        role=role,
        origin=document.states.export,
        destination=document.states.import_,
        waste_code=document.waste_code,
        recovery=document.recovery,
        lodged_on=on,
        preconsented=document.block_3.preconsented,
    )


def _operations(document: NotificationDocument, on: date) -> Iterator[Finding]:
    stated = ((f"/block_11/codes/{place}", code) for place, code in enumerate(document.operation))
    expected = "R" if document.recovery else "D"
    for pointer, code in stated:
        entry = codes.find("operation", code, on)
        if entry is None:
            yield from codes.code_findings([("operation", code, pointer)], on)
        elif entry.kind != expected:
            detail = f"{code} is no {document.block_3.operation} operation"
            yield rule("OPERATION_MISMATCH").finding(pointer, detail)


def _codes(document: NotificationDocument, on: date) -> Iterator[Finding]:
    for line, name in CODE_LINES.items():
        stated = getattr(document.block_14, line)
        for place, code in enumerate(stated):
            pointer = f"/block_14/{line}/{place}"
            if name == "hs":
                yield from _hs(code, pointer, document.waste_code, on)
            else:
                yield from codes.code_findings([(name, code, pointer)], on)


def _hs(hs: str, pointer: str, waste_code: str, on: date) -> Iterator[Finding]:
    # The list holds plastics and their disguises only: a subheading outside it is not ours to judge.
    if codes.likelihood(hs, waste_code, on) == "impossible":
        yield rule("CH14").finding(pointer, f"{waste_code} cannot be {hs}")


def _one_waste(document: NotificationDocument, on: date) -> Iterator[Finding]:
    for line in FOR_CONTROL:
        stated = getattr(document.block_14, line)
        if len(stated) > 1:
            yield rule("ONE_WASTE_CODE").finding(f"/block_14/{line}", f"{', '.join(stated)}")


def _waste_and_operation(document: NotificationDocument, on: date) -> Iterator[Finding]:
    waste = codes.waste(document.waste_code, on)
    if waste is None or not waste.operations:
        return
    strangers = [code for code in document.operation if code not in waste.operations]
    missing = [code for code in waste.operations_need if code not in document.operation]
    for code in strangers:
        yield rule("OPERATION_MISMATCH").finding("/block_11/codes", f"{waste.code} is not for {code}")
    if missing and not strangers:
        yield rule("OPERATION_MISMATCH").finding(
            "/block_11/codes", f"{waste.code} needs {', '.join(missing)}"
        )


def _itinerary(document: NotificationDocument, on: date) -> Iterator[Finding]:
    route = document.block_15
    yield from _stop("/block_15/export", route.export.country, route.export.authority, "export")
    yield from _ports("/block_15/export", route.export.country, {"exit_point": route.export.exit_point})
    for place, transit in enumerate(route.transit):
        at = f"/block_15/transit/{place}"
        yield from _stop(at, transit.country, transit.authority, "transit")
        points = {"entry_point": transit.entry_point, "exit_point": transit.exit_point}
        yield from _ports(at, transit.country, points)
    yield from _stop("/block_15/import", route.import_.country, route.import_.authority, "import")
    yield from _ports("/block_15/import", route.import_.country, {"entry_point": route.import_.entry_point})


def _stop(at: str, country: str, authority: str, part: str) -> Iterator[Finding]:
    if country not in countries():
        yield rule("COUNTRY_UNKNOWN").finding(f"{at}/country", f"{country} is not in the table of countries")
    known = authorities().get(authority)
    if known is None:
        yield rule("AUTHORITY_UNKNOWN").finding(
            f"{at}/authority", f"{authority} is not in the list of authorities"
        )
    elif known.state != country:
        detail = f"{authority} is an authority of {known.state}, not of {country}"
        yield rule("AUTHORITY_ELSEWHERE").finding(f"{at}/authority", detail)
    elif part not in known.roles:
        yield rule("AUTHORITY_ELSEWHERE").finding(f"{at}/authority", f"{authority} does not act for {part}")


def _ports(at: str, country: str, points: dict[str, str]) -> Iterator[Finding]:
    for name, port in points.items():
        if not port.startswith(country):
            yield rule("PORT_ELSEWHERE").finding(f"{at}/{name}", f"{port} is not in {country}")


def _customs_offices(document: NotificationDocument, on: date) -> Iterator[Finding]:
    named = document.block_16
    for name in ("entry", "exit", "export"):
        code = getattr(named, name, None)
        if code is not None and code not in offices():
            yield rule("OFFICE_UNKNOWN").finding(f"/block_16/{name}", f"{code} is not in the list of offices")


def _facility(document: NotificationDocument, on: date) -> Iterator[Finding]:
    where = document.facility.country
    if where != document.states.import_:
        detail = f"the facility is in {where}, the State of import is {document.states.import_}"
        yield rule("FACILITY_ELSEWHERE").finding("/block_10/facility/country", detail)


def _preconsent(document: NotificationDocument, on: date) -> Iterator[Finding]:
    """Where the State of import says so, a facility that only stores is not pre-consented."""
    state = document.states.import_
    if not document.block_3.preconsented or state not in countries():
        return
    stated = [codes.find("operation", code, on) for code in document.operation]
    if not all(operation is not None and operation.storage for operation in stated):
        return
    found = _asked("r13_only_facility_eligible_for_preconsent", document, state, "import", on)
    if found.duty is not None and found.duty.value is False:
        basis = {"article": found.article, "source": found.source, "verified": found.verified}
        detail = f"{', '.join(document.operation)} is storage only; {state} pre-consents to no such facility"
        yield rule("PRECONSENT_STORAGE").model_copy(update=basis).finding("/block_3/preconsented", detail)


def _annexes(document: NotificationDocument, on: date) -> Iterator[Finding]:
    counted, there = document.block_18.total, len(document.block_18.attached)
    if there < counted:
        yield rule("ANNEX_MISSING").finding(
            "/block_18/attached", f"{there} of {counted} annexes are attached"
        )


def _prohibitions(document: NotificationDocument, on: date) -> list[Finding]:
    states = document.states
    known = all(state in countries() for state in states.all)
    code, operation = document.waste_code, document.operation[0]
    if not known or codes.waste(code, on) is None or codes.find("operation", operation, on) is None:
        return []  # said already: a country or a code is not known
    found = control(states.export, states.import_, states.transit, code, operation, on)
    return found.findings("/block_14")


def _reason(document: NotificationDocument, on: date) -> Iterator[Finding]:
    """Article 4(9): only where consent is asked for, and what the codes mean is known."""
    states, code, operation = document.states, document.waste_code, document.operation[0]
    if any(state not in countries() for state in states.all):
        return
    if codes.waste(code, on) is None or codes.find("operation", operation, on) is None:
        return
    way = (states.export, states.import_, states.transit)
    load = Load(document.quantity_kg // document.shipments)
    if control(*way, code, operation, on, load=load).outcome != "PIC":
        return
    stated = document.block_11
    yield from export_grounds.against(
        stated.export_ground,
        stated.reason_for_export,
        origin=states.export,
        recovery=document.recovery,
        on=on,
    )


Check = Callable[[NotificationDocument, date], Iterable[Finding]]
CHECKS: tuple[tuple[tuple[int, ...], Check], ...] = (
    ((5,), _quantity),
    ((3, 6, 14, 15), _period),
    ((3, 6, 14, 15), _near),
    ((3, 11), _operations),
    ((14,), _codes),
    ((14,), _one_waste),
    ((11, 14), _waste_and_operation),
    ((15,), _itinerary),
    ((16,), _customs_offices),
    ((10, 15), _facility),
    ((3, 11, 14, 15), _preconsent),
    ((18,), _annexes),
    ((11, 14, 15), _prohibitions),
    ((3, 4, 5, 11, 14, 15), _reason),
)
"""Every check with the blocks that it reads."""

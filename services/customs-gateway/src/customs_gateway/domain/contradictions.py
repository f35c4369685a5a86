"""What in a declaration cannot be true together; the declarant is told all of it at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from customs_gateway.domain.elements import written_otherwise
from pic_law.border_papers import number_format, paper
from pic_law.countries import countries
from pic_law.rules import rule
from pic_schemas.messages import DeclarationDocument, DeclarationLodged
from pic_schemas.numbers import UnreadableNumber, movement_number, normalise, parse_movement
from pic_schemas.refusal import Finding, Refused

NOTIFICATION, MOVEMENT, FORM = "C669", "C670", "C672"

Rule = Callable[[DeclarationLodged], Iterable[Finding]]


def mind(lodged: DeclarationLodged) -> None:
    """Raises `Refused` with every contradiction of the declaration, in the order of its fields."""
    found = [finding for contradiction in CONTRADICTIONS for finding in contradiction(lodged)]
    if found:
        raise Refused.invalid(*found)


def _countries(lodged: DeclarationLodged) -> Iterator[Finding]:
    stated = {"/origin": lodged.origin, "/destination": lodged.destination}
    stated |= {f"/transits/{place}": state for place, state in enumerate(lodged.transits)}
    for at, state in stated.items():
        if state not in countries():
            yield rule("COUNTRY_UNKNOWN").finding(at, f"{state} is not in the table of countries")


def _route(lodged: DeclarationLodged) -> Iterator[Finding]:
    if lodged.origin == lodged.destination:
        yield rule("CH12").finding("/destination", f"a load from {lodged.origin} to itself crosses no border")
    for place, state in enumerate(lodged.transits):
        if state in (lodged.origin, lodged.destination):
            yield rule("CH12").finding(f"/transits/{place}", f"{state} is an end of the route, not a transit")


def _equipment(lodged: DeclarationLodged) -> Iterator[Finding]:
    times = Counter(one.id for one in lodged.equipment)
    for place, one in enumerate(lodged.equipment):
        if times[one.id] > 1:
            yield rule("CH16").finding(
                f"/equipment/{place}/id", f"{one.id} is declared {times[one.id]} times"
            )


def _stamps(lodged: DeclarationLodged) -> Iterator[Finding]:
    """The order of the stamps is for CH24 to say: a load with a wrong stamp is held, not sent away."""
    times = Counter(one.country for one in lodged.stamps)
    for place, one in enumerate(lodged.stamps):
        if times[one.country] > 1:
            yield rule("CH24").finding(f"/stamps/{place}/country", f"{one.country} is stamped twice")
        elif one.country in (lodged.origin, lodged.destination):
            yield rule("CH24").finding(f"/stamps/{place}/country", f"{one.country} is no State of transit")


def _value(lodged: DeclarationLodged) -> Iterator[Finding]:
    if (lodged.value is None) != (lodged.currency is None):
        missing = "value" if lodged.value is None else "currency"
        yield rule("SHAPE").finding(f"/{missing}", "a value is stated with its currency, or neither")


def _cited_notification(lodged: DeclarationLodged) -> Iterator[Finding]:
    for place, one in _documents(lodged, NOTIFICATION):
        at = f"/documents/{place}"
        if one.exemption_code is not None:
            if lodged.number is not None:
                detail = f"exemption {one.exemption_code} is claimed and {lodged.number} is cited"
                yield rule("CH01").finding(f"{at}/exemption_code", detail)
        elif _written(one.id) != _written(lodged.number):
            detail = f"{NOTIFICATION} names {one.id}, the declaration {lodged.number or 'no notification'}"
            yield rule("CH02").finding(f"{at}/id", detail)


def _cited_movement(lodged: DeclarationLodged) -> Iterator[Finding]:
    if lodged.movement_number is None:
        return
    for place, one in _documents(lodged, MOVEMENT):
        if _movement(one.id) != _movement(lodged.movement_number):
            detail = f"{MOVEMENT} names {one.id}, the declaration {lodged.movement_number}"
            yield rule("CH08").finding(f"/documents/{place}/id", detail)


def _write_off(lodged: DeclarationLodged) -> Iterator[Finding]:
    for place, one in enumerate(lodged.documents):
        if one.writeoff_kg is not None and one.writeoff_kg != lodged.net_kg:
            detail = f"{one.writeoff_kg} kg are to be written off, {lodged.net_kg} kg are declared"
            yield rule("CH07").finding(f"/documents/{place}/writeoff_kg", detail)


def _not_waste(lodged: DeclarationLodged) -> Iterator[Finding]:
    claim = paper("not-waste", lodged.border_date)
    if not any(True for _ in _documents(lodged, claim.code)):
        return
    if lodged.number is not None:
        detail = f"{claim.code} says that it is no waste, and a notification is cited"
        yield rule("CH01").finding("/number", detail)
    for code in (NOTIFICATION, MOVEMENT, FORM):
        for place, _ in _documents(lodged, code):
            detail = f"{claim.code} says that it is no waste, {code} that it is"
            yield rule("CH01").finding(f"/documents/{place}", detail)


def _permit_numbers(lodged: DeclarationLodged) -> Iterator[Finding]:
    for place, one in enumerate(lodged.documents):
        form = number_format(one.type, lodged.border_date)
        if form is not None and re.fullmatch(form.pattern, one.id) is None:
            detail = f"{one.id!r} is not written as {form.title.lower()}, e.g. {form.example}"
            yield form.finding(f"/documents/{place}/id", detail)


CONTRADICTIONS: tuple[Rule, ...] = (
    written_otherwise,
    _countries,
    _route,
    _equipment,
    _stamps,
    _value,
    _cited_notification,
    _cited_movement,
    _write_off,
    _not_waste,
    _permit_numbers,
)


def _documents(lodged: DeclarationLodged, code: str) -> Iterator[tuple[int, DeclarationDocument]]:
    """The documents cited under this code, written `C` and `669` or `C` and `C669`."""
    for place, one in enumerate(lodged.documents):
        if code in (one.type, one.category + one.type):
            yield place, one


def _written(number: str | None) -> str | None:
    try:
        return normalise(number) if number is not None else None
    except UnreadableNumber:
        return number


def _movement(number: str) -> str:
    try:
        return movement_number(*parse_movement(number))
    except UnreadableNumber:
        return number

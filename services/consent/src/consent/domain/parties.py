"""Who is concerned by a notification, as addresses, and who speaks."""

from __future__ import annotations

from pic_schemas.address import ANY, Address, Role
from pic_schemas.documents.notification import NotificationDocument


def authorities(document: NotificationDocument) -> set[Address]:
    """The competent authorities of export, transit and import."""
    route = document.block_15
    desks = [(route.export.country, route.export.authority), (route.import_.country, route.import_.authority)]
    desks += [(stop.country, stop.authority) for stop in route.transit]
    return {Address(state, Role.COMPETENT_AUTHORITY, authority) for state, authority in desks}


def correspondents(document: NotificationDocument) -> frozenset[Address]:
    """Who reads questions, answers and what is said of a change: the exporter and every authority."""
    exporter = Address(document.exporter.country, Role.EXPORTER, document.exporter.registration_no)
    return frozenset(authorities(document) | {exporter})


def companies(document: NotificationDocument) -> set[Address]:
    """Exporter, importer, facility and carriers; an importer who runs the facility is one party."""
    facility = document.facility
    found = {
        Address(document.exporter.country, Role.EXPORTER, document.exporter.registration_no),
        Address(facility.country, Role.FACILITY, facility.registration_no),
        Address(document.importer.country, Role.FACILITY, document.importer.registration_no),
    }
    return found | {Address(c.country, Role.CARRIER, c.registration_no) for c in document.carriers}


def concerned(document: NotificationDocument) -> frozenset[Address]:
    """Every party of the case once it was transmitted, with customs of every State on the route."""
    customs = {Address(state, Role.CUSTOMS, ANY) for state in document.states.all}
    return frozenset(authorities(document) | companies(document) | customs)

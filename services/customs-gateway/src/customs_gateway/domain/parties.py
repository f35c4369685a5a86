"""Who is told: every party of a case, as addresses."""

from __future__ import annotations

from collections.abc import Iterable

from pic_schemas.address import ANY, Address, Role
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.documents.party import RegisteredParty


def parties(document: NotificationDocument | None, states: Iterable[str]) -> tuple[Address, ...]:
    """Everyone concerned; without a notification, the authorities and offices of the States concerned."""
    told = officials(document, states)
    if document is None:
        return told
    companies = [_company(Role.EXPORTER, document.exporter), _company(Role.FACILITY, document.importer)]
    companies += [_company(Role.FACILITY, document.facility)]
    companies += [_company(Role.CARRIER, carrier) for carrier in document.carriers]
    return tuple(dict.fromkeys((*companies, *told)))


def officials(document: NotificationDocument | None, states: Iterable[str]) -> tuple[Address, ...]:
    """The authorities and customs offices concerned: whoever may know that a load is looked into."""
    concerned = tuple(states)
    if document is None:
        return _of_states(Role.COMPETENT_AUTHORITY, concerned) + _of_states(Role.CUSTOMS, concerned)
    return (*_authorities(document), *_of_states(Role.CUSTOMS, document.states.all))


def _authorities(document: NotificationDocument) -> tuple[Address, ...]:
    route = document.block_15
    concerned = [
        (route.export.country, route.export.authority),
        (route.import_.country, route.import_.authority),
    ]
    concerned += [(transit.country, transit.authority) for transit in route.transit]
    return tuple(Address(state, Role.COMPETENT_AUTHORITY, authority) for state, authority in concerned)


def _company(role: Role, party: RegisteredParty) -> Address:
    return Address(party.country, role, party.registration_no)


def _of_states(role: Role, states: Iterable[str]) -> tuple[Address, ...]:
    return tuple(Address(state, role, ANY) for state in states)

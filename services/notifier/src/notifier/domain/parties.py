"""Whom a notification concerns, and so who hears of it and who may see it."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.domain.notification import Notification
from notifier.domain.refusals import refused
from pic_schemas.address import ANY, Address, Role
from pic_schemas.documents import NotificationDocument


def concerned(notification: Notification) -> frozenset[Address]:
    """A draft concerns its exporter; once submitted, its authority too; once transmitted, everybody."""
    parties = {notification.exporter}
    document = notification.document
    if document is None:
        return frozenset(parties)
    parties.add(notification.export_authority)
    if notification.transmitted_on is None:
        return frozenset(parties)
    parties |= {each.address for each in notification.authorities}
    export = document.block_15.export  # told as well where another State notifies
    parties.add(Address(export.country, Role.COMPETENT_AUTHORITY, export.authority))
    parties |= set(_companies(document))
    parties |= {Address(state, Role.CUSTOMS, ANY) for state in document.states.all}
    return frozenset(parties)


def readers(notification: Notification) -> frozenset[Address]:
    """Who reads the attachments: the exporter and the authorities concerned, and nobody else."""
    return frozenset(party for party in concerned(notification) if party.role in READERS)


def _companies(document: NotificationDocument) -> Iterable[Address]:
    # The importer takes the load over like a facility and is addressed on the same seat.
    for party in (document.facility, document.importer):
        yield Address(party.country, Role.FACILITY, party.registration_no)
    for carrier in document.carriers:
        yield Address(carrier.country, Role.CARRIER, carrier.registration_no)


def may_see(notification: Notification, seats: Iterable[Address]) -> bool:
    """A company sees its own cases; an authority or a customs office those that concern its State."""
    parties = concerned(notification)
    states = {(party.state, party.role) for party in parties if party.role in _OF_THE_STATE}
    return any(seat in parties or (seat.state, seat.role) in states for seat in seats)


def mind_the_authority(notification: Notification, caller: Address) -> None:
    """What the authority of export does, no other authority does."""
    if caller != notification.export_authority:
        detail = f"this is for {notification.export_authority.agency}, the authority of export"
        raise refused("SEAT_FORBIDS", detail)


READERS = (Role.EXPORTER, Role.COMPETENT_AUTHORITY)
_OF_THE_STATE = frozenset({Role.COMPETENT_AUTHORITY, Role.CUSTOMS})

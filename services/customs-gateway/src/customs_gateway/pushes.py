"""What changes an answer that was given is pushed to every open declaration that rests on it."""

from __future__ import annotations

from collections.abc import Callable

from customs_gateway.amending import examine_again
from customs_gateway.domain.registry import RegistryEntry
from customs_gateway.store import REGISTRY, is_ours
from pic_kit.reactions import Reactions
from pic_kit.transaction import NO_CASE, Work
from pic_schemas.catalogue import message_type
from pic_schemas.envelope import Event
from pic_schemas.messages import (
    DeclarationAmended,
    DeclarationWithdrawn,
    Message,
    TransitDischarged,
    TransitEntered,
    TransitExited,
)

CHANGES = frozenset(
    f"pic.{fact}.v1"
    for fact in (
        *(
            "notification.transmitted",
            "notification.authorised",
            "notification.objected",
            "notification.changed",
        ),
        *("notification.closed", "notification.expired", "notification.withdrawn"),
        *("decision.taken", "silence.recorded"),
        *("classification.stated", "notification.prohibited", "prohibition.lifted"),
        *("consent.withdrawn", "consent.suspended", "consent.reinstated", "authorisation.suspended"),
        "notification.interrupted",
        *("guarantee.approved", "guarantee.released", "movement.prenotified", "cancellation.granted"),
        *("transit.entered", "transit.exited", "transit.discharged", "transit.overdue"),
    )
)
"""Of a movement's messages only its own declarations are told."""


Stamped = TransitEntered | TransitExited | TransitDischarged


def with_pushes(heard: Reactions, hosts: Callable[[str], bool], stale: Callable[[], bool]) -> Reactions:
    """Everything that is heard, and then what follows from it for declarations that are open."""

    async def status_changed(work: Work, event: Event, message: Message) -> None:
        if isinstance(message, Stamped) and await is_ours(work, message.declaration_id):
            # The command that put the stamp into the entry has told them.
            return
        entry = await _entry(work, event)
        if entry is not None and entry.open_here:
            await examine_again(work, entry, getattr(message, "shipment", None), hosts, stale=stale())

    told = Reactions()
    told.on(DeclarationAmended)(_amended)
    told.on(DeclarationWithdrawn)(_withdrawn)
    told.include(heard)
    # Not for any message: what a message of no interest says need not be read.
    for fact in sorted(CHANGES):
        told.on(message_type(fact).model)(status_changed)
    return told


async def _amended(work: Work, event: Event, message: DeclarationAmended) -> None:
    """Of another gateway's office; what this one's did is in its books already."""
    entry = None if await is_ours(work, message.declaration_id) else await _entry(work, event)
    if entry is not None:
        entry.amended_elsewhere(message)


async def _withdrawn(work: Work, event: Event, message: DeclarationWithdrawn) -> None:
    entry = None if await is_ours(work, message.declaration_id) else await _entry(work, event)
    if entry is not None:
        entry.withdrawn_elsewhere(message)


async def _entry(work: Work, event: Event) -> RegistryEntry | None:
    return await work.shelf(REGISTRY).get(work.world.id, event.case or NO_CASE)

"""Making a failed movement known: what happened, whose conduct it was, which State owes what by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from customs_gateway.domain.declaration import Declaration
from customs_gateway.domain.registry import RegistryEntry
from pic_law import remedies
from pic_law.illegal_traffic import Conduct, letter, presumed
from pic_law.remedies import Cause, Failed
from pic_law.rules import rule
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.messages import RemedyOpened
from pic_schemas.messages.enforcement import Art9Letter


@dataclass(frozen=True, slots=True)
class Failure:
    """What an authority or an office says: without a letter of Article 9(1) it is Article 8."""

    shipment: int | None
    facts: str
    art9_letters: tuple[Art9Letter, ...] = ()
    conduct_of: Conduct | None = None
    net_kg: int | None = None


def make_known(remedy_id: str, entry: RegistryEntry, failure: Failure, now: datetime) -> RemedyOpened:
    """The State of export is informed by this message; from here the days count."""
    document = entry.document
    movement = entry.movements.get(failure.shipment or 0)
    if document is None or movement is None or movement.prenotified_on is None:
        detail = f"shipment {failure.shipment} of {entry.number} was not announced"
        raise rule("MOVEMENT_UNKNOWN").refused("/shipment", detail)
    cause = _cause(failure, now)
    return RemedyOpened(
        remedy_id=remedy_id,
        number=entry.number,
        movement_number=movement.movement_number,
        shipment=failure.shipment,
        cause=cause,
        art9_letters=failure.art9_letters,
        facts=failure.facts,
        net_kg=failure.net_kg or movement.quantity_kg or 0,
        waste_code=document.waste_code,
        opened_on=now.date(),
        states=document.states.all,
        **_owed(cause, document, now),
    )


def make_known_unnotified(remedy_id: str, load: Declaration, failure: Failure, now: datetime) -> RemedyOpened:
    """A load that travels with general information cannot be completed: its arranger told the authority.

    What needs a notification and has none is illegal traffic, which customs report of their declaration.
    """
    code = load.lodged.basel_code
    if code is None or not remedies.is_green(code, now.date()) or failure.art9_letters:
        detail = "without a notification only what needs none is told here; customs report illegal traffic"
        raise rule("NOTIFICATION_UNKNOWN").refused("/ref", detail)
    states = load.states
    failed = Failed(states[0], states[-1], code, recovery=True)
    return RemedyOpened(
        remedy_id=remedy_id,
        cause="not-completed",
        facts=failure.facts,
        net_kg=failure.net_kg or load.lodged.net_kg,
        waste_code=code,
        opened_on=now.date(),
        states=states,
        **_stated("not-completed", failed, now),
    )


def _cause(failure: Failure, now: datetime) -> Cause:
    if not failure.art9_letters:
        if failure.conduct_of is not None:
            detail = "whose conduct it was is asked only for illegal traffic"
            raise rule("ILLEGAL_GROUND").refused("/conduct_of", detail, needs="a letter of Article 9(1)")
        return "not-completed"
    for place, one in enumerate(failure.art9_letters):
        if letter(one).uncited:
            detail = f"letter {one}, {letter(one).title.lower()}: the shipment was notified and announced"
            raise rule("ILLEGAL_GROUND").refused(f"/art9_letters/{place}", detail)
    found = failure.conduct_of or presumed(failure.art9_letters, now.date())
    if found is None:
        detail = f"letters {', '.join(failure.art9_letters)} do not say whose conduct it was"
        raise rule("ILLEGAL_GROUND").refused("/conduct_of", detail, needs="whose conduct it was")
    return found


def _owed(cause: Cause, document: NotificationDocument, now: datetime) -> dict[str, Any]:
    states = document.states
    return _stated(cause, Failed(states.export, states.import_, document.waste_code, document.recovery), now)


def _stated(cause: Cause, failed: Failed, now: datetime) -> dict[str, Any]:
    owed = remedies.due_for(cause, failed, now)
    if owed is None:
        return {}
    stated: dict[str, Any] = {"duty_of": owed.state, "profile": owed.profile}
    if (due := owed.due) is not None:
        stated |= {"due_at": due.due_at, "due_on": due.due_on, "due_basis": due.basis}
        stated |= {"rule": due.rule, "article": due.article, "verified": due.verified}
    return stated

"""Messages that a tester says as another party, in an order of the tester's choice; sandboxes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select, update

from pic_kit.tables import outbox
from pic_kit.transaction import Work
from pic_kit.worlds import World
from pic_schemas.address import Address, UnreadableAddress
from pic_schemas.catalogue import CATALOGUE
from pic_schemas.messages import Message, WorldOpened
from pic_schemas.refusal import Refused
from single_window.desk.worlds import refusal

RULE_8 = "design rule 8"


@dataclass(frozen=True, slots=True)
class Injected:
    """A message as it was asked for: not yet checked."""

    type: str
    sender: str
    recipients: Sequence[str]
    data: dict[str, Any]
    happened: datetime | None = None


def refuse_live(world: World) -> None:
    """Raises Refused for a world in which nothing may be made up."""
    if world.mode != "sandbox":
        detail = "in a live world every party speaks for itself"
        raise Refused.conflict(refusal("INJECTION_LIVE", "design rule 9", "", detail))


async def put(work: Work, case: str | None, said: Sequence[Injected], order: Sequence[int]) -> list[UUID]:
    """Say them, numbered as they stand and published in `order`. Raises Refused; then nothing is said."""
    refuse_live(work.world)
    read = [_read(number, one) for number, one in enumerate(said)]
    ids = [
        work.emit(message, case=case, sender=sender, recipients=recipients, happened=one.happened)
        for one, (message, sender, recipients) in zip(said, read, strict=True)
    ]
    if order and list(order) != sorted(order):
        await _publish_in_order(work, ids, order)
    return ids


def _read(number: int, one: Injected) -> tuple[Message, Address, list[Address]]:
    at = f"/messages/{number}"
    line = CATALOGUE.get(one.type)
    if line is None or line.topic == WorldOpened.topic:
        raise _invalid("MESSAGE_UNKNOWN", f"{at}/type", f"no message of a party is called {one.type!r}")
    sender = _address(one.sender, f"{at}/sender")
    if sender.role not in line.senders:
        seats = ", ".join(line.senders)
        raise _invalid("SENDER_SEAT", f"{at}/sender", f"{one.type} is said by {seats}, not by {sender.role}")
    recipients = [_address(text, f"{at}/recipients/{place}") for place, text in enumerate(one.recipients)]
    try:
        return line.model.model_validate(one.data), sender, recipients
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "".join(f"/{part}" for part in first["loc"])
        raise _invalid("MESSAGE_SHAPE", f"{at}/data{where}", first["msg"]) from error


def _address(text: str, pointer: str) -> Address:
    try:
        return Address.parse(text)
    except UnreadableAddress as error:
        raise _invalid("ADDRESS_UNREADABLE", pointer, str(error)) from error


def _invalid(rule: str, pointer: str, detail: str) -> Refused:
    return Refused.invalid(refusal(rule, RULE_8, pointer, detail))


async def _publish_in_order(work: Work, ids: Sequence[UUID], order: Sequence[int]) -> None:
    """The relay goes by `seq`: exchange the places, within this transaction, of what was just written."""
    await work.transaction.outgoing.flush()
    texts = [str(identity) for identity in ids]
    found = select(outbox.c.seq).where(outbox.c.event_id.in_(texts)).order_by(outbox.c.seq)
    places = list((await work.connection.execute(found)).scalars())
    wanted = [texts[number - 1] for number in order]
    # Twice, by way of numbers that nobody has: a place is unique.
    for sign in (-1, 1):
        for place, identity in zip(places, wanted, strict=True):
            statement = update(outbox).where(outbox.c.event_id == identity)
            await work.connection.execute(statement.values(seq=sign * place))

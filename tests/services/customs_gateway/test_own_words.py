"""What this gateway's own offices said is in the registry already: hearing it locks no entry."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, event, select
from sqlalchemy.engine import Engine

from customs_gateway.tables import REGISTRY_TABLE
from pic_kit.bus.base import Received
from pic_kit.tables import heard
from pic_kit.transaction import Transaction
from pic_schemas.envelope import Event, to_binary
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

FIRST = 10_000
TODAY = story.CLEARED_AT.date()


async def entry_is_asked_for(border: Border, said: Sequence[Event]) -> bool:
    """Hears it as if it had never been heard, and tells whether a statement names the registry."""
    runtime = border.app.state.runtime

    async def forget(transaction: Transaction) -> None:
        await transaction.connection.execute(delete(heard).where(heard.c.source == said[0].source))

    await runtime.write(forget)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        records = [Received("pic.cases", 0, FIRST + n, *to_binary(one)) for n, one in enumerate(said)]
        await runtime.consumer.delivery.handle(records)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert statements
    return any(REGISTRY_TABLE.name in statement for statement in statements)


async def registry(border: Border) -> str:
    async with border.app.state.runtime.database.reading() as connection:
        return str((await connection.execute(select(REGISTRY_TABLE.c.doc))).scalar_one())


async def a_load_in_transit(border: Border) -> list[Event]:
    """Lodged, released, stamped in and out, discharged: as the office of the State of transit said it."""
    await border.ready_by_way_of_rotterdam()
    lodged = (await border.lodge("transit", border_date=TODAY)).json()
    for act in ("transit-entry", "transit-exit", "discharge"):
        answer = await border.post(f"/v1/declarations/{lodged['declaration_id']}/{act}", "transit")
        assert answer.status_code == 200, answer.text
    said = [one for one in await border.said() if one.source == "/customs-gateway/NL"]
    assert {"pic.transit.entered.v1", "pic.transit.discharged.v1"} <= {one.type for one in said}
    return said


async def test_of_a_load_in_transit_its_own_offices_tell_the_registry_nothing_new(border: Border) -> None:
    said = await a_load_in_transit(border)
    before = await registry(border)
    assert '"entered_at":"NLRTM001"' in before
    assert not await entry_is_asked_for(border, said)
    assert await registry(border) == before


async def test_what_another_gateway_said_of_a_load_is_written_into_its_entry(border: Border) -> None:
    said = await a_load_in_transit(border)
    elsewhere = {"declaration_id": str(uuid4()), "office": "NLVEN001"}
    abroad = [one.model_copy(update={"id": uuid4(), "data": {**one.data, **elsewhere}}) for one in said]
    assert await entry_is_asked_for(border, abroad)
    assert '"entered_at":"NLVEN001"' in await registry(border)

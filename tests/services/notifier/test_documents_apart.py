"""Movement documents stand in rows of their own: what did not change is neither written nor read again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from notifier.domain.batch import prenotify_all
from notifier.domain.notification import Notification
from notifier.store import NOTIFICATIONS
from notifier.tables import movement_documents, notifications
from pic_kit.memory import Memory
from pic_kit.runtime import Runtime
from pic_kit.transaction import Transaction
from pic_schemas.on_demand import OnDemand
from tests.services.notifier.desk import open_desk
from tests.services.notifier.story import JULY, authorised, load

KEY = ("test", "case-1")
OTHER = "CA 0000 000002"
GROUNDS = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest_asyncio.fixture(params=GROUNDS)
async def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Runtime]:
    server = request.param == "postgres"
    url = {"PIC_NOTIFIER_DATABASE_URL": request.getfixturevalue("postgres_url")} if server else {}
    async with open_desk(tmp_path, **url) as desk:
        yield desk.runtime


def with_loads(count: int) -> Notification:
    notification = authorised("s22-notification", active_loads=count)
    prenotify_all(notification, [load(block_6={"start_date": "2026-07-20"})] * count, JULY)
    return notification


async def keep(runtime: Runtime, notification: Notification) -> None:
    async def add(transaction: Transaction) -> None:
        transaction.shelf(NOTIFICATIONS).add(notification)

    await runtime.write(add)


async def documents(runtime: Runtime) -> dict[str, str]:
    async with runtime.database.reading() as connection:
        found = await connection.execute(select(movement_documents.c.digest, movement_documents.c.doc))
        return {row.digest: row.doc for row in found}


async def row(runtime: Runtime) -> str:
    async with runtime.database.reading() as connection:
        return str((await connection.execute(select(notifications.c.doc))).scalar_one())


async def change_the_first(runtime: Runtime) -> None:
    """One shipment moves to another day, and so does its document."""

    async def move(transaction: Transaction) -> None:
        notification = await transaction.shelf(NOTIFICATIONS).get(*KEY)
        assert notification is not None
        movement = notification.movements[0]
        document = movement.form.model_copy(update={"block_1": OTHER})
        movement.document = OnDemand(document)

    await runtime.write(move)


async def test_each_document_has_a_row_and_the_notification_names_it(runtime: Runtime) -> None:
    notification = with_loads(3)
    forms = [movement.form for movement in notification.movements]
    await keep(runtime, notification)
    kept = await documents(runtime)
    assert len(kept) == 3
    text = await row(runtime)
    assert all(digest in text and document not in text for digest, document in kept.items())
    runtime.memory = Memory(0)
    async with runtime.database.reading() as connection:
        [(found, _)] = await NOTIFICATIONS.fetch(connection, NOTIFICATIONS.matches([KEY]))
    assert [movement.form for movement in found.movements] == forms


@pytest.mark.parametrize("remembers", [True, False])
async def test_a_changed_document_is_one_more_row(runtime: Runtime, remembers: bool) -> None:
    await keep(runtime, with_loads(2))
    before = await documents(runtime)
    if not remembers:
        runtime.memory = Memory(0)
    await change_the_first(runtime)
    after = await documents(runtime)
    assert before.items() <= after.items()
    assert len(after) == 3
    async with runtime.database.reading() as connection:
        [(found, _)] = await NOTIFICATIONS.fetch(connection, NOTIFICATIONS.matches([KEY]))
    assert next(movement.form.block_1 for movement in found.movements) == OTHER


async def test_a_document_that_becomes_what_it_was_is_kept_once(runtime: Runtime) -> None:
    await keep(runtime, with_loads(1))
    [first] = await documents(runtime)
    for _ in range(2):
        await change_the_first(runtime)

    async def back(transaction: Transaction) -> None:
        notification = await transaction.shelf(NOTIFICATIONS).get(*KEY)
        assert notification is not None
        notification.movements[0].document = with_loads(1).movements[0].document

    await runtime.write(back)
    assert len(await documents(runtime)) == 2
    assert first in await row(runtime)


async def test_what_an_earlier_release_wrote_moves_when_it_is_written_next(runtime: Runtime) -> None:
    await keep(runtime, with_loads(2))
    whole = NOTIFICATIONS._codec.dump_json(with_loads(2)).decode()
    async with runtime.database.writing() as connection:
        await connection.execute(update(notifications).values(doc=whole))
        await connection.execute(movement_documents.delete())

    async def touch(transaction: Transaction) -> None:
        notification = await transaction.shelf(NOTIFICATIONS).get(*KEY)
        assert notification is not None
        assert len([movement.form for movement in notification.movements]) == 2

    await runtime.write(touch)
    kept, text = await documents(runtime), await row(runtime)
    assert len(kept) == 2
    assert all(digest in text and document not in text for digest, document in kept.items())

"""Rule 13: embedded is the same code, and a deleted database reads the log from its start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pic_kit.migrate import bring_up_to_date
from pic_kit.runtime import Runtime
from pic_kit.tables import outbox
from tests.kit.conftest import KAFKA, LAPTOP, POSTGRES
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id
from tests.support.tiny_exchange.tables import guarantees

CASES = [case_id(f"rebuild {n}") for n in range(3)]


class OneGroupForEver(Runtime):
    """Rule 13 broken on purpose: the group does not know which database it reads for."""

    @property
    def group(self) -> str:
        return f"pic.{self.name}.for-ever.{self.settings.data.as_posix().replace('/', '.')}"


def second_life(settings: Any, exchange: TinyExchange, kind: type[Runtime], life: str) -> Runtime:
    """The desk with an empty database in a folder of its own."""

    class InFolder(kind):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            urls = {"desk": f"sqlite+aiosqlite:///{settings.data / life}.sqlite3"}
            super().__init__(
                "desk",
                replace(settings, database_urls=urls),
                exchange.bus,
                migrations=services.MIGRATIONS,
                reactions=services.desk_reactions(),
            )

    return InFolder()


@pytest.mark.parametrize("ground", [LAPTOP, KAFKA])
@pytest.mark.parametrize(("kind", "found"), [(Runtime, 3), (OneGroupForEver, 0)])
async def test_a_deleted_database_rebuilds_itself_from_the_log(
    exchange: TinyExchange, settings: Any, kind: type[Runtime], found: int
) -> None:
    world = case_id(f"{settings.data}")[:36]
    await exchange.open_world(world)
    await exchange.say(*(exchange.event(services.lodged(1), case=case, world=world) for case in CASES))
    lives = []
    for life in ("first", "second"):
        desk = second_life(settings, exchange, kind, life)
        await desk.prepare()
        try:
            await exchange.open_world(world, only=desk)
            await exchange.read_all(desk)
            lives.append(len(await exchange.rows(desk, guarantees, guarantees.c.world == world)))
        finally:
            await desk.stop()
    assert lives == [3, found]


async def test_a_restart_with_its_database_goes_on_where_it_was(exchange: TinyExchange) -> None:
    await exchange.lodge(CASES[0])
    await exchange.deliver()
    identity = exchange.desk.database_id
    await exchange.desk.stop()
    await exchange.desk.prepare()
    assert exchange.desk.database_id == identity
    assert exchange.desk.consumer is not None
    assert await exchange.desk.consumer.read_once(wait=0) == 0
    assert len(await exchange.rows(exchange.desk, outbox)) == 1


async def test_another_deployment_reads_for_itself(exchange: TinyExchange) -> None:
    assert exchange.settings.deployment in exchange.desk.group
    assert exchange.desk.database_id in exchange.desk.group
    assert exchange.desk.group != exchange.lodging.group


@pytest.mark.parametrize("ground", [LAPTOP, POSTGRES])
async def test_migrating_twice_is_once(exchange: TinyExchange) -> None:
    await exchange.lodge(CASES[0])
    await bring_up_to_date(exchange.lodging.database, services.MIGRATIONS)
    assert len(await exchange.rows(exchange.lodging, outbox)) == 1


@pytest.mark.parametrize("ground", [LAPTOP])
async def test_what_was_not_published_is_published_after_a_restart(
    exchange: TinyExchange,
) -> None:
    await exchange.lodge(CASES[0])
    await exchange.lodging.stop()
    for runtime in exchange.runtimes:
        await runtime.start()
    await exchange.until_quiet()
    found = await services.find(exchange.lodging, WORLD, CASES[0])
    assert found is not None
    assert found.state == "approved"

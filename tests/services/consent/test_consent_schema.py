"""The store's migrations and its tables say the same."""

from __future__ import annotations

from pathlib import Path
from pkgutil import iter_modules

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from consent.migrations import versions
from consent.tables import metadata
from pic_kit.database import Database
from pic_kit.migrate import bring_up_to_date, head_of


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_a_migrated_store_is_what_the_tables_say(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'consent.sqlite3'}")
    await bring_up_to_date(database, "consent.migrations")
    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()
    assert head_of("consent.migrations") == max(one.name for one in iter_modules(versions.__path__))

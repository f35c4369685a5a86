"""The migrations make exactly the tables that the service uses, and the body is the message."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from customs_gateway.api.bodies import DeclarationBody
from customs_gateway.tables import metadata
from pic_kit.database import Database
from pic_kit.migrate import bring_up_to_date
from pic_schemas.messages import DeclarationLodged


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_migrated_schema_is_the_declared_one(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'customs'}.sqlite3")
    try:
        await bring_up_to_date(database, "customs_gateway.migrations")
        async with database.reading() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await database.close()


def test_a_declaration_is_lodged_with_every_field_of_its_message_but_the_id() -> None:
    assert {*DeclarationBody.model_fields, "declaration_id"} == {*DeclarationLodged.model_fields}

"""Brings a store's schema up to date: one Alembic chain for SQLite and PostgreSQL."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, MetaData, inspect, text

from pic_kit.database import Database
from pic_kit.tables import kit_metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATION_LOCK = 7_305_002


def head_of(package: str) -> str:
    """The newest revision of a chain, told by its file names: `0001_first.py`, `0002_....py`."""
    names = [entry.name for entry in files(f"{package}.versions").iterdir() if entry.name[:4].isdigit()]
    return max(names).removesuffix(".py")


async def bring_up_to_date(database: Database, package: str) -> None:
    """Upgrade to the head; Alembic is imported only when there is something to do (it costs a second)."""
    async with database.writing() as connection:
        if not database.is_sqlite:
            # Two processes of one service may start together; the second waits as long as it takes.
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            # But a change of the schema never makes writers queue behind it: it fails, and is tried again.
            await connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        if await connection.run_sync(_revision) != head_of(package):
            await connection.run_sync(_upgrade, package)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def alembic_config(package: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files(package)))
    return config


def _upgrade(connection: Connection, package: str) -> None:
    from alembic import command

    config = alembic_config(package)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def run_migrations(metadata: MetaData) -> None:
    """What each chain's `env.py` calls."""
    from alembic import context

    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


def complete_kit_tables(operations: Any) -> None:
    """A later revision: what the kit's tables have gained since the store was made.

    The first revision creates them as they are today, so a new store lacks nothing.
    """
    connection = operations.get_bind()
    found = inspect(connection)
    for table in kit_metadata.sorted_tables:
        if not found.has_table(table.name):
            table.create(connection)
            continue
        known = {column["name"] for column in found.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                operations.add_column(table.name, Column(column.name, column.type, nullable=True))
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            if index.name not in indexes:
                index.create(connection)


def create_kit_tables(operations: Any) -> None:
    """The first revision of every chain creates the kit's tables as they were at the first release."""
    kit_metadata.create_all(operations.get_bind())


def compress_quickly(operations: Any, table: str) -> None:
    """A later revision: documents that are written again at every act are not compressed at leisure.

    PostgreSQL's own method was a third of what it did for a case of sixty loads. LZ4 where the server was
    built with it, else none at all: then the disk holds more of these documents. Rows change when they are
    written next. SQLite compresses nothing.
    """
    connection = operations.get_bind()
    if connection.dialect.name != "postgresql":
        return
    methods = "SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'"
    quick = "lz4" in connection.execute(text(methods)).scalar_one()
    how = "COMPRESSION lz4" if quick else "STORAGE EXTERNAL"
    operations.execute(f"ALTER TABLE {table} ALTER COLUMN doc SET {how}")

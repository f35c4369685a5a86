"""Run by Alembic: the kit knows how, this service says what."""

from consent.tables import metadata
from pic_kit.migrate import run_migrations

run_migrations(metadata)

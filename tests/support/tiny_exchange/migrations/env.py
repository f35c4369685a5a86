"""Alembic calls this."""

from pic_kit.migrate import run_migrations
from tests.support.tiny_exchange.tables import metadata

run_migrations(metadata)

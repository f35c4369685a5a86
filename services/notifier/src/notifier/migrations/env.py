"""Run by Alembic."""

from notifier.tables import metadata
from pic_kit.migrate import run_migrations

run_migrations(metadata)

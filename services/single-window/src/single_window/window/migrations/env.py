"""Called by Alembic."""

from pic_kit.migrate import run_migrations
from single_window.window.tables import metadata

run_migrations(metadata)

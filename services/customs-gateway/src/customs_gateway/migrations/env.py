"""Where Alembic enters: this service's tables, on the connection that the kit hands over."""

from customs_gateway.tables import metadata
from pic_kit.migrate import run_migrations

run_migrations(metadata)

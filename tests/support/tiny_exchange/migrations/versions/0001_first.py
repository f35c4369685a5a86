"""The kit's tables and the guarantees."""

from alembic import op

from pic_kit.migrate import create_kit_tables
from tests.support.tiny_exchange.tables import guarantees

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)
    guarantees.create(op.get_bind())

"""What the kit's tables have gained: when a message was stored, an index for answers that may be forgotten."""

from alembic import op

from pic_kit.migrate import complete_kit_tables

revision = "0002_kit_tables"
down_revision = "0001_first"


def upgrade() -> None:
    complete_kit_tables(op)

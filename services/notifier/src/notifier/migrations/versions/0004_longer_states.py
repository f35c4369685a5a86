"""The longest name of a state, INFO_REQUESTED_EXPORT, has 21 letters; a server refuses what SQLite lets pass."""

import sqlalchemy as sa
from alembic import op

revision = "0004_longer_states"
down_revision = "0003_kit_tables"


def upgrade() -> None:
    with op.batch_alter_table("notifications") as table:
        table.alter_column("state", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=False)

"""Codes that open the console once."""

import sqlalchemy as sa
from alembic import op

from pic_kit.database import UtcDateTime

revision = "0002_entry_codes"
down_revision = "0001_first"


def upgrade() -> None:
    op.create_table(
        "entry_codes",
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_entry_codes")),
    )


def downgrade() -> None:
    raise NotImplementedError("the desk only goes forward")

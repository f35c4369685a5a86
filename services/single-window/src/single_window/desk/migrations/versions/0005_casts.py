"""Casts: who plays which seat of a world."""

import sqlalchemy as sa
from alembic import op

revision = "0005_casts"
down_revision = "0004_acts"


def upgrade() -> None:
    op.create_table(
        "casts",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", name=op.f("pk_casts")),
    )


def downgrade() -> None:
    raise NotImplementedError("the desk only goes forward")

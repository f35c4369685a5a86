"""Snapshots of sandboxes, books that were kept from the opening on, worlds that are still being built."""

import sqlalchemy as sa
from alembic import op

revision = "0006_snapshots"
down_revision = "0005_casts"


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "name", name=op.f("pk_snapshots")),
    )
    op.add_column("act_books", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("orders", sa.Column("building", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("the desk only goes forward")

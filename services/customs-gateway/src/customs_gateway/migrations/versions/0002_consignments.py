"""Loads without notification, by their consignment reference."""

import sqlalchemy as sa
from alembic import op

revision = "0002_consignments"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consignments",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("ucr", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "ucr", name="pk_consignments"),
    )


def downgrade() -> None:
    op.drop_table("consignments")

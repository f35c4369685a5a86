"""The first schema of the desk."""

import sqlalchemy as sa
from alembic import op

from pic_kit.database import UtcDateTime
from pic_kit.migrate import create_kit_tables

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)
    op.create_table(
        "orders",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("moving_to", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("world", name=op.f("pk_orders")),
    )
    op.create_table(
        "clients",
        sa.Column("client_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("world", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_clients")),
    )
    op.create_table(
        "keys",
        sa.Column("kid", sa.String(80), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_keys")),
    )


def downgrade() -> None:
    raise NotImplementedError("the desk only goes forward")

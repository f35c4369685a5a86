"""Notifications and the series of their numbers."""

import sqlalchemy as sa
from alembic import op

from pic_kit.migrate import create_kit_tables

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)
    op.create_table(
        "notifications",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("export_state", sa.String(2), nullable=False),
        sa.Column("exporter", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("world", "case_id", name="pk_notifications"),
    )
    op.create_index("uq_notifications_world_number", "notifications", ["world", "number"], unique=True)
    op.create_index("ix_notifications_exporter", "notifications", ["world", "export_state", "exporter"])
    op.create_table(
        "number_series",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("export_state", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "export_state", name="pk_number_series"),
    )

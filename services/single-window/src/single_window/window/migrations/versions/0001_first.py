"""The first schema of the window."""

import sqlalchemy as sa
from alembic import op

from pic_kit.database import UtcDateTime
from pic_kit.migrate import create_kit_tables

revision = "0001_first"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)
    op.create_table(
        "events",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("event_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("topic", sa.String(80), nullable=False),
        sa.Column("log_partition", sa.Integer(), nullable=False),
        sa.Column("log_offset", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("time", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("world", "event_id", name=op.f("pk_events")),
        sa.UniqueConstraint(
            "topic", "log_partition", "log_offset", name=op.f("uq_events_topic_log_partition_log_offset")
        ),
    )
    op.create_index("ix_events_feed", "events", ["world", "topic", "log_partition", "log_offset"])
    op.create_index("ix_events_case", "events", ["world", "case_id"])
    op.create_table(
        "cases",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("world", "case_id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_number", "cases", ["world", "number"])
    op.create_index("ix_cases_opened", "cases", ["world", "opened_at", "case_id"])
    op.create_table(
        "concerned",
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("party", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("world", "party", "case_id", name=op.f("pk_concerned")),
    )


def downgrade() -> None:
    raise NotImplementedError("delete the window's database instead: it reads the log again")

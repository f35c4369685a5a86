"""A file per authority and per facility."""

import sqlalchemy as sa
from alembic import op

from pic_kit.migrate import create_kit_tables

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_kit_tables(op)
    op.create_table(
        "authority_files",
        sa.Column("world", sa.String(80), primary_key=True),
        sa.Column("case_id", sa.String(80), primary_key=True),
        sa.Column("authority", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
    )
    op.create_index("ix_authority_files_desk", "authority_files", ["world", "authority", "case_id"])
    op.create_index("ix_authority_files_number", "authority_files", ["world", "number"])
    op.create_table(
        "facility_files",
        sa.Column("world", sa.String(80), primary_key=True),
        sa.Column("case_id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("facility", sa.String(64), nullable=False),
        sa.Column("importer", sa.String(64), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
    )
    op.create_index("ix_facility_files_gate", "facility_files", ["world", "facility", "case_id"])
    op.create_index("ix_facility_files_importer", "facility_files", ["world", "importer", "case_id"])
    op.create_index("ix_facility_files_number", "facility_files", ["world", "number"])


def downgrade() -> None:
    op.drop_table("facility_files")
    op.drop_table("authority_files")

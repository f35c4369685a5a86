"""The registry with its ledger, and the declarations."""

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
        "registry",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("world", "case_id", name="pk_registry"),
    )
    op.create_index("ix_registry_number", "registry", ["world", "number"])
    op.create_table(
        "declarations",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("declaration_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("office_state", sa.String(2), nullable=False),
        sa.Column("states", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("world", "declaration_id", name="pk_declarations"),
    )
    op.create_index("ix_declarations_case", "declarations", ["world", "case_id"])


def downgrade() -> None:
    op.drop_table("declarations")
    op.drop_table("registry")

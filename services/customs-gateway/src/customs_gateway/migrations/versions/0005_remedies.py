"""Failed movements, from the day they became known to their end."""

import sqlalchemy as sa
from alembic import op

revision = "0005_remedies"
down_revision = "0004_traces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remedies",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("remedy_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("states", sa.String(200), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("world", "remedy_id", name="pk_remedies"),
    )
    op.create_index("ix_remedies_case", "remedies", ["world", "case_id"])


def downgrade() -> None:
    op.drop_index("ix_remedies_case", "remedies")
    op.drop_table("remedies")

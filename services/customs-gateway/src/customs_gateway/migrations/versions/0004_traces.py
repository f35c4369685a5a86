"""What is under way with a container, a reference or a company."""

import sqlalchemy as sa
from alembic import op

revision = "0004_traces"
down_revision = "0003_kit_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traces",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("mark", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "mark", name="pk_traces"),
    )


def downgrade() -> None:
    op.drop_table("traces")

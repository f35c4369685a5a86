"""The bytes of the photos and documents of inspections, in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0006_attachments"
down_revision = "0005_remedies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment_parts",
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("world", "sha256", "part", name="pk_attachment_parts"),
    )

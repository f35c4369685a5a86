"""The bytes of the attachments, in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0002_attachments"
down_revision = "0001_first"


def upgrade() -> None:
    op.create_table(
        "attachment_parts",
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("world", "sha256", "part", name="pk_attachment_parts"),
    )

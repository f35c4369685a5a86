"""Two notices of one movement, known by the number of the foreign one."""

import sqlalchemy as sa
from alembic import op

revision = "0003_notice_pairs"
down_revision = "0002_kit_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_pairs",
        sa.Column("world", sa.String(80), primary_key=True),
        sa.Column("number", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("notice_pairs")

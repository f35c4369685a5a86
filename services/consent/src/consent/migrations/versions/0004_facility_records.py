"""What each authority has against a facility."""

import sqlalchemy as sa
from alembic import op

revision = "0004_facility_records"
down_revision = "0003_notice_pairs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facility_records",
        sa.Column("world", sa.String(80), primary_key=True),
        sa.Column("authority", sa.String(80), primary_key=True),
        sa.Column("facility", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("facility_records")

"""How authorities see a load, with a notification or without."""

import sqlalchemy as sa
from alembic import op

revision = "0005_classified_loads"
down_revision = "0004_facility_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classified_loads",
        sa.Column("world", sa.String(80), primary_key=True),
        sa.Column("case_id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("classified_loads")

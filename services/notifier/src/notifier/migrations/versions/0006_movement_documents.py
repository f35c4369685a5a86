"""Movement documents in rows of their own: an act on one load does not write those of the others again.

A notification from before holds them still; they move when it is written next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_movement_documents"
down_revision = "0005_quick_compression"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "movement_documents",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("case_id", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "case_id", "digest", name="pk_movement_documents"),
    )


def downgrade() -> None:
    op.drop_table("movement_documents")

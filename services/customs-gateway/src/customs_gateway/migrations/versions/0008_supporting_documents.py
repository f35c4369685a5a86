"""The day on which a declaration was lodged: supporting documents are listed by period.

A declaration from before has no day until it is written again, and is in no list until then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_supporting_documents"
down_revision = "0007_selectivity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("declarations", sa.Column("lodged_on", sa.Date(), nullable=True))
    op.create_index("ix_declarations_lodged", "declarations", ["world", "office_state", "lodged_on"])


def downgrade() -> None:
    op.drop_index("ix_declarations_lodged", "declarations")
    with op.batch_alter_table("declarations") as table:
        table.drop_column("lodged_on")

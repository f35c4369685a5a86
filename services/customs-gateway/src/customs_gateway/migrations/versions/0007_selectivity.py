"""What a declaration was selected for and what was found; the rates at which a State draws."""

import sqlalchemy as sa
from alembic import op

revision = "0007_selectivity"
down_revision = "0006_attachments"
branch_labels = None
depends_on = None

COLUMNS = (("fired", 400), ("stratum", 10), ("found", 10))


def upgrade() -> None:
    for name, length in COLUMNS:
        op.add_column("declarations", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.create_table(
        "sampling",
        sa.Column("world", sa.String(80), nullable=False),
        sa.Column("state", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("world", "state", name="pk_sampling"),
    )


def downgrade() -> None:
    op.drop_table("sampling")
    with op.batch_alter_table("declarations") as table:
        for name, _ in COLUMNS:
            table.drop_column(name)

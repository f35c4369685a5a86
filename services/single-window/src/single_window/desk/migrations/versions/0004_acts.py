"""What was asked in sandboxes that keep their acts."""

import sqlalchemy as sa
from alembic import op

from pic_kit.database import UtcDateTime

revision = "0004_acts"
down_revision = "0003_kit_tables"


def upgrade() -> None:
    op.create_table(
        "act_books",
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("world", name=op.f("pk_act_books")),
    )
    op.create_table(
        "acts",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("world", sa.String(40), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_world_seq", "acts", ["world", "seq"])


def downgrade() -> None:
    raise NotImplementedError("the desk only goes forward")

"""A registry entry is compressed quickly or not at all: it is written again for every load."""

from alembic import op

from pic_kit.migrate import compress_quickly

revision = "0009_quick_compression"
down_revision = "0008_supporting_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    compress_quickly(op, "registry")


def downgrade() -> None:
    """An older program reads and writes it as well."""

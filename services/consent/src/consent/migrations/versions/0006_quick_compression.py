"""A facility's file is compressed quickly or not at all: it is written again for every load."""

from alembic import op

from pic_kit.migrate import compress_quickly

revision = "0006_quick_compression"
down_revision = "0005_classified_loads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    compress_quickly(op, "facility_files")


def downgrade() -> None:
    """An older program reads and writes it as well."""

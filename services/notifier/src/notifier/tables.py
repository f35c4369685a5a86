"""The notifier's own tables, beside those of the kit."""

from __future__ import annotations

from sqlalchemy import Column, Index, String

from pic_kit.attachments import content_table
from pic_kit.database import service_metadata
from pic_kit.parts import parts_table
from pic_kit.repository import aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

# `asked` holds the States that were asked, between blanks: " BE NL ".
notifications = aggregate_table(
    "notifications",
    metadata,
    ("world", "case_id"),
    Column("number", String(20), nullable=True),
    Column("state", String(40), nullable=False),
    Column("export_state", String(2), nullable=False),
    Column("exporter", String(64), nullable=False),
    Column("asked", String(200), nullable=False),
    Index("uq_notifications_world_number", "world", "number", unique=True),
    Index("ix_notifications_exporter", "world", "export_state", "exporter"),
)

movement_documents = parts_table("movement_documents", metadata, ("world", "case_id"))

number_series = aggregate_table("number_series", metadata, ("world", "export_state"))

attachment_parts = content_table(metadata)

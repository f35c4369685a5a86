"""This service's tables: a file per authority, a file per facility, and the kit's own."""

from __future__ import annotations

from sqlalchemy import Column, Index, String

from pic_kit.database import service_metadata
from pic_kit.repository import aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

AUTHORITY_FILES = aggregate_table(
    "authority_files",
    metadata,
    ("world", "case_id", "authority"),
    Column("country", String(2), nullable=False),
    Column("number", String(20), nullable=False),
    Column("state", String(30), nullable=False),
    Index("ix_authority_files_desk", "world", "authority", "case_id"),
    Index("ix_authority_files_number", "world", "number"),
)

# Known by the number of the foreign notice: the importer may file before that notice is here.
NOTICE_PAIRS = aggregate_table("notice_pairs", metadata, ("world", "number"))

# Each authority's own: it holds what that authority was told, and nothing of another's cases.
FACILITY_RECORDS = aggregate_table("facility_records", metadata, ("world", "authority", "facility"))

# How the authorities of a route see a load, with a notification or without.
CLASSIFIED_LOADS = aggregate_table("classified_loads", metadata, ("world", "case_id"))

FACILITY_FILES = aggregate_table(
    "facility_files",
    metadata,
    ("world", "case_id"),
    Column("country", String(2), nullable=False),
    Column("facility", String(64), nullable=False),
    Column("importer", String(64), nullable=False),
    Column("number", String(20), nullable=False),
    Index("ix_facility_files_gate", "world", "facility", "case_id"),
    Index("ix_facility_files_importer", "world", "importer", "case_id"),
    Index("ix_facility_files_number", "world", "number"),
)

"""The tables of this service: registry entries with their ledger, declarations, consignments."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, String

from pic_kit.attachments import content_table
from pic_kit.database import service_metadata
from pic_kit.repository import aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

attachment_parts = content_table(metadata)

REGISTRY_TABLE = aggregate_table(
    "registry",
    metadata,
    ("world", "case_id"),
    Column("number", String(20), nullable=True),
    Index("ix_registry_number", "world", "number"),
)

DECLARATIONS_TABLE = aggregate_table(
    "declarations",
    metadata,
    ("world", "declaration_id"),
    Column("case_id", String(36), nullable=False),
    Column("office_state", String(2), nullable=False),
    # The States concerned, blank between them: a State of two letters cannot match across a blank.
    Column("states", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    # What it was selected for before anybody looked, and what was found: hit rates are counted from these.
    Column("fired", String(400), nullable=False, server_default=""),
    Column("stratum", String(10), nullable=False, server_default=""),
    Column("found", String(10), nullable=False, server_default=""),
    Column("lodged_on", Date, nullable=True),
    Index("ix_declarations_case", "world", "case_id"),
    Index("ix_declarations_lodged", "world", "office_state", "lodged_on"),
)

REMEDIES_TABLE = aggregate_table(
    "remedies",
    metadata,
    ("world", "remedy_id"),
    Column("case_id", String(36), nullable=False),
    Column("states", String(200), nullable=False),
    Column("standing", String(20), nullable=False),
    Index("ix_remedies_case", "world", "case_id"),
)

CONSIGNMENTS_TABLE = aggregate_table("consignments", metadata, ("world", "ucr"))

SAMPLING_TABLE = aggregate_table("sampling", metadata, ("world", "state"))

TRACES_TABLE = aggregate_table("traces", metadata, ("world", "mark"))

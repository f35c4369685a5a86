"""The window's tables: events by their place in the log, cases as projected, who is concerned by which."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from pic_kit.database import UtcDateTime, service_metadata
from pic_kit.repository import aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

EVENTS = aggregate_table(
    "events",
    metadata,
    ("world", "event_id"),
    Column("case_id", String(36), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("log_partition", Integer, nullable=False),
    Column("log_offset", BigInteger, nullable=False),
    Column("source", String(80), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("time", UtcDateTime, nullable=False),
    UniqueConstraint("topic", "log_partition", "log_offset"),
    Index("ix_events_feed", "world", "topic", "log_partition", "log_offset"),
    Index("ix_events_case", "world", "case_id"),
)

CASES = aggregate_table(
    "cases",
    metadata,
    ("world", "case_id"),
    Column("number", String(20), nullable=True),
    Column("state", String(40), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Index("ix_cases_number", "world", "number"),
    Index("ix_cases_opened", "world", "opened_at", "case_id"),
)

CONCERNED = Table(
    "concerned",
    metadata,
    Column("world", String(40), primary_key=True),
    Column("party", String(80), primary_key=True),
    Column("case_id", String(36), primary_key=True),
)

"""The desk's tables: worlds as they were ordered, clients, keys, codes that open the console once."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, Text, false

from pic_kit.database import UtcDateTime, service_metadata
from pic_kit.repository import aggregate_table
from pic_kit.tables import Serial, add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

# `moving_to` outlives a crash: a clock that was being moved is moved on after the next start.
# What was still `building` when the process ended is deleted then.
ORDERS = aggregate_table(
    "orders",
    metadata,
    ("world",),
    Column("moving_to", UtcDateTime, nullable=True),
    Column("building", Boolean, nullable=False, server_default=false()),
)

CLIENTS = aggregate_table("clients", metadata, ("client_id",), Column("world", String(40), nullable=False))

KEYS = Table(
    "keys",
    metadata,
    Column("kid", String(80), primary_key=True),
    Column("jwk", Text, nullable=False),
)

# Of a code only its SHA-256 is kept; `doc` is the client whose seat it opens.
ENTRY_CODES = Table(
    "entry_codes",
    metadata,
    Column("code_sha256", String(64), primary_key=True),
    Column("doc", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Sandboxes whose acts are kept, and the acts in the order of their answers.
ACT_BOOKS = Table(
    "act_books",
    metadata,
    Column("world", String(40), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("whole", Boolean, nullable=False, server_default=false()),
)
ACTS = Table(
    "acts",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("world", String(40), nullable=False),
    Column("doc", Text, nullable=False),
    Index("ix_acts_world_seq", "world", "seq"),
)

# Who plays the seats of a world that nobody sits on.
CASTS = aggregate_table("casts", metadata, ("world",))

# What was asked in a world until then: enough to build it again in another one.
SNAPSHOTS = Table(
    "snapshots",
    metadata,
    Column("world", String(40), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("doc", Text, nullable=False),
)

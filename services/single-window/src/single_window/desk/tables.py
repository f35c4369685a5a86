"""The desk's tables: worlds as they were ordered, clients, keys."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from pic_kit.database import UtcDateTime, service_metadata
from pic_kit.repository import aggregate_table
from pic_kit.tables import add_kit_tables

metadata = service_metadata()
add_kit_tables(metadata)

# `moving_to` outlives a crash: a clock that was being moved is moved on after the next start.
ORDERS = aggregate_table("orders", metadata, ("world",), Column("moving_to", UtcDateTime, nullable=True))

CLIENTS = aggregate_table("clients", metadata, ("client_id",), Column("world", String(40), nullable=False))

KEYS = Table(
    "keys",
    metadata,
    Column("kid", String(80), primary_key=True),
    Column("jwk", Text, nullable=False),
)

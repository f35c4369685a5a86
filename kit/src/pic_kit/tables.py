"""The tables that every service's database has: worlds, streams, outbox, inbox, timers, answers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pic_kit.database import UtcDateTime, service_metadata

kit_metadata = service_metadata()
Serial = BigInteger().with_variant(Integer, "sqlite")

about = Table(
    "about",
    kit_metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

worlds = Table(
    "worlds",
    kit_metadata,
    Column("world", String(40), primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("now", UtcDateTime, nullable=True),
    Column("moving", Boolean, nullable=False, server_default=text("false")),
    Column("label", String(200), nullable=False, server_default=""),
)

# What this service has said: the last sequence per case and producer.
streams = Table(
    "streams",
    kit_metadata,
    Column("world", String(40), primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

# What this service has applied: kept for ever, so a duplicate is known when its message id is long gone.
heard = Table(
    "heard",
    kit_metadata,
    Column("world", String(40), primary_key=True),
    Column("case_id", String(36), primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

outbox = Table(
    "outbox",
    kit_metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("world", String(40), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("event", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=True),
    Column("published_at", UtcDateTime, nullable=True),
    Index(
        "ix_outbox_unpublished",
        "seq",
        postgresql_where=text("published_at IS NULL"),
        sqlite_where=text("published_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# Ours, but not yet: refused by a reaction, or a gap before it. Later messages of its case wait behind it.
waiting = Table(
    "waiting",
    kit_metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("world", String(40), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("source", String(80), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(80), nullable=False),
    Column("event", Text, nullable=False),
    Column("topic", String(80), nullable=False),
    Column("log_partition", Integer, nullable=False),
    Column("log_offset", BigInteger, nullable=False),
    Column("reason", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("waits_for", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("world", "case_id", "source", "sequence"),
    sqlite_autoincrement=True,
)

# Unreadable, or not ours: set aside with its reason; the case goes on.
parked = Table(
    "parked",
    kit_metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("topic", String(80), nullable=False),
    Column("log_partition", Integer, nullable=False),
    Column("log_offset", BigInteger, nullable=False),
    Column("world", String(40), nullable=True),
    Column("case_id", String(36), nullable=True),
    Column("source", String(80), nullable=True),
    Column("sequence", BigInteger, nullable=True),
    Column("event_id", String(36), nullable=True, unique=True),
    Column("reason", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    UniqueConstraint("topic", "log_partition", "log_offset"),
    Index("ix_parked_stream", "world", "case_id", "source", "sequence"),
    sqlite_autoincrement=True,
)

# As a literal, or a prepared statement cannot know that the partial indexes serve it.
PENDING = text("status = 'pending'")
timers = Table(
    "timers",
    kit_metadata,
    Column("world", String(40), primary_key=True),
    Column("timer_id", String(36), primary_key=True),
    Column("case_id", String(36), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("authority", String(80), nullable=False, server_default=""),
    Column("restarts", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
    Column("status", String(10), nullable=False),
    Column("basis", Text, nullable=False, server_default="{}"),
    # Only what is pending is looked for, by time or by case; what has fired costs no index.
    Index("ix_timers_due", "world", "due_at", postgresql_where=PENDING, sqlite_where=PENDING),
    Index("ix_timers_case", "world", "case_id", postgresql_where=PENDING, sqlite_where=PENDING),
)

# The answer to a command, stored in the command's own transaction.
answers = Table(
    "answers",
    kit_metadata,
    Column("world", String(40), primary_key=True),
    Column("caller", String(120), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    # Answers are stored in the order of time: a few kilobytes of BRIN find what may be forgotten.
    Index("ix_answers_stored_at", "stored_at", postgresql_using="brin"),
)

# What an operator did to a waiting or parked message, and why.
interventions = Table(
    "interventions",
    kit_metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("world", String(40), nullable=True),
    Column("case_id", String(36), nullable=True),
    Column("action", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String(120), nullable=False),
    Column("message", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)


def add_kit_tables(metadata: MetaData) -> None:
    """Copy the kit's tables into a service's metadata, so that its migrations see them."""
    for table in kit_metadata.sorted_tables:
        table.to_metadata(metadata)

"""A record of the log as it arrives: an event of the contract, or something that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pic_kit.bus.base import Received
from pic_kit.transaction import NO_CASE, LogPosition
from pic_schemas.catalogue import load, message_type
from pic_schemas.envelope import WORLD_PATTERN, Event, UnreadableRecord, from_binary
from pic_schemas.messages import Message
from pic_schemas.messages.base import WORLDS

StreamKey = tuple[str, str, str]
CaseKey = tuple[str, str]
Reads = Callable[[str], bool]

# As wide as the columns that keep them; PostgreSQL refuses what is longer, SQLite does not.
WORLD_LENGTH, CASE_LENGTH, SOURCE_LENGTH, TYPE_LENGTH = 40, 36, 80, 80
LAST_SEQUENCE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that could be read. `message` is None where nobody here reads what it says.

    `record` is None for what has waited: it was kept as an event.
    """

    event: Event
    message: Message | None
    position: LogPosition
    record: Received | None = None
    # Asked for several times a message.
    stream: StreamKey = field(init=False)
    sequence: int = field(init=False)

    def __post_init__(self) -> None:
        event = self.event
        object.__setattr__(self, "stream", (event.world, event.case or NO_CASE, event.source))
        object.__setattr__(self, "sequence", event.sequence)

    @property
    def case(self) -> CaseKey:
        return self.stream[:2]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that could not be read, and why; `stream` is known if at least its headers say so."""

    record: Received
    reason: str
    stream: StreamKey | None
    sequence: int


def read_record(record: Received, reads: Reads | None = None) -> Arrival | Unreadable:
    """Tell an event of the contract from what will be parked. Of types that nobody `reads`, the payload
    is not looked into: it costs as much as all the rest."""
    try:
        event = from_binary(record.headers, record.value)
        _refuse_too_long(event)
        place = LogPosition(record.topic, record.partition, record.offset)
        return Arrival(event, _message(event, reads), place, record)
    except UnreadableRecord as error:
        return unreadable(record, error.reason)


def kept(row: Any, reads: Reads) -> Arrival:
    """What has waited, from its row. Raises UnreadableRecord."""
    event = Event.model_validate_json(row.event)
    place = LogPosition(row.topic, row.log_partition, row.log_offset)
    return Arrival(event, _message(event, reads), place)


def _message(event: Event, reads: Reads | None) -> Message | None:
    known = message_type(event.type)
    wanted = reads is None or known.topic == WORLDS or reads(event.type)
    return load(event) if wanted else None


def unreadable(record: Received, reason: str) -> Unreadable:
    """A broken payload under a readable envelope must leave no gap in its case."""
    headers = readable_headers(record)
    world, case = headers.get("ce_world", ""), headers.get("ce_case", NO_CASE)
    source, sequence = headers.get("ce_source", ""), headers.get("ce_sequence", "")
    known = (
        re.fullmatch(WORLD_PATTERN, world)
        and len(case) <= CASE_LENGTH
        and 0 < len(source) <= SOURCE_LENGTH
        and re.fullmatch(r"[1-9][0-9]{0,17}", sequence)
        and "\0" not in case + source
    )
    stream = (world, case, source) if known else None
    return Unreadable(record, reason.replace("\0", ""), stream, int(sequence) if known else 0)


def readable_headers(record: Received) -> Mapping[str, str]:
    return {name: value.decode("utf-8", "replace") for name, value in record.headers}


def _refuse_too_long(event: Event) -> None:
    case = event.case or NO_CASE
    fits = (
        len(case) <= CASE_LENGTH
        and "\0" not in case
        and len(event.source) <= SOURCE_LENGTH
        and len(event.type) <= TYPE_LENGTH
        and event.sequence <= LAST_SEQUENCE
    )
    if not fits:
        raise UnreadableRecord("case, source, type or sequence is longer than the contract allows")

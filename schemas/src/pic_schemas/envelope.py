"""The envelope: a CloudEvents 1.0 event, in Kafka's binary mode and as structured JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from pic_schemas.address import Address

CONTENT_TYPE: Literal["application/json"] = "application/json"
WORLD_PATTERN = r"^[a-z0-9][a-z0-9-]{2,39}$"

_PREFIX = "ce_"
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:pic-exchange:event")
_REQUIRED = (
    "id",
    "source",
    "type",
    "time",
    "world",
    "sequence",
    "sender",
    "channel",
    "recordedtime",
    "causationid",
)
_OPTIONAL = ("case", "traceparent")
_MUST = frozenset(_REQUIRED)
_KNOWN = (*_REQUIRED, *_OPTIONAL, "specversion", "recipients")
_NAMED = {_PREFIX + name: name for name in _KNOWN}
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class UnreadableRecord(Exception):
    """A record that is no event of this contract; it is parked with `reason`, never dropped."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _readable(address: str) -> str:
    Address.parse(address)
    return address


@lru_cache(maxsize=4096)
def _all_readable(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The same few lists come again and again, a dozen addresses long."""
    for address in addresses:
        Address.parse(address)
    return addresses


UtcTime = Annotated[AwareDatetime, AfterValidator(_utc)]
AddressText = Annotated[str, AfterValidator(_readable)]
AddressTexts = Annotated[tuple[str, ...], AfterValidator(_all_readable)]


class Event(BaseModel):
    """One fact. `time` is when it happened, `recordedtime` when it was recorded, both in the world's clock.

    `sequence` counts from 1 per (case, source); `causationid` is the event, command or deadline behind it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    source: str = Field(pattern=r"^/[a-z-]+/([A-Z]{2}|exchange)$")
    type: str = Field(pattern=r"^pic\.[a-z-]+\.[a-z-]+\.v[1-9][0-9]*$")
    specversion: Literal["1.0"] = "1.0"
    time: UtcTime
    datacontenttype: Literal["application/json"] = CONTENT_TYPE
    world: str = Field(pattern=WORLD_PATTERN)
    case: str | None = None
    sequence: int = Field(ge=1)
    sender: AddressText
    recipients: AddressTexts = ()
    channel: Literal["electronic", "paper"] = "electronic"
    recordedtime: UtcTime
    causationid: UUID
    traceparent: str | None = None
    data: dict[str, Any]


class BinaryRecord(NamedTuple):
    """A Kafka record: key, `ce_*` headers and the payload's JSON."""

    key: bytes
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


def event_id(world: str, source: str, cause: UUID, type: str, index: int) -> UUID:
    """The id follows from the cause, so that handling a cause twice yields the same events."""
    return uuid5(_NAMESPACE, f"{world}|{source}|{cause}|{type}|{index}")


def partition_key(world: str, case: str | None) -> bytes:
    """`{world}:{case}` for what belongs to a case, `{world}` for the rest."""
    return (f"{world}:{case}" if case else world).encode()


def compact_json(payload: Any) -> bytes:
    """Deterministic JSON: sorted keys, no blanks, UTF-8; raises `ValueError` on NaN."""
    return _JSON.encode(payload).encode()


def to_binary(event: Event) -> BinaryRecord:
    """Kafka binary mode: attributes in headers, the payload alone in the body."""
    headers = [(_PREFIX + name, str(value).encode()) for name, value in _attributes(event).items()]
    headers.append(("content-type", event.datacontenttype.encode()))
    return BinaryRecord(partition_key(event.world, event.case), tuple(headers), compact_json(event.data))


def from_binary(headers: Iterable[tuple[str, bytes]], value: bytes | None) -> Event:
    """Read a record; raises `UnreadableRecord`. Headers and attributes we do not know are ignored."""
    try:
        attributes = {_NAMED[name]: raw.decode() for name, raw in headers if name in _NAMED}
        payload = from_json(value or b"", allow_inf_nan=False)
    except (UnicodeDecodeError, ValueError) as error:
        raise UnreadableRecord(f"not JSON in UTF-8: {error}") from error
    return _event(attributes, payload)


def to_structured(event: Event) -> dict[str, Any]:
    """The same event as one JSON object, for feeds and webhooks."""
    return {**_attributes(event), "datacontenttype": event.datacontenttype, "data": event.data}


def from_structured(document: Mapping[str, Any]) -> Event:
    """Read structured JSON; raises `UnreadableRecord`."""
    return _event({name: document[name] for name in _KNOWN if name in document}, document.get("data"))


def _attributes(event: Event) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "specversion": event.specversion,
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        "time": rfc3339(event.time),
        "world": event.world,
        "sequence": event.sequence,
        "sender": event.sender,
        "recipients": ",".join(event.recipients),
        "channel": event.channel,
        "recordedtime": rfc3339(event.recordedtime),
        "causationid": str(event.causationid),
    }
    for name in _OPTIONAL:
        if (value := getattr(event, name)) is not None:
            attributes[name] = value
    return attributes


def rfc3339(moment: datetime) -> str:
    """An aware UTC time as `2026-06-01T08:00:00Z`."""
    return moment.isoformat().replace("+00:00", "Z")


def _event(attributes: Mapping[str, Any], payload: Any) -> Event:
    if not attributes.keys() >= _MUST:
        missing = [name for name in _REQUIRED if name not in attributes]
        raise UnreadableRecord(f"no attribute {', '.join(missing)}")
    recipients = _split(attributes.get("recipients"))
    said = {"specversion": attributes.get("specversion"), "recipients": recipients, "data": payload}
    try:
        return Event.model_validate({**attributes, **said})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UnreadableRecord(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _split(joined: Any) -> tuple[str, ...]:
    return tuple(joined.split(",")) if isinstance(joined, str) and joined else ()

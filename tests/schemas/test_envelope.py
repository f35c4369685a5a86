"""The envelope survives both of its shapes and says why it could not be read."""

from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pic_schemas.address import Address, Role, UnreadableAddress
from pic_schemas.envelope import (
    Event,
    UnreadableRecord,
    compact_json,
    event_id,
    from_binary,
    from_structured,
    partition_key,
    to_binary,
    to_structured,
)

AGENCIES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,20}", fullmatch=True)
STATES = st.sampled_from(["CA", "BE", "NL", "exchange"])
ADDRESSES = st.builds(Address, STATES, st.sampled_from(Role), AGENCIES)
TIMES = st.datetimes(timezones=st.just(UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.builds(
    Event,
    id=st.uuids(),
    source=st.sampled_from(["/notifier/CA", "/consent/BE", "/single-window/exchange"]),
    type=st.just("pic.notification.drafted.v1"),
    time=TIMES,
    world=st.from_regex(r"[a-z0-9][a-z0-9-]{2,39}", fullmatch=True),
    case=st.none() | st.uuids().map(str),
    sequence=st.integers(1, 2**40),
    sender=ADDRESSES.map(str),
    recipients=st.lists(ADDRESSES.map(str), max_size=4).map(tuple),
    channel=st.sampled_from(["electronic", "paper"]),
    recordedtime=TIMES,
    causationid=st.uuids(),
    traceparent=st.none() | st.just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    data=st.dictionaries(st.text(), JSON, max_size=4),
)
CAUSE = UUID("6f1c2a52-6b1e-4a53-9b6e-0d6a2f0a1b2c")


@settings(deadline=None)  # the machine is shared; a slow example is no failure
@given(EVENTS)
def test_an_event_survives_the_kafka_record(event: Event) -> None:
    record = to_binary(event)
    assert from_binary(record.headers, record.value) == event
    assert record.key == partition_key(event.world, event.case)


@settings(deadline=None)  # the machine is shared; a slow example is no failure
@given(EVENTS)
def test_an_event_survives_structured_json(event: Event) -> None:
    assert from_structured(to_structured(event)) == event


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        compact_json({"quantity": float("nan")})


@settings(deadline=None)  # the machine is shared; a slow example is no failure
@given(ADDRESSES)
def test_an_address_reads_back_as_it_was_written(address: Address) -> None:
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    "text", ["", "BE", "BE/customs", "be/customs/X", "BE/minister/X", "BE/customs/a,b", "BE/customs/a/b"]
)
def test_an_address_of_the_wrong_shape_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAddress):
        Address.parse(text)


def test_any_office_of_a_state_covers_each_of_its_offices() -> None:
    assert Address.parse("BE/customs/*").covers(Address.parse("BE/customs/BEANR001"))
    assert not Address.parse("BE/customs/*").covers(Address.parse("NL/customs/NLRTM001"))


def _headers(**changed: bytes | None) -> list[tuple[str, bytes]]:
    event = Event.model_validate(
        {
            "id": CAUSE,
            "source": "/notifier/CA",
            "type": "pic.notification.drafted.v1",
            "time": "2026-06-01T08:00:00Z",
            "world": "demo",
            "sequence": 1,
            "sender": "CA/exporter/CA-PLASTIX",
            "recordedtime": "2026-06-01T08:00:00Z",
            "causationid": CAUSE,
            "data": {},
        }
    )
    headers: dict[str, bytes | None] = dict(to_binary(event).headers)
    headers.update({f"ce_{name}": value for name, value in changed.items()})
    return [(name, value) for name, value in headers.items() if value is not None]


@pytest.mark.parametrize(
    ("changed", "value", "reason"),
    [
        ({}, b"\xff", "not JSON"),
        ({}, None, "not JSON"),
        ({}, b"[]", "data"),
        ({}, b'{"quantity": NaN}', "not JSON"),
        ({"world": b"\xff"}, b"{}", "not JSON in UTF-8"),
        ({"world": None}, b"{}", "no attribute world"),
        ({"specversion": b"2.0"}, b"{}", "specversion"),
        ({"specversion": None}, b"{}", "specversion"),
        ({"time": b"2026-06-01T08:00:00"}, b"{}", "time"),
        ({"sequence": b"0"}, b"{}", "sequence"),
        ({"sender": b"nobody"}, b"{}", "sender"),
    ],
)
def test_an_unreadable_record_says_why(
    changed: dict[str, bytes | None], value: bytes | None, reason: str
) -> None:
    with pytest.raises(UnreadableRecord, match=reason):
        from_binary(_headers(**changed), value)


def test_attributes_of_a_later_version_are_ignored() -> None:
    assert from_binary(_headers(shoesize=b"44"), b"{}").world == "demo"


def test_the_same_cause_yields_the_same_id() -> None:
    ids = {
        event_id("demo", "/notifier/CA", CAUSE, "pic.notification.drafted.v1", index) for index in (0, 0, 1)
    }
    assert len(ids) == 2


def test_the_body_does_not_depend_on_the_order_of_keys() -> None:
    event = from_binary(_headers(), b'{"b":1,"a":2}')
    assert to_binary(event).value == b'{"a":2,"b":1}'

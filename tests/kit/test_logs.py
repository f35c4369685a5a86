"""What is logged is one line per event, whoever says it, and no secret is in it."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from pic_kit.logs import HIDDEN, configure_logs, known_secrets

PASSWORD = 'p"ss/word-of-the-store'
ENVIRONMENT = {
    "PIC_OPERATOR_SECRET": "the-operator's-secret",
    "PIC_DESK_DATABASE_URL": "postgresql+asyncpg://desk:p%22ss%2Fword-of-the-store@postgres/desk",
}
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJDQSJ9.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def logs(style: str = "json") -> io.StringIO:
    stream = io.StringIO()
    configure_logs({**ENVIRONMENT, "PIC_LOG": style}, stream)
    return stream


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail_with(words: str) -> None:
    held_in_a_local = "a-local-variable"
    assert held_in_a_local
    raise RuntimeError(words)


def test_an_event_is_one_json_line_with_its_time_level_and_fields() -> None:
    stream = logs()
    structlog.get_logger("relay").warning("not acknowledged", case="c1")
    (event,) = events(stream)
    assert event["timestamp"].endswith("Z")
    assert {name: event[name] for name in ("event", "logger", "level", "case")} == {
        "event": "not acknowledged",
        "logger": "relay",
        "level": "warning",
        "case": "c1",
    }


def test_an_error_with_its_traceback_is_still_one_line() -> None:
    stream = logs()
    try:
        fail_with("broken")
    except RuntimeError:
        structlog.get_logger("http").exception("unexpected error")
    (event,) = events(stream)
    assert "RuntimeError: broken" in event["exception"]


def test_what_a_library_says_is_a_line_of_the_same_shape() -> None:
    stream = logs()
    logging.getLogger("aiokafka.conn").warning("lost %s", "broker 1")
    logging.getLogger("aiokafka.conn").info("chatter")
    (event,) = events(stream)
    assert (event["event"], event["logger"]) == ("lost broker 1", "aiokafka.conn")


def test_a_broker_that_is_away_does_not_fill_the_disk_with_one_sentence() -> None:
    stream = logs()
    for node in range(100):
        logging.getLogger("aiokafka.conn").error("Unable connect to node with id %s", node)
    logging.getLogger("aiokafka.conn").error("Unable to update metadata")
    logging.getLogger("sqlalchemy.pool").error("a connection is broken")
    logging.getLogger("sqlalchemy.pool").error("a connection is broken")
    assert [event["event"] for event in events(stream)] == [
        "Unable connect to node with id 0",
        "Unable to update metadata",
        "a connection is broken",
        "a connection is broken",
    ]


def test_without_json_a_human_reads_it() -> None:
    stream = logs("")
    structlog.get_logger("serve").info("serving", port=8400)
    assert "serving" in stream.getvalue()
    assert "port=8400" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize("style", ["json", ""])
@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("the-operator's-secret", "the-operator's-secret"),
        (PASSWORD, PASSWORD),
        ("p%22ss%2Fword-of-the-store", "p%22ss%2Fword"),
        (TOKEN, TOKEN),
        ("Bearer an-opaque-token", "an-opaque-token"),
        ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("postgresql://someone:else@elsewhere/db", ":else@"),
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(style: str, words: str, secret: str) -> None:
    stream = logs(style)
    log = structlog.get_logger("test")
    log.info(f"said {words} aloud", in_a_list=[words], nested={"deep": words})
    logging.getLogger("uvicorn.error").error("also here: %s", words)
    try:
        fail_with(words)
    except RuntimeError:
        log.exception("failed")
    told = stream.getvalue()
    secret = (
        words.removeprefix("Bearer ").removeprefix("Basic ").replace("postgresql://someone:else", ":else@")
    )
    assert secret not in told
    assert json.dumps(secret)[1:-1] not in told
    assert HIDDEN in told


def test_a_field_that_is_secret_by_name_is_hidden_whatever_it_holds() -> None:
    stream = logs()
    structlog.get_logger("oauth").info("client", client_secret="s", Authorization="x", client_id="CA001")
    (event,) = events(stream)
    assert (event["client_secret"], event["Authorization"], event["client_id"]) == (HIDDEN, HIDDEN, "CA001")


def test_local_variables_are_never_printed() -> None:
    stream = logs("")
    try:
        fail_with("broken")
    except RuntimeError:
        structlog.get_logger("http").exception("unexpected error")
    printed = [line for line in stream.getvalue().splitlines() if "a-local-variable" in line]
    assert printed == []


def test_short_values_and_empty_ones_are_not_taken_for_secrets() -> None:
    assert known_secrets({"PIC_OPERATOR_SECRET": "", "X_PASSWORD": "a", "PIC_LOG": "json"}) == set()

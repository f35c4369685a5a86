"""The file's variables, options and commands carry a case to its end; only the containers are missing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator

import pytest

from tests.support.compose_here import ComposeHere, composed_here
from tests.support.composed import interpolated
from tests.support.exchanges import SECRET, play
from tests.support.kafka import apache_kafka_is_possible
from tests.support.postgres import Postgres
from tests.support.required import missing

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]
SECRETS = {name: secrets.token_hex(16) for name in interpolated()} | {"PIC_OPERATOR_SECRET": SECRET}
STORES = ("notifier", "consent_a", "consent_b", "customs_gateway", "desk", "window")


@pytest.fixture(scope="module")
def here(postgres: Postgres) -> Iterator[ComposeHere]:
    if not apache_kafka_is_possible():
        missing("kafka", "Apache Kafka needs Maven and Java")
    with composed_here(SECRETS, postgres._server) as running:
        yield running


async def test_a_case_goes_through_the_front_door_to_its_end(here: ComposeHere) -> None:
    assert (await play(here.url, "s01-single-shipment")).passed


@pytest.mark.parametrize("store", STORES)
def test_each_store_is_open_to_its_own_role_alone(here: ComposeHere, store: str) -> None:
    password = SECRETS[f"{store.upper()}_PASSWORD"]
    assert here.psql(store, password, store, "-c", "SELECT count(*) FROM alembic_version") == "1"
    for other in set(STORES) - {store}:
        with pytest.raises(AssertionError, match="permission denied for database"):
            here.psql(store, password, other, "-c", "SELECT 1")


def test_text_is_ordered_as_on_a_laptop(here: ComposeHere) -> None:
    by_code_point = "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['b', 'a', 'B', 'é', '_']) AS x"
    assert here.psql("desk", SECRETS["DESK_PASSWORD"], "desk", "-c", by_code_point) == "B_abé"


def test_services_log_json_lines_and_no_secret(here: ComposeHere) -> None:
    for name in ("notifier", "consent-a", "consent-b", "customs", "single-window"):
        events = [json.loads(line) for line in here.log(name).splitlines()]
        assert "serving" in {event["event"] for event in events}
        assert [secret for secret in SECRETS.values() if secret in here.log(name)] == []


def test_a_store_whose_password_is_missing_is_not_made(here: ComposeHere) -> None:
    script = here.stores_script.read_text("utf-8").replace("NOTIFIER_PASSWORD", "NOBODY_SET_THIS")
    copy = here.folder / "stores.sql"
    copy.write_text(script.replace("notifier", "another"))
    with pytest.raises(AssertionError, match="syntax error"):
        here.psql("postgres", SECRETS["POSTGRES_PASSWORD"], "postgres", "-f", str(copy))

"""The tiny exchange on every ground: a laptop's files, PostgreSQL, PostgreSQL with Kafka."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.tiny_exchange.exchange import TinyExchange, settings_for, tiny_exchange
from tests.support.tokens import test_issuer

LAPTOP = pytest.param("laptop", id="sqlite")
POSTGRES = pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)
KAFKA = pytest.param("kafka", id="kafka", marks=[pytest.mark.postgres, pytest.mark.kafka])


@pytest.fixture(params=[LAPTOP, POSTGRES])
def ground(request: pytest.FixtureRequest) -> str:
    """Most rules are tried on files and on PostgreSQL, both with the embedded bus."""
    return str(request.param)


@pytest.fixture
def settings(ground: str, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    bus = f"embedded:///{tmp_path / 'bus.sqlite3'}"
    if ground == "laptop":
        return settings_for(tmp_path, bus, {})
    server = request.getfixturevalue("postgres")
    databases = {store: server.fresh_database() for store in ("lodging", "desk")}
    if ground == "kafka":
        bus = request.getfixturevalue("kafka").url
    return settings_for(tmp_path, bus, databases)


@pytest.fixture
async def exchange(settings: Any) -> AsyncIterator[TinyExchange]:
    """Migrated, world open; nothing runs until the test says so."""
    async with tiny_exchange(settings, test_issuer()) as made:
        yield made

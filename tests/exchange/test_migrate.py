"""`pic migrate`: the step that brings every store's schema up to date before the services start."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from pic_exchange.embedded import EmbeddedExchange
from pic_exchange.migrating import CHAINS, migrate, stores_named
from pic_kit.settings import Settings


def run_migrate(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pic_exchange.cli", "migrate"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIC_")}
    return subprocess.run(command, env=env | environment, capture_output=True, text=True, check=False)


def test_every_store_of_the_exchange_has_its_chain_here(tmp_path: Path) -> None:
    exchange = EmbeddedExchange(Settings.from_environment({"PIC_DATA": str(tmp_path)}))
    apps = [exchange.app, *exchange.services.values()]
    runtimes = [runtime for app in apps for runtime in app.state.runtimes]
    assert {runtime.name: runtime.migrations for runtime in runtimes} == dict(CHAINS)


def test_a_server_migrates_only_the_stores_that_its_environment_names(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/own.sqlite3"
    settings = Settings.from_environment({"PIC_DATA": str(tmp_path), "PIC_CUSTOMS_GATEWAY_DATABASE_URL": url})
    assert stores_named(settings) == ("customs-gateway",)
    assert asyncio.run(migrate(settings))
    assert [path.name for path in tmp_path.iterdir()] == ["own.sqlite3"]


def test_a_laptop_migrates_all_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    first = run_migrate(PIC_DATA=str(tmp_path), PIC_LOG="json")
    second = run_migrate(PIC_DATA=str(tmp_path), PIC_LOG="json")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    told = [json.loads(line) for line in second.stderr.splitlines()]
    assert [event["store"] for event in told] == list(CHAINS)
    assert {path.stem for path in tmp_path.glob("*.sqlite3")} == set(CHAINS)


def test_a_database_that_is_away_ends_it_with_1_and_the_password_is_not_told() -> None:
    nowhere = "postgresql+asyncpg://desk:top-secret-words@127.0.0.1:1/desk"
    failed = run_migrate(PIC_DESK_DATABASE_URL=nowhere, PIC_LOG="json")
    assert failed.returncode == 1
    assert json.loads(failed.stderr.splitlines()[-1])["event"] == "store not migrated"
    assert "top-secret-words" not in failed.stdout + failed.stderr

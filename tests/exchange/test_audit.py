"""`pic audit`: exported with a proof, verified without the exchange; what was tampered with is named."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pic_exchange.audit import faults_of
from pic_exchange.cli import app
from tests.support.exchanges import SECRET, exchange_process, play


def rewrite(store: Path, statement: str, *values: Any) -> None:
    with sqlite3.connect(store) as connection:
        assert connection.execute(statement, values).rowcount == 1
    connection.close()


@pytest.mark.slow
def test_a_log_is_exported_verified_and_each_tampering_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIC_OPERATOR_SECRET", SECRET)
    run = CliRunner().invoke
    file, store = tmp_path / "audit.jsonl", tmp_path / "data" / "window.sqlite3"
    with exchange_process(tmp_path / "data") as exchange:
        outcome = asyncio.run(play(exchange.url, "s01-single-shipment"))
        world = ["--world", outcome.world, "--against", exchange.url]
        exported = run(app, ["audit", "export", *world, "--output", str(file)])
        assert exported.exit_code == 0, exported.output
        (log,) = [json.loads(line) for line in file.read_text().splitlines()]
        assert len(log["entries"]) == log["length"] > 15
        assert log["faults"] == []
        assert run(app, ["audit", "verify", *world]).exit_code == 0
        victim = log["entries"][4]
        with sqlite3.connect(store) as connection:
            (doc,) = connection.execute(
                "SELECT doc FROM events WHERE event_id = ?", (victim["event"]["id"],)
            ).fetchone()
        connection.close()
        forged = doc.replace(victim["event"]["time"][:4], "2031")
        rewrite(store, "UPDATE events SET doc = ? WHERE event_id = ?", forged, victim["event"]["id"])
        told = run(app, ["audit", "verify", *world])
        assert told.exit_code == 1
        assert f"entry 5 was altered: event {victim['event']['id']}" in told.output.replace("\n", " ")
        rewrite(store, "DELETE FROM events WHERE event_id = ?", victim["event"]["id"])
        assert "entry 5 was removed" in run(app, ["audit", "verify", *world]).output.replace("\n", " ")
    # The exchange is gone: the file and the issuer's keys are enough.
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(log["keys"]))
    assert run(app, ["audit", "verify", str(file), "--keys", str(keys)]).exit_code == 0
    stranger = log | {"proof": log["proof"][:-4] + "AAAA"}
    assert "the signature does not hold" in next(iter(faults_of([stranger])))
    assert "another case" in next(iter(faults_of([log | {"case": "c2"}])))

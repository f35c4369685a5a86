"""An exchange has room for so many sandboxes; one more is refused until another is deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pic_replay.exchange import Exchange, Reply
from tests.support.exchanges import SECRET, own_exchange


async def test_one_sandbox_too_many_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("single_window.app.most_worlds", lambda settings: 2)

    async def opened(exchange: Exchange, world: str) -> Reply:
        return await exchange.as_operator("POST", "/v1/worlds", key=world, body={"world": world})

    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        assert [(await opened(exchange, name)).status for name in ("one-world", "two-world")] == [201, 201]
        refused = await opened(exchange, "three-world")
        assert (refused.status, refused.body["errors"][0]["rule"]) == (409, "WORLD_QUOTA")
        await exchange.operate("DELETE", "/v1/worlds/one-world")
        assert (await opened(exchange, "three-world")).status == 201

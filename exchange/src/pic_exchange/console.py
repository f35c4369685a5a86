"""A link that opens the console once, for whoever holds the operator's secret."""

from __future__ import annotations

from typing import Any

from pic_exchange.places import operator_secret
from pic_replay.exchange import Exchange


async def console_link(url: str, world: str | None, seat: str, state: str, agency: str) -> str:
    """Without a world the operator's own desk is opened. Raises ExchangeDown."""
    order: dict[str, Any] = {}
    if world is not None:
        order = {"world": world, "roles": [seat], "state": state, "agency": agency}
    async with Exchange(url, operator_secret(), patience=5) as exchange:
        issued = await exchange.operate("POST", "/v1/console-codes", order)
    return f"{url.rstrip('/')}{issued['path']}"

"""Asking an exchange that runs, as its operator, for the commands that work on one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from pic_exchange.places import operator_secret

if TYPE_CHECKING:
    from pic_replay.exchange import Exchange

URL = "http://127.0.0.1:8400"
Against = Annotated[str, typer.Option(help="URL of the exchange")]
PATIENCE = 10.0
T = TypeVar("T")
errors = Console(stderr=True)


def ask(url: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
    """The body of the answer; what is refused, or does not answer, ends the command with 2."""
    reply = at_exchange(url, lambda exchange: exchange.as_operator(method, path, key=key, body=body))
    if reply.status < 300:
        return reply.body
    raise ended(str(reply))


def at_exchange(url: str, work: Callable[[Exchange], Awaitable[T]]) -> T:
    """What the work finds out; an exchange that does not answer ends the command with 2."""
    # Imported when an exchange is asked: `pic --help` need not wait for it.
    from pic_replay.exchange import Exchange, ExchangeDown

    async def connected() -> T:
        async with Exchange(url, operator_secret(), patience=PATIENCE) as exchange:
            return await work(exchange)

    try:
        return asyncio.run(connected())
    except ExchangeDown as error:
        raise ended(str(error)) from error


def ended(words: str) -> typer.Exit:
    """Why the command ends, in red on stderr."""
    errors.print(words, style="bold red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(2)

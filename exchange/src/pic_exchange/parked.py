"""`pic parked`: what waits or was parked, explained, tried again or given up."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table

from pic_exchange.asking import URL, Against, ask

app = typer.Typer(no_args_is_help=True, help="Messages that wait or were parked: list, explain, retry, skip.")
Message = Annotated[str, typer.Argument(help="as `list` names it, e.g. waiting/customs/7")]
Reason = Annotated[str, typer.Option(prompt=True, help="why; it is kept for ever")]
console = Console()


@app.command("list")
def list_messages(
    against: Against = URL, world: Annotated[str | None, typer.Option(help="only of this world")] = None
) -> None:
    """Everything that waits or was parked, in every service."""
    table = Table("message", "case", "what", "why", box=None)
    away: list[str] = []
    for kind in ("waiting", "parked"):
        found = ask(against, "GET", f"/v1/{kind}" + (f"?world={quote(world)}" if world else ""))
        away += found["away"]
        for one in found["messages"]:
            table.add_row(*_line(kind, one))
    console.print(table if table.rows else "nothing waits and nothing is parked")
    for words in sorted(set(away)):
        console.print(f"[bold red]{words}", highlight=False)


@app.command()
def explain(message: Message, against: Against = URL) -> None:
    """Which message is missing, or which rule refused it; the record as it came."""
    console.print_json(data=ask(against, "GET", _path(message)))


@app.command()
def retry(message: Message, reason: Reason, against: Against = URL) -> None:
    """Try it again now. Exit 1 when it still waits."""
    _tell(ask(against, "POST", _path(message) + "/retry", {"reason": reason}), "applied", "it still waits")


@app.command()
def skip(message: Message, reason: Reason, against: Against = URL) -> None:
    """Give up what is missing before it, or the message itself; `explain` says which."""
    _tell(ask(against, "POST", _path(message) + "/skip", {"reason": reason}), "done", "it still waits")


def _line(kind: str, one: dict[str, Any]) -> tuple[str, str, str, str]:
    where = one["case"] or one["world"] or "unknown"
    what = one["type"] if kind == "waiting" else f"{one['topic']} {one['partition']}:{one['offset']}"
    why = f"{one['reason']}: {one['detail']}" if kind == "waiting" else one["reason"]
    return f"{kind}/{one['service']}/{one['id']}", where, what, why


def _path(message: str) -> str:
    kind, _, rest = message.partition("/")
    service, _, number = rest.rpartition("/")
    if kind not in ("waiting", "parked") or not service or not number.isdigit():
        raise typer.BadParameter(f"{message!r} is not like waiting/customs/7")
    return f"/v1/{kind}/{quote(service, safe='')}/{number}"


def _tell(found: dict[str, Any], done: str, not_done: str) -> None:
    console.print(done if found["done"] else not_done)
    if not found["done"]:
        raise typer.Exit(1)

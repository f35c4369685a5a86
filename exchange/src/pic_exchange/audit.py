"""`pic audit`: the audit logs of a world's cases as a file with its proof, and whether such a file holds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pic_exchange.asking import URL, Against, at_exchange, errors

if TYPE_CHECKING:
    from pic_replay.exchange import Exchange, World

app = typer.Typer(no_args_is_help=True, help="The hash-chained log of each case: export it, verify it.")
console = Console()


@app.command()
def export(
    world: Annotated[str, typer.Option(help="the world")],
    case: Annotated[list[str] | None, typer.Option(help="case id or notification number; else all")] = None,
    output: Annotated[Path | None, typer.Option(help="a file, one case a line; else standard output")] = None,
    against: Against = URL,
) -> None:
    """Write the audit log of each case, signed by the exchange."""
    logs = _logs(against, world, case or [])
    lines = "".join(json.dumps(log, sort_keys=True, ensure_ascii=False) + "\n" for log in logs)
    if output is None:
        sys.stdout.write(lines)
    else:
        output.write_text(lines, "utf-8")
        entries = sum(len(log["entries"]) for log in logs)
        console.print(f"{len(logs)} cases, {entries} entries: {output}", highlight=False)


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="what `export` wrote")] = None,
    world: Annotated[str | None, typer.Option(help="without a file: every case of this world, now")] = None,
    keys: Annotated[Path | None, typer.Option(help="the issuer's keys (JWKS) as you know them")] = None,
    against: Against = URL,
) -> None:
    """Name every entry that was altered, removed, inserted or moved. Exit 1 when there is one."""
    if (file is None) == (world is None):
        raise typer.BadParameter("name a file, or --world")
    logs = _read(file) if file is not None else _logs(against, world or "", [])
    trusted = json.loads(keys.read_text("utf-8")) if keys is not None else None
    found = list(faults_of(logs, trusted))
    for fault in found:
        errors.print(f"[bold red]{fault}", highlight=False, soft_wrap=True)
    if not found:
        whose = "the keys given" if trusted else "the keys it came with; --keys names those you trust"
        console.print(f"{len(logs)} cases hold, by {whose}", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if found else 0)


def faults_of(logs: Iterable[dict[str, Any]], trusted: dict[str, Any] | None = None) -> Iterator[str]:
    """A sentence for each fault. `trusted`: the issuer's keys, else those that came with the log."""
    from joserfc.errors import JoseError

    from single_window.domain.audit import Entry, faults_in

    for log in logs:
        where = f"case {log.get('number') or log['case']}"
        try:
            signed = _signed(log, trusted)
        except (JoseError, ValueError, KeyError) as error:
            yield f"{where}: the signature does not hold: {error}"
            continue
        entries = [Entry(each["position"], each["chain"], each["event"]) for each in log["entries"]]
        covered = [(identity, chain) for identity, chain in signed["entries"]]
        for fault in faults_in(signed["world"], signed["case"], entries, covered, signed["length"]):
            yield f"{where}: {fault}"


def _signed(log: dict[str, Any], trusted: dict[str, Any] | None) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.jwk import KeySet

    # joserfc types a key set as its own TypedDict; this one was read from JSON, and it checks it.
    keys = KeySet.import_key_set(trusted or log["keys"])  # type: ignore[arg-type]
    claims = dict(jwt.decode(log["proof"], keys, algorithms=["ES256", "RS256"]).claims)
    if (claims["world"], claims["case"]) != (log["world"], log["case"]):
        raise ValueError("it was made for another case")
    return claims


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        errors.print(f"[bold red]{file}: {error}", highlight=False)
        raise typer.Exit(2) from error


def _logs(url: str, world: str, cases: list[str]) -> list[dict[str, Any]]:
    async def read(exchange: Exchange) -> list[dict[str, Any]]:
        from pic_replay.exchange import World

        here = await World.join(exchange, world)
        wanted = cases or [case async for case in _every_case(here)]
        return [await here.look(f"/v1/cases/{case}/audit") for case in wanted]

    return at_exchange(url, read)


async def _every_case(world: World) -> Any:
    after = ""
    while True:
        page = await world.look(f"/v1/cases?limit=500&after={after}")
        for line in page["cases"]:
            yield line["case"]
        if page["next"] is None:
            return
        after = page["next"].replace("+", "%2B")

"""`pic world`: worlds opened, seeded, looked at, moved through time, set back to a snapshot, deleted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from pic_exchange.asking import URL, Against, ask, at_exchange, ended, errors

if TYPE_CHECKING:
    from pic_replay.exchange import Exchange
    from pic_replay.runner import Outcome

app = typer.Typer(
    no_args_is_help=True, help="Sandbox worlds: create, seed, list, clock, quiet, snapshot, reset, delete."
)
World = Annotated[str, typer.Argument(help="the world's name")]
console = Console()


@app.command()
def create(
    world: Annotated[str, typer.Argument(help="a name that nobody has used: a-z, 0-9 and -")],
    now: Annotated[str, typer.Option(help="where its clock starts")] = "2026-06-01T00:00:00Z",
    label: Annotated[str, typer.Option(help="what it is for")] = "",
    snapshot: Annotated[
        str | None, typer.Option("--from", metavar="WORLD/SNAPSHOT", help="begin where a snapshot was taken")
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="begin with this story; its clock is the world's")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="of the story: only the first steps")] = None,
    against: Against = URL,
) -> None:
    """Open a sandbox that keeps what is asked in it, empty, from a snapshot or with a story."""
    if snapshot is not None and scenario is not None:
        raise typer.BadParameter("either --from or --scenario")
    if steps is not None and scenario is None:
        raise typer.BadParameter("--steps belongs to --scenario")
    if scenario is not None:
        _play(world, scenario, steps, against)
        return
    order: dict[str, Any] = {"world": world, "label": label, "keep_acts": True}
    if snapshot is not None:
        mother, slash, name = snapshot.partition("/")
        if not (slash and mother and name):
            raise typer.BadParameter(f"{snapshot!r} is not like WORLD/SNAPSHOT")
        order["seed"] = {"world": mother, "snapshot": name}
    else:
        order["now"] = now
    found = ask(against, "POST", "/v1/worlds", order, key=f"world:{world}:{uuid4().hex}")
    console.print(f"{found['world']} is open; its clock stands at {found['now']}", highlight=False)


@app.command("list")
def list_worlds(against: Against = URL) -> None:
    """All that are open, with their clocks."""
    table = Table("world", "mode", "clock", "label", box=None)
    for one in ask(against, "GET", "/v1/worlds"):
        table.add_row(one["world"], one["mode"], one["now"] + " moving" * one["moving"], one["label"])
    console.print(table if table.rows else "no world is open")


@app.command()
def show(world: World, against: Against = URL) -> None:
    """Its clock, what is still under way and what for, its snapshots, and who plays in it."""
    found = ask(against, "GET", _of(world))
    console.print(f"{world}  {found['mode']}  {found['now']}  {found['label']}", highlight=False)
    _tell_quiet(ask(against, "GET", _of(world, "/quiet")))
    for one in ask(against, "GET", _of(world, "/snapshots")):
        console.print(f"snapshot {one['name']}  {one['now']}  {one['acts']} acts", highlight=False)
    cast = ask(against, "GET", _of(world, "/seats"))
    players = cast["seats"] | ({"others": cast["others"]} if cast["others"] else {})
    for seat, persona in sorted(players.items()):
        console.print(f"persona  {seat}: {persona}", highlight=False)


@app.command()
def clock(
    world: World,
    to: Annotated[str, typer.Argument(help="+60d, +12h, a date, a time, or next-deadline")],
    against: Against = URL,
) -> None:
    """Move its clock, stopping at every deadline on the way."""
    moved = ask(against, "PUT", _of(world, "/clock"), {"to": to})
    stops = f"{moved['steps']} deadlines on the way, {moved['fired']} came due"
    console.print(f"{world} stands at {moved['now']}; {stops}", highlight=False)


@app.command()
def quiet(
    world: World,
    wait: Annotated[float, typer.Option(min=0, max=60, help="seconds to wait for it")] = 5,
    against: Against = URL,
) -> None:
    """Whether all that was said was heard; else which message waits for what. Exit 1 when it is not quiet."""
    found = ask(against, "GET", _of(world, f"/quiet?wait={wait}"))
    _tell_quiet(found)
    raise typer.Exit(0 if found["quiet"] else 1)


@app.command()
def snapshot(
    world: World,
    name: Annotated[str, typer.Argument(help="the snapshot's name; one of this name is replaced")],
    against: Against = URL,
) -> None:
    """Keep how it stands now, once it is quiet."""
    taken = ask(against, "PUT", _of(world, f"/snapshots/{quote(name, safe='')}"))
    told = f"{taken['acts']} acts, {len(taken['cases'])} cases, clock {taken['now']}"
    console.print(f"{world}/{name} taken: {told}", highlight=False)


@app.command()
def reset(
    world: World,
    name: Annotated[str | None, typer.Argument(help="a snapshot; without one it goes on empty")] = None,
    against: Against = URL,
) -> None:
    """Set it back: it goes on under a new name, which is printed, with the same clients and snapshots."""
    body = {"snapshot": name}
    # A world is set back once, so its name and the snapshot's are key enough to ask again.
    found = ask(against, "POST", _of(world, "/reset"), body, key=f"reset:{name or ''}")
    console.print(f"{world} goes on as [bold]{found['world']}[/], clock {found['now']}", highlight=False)


@app.command()
def delete(
    worlds: Annotated[list[str], typer.Argument(help="names of worlds")], against: Against = URL
) -> None:
    """Delete worlds with all that is in them."""
    for world in worlds:
        ask(against, "DELETE", _of(world))
        console.print(f"{world} is deleted", highlight=False)


def _tell_quiet(found: dict[str, Any]) -> None:
    due = f"; next deadline {found['next_due']}" if found["next_due"] else ""
    words = "quiet" if found["quiet"] else "stuck" if found["stuck"] else "not quiet yet"
    console.print(f"{words}{due}", highlight=False)
    for reason in found["reasons"]:
        told = f"waits   {reason}"
        console.print(told, markup=False, highlight=False, style="yellow", soft_wrap=True)


def _of(world: str, rest: str = "") -> str:
    return f"/v1/worlds/{quote(world, safe='')}{rest}"


def _play(world: str, path: Path, steps: int | None, against: str) -> None:
    from pic_replay.runner import Runner
    from pic_replay.scenario import ScenarioError, load_scenario

    try:
        story = load_scenario(path)
    except ScenarioError as error:
        raise ended(str(error)) from error

    async def play(exchange: Exchange) -> Outcome:
        try:
            return await Runner(exchange, story, world=world, steps=steps, keep_acts=True).play(keep=True)
        except asyncio.CancelledError:
            await exchange.operate("DELETE", _of(world), accept=(404, 410))
            raise

    try:
        told = at_exchange(against, play)
    except KeyboardInterrupt as error:
        errors.print(f"stopped; {world} is deleted", highlight=False)
        raise typer.Exit(130) from error
    for failure in told.failures:
        errors.print(str(failure), markup=False, highlight=False, style="red", soft_wrap=True)
    done = f"{told.steps_done} of {len(told.steps)} steps of {told.name} played"
    console.print(f"{world} is open; {done}, {len(told.cases)} cases", highlight=False)
    raise typer.Exit(0 if told.passed else 1)

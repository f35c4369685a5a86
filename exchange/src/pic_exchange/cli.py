"""The `pic` command: run an exchange, show it, replay scenarios against one, get a token."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pic_exchange.audit import app as audit
from pic_exchange.parked import app as parked
from pic_exchange.worlds import app as world_commands

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="PIC exchange: prior informed consent for plastic-waste shipments under the Basel Convention.",
)
console = Console()
errors = Console(stderr=True)
URL = "http://127.0.0.1:8400"
Against = Annotated[str | None, typer.Option(help="URL of an exchange that runs already")]


def _fail(words: str) -> typer.Exit:
    errors.print(words, style="bold red", markup=False, highlight=False)
    return typer.Exit(1)


def _only_warnings() -> None:
    """An exchange in this process says on stderr what went wrong, and nothing among the outcomes."""
    from pic_kit.logs import configure_logs

    configure_logs(os.environ)
    logging.getLogger().setLevel(logging.WARNING)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="where to listen")] = 8400,
    host: Annotated[
        str, typer.Option(help="address to listen on; the sandbox is meant for this machine")
    ] = "127.0.0.1",
    data: Annotated[Path, typer.Option(help="folder for databases and log")] = Path(".pic/data"),
) -> None:
    """Run the whole exchange in one process. Ready when /readyz answers 200."""
    from pic_exchange.copied import FolderTorn
    from pic_exchange.places import SECRET_VARIABLE, operator_secret, secret_file
    from pic_exchange.serve import PortInUse, listening_socket, run, serve_everything
    from pic_kit.bus.folder import FolderInUse
    from pic_kit.database import is_unavailable
    from pic_kit.settings import Settings
    from pic_law.errors import LawError

    os.environ["PIC_DATA"] = str(data)
    os.environ[SECRET_VARIABLE] = operator_secret()
    try:
        listener = listening_socket(host, port)
        console.print(
            f"PIC exchange on [bold]http://{host}:{listener.getsockname()[1]}[/]  data in {data}",
            highlight=False,
        )
        console.print(
            f"[dim]`pic console` links to its pages; operator secret in {secret_file()}; Ctrl-C ends it[/]",
            highlight=False,
        )
        run(serve_everything(Settings.from_environment(), listener))
    except (PortInUse, FolderInUse, FolderTorn, LawError) as error:
        raise _fail(str(error)) from error
    except Exception as error:
        if not is_unavailable(error):
            raise
        why = getattr(error, "orig", error)
        raise _fail(
            f"{data} cannot be used: {why}. Make room there, or name another folder with --data"
        ) from error


@app.command()
def demo(
    scenario: Annotated[list[Path] | None, typer.Argument(help="scenario files; else five stories")] = None,
    against: Against = None,
    step: Annotated[bool, typer.Option("--step", help="wait for Enter between messages")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="leave the exchange running afterwards")] = False,
) -> None:
    """Play shipments, lawful and not, and show each case as a swim-lane of messages."""
    from pic_exchange.demo import demonstrate
    from pic_replay.exchange import ExchangeDown
    from pic_replay.scenario import ScenarioError

    _only_warnings()
    try:
        passed = asyncio.run(demonstrate(scenario or [], against, step=step, keep=keep, console=console))
    except (ScenarioError, ExchangeDown) as error:
        raise _fail(str(error)) from error
    except KeyboardInterrupt:
        passed = True
    raise typer.Exit(0 if passed else 1)


@app.command()
def replay(
    paths: Annotated[
        list[Path], typer.Argument(help="scenario files, or folders of them; or recordings (*.jsonl)")
    ],
    against: Against = None,
    junit: Annotated[Path | None, typer.Option(help="write a JUnit report here")] = None,
    json_report: Annotated[Path | None, typer.Option("--json", help="write a report as JSON here")] = None,
    html: Annotated[
        Path | None, typer.Option(help="write a report with swim-lanes here: one file, no network")
    ] = None,
    diagrams: Annotated[
        Path | None, typer.Option(help="draw each scenario into this folder, as a sequence diagram (SVG)")
    ] = None,
    keep_worlds: Annotated[
        bool, typer.Option("--keep-worlds", help="do not delete the worlds afterwards")
    ] = False,
    digest: Annotated[bool, typer.Option("--digest", help="print each canonical digest")] = False,
    world: Annotated[str | None, typer.Option(help="play one scenario in this new world and keep it")] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, help="play only the first steps and keep the world")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="write all that was said here, as JSON lines")] = None,
    coverage: Annotated[
        Path | None, typer.Option(help="write here which messages and rules none of them touches")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="a recording; exit 1 if another thing is said now, and where first")
    ] = None,
    worlds: Annotated[int, typer.Option(min=1, max=64, help="worlds at once on each exchange")] = 4,
    exchanges: Annotated[
        int | None, typer.Option(min=1, max=16, help="without --against: how many of its own; else by cores")
    ] = None,
    pace: Annotated[
        float | None, typer.Option(min=0.001, help="of a recording: seconds of the world in one of ours")
    ] = None,
    shrink: Annotated[
        Path | None, typer.Option(help="write here the fewest steps of the first failure that still fail")
    ] = None,
) -> None:
    """Replay scenarios or recordings, each world afresh.

    Exit 0: all pass, no drift; 1: one fails or drifts; 2: not played; 130: Ctrl-C.
    """
    from pic_exchange.interrupting import run_in_order
    from pic_exchange.recordings import replay_recordings, tell_drift
    from pic_exchange.replaying import Wishes, replay_all, report
    from pic_exchange.shrinking import shrink_first_drift, shrink_first_failure
    from pic_replay.exchange import ExchangeDown
    from pic_replay.junit import write_junit_of_recordings
    from pic_replay.playback import Pace
    from pic_replay.recording import RecordingUnreadable, is_recording, read_recording
    from pic_replay.scenario import ScenarioError

    _only_warnings()
    keep = keep_worlds or world is not None or steps is not None
    wishes = Wishes(keep, digest, world, steps, worlds, exchanges)
    try:
        if recordings := [path for path in paths if is_recording(path)]:
            if len(recordings) < len(paths):
                raise ScenarioError("replay scenarios and recordings one after the other")
            told = replay_recordings(recordings, against, console=console, wishes=wishes, pace=Pace(pace))
            replayed = run_in_order(told)
            if junit is not None:
                write_junit_of_recordings(replayed, junit)
            if shrink is not None:
                run_in_order(shrink_first_drift(replayed, against, shrink, console))
            raise typer.Exit(1 if any(one.drifts for one in replayed) else 0)
        recorded = read_recording(compare) if compare else None
        outcomes = run_in_order(replay_all(paths, against, console=console, wishes=wishes))
        pages = {"junit": junit, "as_json": json_report, "html": html, "diagrams": diagrams}
        report(outcomes, **pages, record=record, coverage=coverage)
        same = recorded is None or tell_drift(console, recorded, outcomes)
        if shrink is not None:
            run_in_order(shrink_first_failure(outcomes, against, shrink, console))
    except (ScenarioError, ExchangeDown, RecordingUnreadable) as error:
        errors.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error
    except KeyboardInterrupt as error:
        errors.print("stopped; the worlds that were open are deleted", highlight=False)
        raise typer.Exit(130) from error
    raise typer.Exit(0 if same and all(outcome.passed for outcome in outcomes) else 1)


@app.command()
def record(
    world: Annotated[str | None, typer.Argument(help="a sandbox world; of a cluster, all if none")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="where to")] = Path("recording.jsonl"),
    against: Annotated[str, typer.Option(help="URL of the exchange")] = URL,
    begin: Annotated[
        bool, typer.Option("--begin", help="write nothing yet: keep from now on what is asked in this world")
    ] = False,
    kafka: Annotated[
        str | None, typer.Option(help="bootstrap servers: read the log of a cluster instead; messages only")
    ] = None,
) -> None:
    """Write all that was asked and said in a world as JSON lines, for `pic replay`.

    What is asked is kept from `--begin` on; without it, messages alone. Ctrl-C leaves no half file.
    """
    from pic_exchange import recording
    from pic_replay.exchange import ExchangeDown

    try:
        if kafka is not None:
            asyncio.run(recording.record_cluster(kafka, world, output, console))
        elif world is None:
            raise typer.BadParameter("name a world, or a cluster with --kafka")
        elif begin:
            asyncio.run(recording.begin(world, against, console))
        else:
            asyncio.run(recording.record(world, against, output, console))
    except ExchangeDown as error:
        raise _fail(str(error)) from error
    except KeyboardInterrupt as error:
        errors.print("stopped; nothing was written", highlight=False)
        raise typer.Exit(130) from error


@app.command()
def token(
    world: Annotated[
        str, typer.Option(help="the world the token is for; opened if it is not there")
    ] = "workshop",
    seat: Annotated[
        str, typer.Option(help="exporter, competent-authority, customs, facility, carrier or observer")
    ] = "observer",
    state: Annotated[str, typer.Option(help="ISO 3166-1 alpha-2")] = "XX",
    agency: Annotated[
        str, typer.Option(help="authority code, office code or registration number")
    ] = "observer",
    against: Annotated[str, typer.Option(help="URL of the exchange")] = URL,
    now: Annotated[str, typer.Option(help="where the clock of a new world starts")] = "2026-06-01T00:00:00Z",
) -> None:
    """Print a bearer token for a seat in a sandbox world."""
    from pic_exchange.replaying import get_token
    from pic_replay.exchange import ExchangeDown

    try:
        typer.echo(asyncio.run(get_token(against, world, seat, state, agency, now)))
    except ExchangeDown as error:
        raise _fail(str(error)) from error


@app.command("console")
def open_console(
    world: Annotated[str | None, typer.Option(help="a world to look into; all of them if none")] = None,
    seat: Annotated[str, typer.Option(help="whose worklist and cases are shown")] = "observer",
    state: Annotated[str, typer.Option(help="ISO 3166-1 alpha-2")] = "XX",
    agency: Annotated[
        str, typer.Option(help="authority code, office code or registration number")
    ] = "observer",
    against: Annotated[str, typer.Option(help="URL of the exchange")] = URL,
) -> None:
    """Print a link that opens the console in a browser; it is good once, for ten minutes."""
    from pic_exchange.console import console_link
    from pic_replay.exchange import ExchangeDown

    try:
        typer.echo(asyncio.run(console_link(against, world, seat, state, agency)))
    except ExchangeDown as error:
        raise _fail(str(error)) from error


@app.command()
def migrate() -> None:
    """Bring the schema of every store that the environment names up to date (none named: the laptop's)."""
    from pic_exchange.migrating import migrate as migrate_stores
    from pic_kit.logs import configure_logs
    from pic_kit.settings import Settings

    configure_logs(os.environ)
    raise typer.Exit(0 if asyncio.run(migrate_stores(Settings.from_environment())) else 1)


@app.command()
def copy(
    target: Annotated[Path, typer.Argument(help="a new folder")],
    data: Annotated[Path, typer.Option(help="the folder of `pic up`")] = Path(".pic/data"),
) -> None:
    """Copy a data folder as it is at one instant, also while `pic up` works in it."""
    from pic_exchange.copying import CannotCopy, copy_folder

    try:
        files = copy_folder(data, target)
    except CannotCopy as error:
        raise _fail(str(error)) from error
    console.print(f"{', '.join(files)} copied to {target}", highlight=False)


@app.command()
def republish(
    log_lost: Annotated[
        bool, typer.Option("--log-lost", help="the log is gone: read the new one from its start; stop first")
    ] = False,
) -> None:
    """Send again all that the stores said which the environment names; hearers know what they applied."""
    from pic_exchange.republish import republish_all
    from pic_kit.republish import StillRunning
    from pic_kit.settings import Settings

    try:
        said = asyncio.run(republish_all(Settings.from_environment(), log_lost=log_lost))
    except StillRunning as error:
        raise _fail(str(error)) from error
    for store, messages in said.items():
        console.print(f"{store}: {messages} messages will be sent again", highlight=False)


@app.command(hidden=True)
def serve(
    service: Annotated[str, typer.Argument(help="notifier, consent, customs or single-window")],
    port: Annotated[int, typer.Option()] = 8400,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
) -> None:
    """Run one service of the stack; its settings come from the environment."""
    from pic_exchange.serve import PortInUse, run, serve_one
    from pic_kit.settings import Settings
    from pic_law.errors import LawError

    try:
        run(serve_one(service, Settings.from_environment(), host, port))
    except (PortInUse, LawError) as error:
        raise _fail(str(error)) from error


app.add_typer(parked, name="parked")
app.add_typer(audit, name="audit")
app.add_typer(world_commands, name="world")

if __name__ == "__main__":
    app()

"""The demonstration: scenarios played on an exchange of its own, or on one that runs, shown as swim-lanes."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from pic_exchange.console import console_link
from pic_exchange.places import SECRET_VARIABLE, operator_secret, scenarios_folder
from pic_exchange.serve import listening_socket, server_for
from pic_exchange.swimlane import swimlane
from pic_kit.settings import Settings
from pic_replay.exchange import Exchange
from pic_replay.runner import Outcome, Progress, Runner
from pic_replay.scenario import Scenario, load_scenario

STORIES = (
    "s01-single-shipment.yaml",
    "s03-objection.yaml",
    "s12-dirty-load-without-notification.yaml",
    "c672-clean-b3011.yaml",
    "arrangement-clean-scrap.yaml",
)


@asynccontextmanager
async def own_exchange(
    data: Path, *, secret: str | None = None, servers: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    """An exchange in this process on a free port, gone with the block; yields its URL.

    `servers`: the variables that name a broker and databases, where it is to use them.
    """
    from pic_exchange.embedded import EmbeddedExchange

    listener = listening_socket("127.0.0.1", 0)
    port = listener.getsockname()[1]
    settings = Settings.from_environment(
        {"PIC_DATA": str(data), SECRET_VARIABLE: secret or operator_secret(), **(servers or {})}
    )
    async with EmbeddedExchange(settings).running() as exchange:
        server = server_for(exchange.app)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            await serving
            listener.close()


class Demonstration:
    """Plays stories one after the other and shows each case when its story ends."""

    def __init__(self, console: Console, *, step: bool) -> None:
        self._console = console
        self._step = step

    async def play(self, url: str, stories: list[Path]) -> list[Outcome]:
        outcomes = []
        async with Exchange(url, operator_secret()) as exchange:
            for path in stories:
                scenario = load_scenario(path)
                self._console.rule(f"[bold]{scenario.scenario}")
                self._console.print(scenario.about, style="italic")
                outcome = await Runner(exchange, scenario, watch=self._watch).play()
                self._show(scenario, outcome)
                outcomes.append(outcome)
        return outcomes

    async def _watch(self, progress: Progress) -> None:
        messages = ", ".join(event["type"] for event in progress.events)
        self._console.print(f"  [{progress.step:>2}/{progress.of}] {progress.about}", highlight=False, end="")
        self._console.print(f"  [dim]{messages}[/dim]" if messages else "", highlight=False)
        if self._step:
            await asyncio.to_thread(input, "        Enter for the next message ")

    def _show(self, scenario: Scenario, outcome: Outcome) -> None:
        self._console.print()
        for case in outcome.cases:
            self._console.print(swimlane(case))
        for failure in outcome.failures:
            self._console.print(f"[bold red]{scenario.scenario}: {failure}", highlight=False)
        word = "[bold green]as the scenario says" if outcome.passed else "[bold red]NOT as the scenario says"
        self._console.print(f"{word}[/]  ({outcome.seconds:.1f} s, world {outcome.world})\n", highlight=False)


def stories(paths: list[Path]) -> list[Path]:
    """The files asked for, else the library's demonstration."""
    return paths or [scenarios_folder() / name for name in STORIES]


async def demonstrate(
    paths: list[Path], against: str | None, *, step: bool, keep: bool, console: Console
) -> bool:
    """True when every story ended as its scenario says."""
    demonstration = Demonstration(console, step=step)
    if against is not None:
        outcomes = await demonstration.play(against, stories(paths))
        return all(outcome.passed for outcome in outcomes)
    with tempfile.TemporaryDirectory(prefix="pic-demo-", ignore_cleanup_errors=True) as folder:
        console.print(
            "Starting an exchange of its own: all services in this process, SQLite and an embedded log"
        )
        async with own_exchange(Path(folder)) as url:
            outcomes = await demonstration.play(url, stories(paths))
            if keep:
                link = await console_link(url, None, "operator", "", "")
                console.print(f"Console: {link}", highlight=False, soft_wrap=True)
                console.print(f"`pic console --against {url}` prints another link; Ctrl-C ends the exchange")
                await asyncio.Event().wait()
    return all(outcome.passed for outcome in outcomes)

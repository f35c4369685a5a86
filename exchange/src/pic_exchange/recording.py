"""`pic record`: a world as it was lived, or what a Kafka cluster holds, as a file that replays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pic_exchange.kafka_log import read_log
from pic_exchange.places import operator_secret
from pic_exchange.replaying import progress_bar
from pic_replay import recorder
from pic_replay.exchange import Exchange, ExchangeDown, World
from pic_replay.recorder import OPENED, assembled
from pic_replay.recording import write_recording
from pic_replay.told import Told


async def begin(world: str, against: str, console: Console) -> None:
    """From now on the exchange keeps what is asked in this world. Raises ExchangeDown."""
    async with Exchange(against, operator_secret(), patience=5) as exchange:
        since = await recorder.begin(World(exchange, world))
        console.print(f"{world} keeps what is asked in it, since {since} of its clock", highlight=False)


async def record(world: str, against: str, output: Path, console: Console) -> Told:
    """Wait until the world is quiet, then write all of it. Raises ExchangeDown."""
    async with Exchange(against, operator_secret(), patience=15) as exchange:
        await refuse_live(exchange, world)
        seen = await World.join(exchange, world)
        with progress_bar(console) as bar:
            bar.add_task(f"recording {world}", total=None)
            for reason in await seen.settle():
                console.print(f"waits   {reason}", highlight=False, style="yellow", soft_wrap=True)
            told = await recorder.record_world(seen, world)
        write_recording([told], output, await exchange.law())
    tell(console, [told], output)
    return told


async def refuse_live(exchange: Exchange, world: str) -> None:
    """What is recorded can be replayed, and only what happened in a sandbox may be. Raises ExchangeDown."""
    found = await exchange.operate("GET", f"/v1/worlds/{world}")
    if found["mode"] != "sandbox":
        raise ExchangeDown(f"{world} is a live world; its audit log is `pic audit export`")


async def record_cluster(
    brokers: str, world: str | None, output: Path, console: Console, prefix: str = ""
) -> list[Told]:
    """Every world on the cluster's log, or one: messages only. Raises ExchangeDown."""
    with progress_bar(console) as bar:
        task = bar.add_task("reading the log", total=None)
        events = await read_log(brokers, prefix, lambda done, of: bar.update(task, completed=done, total=of))
    worlds = sorted({event["world"] for event in events if world in (None, event["world"])})
    if not worlds:
        raise ExchangeDown(f"the log holds nothing of {world or 'any world'}")
    found = [_of_world(name, [event for event in events if event["world"] == name]) for name in worlds]
    write_recording(found, output)
    tell(console, found, output)
    return found


def _of_world(name: str, events: list[dict[str, object]]) -> Told:
    # Its opening comes from another topic than its cases.
    return assembled(name, name, sorted(events, key=lambda event: event["type"] != OPENED), [])


def tell(console: Console, found: Sequence[Told], output: Path) -> None:
    acts, messages = (sum(len(getattr(told, what)) for told in found) for what in ("acts", "events"))
    said = f"{len(found)} worlds, {acts} acts, {messages} messages in {output}"
    console.print(said, highlight=False)
    if not acts:
        hint = "no acts were kept: its messages can be put again, but nothing can be asked again"
        console.print(f"        {hint} (`pic record WORLD --begin`)", highlight=False, style="yellow")

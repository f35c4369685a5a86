"""Replaying recordings: every world of a file is asked again, and what is said now is held against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich.console import Console

from pic_exchange.replaying import Wishes, exchanges_for, progress_bar
from pic_replay.drift import Drift, drifts
from pic_replay.exchange import Exchange
from pic_replay.identities import known_from
from pic_replay.library import Library
from pic_replay.playback import AT_SPEED, Pace, Playback, Replayed
from pic_replay.recording import Recording, read_recording
from pic_replay.runner import Outcome
from pic_replay.told import Told

MOST_SHOWN = 200


async def replay_recordings(
    paths: Sequence[Path], against: str | None, *, console: Console, wishes: Wishes, pace: Pace = AT_SPEED
) -> list[Replayed]:
    """Every file is read before anything is asked. Raises RecordingUnreadable, ExchangeDown."""
    recordings = [read_recording(path) for path in paths]
    worlds = [told for recording in recordings for told in recording.worlds.values()]
    async with AsyncExitStack() as stack:
        exchanges = await exchanges_for(stack, against, len(worlds), wishes)
        for recording in recordings:
            _tell_law(console, recording.law, await exchanges[0].law())
        bar = stack.enter_context(progress_bar(console))
        task = bar.add_task("replaying", total=sum(len(told.happenings) for told in worlds))

        async def play(exchange: Exchange, told: Told) -> Replayed:
            playback = Playback(exchange, told, pace=pace, advance=lambda: bar.advance(task))
            return await playback.play(keep=wishes.keep)

        library = Library(worlds, play, lambda replayed: _tell(bar.console, replayed, kept=wishes.keep))
        found = await library.run(exchanges, wishes.worlds)
    _sum_up(console, found, library.seconds)
    return found


def _tell_law(console: Console, recorded: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Whoever sees drift wants to know first whether the law is another one."""
    changed = sorted(name for name in recorded.keys() | now.keys() if recorded.get(name) != now.get(name))
    if recorded and now and changed:
        console.print(f"law     not as recorded: {', '.join(changed)}", highlight=False, style="yellow")


def _tell(console: Console, replayed: Replayed, *, kept: bool) -> None:
    mark = "[bold red]drift[/]   " if replayed.drifts else "[green]same[/]    "
    now = replayed.told
    told = f"{len(now.cases)} cases, {len(now.acts)} acts, {len(now.events)} messages"
    console.print(f"{mark}{replayed.name}  {told}  {replayed.seconds:.2f} s", highlight=False)
    for drift in replayed.drifts[:MOST_SHOWN]:
        console.print(f"        {drift}", markup=False, highlight=False, style="red", soft_wrap=True)
    for reason in replayed.stuck:
        words = f"        waits: {reason}"
        console.print(words, markup=False, highlight=False, style="yellow", soft_wrap=True)
    if kept:
        console.print(f"        world {replayed.world}", highlight=False, style="dim")


def _sum_up(console: Console, found: Sequence[Replayed], seconds: float) -> None:
    drifted = sum(len(replayed.drifts) for replayed in found)
    cases = sum(len(replayed.recorded.cases) for replayed in found)
    acts = sum(len(replayed.told.acts) for replayed in found)
    each = 1000 * seconds / acts if acts else 0.0
    told = f"{drifted} of {cases} cases drift" if drifted else f"no drift in {cases} cases"
    line = f"{told}; {len(found)} worlds, {acts} acts in {seconds:.1f} s, {each:.0f} ms an act"
    console.print(line, highlight=False, style="bold")


def compared(recording: Recording, outcomes: Sequence[Outcome]) -> list[Drift]:
    """Where scenarios that were played again say something else. Raises RecordingUnreadable."""
    found = []
    for outcome in outcomes:
        recorded = recording.world(outcome.name)
        if outcome.told is not None:
            found += drifts(recorded, outcome.told, known_from(recorded, outcome.told))
    return found


def tell_drift(console: Console, recording: Recording, outcomes: Sequence[Outcome]) -> bool:
    """True when all that was recorded was said again. Raises RecordingUnreadable."""
    found = compared(recording, outcomes)
    for drift in found:
        console.print(f"drift   {drift}", markup=False, highlight=False, style="red", soft_wrap=True)
    if not found:
        console.print(f"no drift in {len(outcomes)} scenarios", highlight=False)
    return not found

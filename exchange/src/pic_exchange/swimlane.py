"""A case as a swim-lane in the terminal: who said what to whom, when in the case's own time, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

SHORT = {
    "exporter": "exporter",
    "competent-authority": "authority",
    "customs": "customs",
    "carrier": "carrier",
    "facility": "facility",
    "exchange": "exchange",
}
GOOD = {"CLOSED", "CONSENTED", "COMPLETED", "RELEASED", "EXITED", "ENTERED"}


def swimlane(case: dict[str, Any]) -> RenderableType:
    """A table with one column a party and one row a message, and the outcome below."""
    entries = case["timeline"]
    lanes = _lanes(entries)
    table = Table(
        title=_title(case), title_justify="left", show_lines=False, header_style="bold", pad_edge=False
    )
    table.add_column("day", no_wrap=True)
    for state, role in lanes:
        table.add_column(f"{state}\n{SHORT.get(role, role)}", justify="center", no_wrap=True)
    table.add_column("what happened, and why", overflow="fold", ratio=1)
    for entry in entries:
        table.add_row(entry["time"][:10], *_marks(entry, lanes), _sentence(entry))
    return Group(table, _outcome(case))


def _title(case: dict[str, Any]) -> str:
    load = case.get("consignment") or {}
    route = " -> ".join(load.get("states", []))
    return f"Case {case.get('number') or case['case']}   {route}   {load.get('code', '')}"


def _party(address: str) -> tuple[str, str]:
    state, role, *_ = address.split("/")
    return state, role


def _lanes(entries: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Parties in the order in which they first speak; who only listens has no lane."""
    seen: dict[tuple[str, str], None] = {}
    for entry in entries:
        seen.setdefault(_party(entry["who"]))
    return list(seen)


def _marks(entry: dict[str, Any], lanes: list[tuple[str, str]]) -> list[Text]:
    """A full mark for who speaks, an open one for who is told, a line between."""
    speaker = lanes.index(_party(entry["who"]))
    told = {lanes.index(_party(to)) for to in entry["to"] if _party(to) in lanes} - {speaker}
    reach = {*told, speaker}
    marks = []
    for index in range(len(lanes)):
        if index == speaker:
            marks.append(Text("●", style="bold cyan"))
        elif index in told:
            marks.append(Text("○", style="cyan"))
        else:
            marks.append(Text("─" if min(reach) < index < max(reach) else "", style="dim"))
    return marks


def _sentence(entry: dict[str, Any]) -> Text:
    text = Text(entry["summary"])
    if entry.get("channel") == "paper":
        text.append(" [on paper]", style="yellow")
    if entry.get("why"):
        text.append(f"\n{entry['why']}", style="dim italic")
    return text


def _outcome(case: dict[str, Any]) -> Text:
    state = case["state"]
    text = Text("Outcome: ", style="bold")
    text.append(state, style="bold green" if state in GOOD else "bold red" if state else "bold")
    for reason in case.get("reasons") or []:
        words = reason if isinstance(reason, str) else f"{reason.get('rule', '')}: {reason.get('detail', '')}"
        article = "" if isinstance(reason, str) else reason.get("article", "")
        text.append(f"\n  {words}" + (f" ({article})" if article else ""))
    if (ledger := case.get("ledger")) is not None:
        parts = ", ".join(f"{name.removesuffix('_kg')} {ledger[name]:,} kg" for name in sorted(ledger))
        text.append(f"\n  Quantity: {parts}", style="dim")
    return text

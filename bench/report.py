"""Results as a table on the terminal, as files, and as the page docs/benchmarks.md with its charts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.ground import machine
from pic_exchange.places import ROOT

RESULTS = Path(__file__).parent / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- made by `make bench` from here -->", "<!-- to here -->"


def row(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "ours": round(figure.ours, 2),
        "floor": round(figure.floor, 2),
        "ratio": round(figure.ratio, 3),
        "limit": str(figure.limit),
        "kept": figure.kept,
        "floor_name": figure.floor_name,
        "note": figure.note,
    }


def keep(name: str, result: dict[str, Any]) -> None:
    """For the page, which is made from the last result of each kind."""
    RESULTS.mkdir(exist_ok=True)
    whole = {"on": datetime.now(UTC).date().isoformat(), "machine": machine(), **result}
    (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def told(figures: Sequence[Figure]) -> str:
    lines = [f"{'':55} {'measured':>12} {'floor':>12} {'ratio':>7}  limit"]
    for figure in figures:
        mark = "kept" if figure.kept else "NOT KEPT"
        amounts = f"{figure.ours:>12.1f} {figure.floor:>12.1f} {figure.ratio:>7.2f}"
        lines.append(f"{figure.name:55} {amounts}  {figure.limit} {mark}  {figure.unit} {figure.note}")
    return "\n".join([*lines, machine()])


def write_page() -> None:
    """What stands outside the two marks is written by people and stays."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    parts = [part for part in (_limits(), _growth(), _year()) if part]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", "utf-8")


def _read(name: str) -> dict[str, Any] | None:
    path = RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else None


def _limits() -> str:
    found = _read("limits")
    if found is None:
        return ""
    lines = [
        f"## The limits, {found['on']}",
        "",
        f"On {found['machine']}{' (quick run: fewer requests, rougher)' if found['quick'] else ''}.",
        "",
        "| What | Measured | Floor in the same run | Ratio | Limit | |",
        "|---|---|---|---|---|---|",
    ]
    for each in found["figures"]:
        note = f"; {each['note']}" if each["note"] else ""
        kept = "kept" if each["kept"] else "**not kept**"
        lines.append(
            f"| {each['name']}{note} | {each['ours']} {each['unit']} | {each['floor']} {each['unit']}: "
            f"{each['floor_name']} | {each['ratio']} | {each['limit']} | {kept} |"
        )
    chart(found["figures"], ROOT / "docs" / "pictures" / "bench-limits.svg")
    lines += ["", "![Each ratio beside its limit](pictures/bench-limits.svg)"]
    return "\n".join(lines)


def _growth() -> str:
    found = _read("growth")
    if found is None:
        return ""
    return "\n".join(
        [
            f"## Growth, {found['on']}",
            "",
            f"On {found['machine']}.",
            "",
            f"The median request of a case took {found['cost_few_ms']} ms with {found['few']:,} cases stored "
            f"and {found['cost_many_ms']} ms with {found['many']:,}: ratio {found['ratio']}, limit <= 1.15. "
            f"Rows at the end: {found['rows']:,}.",
        ]
    )


def _year() -> str:
    found = _read("year")
    if found is None:
        return ""
    lines = [
        f"## The year, {found['on']}",
        "",
        f"On {found['machine']}.",
        "",
        f"{found['movements']:,} movements of {found['cases']:,} notifications, {found['share']:.2%} of the "
        f"world's year: {found['requests']:,} requests led to {found['messages']:,} messages in "
        f"{found['seconds']:,} s, **{found['messages_per_second']} messages/s** end to end. "
        f"The whole year would take {found['hours_for_the_year']} hours.",
        "",
        "| Process | CPU seconds |",
        "|---|---|",
        *(f"| {name} | {seconds} |" for name, seconds in found["cpu_seconds"].items()),
        "",
        "| Request | p50 ms | p99 ms |",
        "|---|---|---|",
        *(f"| {name} | {p50} | {p99} |" for name, (p50, p99) in found["latency_ms"].items()),
    ]
    bars(found["cpu_seconds"], ROOT / "docs" / "pictures" / "bench-year.svg", "CPU seconds by process")
    return "\n".join([*lines, "", "![CPU seconds by process](pictures/bench-year.svg)"])


HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" '
    'font-family="sans-serif" font-size="13">'
    '<rect width="760" height="{height}" fill="#fff"/>'
)


def bars(amounts: dict[str, float], to: Path, title: str) -> None:
    """One bar an entry."""
    most = max(amounts.values()) or 1
    parts = [
        HEAD.format(height=40 + 26 * len(amounts)),
        f'<text x="10" y="22" font-weight="bold">{title}</text>',
    ]
    for place, (name, amount) in enumerate(amounts.items()):
        y = 40 + 26 * place
        parts.append(f'<text x="10" y="{y + 13}">{name}</text>')
        parts.append(f'<rect x="150" y="{y}" width="{amount / most * 500:.0f}" height="18" fill="#2b6cb0"/>')
        parts.append(f'<text x="{156 + amount / most * 500:.0f}" y="{y + 13}">{amount:g}</text>')
    to.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")


def chart(figures: Sequence[dict[str, Any]], to: Path) -> None:
    """How much of its limit each ratio uses: full to the line is the limit, beyond it is not kept."""
    parts = [
        HEAD.format(height=60 + 30 * len(figures)),
        '<text x="10" y="22" font-weight="bold">Share of each limit that is used (line: the limit)</text>',
    ]
    for place, each in enumerate(figures):
        sign, bound = each["limit"].split()
        used = each["ratio"] / float(bound) if sign == "<=" else float(bound) / each["ratio"]
        y, colour = 44 + 30 * place, "#2f855a" if each["kept"] else "#c53030"
        parts.append(f'<text x="10" y="{y + 13}">{each["name"].replace("`", "")}</text>')
        parts.append(
            f'<rect x="400" y="{y}" width="{min(used, 1.6) * 200:.0f}" height="18" fill="{colour}"/>'
        )
        parts.append(f'<text x="{406 + min(used, 1.6) * 200:.0f}" y="{y + 13}">{used:.0%}</text>')
    height = 40 + 30 * len(figures)
    parts.append(f'<line x1="600" y1="36" x2="600" y2="{height}" stroke="#222" stroke-width="2"/>')
    to.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")

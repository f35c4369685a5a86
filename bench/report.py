"""Results as a table on the terminal, as files, and as the page docs/benchmarks.md with its charts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.charts import bars, chart
from bench.figures import Figure
from bench.ground import machine
from pic_exchange.places import ROOT

RESULTS = Path(__file__).parent / "results"
PAGE, SCALE = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "scale.md"
PICTURES = ROOT / "docs" / "pictures"
GROWTH = 1.15
# 1.06 million movements with twelve messages each, on two cores that do nothing else for an hour.
TWO_CORE_HOURS_MS = round(2 * 3600 * 1000 / (1_060_000 * 12), 2)
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
    """Both pages, each from the last result of every kind. What stands outside the marks is people's."""
    _fill(PAGE, [_limits(), _growth(), _year()])
    _fill(SCALE, [_instances()])


def _fill(page: Path, parts: Sequence[str]) -> None:
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    made = "\n\n".join(part for part in parts if part)
    page.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{after}", "utf-8")


def _read(name: str) -> dict[str, Any] | None:
    path = RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else None


def _head(title: str, found: dict[str, Any], more: str = "") -> list[str]:
    """When, where, and what else the machine did."""
    beside = f"Load average before it {found['load_before']}. " if "load_before" in found else ""
    return [f"## {title}, {found['on']}", "", f"On {found['machine']}. {beside}{more}".strip(), ""]


def _limits() -> str:
    found = _read("limits")
    if found is None:
        return "Not measured yet."
    how = "A quick run: fewer requests, rougher. " if found["quick"] else ""
    lines = [
        *_head("The limits", found, f"{how}All of it took {found['took']} s."),
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
    chart(found["figures"], PICTURES / "bench-limits.svg")
    return "\n".join([*lines, "", "![Each ratio beside its limit](pictures/bench-limits.svg)"])


def _growth() -> str:
    found = _read("growth")
    if found is None:
        return ""
    few, many = f"{found['few']:,} cases", f"{found['many']:,} cases"
    wrong = [f"- {each}" for each in found["scans"]]
    return "\n".join(
        [
            *_head("Growth", found, f"The stores held {found['rows']:,} rows at the end."),
            f"The same {found['sample']} cases were played at the same time in two stacks.",
            "",
            f"| Of one case, in a world of | {few} | {many} | Ratio | Limit | With {few} in both |",
            "|---|---|---|---|---|---|",
            f"| median request, ms | {found['request_few_ms']} | {found['request_many_ms']} | "
            f"{found['ratios']['request']} | <= {GROWTH} | {found['alike']['request']} |",
            f"| CPU of all services and PostgreSQL, ms | {found['case_cpu_few_ms']} | "
            f"{found['case_cpu_many_ms']} | {found['ratios']['case_cpu']} | <= {GROWTH} | "
            f"{found['alike']['case_cpu']} |",
            *_parts(found),
            "",
            f"Of {found['statements']} different statements that the server noted while cases were played "
            f"beside {many}, {len(wrong) or 'none'} reads a whole table or all of a world.",
            *(["", *wrong] if wrong else []),
        ]
    )


def _parts(found: dict[str, Any]) -> Iterator[str]:
    for name, few in found["parts_few_ms"].items():
        yield f"| of it {name} | {few} | {found['parts_many_ms'][name]} | | | |"


def _year() -> str:
    found = _read("year")
    if found is None:
        return ""
    far = found["hours_for_the_year"]
    lines = [
        *_head("The year", found),
        f"{found['movements']:,} movements of {found['cases']:,} notifications, {found['share']:.2%} of the "
        f"world's year: {found['requests']:,} requests led to {found['messages']:,} messages in "
        f"{found['seconds']:,} s, **{found['messages_per_second']} messages/s** end to end, each said, "
        f"logged and heard once. At this pace the whole year takes {far} hours; the aim is one: **{far:g} "
        f"times too slow**. A message cost {found['cpu_ms_per_message']} ms of CPU, all processes together; "
        f"an hour on two cores leaves {TWO_CORE_HOURS_MS} ms. The gateway was behind the log and held a "
        f"declaration until it was looked at again: {found['looked_again']:,} times.",
        "",
        "| Process | CPU seconds |",
        "|---|---|",
        *(f"| {name} | {seconds} |" for name, seconds in found["cpu_seconds"].items()),
        "",
        "| Request | p50 ms | p99 ms |",
        "|---|---|---|",
        *(f"| {name} | {p50} | {p99} |" for name, (p50, p99) in found["latency_ms"].items()),
    ]
    bars(found["cpu_seconds"], PICTURES / "bench-year.svg", "CPU seconds by process")
    return "\n".join([*lines, "", "![CPU seconds by process](pictures/bench-year.svg)"])


def _instances() -> str:
    found = _read("instances")
    if found is None:
        return "Not measured yet."
    lines = [
        *_head("One process and two", found),
        "| By one process and by two | One, a second | Two, a second | Ratio | CPU ms each, one | two |",
        "|---|---|---|---|---|---|",
    ]
    for each in found["rows"]:
        lines.append(
            f"| {each['what']} ({each['many']:,} {each['of']}) | {each['one_per_second']} {each['unit']} | "
            f"{each['two_per_second']} | {each['ratio']} | {each['one_cpu_ms']} | {each['two_cpu_ms']} |"
        )
    return "\n".join(lines)

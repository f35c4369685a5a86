"""Outcomes as one HTML page with a swim-lane for each case: no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from pic_replay.diagram import drawn
from pic_replay.runner import Outcome

STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #17803d; --bad: #b3261e; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
td.lane, th.lane { text-align: center; width: 6rem; }
.says { font-weight: bold; } .why { opacity: .75; font-size: .9em; }
.passed { color: var(--good); } .failed { color: var(--bad); }
.wide { overflow-x: auto; }
details { margin: .5rem 0; } summary { cursor: pointer; }
"""


def write_html(outcomes: list[Outcome], path: Path) -> None:
    """A failed scenario is open, a passed one closed."""
    passed = sum(outcome.passed for outcome in outcomes)
    body = "".join(map(_scenario, outcomes))
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>pic replay</title>'
        f"<style>{STYLE}</style></head><body>"
        f"<h1>{passed} of {len(outcomes)} scenarios passed</h1>{body}</body></html>"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, "utf-8")


def _scenario(outcome: Outcome) -> str:
    word = "passed" if outcome.passed else "failed"
    told = f"{outcome.steps_done}/{len(outcome.steps)} steps, {outcome.seconds:.2f} s"
    failures = "".join(
        f'<p class="failed">{escape(str(failure))}<br>in: {escape(outcome.place_of(failure))}</p>'
        for failure in outcome.failures
    )
    return (
        f"<details{'' if outcome.passed else ' open'}><summary>"
        f'<span class="{word}">{word}</span> {escape(outcome.name)} ({told})</summary>'
        f"<p>{escape(outcome.scenario.about)}</p>{failures}{_diagram(outcome)}"
        f"{''.join(map(_case, outcome.cases))}</details>"
    )


def _diagram(outcome: Outcome) -> str:
    """Who said what to whom, step by step; the one that failed in red."""
    return f'<div class="wide">{drawn(outcome, alone=False)}</div>' if outcome.said else ""


def _case(case: dict[str, Any]) -> str:
    entries = case["timeline"]
    lanes = _lanes(entries)
    head = "".join(
        f'<th class="lane" scope="col">{escape(state)}<br>{escape(role)}</th>' for state, role in lanes
    )
    rows = "".join(_row(entry, lanes) for entry in entries)
    title = f"{case.get('number') or case['case']}: {case['state']}"
    return (
        f"<h3>{escape(title)}</h3><table><thead><tr>"
        f'<th scope="col">day</th>{head}<th scope="col">what happened, and why</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _lanes(entries: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Parties in the order in which they first speak."""
    return list(dict.fromkeys(_party(entry["who"]) for entry in entries))


def _party(address: str) -> tuple[str, str]:
    state, role, *_ = address.split("/")
    return state, role


def _row(entry: dict[str, Any], lanes: Sequence[tuple[str, str]]) -> str:
    told = {_party(address) for address in entry["to"]}
    cells = "".join(f'<td class="lane">{_mark(lane, _party(entry["who"]), told)}</td>' for lane in lanes)
    why = f'<br><span class="why">{escape(entry["why"])}</span>' if entry.get("why") else ""
    return f"<tr><td>{escape(entry['time'][:10])}</td>{cells}<td>{escape(entry['summary'])}{why}</td></tr>"


def _mark(lane: tuple[str, str], speaker: tuple[str, str], told: set[tuple[str, str]]) -> str:
    if lane == speaker:
        return '<span class="says">says</span>'
    return "hears" if lane in told else ""

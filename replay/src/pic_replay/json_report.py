"""Outcomes as JSON, for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pic_replay.runner import Outcome


def write_json(outcomes: list[Outcome], path: Path) -> None:
    """Every scenario with its steps, failures and digest, and the totals."""
    document = {
        "scenarios": len(outcomes),
        "failed": sum(not outcome.passed for outcome in outcomes),
        "seconds": round(sum(outcome.seconds for outcome in outcomes), 3),
        "outcomes": [_outcome(outcome) for outcome in outcomes],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "scenario": outcome.name,
        "passed": outcome.passed,
        "world": outcome.world,
        "seconds": round(outcome.seconds, 3),
        "steps": len(outcome.steps),
        "steps_done": outcome.steps_done,
        "digest": outcome.digest,
        "failures": [
            {
                "step": failure.step,
                "about": outcome.place_of(failure),
                "expected": failure.expected,
                "seen": failure.seen,
            }
            for failure in outcome.failures
        ],
        "messages": [event["type"] for event in outcome.events],
    }

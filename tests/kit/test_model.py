"""The exchange and a simple model agree, whatever comes in whatever order; without a rule they would not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from pic_kit.inbox import Fate, Inbox
from tests.kit.machine import Machine

pytestmark = pytest.mark.slow
EXAMPLES = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_commands_deliveries_crashes_and_clock_steps_in_any_order_lead_where_the_model_says() -> None:
    run_state_machine_as_test(Machine, settings=EXAMPLES)


async def _applies_all(self: Inbox, arrival: Any, **_: Any) -> tuple[Fate, str]:
    return Fate.APPLY, ""


async def _drops_what_is_early(self: Inbox, arrival: Any, *_: Any, **__: Any) -> None:
    self.applied(arrival)


@pytest.mark.parametrize(
    ("where", "name", "broken"),
    [(Inbox, "fate", _applies_all), (Inbox, "wait", _drops_what_is_early)],
    ids=["rule 5", "rule 6"],
)
def test_without_a_rule_they_disagree(
    monkeypatch: pytest.MonkeyPatch, where: type, name: str, broken: Callable[..., Any]
) -> None:
    monkeypatch.setattr(where, name, broken)
    # It need not be shrunk: that it is seen is all that is asked.
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(
            Machine, settings=settings(EXAMPLES, max_examples=40, phases=[Phase.generate])
        )

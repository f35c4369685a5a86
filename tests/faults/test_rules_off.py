"""The suite can see what it claims to see: with any rule turned off it fails within twenty rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from pic_exchange.stack import PROCESSES, Stack
from tests.faults.process import RULE_OFF
from tests.faults.promises import Undisturbed
from tests.faults.rounds import RIVALS, Round, play_round
from tests.faults.stories import late_objection, stale_gateway

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.faults]

ROUNDS = 20
# The kinds of the suite that can show it; drawing from all of them would only take longer.
SHOWN_BY = {
    "1": ("a process dies between database and offset",),
    "2": ("serialisation failures",),
    "3": ("kafka dies", "kafka stops"),
    "4": ("customs is killed",),
    "5": ("the log is noisy",),
    "6": ("messages are lost", "a relay loses its lock"),
}
PATIENCE = 15.0


@contextmanager
def without_rule(stack: Stack, rule: str) -> Iterator[None]:
    """Every service runs without this rule for as long as this lasts."""
    stack.extra[RULE_OFF] = rule
    _restart_all(stack)
    try:
        yield
    finally:
        del stack.extra[RULE_OFF]
        _restart_all(stack)


def _restart_all(stack: Stack) -> None:
    for name in PROCESSES:
        stack.restart(name)
    stack.wait_until_ready()


@pytest.mark.parametrize("rule", SHOWN_BY)
def test_a_suite_without_one_rule_fails_within_twenty_rounds(
    stack: Stack, undisturbed: dict[str, Undisturbed], rule: str
) -> None:
    library = ("s01-transit-state", "s03-objection", *([RIVALS] * (rule in "26")))
    with without_rule(stack, rule):
        for seed in range(ROUNDS):
            drawn = Round.of(seed, SHOWN_BY[rule], library, PATIENCE)
            if broken := asyncio.run(play_round(stack, drawn, undisturbed)):
                print(f"rule {rule} off, seen in round {seed + 1}: {broken[0][:300]}")
                return
    pytest.fail(f"{ROUNDS} rounds did not see that rule {rule} was off")


def test_the_registry_keeps_the_newest_decision_and_the_suite_sees_if_it_does_not(stack: Stack) -> None:
    assert asyncio.run(late_objection(stack, f"late-{uuid4().hex[:8]}")) == []
    with without_rule(stack, "7"):
        assert asyncio.run(late_objection(stack, f"late-{uuid4().hex[:8]}")) != []


def test_a_stale_gateway_holds_and_the_suite_sees_if_it_does_not(stack: Stack) -> None:
    assert asyncio.run(stale_gateway(stack, f"stale-{uuid4().hex[:8]}")) == []
    with without_rule(stack, "8"):
        assert asyncio.run(stale_gateway(stack, f"stale-{uuid4().hex[:8]}")) != []

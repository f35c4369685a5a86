"""The suite can see what it claims to see: with any rule turned off it fails within twenty rounds.

PIC_FAULT_RULES_OFF says which (of 1 to 8 those of the share).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from pic_exchange.stack import PROCESSES, Stack
from tests.faults.process import RULE_OFF
from tests.faults.promises import Undisturbed
from tests.faults.rounds import RIVALS, Round, play_round
from tests.faults.stories import late_objection, stale_gateway
from tests.support.shares import share_of

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.faults]

ROUNDS = 20
PATIENCE = 10.0
CALM = 60.0
WANTED = os.environ.get("PIC_FAULT_RULES_OFF", ",".join(share_of("12345678"))).split(",")


def wanted(rule: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(rule not in WANTED, reason=f"PIC_FAULT_RULES_OFF is {','.join(WANTED)}")


@dataclass(frozen=True)
class Shown:
    """The kinds of fault, and the cases, that can show that a rule is off; others would only take longer."""

    by: tuple[str, ...]
    during: tuple[str, ...] = ("s01-transit-state", "s03-objection")


SHOWN = {
    "1": Shown(("a process dies between database and offset",)),
    "2": Shown(("serialisation failures",), (RIVALS,)),
    "3": Shown(("kafka dies", "kafka stops")),
    "4": Shown(("customs is killed",)),
    "5": Shown(("the log is noisy",)),
    "6": Shown(("messages are lost",), (RIVALS,)),
}


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


@pytest.mark.parametrize("rule", [pytest.param(rule, marks=wanted(rule)) for rule in SHOWN])
def test_a_suite_without_one_rule_fails_within_twenty_rounds(
    stack: Stack, undisturbed: dict[str, Undisturbed], rule: str
) -> None:
    shown = SHOWN[rule]
    with without_rule(stack, rule):
        for seed in range(ROUNDS):
            drawn = Round.of(seed, shown.by, shown.during, PATIENCE)
            if broken := asyncio.run(play_round(stack, drawn, undisturbed)):
                print(f"rule {rule} off, seen in round {seed + 1}: {broken[0][:300]}")
                break
        else:
            pytest.fail(f"{ROUNDS} rounds did not see that rule {rule} was off")
    # The same faults with the rule in force, and time to get over them: what was seen was the rule.
    assert asyncio.run(play_round(stack, replace(drawn, patience=CALM), undisturbed)) == []


@wanted("7")
def test_the_registry_keeps_the_newest_decision_and_the_suite_sees_if_it_does_not(stack: Stack) -> None:
    assert asyncio.run(late_objection(stack, f"late-{uuid4().hex[:8]}")) == []
    with without_rule(stack, "7"):
        assert asyncio.run(late_objection(stack, f"late-{uuid4().hex[:8]}")) != []


@wanted("8")
def test_a_stale_gateway_holds_and_the_suite_sees_if_it_does_not(stack: Stack) -> None:
    assert asyncio.run(stale_gateway(stack, f"stale-{uuid4().hex[:8]}")) == []
    with without_rule(stack, "8"):
        assert asyncio.run(stale_gateway(stack, f"stale-{uuid4().hex[:8]}")) != []

"""Seeded rounds: nothing that was accepted is lost, doubled or out of order, whatever dies.

PIC_FAULT_ROUNDS says how many (100), PIC_FAULT_SEED where to begin (0).
"""

from __future__ import annotations

import os

import pytest

from pic_exchange.stack import Stack
from tests.faults import tally
from tests.faults.faults import FAULTS, SERVICES
from tests.faults.promises import Undisturbed
from tests.faults.rounds import Round, play_round

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.faults]

ROUNDS = int(os.environ.get("PIC_FAULT_ROUNDS", "100"))
FIRST = int(os.environ.get("PIC_FAULT_SEED", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ROUNDS))
async def test_no_fault_loses_doubles_or_reorders_anything(
    stack: Stack, undisturbed: dict[str, Undisturbed], seed: int
) -> None:
    drawn = Round.of(seed)
    print(drawn)
    broken = await play_round(stack, drawn, undisturbed)
    print(*broken, sep="\n")
    assert broken == [], str(drawn)


def test_every_kind_of_fault_was_done_and_every_process_killed_often_enough() -> None:
    """Ten times each in a hundred rounds, in as many rounds as were played."""
    if tally.rounds["played"] < ROUNDS or FIRST:
        pytest.skip("not every round was played from the first on")
    assert tally.lacking(ROUNDS // 10, FAULTS, SERVICES) == []

"""Seeded rounds: nothing that was accepted is lost, doubled or out of order, whatever dies.

PIC_FAULT_ROUNDS says how many (20), PIC_FAULT_SEED where to begin (0).
"""

from __future__ import annotations

import os

import pytest

from pic_exchange.stack import Stack
from tests.faults.promises import Undisturbed
from tests.faults.rounds import Round, play_round

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.faults]

ROUNDS = int(os.environ.get("PIC_FAULT_ROUNDS", "20"))
FIRST = int(os.environ.get("PIC_FAULT_SEED", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ROUNDS))
async def test_no_fault_loses_doubles_or_reorders_anything(
    stack: Stack, undisturbed: dict[str, Undisturbed], seed: int
) -> None:
    drawn = Round.of(seed)
    print(drawn)
    assert await play_round(stack, drawn, undisturbed) == [], str(drawn)

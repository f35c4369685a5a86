"""Killed between the database's commit and the offset's, again and again, at the same place."""

from __future__ import annotations

import asyncio
import os

import pytest

from pic_exchange.stack import Stack
from tests.faults.faults import arm
from tests.faults.process import armed
from tests.faults.promises import Undisturbed, broken
from tests.faults.rounds import Listening, play
from tests.support.exchanges import SECRET

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.faults]

KILLS = int(os.environ.get("PIC_FAULT_KILLS", "50"))
SCENARIO, POINT = "s01-transit-state", "between-database-and-offset"


async def test_a_consumer_killed_between_database_and_offset_fifty_times_in_a_row_leaves_exact_case_files(
    stack: Stack, undisturbed: dict[str, Undisturbed]
) -> None:
    file = armed(stack.folder, "consent-b", POINT)
    arm(file, KILLS)
    deaths = asyncio.create_task(asyncio.to_thread(_start_again_and_again, stack, "consent-b"))
    client = Listening(stack.url, SECRET, patience=600)
    played = await play(client, SCENARIO, "killed-again-and-again")
    assert await deaths == KILLS
    assert not file.exists()
    assert await broken(stack, [played], undisturbed, log_is_ours=True) == []


def _start_again_and_again(stack: Stack, name: str) -> int:
    """As a supervisor would; returns how often it was needed."""
    deaths = 0
    file = armed(stack.folder, name, POINT)
    while file.exists() or not stack.processes.running(name):
        if not stack.processes.running(name):
            deaths += 1
            stack.start_service(name)
        stack.processes.wait(name, 0.5)
    return deaths

"""Every example in the guides is run as it stands there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pic_exchange.stack import Stack
from pic_replay.exchange import Exchange, World
from tests.support.exchanges import SCENARIOS, SECRET, exchange_process
from tests.support.guides import blocks_of, play_guide

GUIDES = ("agencies", "testers", "workshop")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`pic up`, as a reader of the guides has it."""
    with exchange_process(tmp_path_factory.mktemp("exchange") / "data") as exchange:
        yield exchange.url


def library() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in SCENARIOS.iterdir() if path.is_file()}


def case_file(url: str, world: str, ref: str) -> dict[str, Any]:
    async def look() -> dict[str, Any]:
        async with Exchange(url, SECRET) as exchange:
            seen = await World.join(exchange, world)
            assert await seen.settle() == []
            found: dict[str, Any] = await seen.look(f"/v1/cases/{ref}")
            return found

    return asyncio.run(look())


def assert_belgium_has_consented(url: str) -> None:
    case = case_file(url, "agency", "CA0000000001")
    assert case["state"] == "CLOSED", "the personas played it to its end"
    belgium = next(entry for entry in case["authorities"] if entry["authority"] == "BE001")
    assert (belgium["verdict"], belgium["decision_version"]) == ("consent", 1)
    assert (belgium["valid_from"], belgium["valid_to"]) == ("2026-06-26", "2027-06-25")


def test_the_importing_authority_comes_from_token_to_decision_with_curl_alone(
    embedded: str, tmp_path: Path
) -> None:
    play_guide("agencies", embedded, tmp_path)
    assert_belgium_has_consented(embedded)


@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.slow
def test_the_same_commands_lead_to_the_same_decision_on_servers(stack: Stack, tmp_path: Path) -> None:
    play_guide("agencies", stack.url, tmp_path)
    assert_belgium_has_consented(stack.url)


@pytest.mark.slow
@pytest.mark.parametrize("guide", ["testers", "workshop"])
def test_a_guide_does_what_it_says(guide: str, embedded: str, tmp_path: Path) -> None:
    before = library()
    play_guide(guide, embedded, tmp_path)
    assert library() == before


def test_ten_requests_are_enough_for_a_decision() -> None:
    commands = [block.text for block in blocks_of("agencies") if block.is_run]
    until = next(number for number, text in enumerate(commands) if "decision.headers | tr" in text)
    assert sum(len(re.findall(r"\bcurl ", text)) for text in commands[: until + 1]) <= 10


@pytest.mark.parametrize("guide", GUIDES)
def test_no_example_escapes_being_run(guide: str) -> None:
    """`server`: the test has started one already."""
    for block in blocks_of(guide):
        known = block.is_run or block.file is not None or block.marks in ("seen", "server")
        assert known, f"{block}: ```{block.language} {block.marks}"

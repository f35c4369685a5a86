"""In whole stories, what is remembered reads as its row does: nothing changed it in between."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

import pytest

import consent.store
import customs_gateway.store
import notifier.store
import single_window.window.store
from pic_exchange.demo import own_exchange
from pic_kit import runtime
from pic_kit.memory import Memory, Place
from pic_kit.repository import Repository
from tests.support.exchanges import SECRET, play

STORES = (consent.store, customs_gateway.store, notifier.store, single_window.window.store)
REPOSITORIES = {
    found.table.name: found
    for store in STORES
    for found in vars(store).values()
    if isinstance(found, Repository)
}


class Doubting(Memory):
    """Compares what it gives away with what is written."""

    given: ClassVar[Counter[str]] = Counter()

    def take(self, place: Place, written: str) -> Any | None:
        aggregate, repository = super().take(place, written), REPOSITORIES.get(place[0])
        if aggregate is not None and repository is not None:
            self.given[place[0]] += 1
            assert repository.write(aggregate) == written
            assert repository.parts is not None or repository.read(written) == aggregate
        return aggregate


@pytest.mark.parametrize("story", ["s15-change-and-withdrawal", "s21-withdrawal-mid-way", "s27-late-part-c"])
async def test_what_is_remembered_is_what_its_row_says(
    story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "Memory", Doubting)
    Doubting.given.clear()
    async with own_exchange(tmp_path, secret=SECRET) as url:
        assert (await play(url, story)).passed
    assert {"notifications", "cases", "registry"} <= set(Doubting.given)

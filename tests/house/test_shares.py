"""Of what takes long each piece is in one share, and all of it is in all of them."""

from __future__ import annotations

import pytest

from tests.house.source_files import sources
from tests.support.shares import SHARE, WHOLE, is_in_share, share_of

QUARTERS = [f"{which}/4" for which in range(1, 5)]
FILES = [source.path for source in sources() if source.path.startswith("tests/")]


def held(monkeypatch: pytest.MonkeyPatch, share: str) -> tuple[list[str], list[str]]:
    monkeypatch.setenv(SHARE, share)
    return [path for path in FILES if is_in_share(path)], share_of(FILES)


def test_the_quarters_are_the_whole_and_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert held(monkeypatch, WHOLE) == (FILES, FILES)
    for dealt in zip(*(held(monkeypatch, quarter) for quarter in QUARTERS), strict=True):
        assert sorted(path for quarter in dealt for path in quarter) == sorted(FILES)
        assert all(dealt), "a quarter is empty"


@pytest.mark.parametrize("share", ["5/4", "0/4", "half", "1/", "/4"])
def test_what_names_no_share_is_refused(monkeypatch: pytest.MonkeyPatch, share: str) -> None:
    monkeypatch.setenv(SHARE, share)
    with pytest.raises(ValueError, match="write 2/4 for the second quarter"):
        is_in_share("tests/house")

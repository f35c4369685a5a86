"""Fixtures of the customs gateway's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.customs_gateway.border import Border, border_in


@pytest.fixture
async def border(tmp_path: Path) -> AsyncIterator[Border]:
    async with border_in(tmp_path) as found:
        yield found

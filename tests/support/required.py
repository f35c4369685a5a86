"""A server that is not there: its tests say so and are skipped, or fail where PIC_REQUIRE names it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def is_required(part: str) -> bool:
    """PIC_REQUIRE=kafka,postgres, as in continuous integration."""
    return part in os.environ.get("PIC_REQUIRE", "").replace(" ", "").split(",")


def missing(part: str, reason: str) -> NoReturn:
    if is_required(part):
        pytest.fail(f"PIC_REQUIRE names {part}: {reason}")
    pytest.skip(reason)

"""A share of what takes long: in CI the name of the commit chooses it, a laptop plays all of it."""

from __future__ import annotations

import os
from binascii import crc32
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SHARE = "PIC_SHARE"
WHOLE = "1/1"


def named_share() -> str:
    """`2/4` is the second quarter."""
    return os.environ.get(SHARE) or WHOLE


def share_of(stories: Iterable[T]) -> list[T]:
    """Every n-th of these, so that neighbours in the library fall into different shares.

    Raises ValueError where the variable does not name a share.
    """
    which, parts = _which()
    return list(stories)[which - 1 :: parts]


def is_in_share(name: str) -> bool:
    """Whether this share holds what has this name; each name falls into one of them. Raises as `share_of`."""
    which, parts = _which()
    return crc32(name.encode()) % parts == which - 1


def _which() -> tuple[int, int]:
    which, _, parts = named_share().partition("/")
    if not (which.isdecimal() and parts.isdecimal() and 1 <= int(which) <= int(parts)):
        raise ValueError(f"{SHARE}={named_share()}: write 2/4 for the second quarter")
    return int(which), int(parts)

"""The financial guarantee behind a notification, as far as customs heard of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Guarantee:
    """The financial guarantee, as far as customs heard of it."""

    guarantee_id: str
    valid_to: date | None = None
    approved_on: date | None = None
    released_on: date | None = None

"""How many partitions each topic has: cases share the load, worlds and parties keep one order."""

from __future__ import annotations

from collections.abc import Mapping

from pic_kit.settings import Settings
from pic_schemas.catalogue import TOPICS

CASES = "pic.cases"


def topics_of(settings: Settings) -> Mapping[str, int]:
    """Topic -> partitions. The number for cases is fixed at the first start: keys must not move."""
    return {topic: settings.cases_partitions if topic == CASES else 1 for topic in TOPICS}

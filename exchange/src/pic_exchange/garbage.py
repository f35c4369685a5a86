"""How often Python looks for garbage in a process of the exchange."""

from __future__ import annotations

import gc

from pic_schemas.documents.base import build_everything

# New objects between two looks. With the 700 of Python, looking was a third of hearing: docs/benchmarks.md.
NEW_OBJECTS = 50_000


def look_rarely() -> None:
    """At what is new, and never again at what is there by now: law, models and libraries stay."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.enable()


def keep_what_stays() -> None:
    """Before a service is ready: every model is built and stays, what its start left behind goes."""
    build_everything()
    gc.collect()
    look_rarely()

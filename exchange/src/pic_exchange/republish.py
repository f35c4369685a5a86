"""`pic republish`: every store whose database the environment names says again what it said."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from pic_kit.database import Database
from pic_kit.republish import republish, start_over
from pic_kit.settings import Settings
from single_window.window.tables import metadata

# Kept through a rebuild: who intervened and why is nowhere else.
NOT_REBUILT = {"about", "answers", "interventions", "outbox", "parked", "streams"}


def projections(store: str) -> list[Table]:
    """The window holds nothing of its own: its tables follow from the log."""
    if store != "window":
        return []
    return [table for table in metadata.sorted_tables if table.name not in NOT_REBUILT]


async def republish_all(settings: Settings, *, log_lost: bool) -> Mapping[str, int]:
    """Messages to be sent again, by store. Raises StillRunning."""
    said = {}
    for store in sorted(settings.database_urls):
        database = Database(settings.database_url(store))
        try:
            again = start_over(database, projections(store)) if log_lost else republish(database)
            said[store] = await again
        finally:
            await database.close()
    return said

"""Brings the stores' schemas up to date before the services start: a step of its own on servers."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from pic_kit.database import Database
from pic_kit.migrate import bring_up_to_date, head_of
from pic_kit.settings import Settings

log = structlog.get_logger("migrate")
# Store -> its chain of revisions.
CHAINS: Mapping[str, str] = {
    "notifier": "notifier.migrations",
    "consent": "consent.migrations",
    "customs-gateway": "customs_gateway.migrations",
    "desk": "single_window.desk.migrations",
    "window": "single_window.window.migrations",
}


def stores_named(settings: Settings) -> tuple[str, ...]:
    """Those whose database URL is set: a server migrates only what is its own. With none set, every store."""
    return tuple(store for store in CHAINS if store in settings.database_urls) or tuple(CHAINS)


async def migrate(settings: Settings) -> bool:
    """Upgrade one store after the other, up to the first that fails. Running it again changes nothing."""
    for store in stores_named(settings):
        try:
            await _upgrade(settings, store)
        except Exception:
            log.exception("store not migrated", store=store)
            return False
        log.info("store is up to date", store=store, revision=head_of(CHAINS[store]))
    return True


async def _upgrade(settings: Settings, store: str) -> None:
    database = Database(settings.database_url(store), pool_size=1)
    try:
        await bring_up_to_date(database, CHAINS[store])
    finally:
        await database.close()

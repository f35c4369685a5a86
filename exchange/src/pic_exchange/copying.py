"""`pic copy`: every file of a data folder as it was at one instant, while the exchange goes on working."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

PATTERN = "*.sqlite3"
PATIENCE = 30.0  # seconds to wait for a transaction of the exchange to end


class CannotCopy(Exception):
    """The copy was not made; the message says what to do."""


def copy_folder(source: Path, target: Path) -> list[str]:
    """Names of the files copied. Raises CannotCopy, and leaves nothing behind then.

    Nobody writes to any of the files while all are held: no message is in one of them and not yet, or no
    more, in another. A transaction of the exchange never spans two files, so it waits and goes on.
    """
    files = sorted(source.glob(PATTERN))
    if not files:
        raise CannotCopy(f"there is no exchange in {source}")
    if target.exists() and any(target.iterdir()):
        raise CannotCopy(f"{target} is not empty; name a new folder")
    target.mkdir(parents=True, exist_ok=True)
    try:
        with ExitStack() as held:
            for file in files:
                _hold(held, file)
            for file in files:
                _copy(file, target / file.name)
    except sqlite3.Error as error:
        for file in target.glob(PATTERN + "*"):
            file.unlink()
        raise CannotCopy(f"{source} could not be copied: {error}") from error
    return [file.name for file in files]


def _hold(held: ExitStack, file: Path) -> None:
    connection = held.enter_context(closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)))
    connection.execute("BEGIN IMMEDIATE")
    held.callback(connection.rollback)


def _copy(file: Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as original, closing(sqlite3.connect(to)) as copy:
        original.backup(copy)

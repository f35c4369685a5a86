"""One process per folder: a lock that the operating system lets go when its holder dies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


class FolderInUse(Exception):
    """Another process works in this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"the folder {folder} is in use by another process; stop that one or choose another")
        self.folder = folder


class FolderLock:
    """Held from `take` to `release`; never waits. A killed holder leaves no lock behind."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: IO[bytes] | None = None

    def take(self) -> None:
        """Raises FolderInUse."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        held = self._file.open("ab")
        try:
            _lock(held)
        except OSError as error:
            held.close()
            raise FolderInUse(self._file.parent.resolve()) from error
        self._held = held

    def release(self) -> None:
        # The file stays: deleting it would let two processes lock two files of the same name.
        if self._held is not None:
            self._held.close()
            self._held = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        # flock, not lockf: it also refuses a second bus inside this process.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

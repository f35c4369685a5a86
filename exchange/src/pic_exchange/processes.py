"""Processes in the background, noted in a file so that whoever comes later can signal and stop them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class Processes:
    """What was started from one folder, by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes = folder / "processes.json"
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start in the background, apart from this terminal; the output is appended to a log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.note(name, process)

    def note(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self._children[process.pid] = process
        self.note_pid(name, process.pid)

    def note_pid(self, name: str, pid: int) -> None:
        """A process that is nobody's child here may be signalled all the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._notes.write_text(json.dumps(self.pids() | {name: pid}))

    def pids(self) -> dict[str, int]:
        """By name, those that have ended included."""
        return dict(json.loads(self._notes.read_text())) if self._notes.exists() else {}

    def names(self) -> list[str]:
        return list(self.pids())

    def running(self, name: str) -> bool:
        pid = self.pids().get(name)
        return pid is not None and self._alive(pid)

    def send(self, name: str, number: int) -> None:
        """Signal it; nothing happens when it does not run."""
        if self.running(name):
            os.kill(self.pids()[name], number)

    def end(self, name: str, number: int = signal.SIGTERM, *, timeout: float = 30.0) -> None:
        """Signal it and wait until it is gone; SIGKILL when that takes too long."""
        if not self.running(name):
            return
        pid = self.pids()[name]
        os.kill(pid, number)
        until = time.monotonic() + timeout
        while self._alive(pid):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def wait(self, name: str, seconds: float) -> None:
        """Until it has ended, or the time is up."""
        until = time.monotonic() + seconds
        while self.running(name) and time.monotonic() < until:
            time.sleep(0.02)

    def forget(self) -> None:
        self._notes.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def tail(self, name: str) -> str:
        """The end of its log, with the place of the whole."""
        log = self.log(name)
        text = log.read_text(errors="replace")[-1500:] if log.exists() else "no log"
        return f"--- {name} ({log})\n{text}"

    def _alive(self, pid: int) -> bool:
        """Whether the process runs; a child of ours that ended is waited for, so that no zombie is left."""
        if pid in self._children:
            return self._children[pid].poll() is None
        return _runs(pid)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
    except OSError:
        return False

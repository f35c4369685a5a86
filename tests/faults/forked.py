"""Service processes that are forked from one with everything imported: a start costs a third.

Each is a process of its own, with its own loop, connections and death: kill -9 hits it alone.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pic_exchange.processes import Processes
from tests.faults import process

IMPORTED = (
    *("notifier.app", "consent.app", "customs_gateway.app", "single_window.app"),
    *("pic_exchange.cli", "pic_exchange.embedded", "pic_exchange.serve", "pic_kit.bus.kafka", "asyncpg"),
)


class ForkedProcesses(Processes):
    """As `Processes`, but whatever runs `tests.faults.process` is forked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        command = [sys.executable, "-m", "tests.faults.forked"]
        self._parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        assert tuple(command[1:3]) == ("-m", process.__name__)
        wanted = {"arguments": list(command[3:]), "env": dict(env), "log": str(self.log(name))}
        self.note_pid(name, self._fork(wanted))

    def _fork(self, wanted: Mapping[str, Any]) -> int:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    def forget(self) -> None:
        """All that were forked have been ended before: nothing more is started from here."""
        super().forget()
        self._parent.communicate()


def _warm_up() -> None:
    """All that a service imports, and the law that it reads, once for all."""
    for name in IMPORTED:
        importlib.import_module(name)
    from pic_law.startup import read_every_statute

    read_every_statute()


def _become(wanted: Mapping[str, Any]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for own, its in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(own, its)
    os.environ.clear()
    os.environ.update(wanted["env"])
    sys.argv = [process.__name__, *wanted["arguments"]]
    process.main()


def main() -> None:
    """Fork one process for each line read; say its number."""
    _warm_up()
    gc.freeze()
    # Nobody waits for the dead: the kernel forgets them at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _end_as(json.loads(line))
        print(pid, flush=True)


def _end_as(wanted: Mapping[str, Any]) -> None:
    code = 1
    try:
        _become(wanted)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0) if isinstance(end.code, int | None) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()

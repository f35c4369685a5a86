"""Where the measurements take place: a stack of its own, its worlds and seats, and what this machine is."""

from __future__ import annotations

import os
import platform
import random
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from bench.wire import Wire
from pic_exchange.stack import MEMBER, PROCESSES, Stack
from pic_replay.exchange import Exchange, World

SECRET = "a-secret-for-benchmarks"
START = "2026-06-01T00:00:00Z"
# A world's seats on the corridor that the generator plays, as in scenario S01.
SEATS: Mapping[str, tuple[str, str, str]] = {
    "exporter": ("exporter", "CA", "CA-PLASTIX"),
    "export-authority": ("competent-authority", "CA", "CA001"),
    "import-authority": ("competent-authority", "BE", "BE001"),
    "transit-authority": ("competent-authority", "NL", "NL001"),
    "export-customs": ("customs", "CA", "CAMTR001"),
    "transit-customs": ("customs", "NL", "NLRTM001"),
    "import-customs": ("customs", "BE", "BEANR001"),
    "carrier": ("carrier", "CA", "CA-ALPHA"),
    "facility": ("facility", "BE", "BE-F7"),
}


@contextmanager
def own_stack() -> Iterator[Stack]:
    """Apache Kafka, PostgreSQL and each service as a process; gone with the block. Logs stay if it fails."""
    folder = Path(tempfile.mkdtemp(prefix="pic-bench-"))
    front = _free_front()
    stack = Stack(folder, front, front + 90, secret=SECRET, extra={"PIC_LOG": "json"})
    try:
        stack.start(say=False)
        yield stack
    except BaseException:
        kept = Path(tempfile.mkdtemp(prefix="pic-bench-failed-"))
        for log in folder.glob("*.log"):
            shutil.copy(log, kept)
        print(f"what the services logged: {kept}", file=sys.stderr)
        raise
    finally:
        stack.stop(say=False)
        shutil.rmtree(folder, ignore_errors=True)


def _free_front() -> int:
    """A port whose neighbours are free too, where the services and the broker will listen."""
    offsets = {port - 8400 + 10 * member for _, port in PROCESSES.values() for member in (0, 2)} | {90, 91}
    while True:
        front = random.randrange(30_000, 40_000, 100)
        if all(_is_free(front + offset) for offset in offsets):
            return front


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@dataclass
class Harbour:
    """One sandbox world of a stack, its seats' tokens, and a wire to each service."""

    exchange: Exchange
    world: World
    tokens: dict[str, str]
    stack: Stack | None = None
    wires: dict[str, Wire] = field(default_factory=dict)
    meter: Callable[[], float] = lambda: 0.0
    """Read before and after whoever plays waits for a quiet world; `while_waiting` is what it rose by."""
    while_waiting: float = 0.0

    def wire(self, service: str) -> Wire:
        """`notifier`, `customs`, `consent-a` (plays Belgium), `consent-b` (plays those not named).

        Further members of a service (`customs~2`) take turns with the first.
        """
        if service not in self.wires:
            assert self.stack is not None, f"no wire to {service}"
            running = filter(self.stack.processes.running, self.stack.processes.names())
            members = [name for name in running if name.partition(MEMBER)[0] == service]
            self.wires[service] = Wire(*map(self.stack.port, members))
        return self.wires[service]

    async def move_clock(self, to: str) -> None:
        with self._metered():
            await self._quiet()
            await self.world.move_clock(to)

    async def settle(self) -> None:
        """Until everything that was said was heard. Raises RuntimeError when something waits for ever."""
        with self._metered():
            await self._quiet()

    async def _quiet(self) -> None:
        if stuck := await self.world.settle():
            raise RuntimeError("; ".join(stuck[:5]))

    @contextmanager
    def _metered(self) -> Iterator[None]:
        before = self.meter()
        yield
        self.while_waiting += self.meter() - before


@asynccontextmanager
async def harbour(stack: Stack, label: str) -> AsyncIterator[Harbour]:
    """A fresh world with every seat taken."""
    async with Exchange(stack.url, SECRET, patience=3600) as exchange:
        world = await World.open(exchange, now=START, label=label, key=f"bench {label} {uuid4()}")
        found = Harbour(exchange, world, await seated(world), stack)
        try:
            yield found
        finally:
            for wire in found.wires.values():
                wire.close()


async def seated(world: World) -> dict[str, str]:
    """A token for each seat of the corridor."""
    return {name: await world.seat(*seat) for name, seat in SEATS.items()}


def machine() -> str:
    """One line about this machine, for whoever compares figures."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores {model or platform.machine()}, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}; load average at the end {load}"
    )


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, in user and in kernel."""
    return _ticks(_stat(pid)[11:13])


def cpu_of_stack(stack: Stack) -> dict[str, float]:
    """CPU seconds so far of every part of a stack, by name, and of this process, which is the load."""
    pids = {name: pid for name, pid in stack.processes.pids().items() if stack.processes.running(name)}
    used = {name: cpu_seconds(pid) for name, pid in pids.items()}
    own = _ticks(os.times()[:2], 1)
    return used | {"postgres": postgres_cpu(stack), "the load itself": own}


@contextmanager
def spending(stack: Stack, spent: MutableMapping[str, float]) -> Iterator[None]:
    """Adds the CPU milliseconds of every part of a stack meanwhile."""
    before = cpu_of_stack(stack)
    yield
    for name, used in cpu_of_stack(stack).items():
        spent[name] = spent.get(name, 0) + (used - before.get(name, 0)) * 1000


def postgres_cpu(stack: Stack) -> float:
    """The server, its sessions, and those that have ended."""
    server = int((stack.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    sessions = 0.0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            found = _stat(int(status.parent.name))
            sessions += _ticks(found[11:13]) if int(found[1]) == server else 0.0
    return sessions + _ticks(_stat(server)[11:15])


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ticks(amounts: Iterable[float | str], second: float = 0) -> float:
    return sum(map(float, amounts)) / (second or os.sysconf("SC_CLK_TCK"))

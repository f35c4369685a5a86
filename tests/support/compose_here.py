"""What docker-compose.yml would start, started without containers: its variables, options and commands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pic_exchange.ready import ready
from pic_exchange.serve import listening_socket
from pic_exchange.servers import kafka_local
from tests.support.composed import ROOT, environment_of, filled_in, services

STEPS = ("migrate", "migrate-consent-b")
SERVERS = ("kafka", "postgres")


def free_port() -> int:
    with listening_socket("127.0.0.1", 0) as probe:
        return int(probe.getsockname()[1])


class ComposeHere:
    """Only names of machines are translated; every other value is the file's."""

    def __init__(self, folder: Path, secrets: dict[str, str], postgres: Any) -> None:
        self.folder = folder
        self._secrets = secrets
        self._bin = Path(postgres.bin_path)
        self._postgres_user = postgres.system_user
        self.ports = {name: free_port() for name in services()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['single-window']}"

    def here(self, value: str) -> str:
        text = filled_in(value, self._secrets).replace("@postgres/", f"@127.0.0.1:{self.ports['postgres']}/")
        text = text.replace("kafka:9092", f"127.0.0.1:{self.ports['kafka']}")
        return re.sub(
            r"http://([a-z-]+):8400", lambda match: f"http://127.0.0.1:{self.ports[match[1]]}", text
        )

    def environment(self, name: str) -> dict[str, str]:
        own = {variable: self.here(value) for variable, value in environment_of(name).items()}
        if "PIC_DATA" in own:
            own["PIC_DATA"] = str(self.folder / name)
        machine = {key: value for key, value in os.environ.items() if not key.startswith(("PIC_", "KAFKA_"))}
        return machine | own

    # --- servers ---

    def start_kafka(self) -> None:
        """The image makes each KAFKA_ variable a property; so does this."""
        local = kafka_local()
        given = {
            name.removeprefix("KAFKA_").lower().replace("_", "."): value
            for name, value in environment_of("kafka").items()
            if name.startswith("KAFKA_") and name != "KAFKA_HEAP_OPTS"
        }
        text = "\n".join(f"{name}={value}" for name, value in given.items()) + "\n"
        text = text.replace("kafka:9092", "127.0.0.1:{port}").replace("://:9092", "://127.0.0.1:{port}")
        text = text.replace("://:9093", "://127.0.0.1:{controller}").replace(
            "localhost:9093", "127.0.0.1:{controller}"
        )
        local.PROPERTIES = text.replace("/var/lib/kafka/data", "{logs}")
        local.CLUSTER = environment_of("kafka")["CLUSTER_ID"]
        self._processes["kafka"] = local.start(self.folder / "kafka", self.ports["kafka"])

    def start_postgres(self) -> None:
        """As the image does: initdb with the options given, then the scripts, once."""
        pgdata, words = self.folder / "postgres", self.folder / "password"
        pgdata.mkdir()
        words.write_text(self._secrets["POSTGRES_PASSWORD"])
        for path in (self.folder, pgdata, words):
            shutil.chown(path, self._postgres_user)
        options = shlex.split(environment_of("postgres")["POSTGRES_INITDB_ARGS"])
        access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={words}"]
        self._as_postgres("initdb", f"--pgdata={pgdata}", *access, *options)
        listen = f"-p {self.ports['postgres']} -h 127.0.0.1 -k {pgdata}"
        log = str(pgdata / "log")
        self._as_postgres("pg_ctl", "-w", "-D", str(pgdata), "-l", log, "-o", listen, "start")
        self.psql("postgres", self._secrets["POSTGRES_PASSWORD"], "postgres", "-f", str(self.stores_script))

    @property
    def stores_script(self) -> Path:
        (mounted,) = [v for v in services()["postgres"]["volumes"] if "docker-entrypoint-initdb.d" in v]
        return ROOT / mounted.split(":")[0]

    def psql(self, role: str, password: str, database: str, *arguments: str) -> str:
        place = ["-h", "127.0.0.1", "-p", str(self.ports["postgres"]), "-U", role, "-d", database]
        env = {**os.environ, **self._secrets, "PGPASSWORD": password}
        command = [str(self._bin / "psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", *place, *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def _as_postgres(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._postgres_user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    # --- steps and services ---

    def pic(self, name: str) -> list[str]:
        command = list(services()[name]["command"])
        if command[0] == "serve":
            command = ["127.0.0.1" if part == "0.0.0.0" else part for part in command]
            command += ["--port", str(self.ports[name])]
        return [sys.executable, "-m", "pic_exchange.cli", *command]

    def run_step(self, name: str) -> None:
        subprocess.run(self.pic(name), env=self.environment(name), check=True, capture_output=True)

    def start_service(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                self.pic(name), env=self.environment(name), stdout=log, stderr=log
            )

    def start(self) -> None:
        self.start_kafka()
        self.start_postgres()
        for step in STEPS:
            self.run_step(step)
        names = [name for name in services() if name not in (*STEPS, *SERVERS)]
        for name in names:
            self.start_service(name)
        self._wait(lambda: all(ready(self.ports[name]) for name in names))

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + 90
        while not done():
            if time.monotonic() > until or any(p.poll() is not None for p in self._processes.values()):
                raise AssertionError(
                    "\n".join(f.read_text()[-1000:] for f in sorted(self.folder.glob("*.log")))
                )
            time.sleep(0.2)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def stop(self) -> dict[str, int]:
        """Services first; returns how each process ended."""
        ended = {}
        for name in reversed(self._processes):
            self._processes[name].send_signal(signal.SIGTERM)
            ended[name] = self._processes[name].wait(60)
        if (self.folder / "postgres" / "postmaster.pid").exists():
            self._as_postgres("pg_ctl", "-w", "-m", "fast", "-D", str(self.folder / "postgres"), "stop")
        self._processes.clear()
        return ended


@contextmanager
def composed_here(secrets: dict[str, str], postgres: Any) -> Iterator[ComposeHere]:
    """Running; its folder goes with it. `postgres` knows where its programs are and who runs them."""
    folder = Path(tempfile.mkdtemp(prefix="pic-compose-"))
    here = ComposeHere(folder, secrets, postgres)
    try:
        here.start()
        yield here
    finally:
        here.stop()
        shutil.rmtree(folder, ignore_errors=True)

"""One Apache Kafka broker on this machine, without Docker: KRaft, one node, Java 17."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIBS = HERE.parents[1] / ".pic" / "kafka" / "libs"
CLUSTER = "cGljLWxvY2FsLWthZmthLQ"
JAVA_OPTIONS = ("-Xmx512m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
QUIET = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
# A broker that was killed may register again only when its old session has run out: 3 s, not 9.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={logs}
auto.create.topics.enable=false
num.partitions=1
log.retention.ms=-1
log.retention.bytes=-1
offsets.retention.minutes=2147483647
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
"""


class KafkaUnavailable(Exception):
    """Java, Maven or the broker is missing or did not start."""


def possible() -> bool:
    """Whether prepare() can work here: Java, and either Maven or libraries fetched before."""
    return shutil.which("java") is not None and (_prepared() or shutil.which("mvn") is not None)


def prepare() -> Path:
    """The folder with Kafka's libraries, fetched once by Maven. Raises KafkaUnavailable."""
    if _prepared():
        return LIBS
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("Maven is needed to fetch Apache Kafka the first time")
    shutil.rmtree(LIBS, ignore_errors=True)
    command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise KafkaUnavailable(f"Maven could not fetch Apache Kafka:\n{(done.stdout + done.stderr)[-2000:]}")
    (LIBS / ".pom").write_bytes((HERE / "pom.xml").read_bytes())
    return LIBS


def _prepared() -> bool:
    stamp = LIBS / ".pom"
    return stamp.is_file() and stamp.read_bytes() == (HERE / "pom.xml").read_bytes()


def format(data: Path, port: int) -> Path:
    """Write the broker's properties and format its log folder if that is new; returns the properties file."""
    data.mkdir(parents=True, exist_ok=True)
    properties = data / "server.properties"
    logs = (data.resolve() / "logs").as_posix()
    # The quorum is static, so the controller's port may differ from start to start.
    properties.write_text(PROPERTIES.format(port=port, controller=free_port(), logs=logs), encoding="utf-8")
    if not (data / "logs" / "meta.properties").exists():
        options = ("format", "--cluster-id", CLUSTER, "--ignore-formatted", "--config", str(properties))
        done = subprocess.run(
            _java("kafka.tools.StorageTool", *options), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise KafkaUnavailable(f"the log folder could not be formatted:\n{done.stdout}{done.stderr}")
    return properties


def start(data: Path, port: int, *, timeout: float = 60.0) -> subprocess.Popen[bytes]:
    """Start a broker on 127.0.0.1:port and wait until it answers. Raises KafkaUnavailable.

    The same folder may be started again, also after kill -9 and on another port.
    """
    prepare()
    properties = format(data, port)
    with (data / "broker.log").open("ab") as log:
        process = subprocess.Popen(
            _java("kafka.Kafka", str(properties)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + timeout
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise KafkaUnavailable(f"the broker did not start; {data / 'broker.log'} ends:\n{_tail(data)}")
        time.sleep(0.05)
    return process


def stop(process: subprocess.Popen[bytes], *, timeout: float = 30.0) -> None:
    """A clean shutdown; kills the broker when that takes too long."""
    process.terminate()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    """Whether a broker answers an ApiVersions request: an open port is there before the broker is."""
    request = struct.pack(">hhih", 18, 0, 1, -1)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.0) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return len(connection.recv(8)) == 8
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _java(main: str, *arguments: str) -> list[str]:
    java = shutil.which("java")
    if java is None:
        raise KafkaUnavailable("Java 17 is needed to run Apache Kafka")
    return [java, *JAVA_OPTIONS, *QUIET, "-cp", str(LIBS / "*"), main, *arguments]


def _tail(data: Path) -> str:
    return (data / "broker.log").read_text(encoding="utf-8", errors="replace")[-2000:]


def _start_in_background(data: Path, port: int) -> None:
    if answers(port):
        raise KafkaUnavailable(f"something answers on port {port} already")
    process = start(data, port)
    (data / "broker.pid").write_text(str(process.pid), encoding="utf-8")
    print(f"KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:{port}")


def _stop_in_background(data: Path, port: int) -> None:
    pid = data / "broker.pid"
    if pid.exists() and answers(port):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGTERM)
        _wait_for_end(int(pid.read_text(encoding="utf-8")))
    pid.unlink(missing_ok=True)
    print("stopped")


def _wait_for_end(pid: int, timeout: float = 30.0) -> None:
    """Until the process is gone, not only its port: it holds the log folder to its last moment."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        try:
            os.kill(pid, 0)
            if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        time.sleep(0.1)


def main() -> int:
    """The small command line: prepare, start, stop, status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("prepare", "start", "stop", "status"))
    parser.add_argument("--data", type=Path, default=LIBS.parent / "data")
    parser.add_argument("--port", type=int, default=9092)
    given = parser.parse_args()
    try:
        if given.action == "prepare":
            print(prepare())
        elif given.action == "start":
            _start_in_background(given.data, given.port)
        elif given.action == "stop":
            _stop_in_background(given.data, given.port)
        else:
            print("running" if answers(given.port) else "not running")
            return 0 if answers(given.port) else 3
    except KafkaUnavailable as error:
        print(f"kafka_local.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

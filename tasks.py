"""Every verb of the house; needs nothing but Python 3.11 and its standard library, and no make."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EXE = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{EXE}"
STAMP = VENV / ".pic-stamp"
NOT_BUILT = 2
NO_TESTS_COLLECTED = 5
OUTSIDE, OUTSIDE_SECRET = "PIC_EXCHANGE_URL", "PIC_EXCHANGE_SECRET"
START_WITHIN = 120.0
ROOMS = ("kit", "schemas", "law", "services", "exchange", "replay")
SLOW = "slow"
SLOW_ROOMS = ("faults", "fuzz", "browser", "bench")
REMADE = (
    *(".venv", ".pic", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"),
    "schemas/check-asyncapi/node_modules",
    "deploy/check-compose/node_modules",
)


class Verb(NamedTuple):
    """What a verb does, in one line, and the function that does it."""

    line: str
    run: Callable[[list[str]], None]


VERBS: dict[str, Verb] = {}


def verb(name: str, line: str) -> Callable[[Callable[[list[str]], None]], Callable[[list[str]], None]]:
    def register(run: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
        VERBS[name] = Verb(line, run)
        return run

    return register


def say(words: str) -> None:
    bold = sys.stdout.isatty() and os.name != "nt" and "NO_COLOR" not in os.environ
    print(f"\033[1m> {words}\033[0m" if bold else f"> {words}", flush=True)


def fail(words: str, code: int = 1) -> NoReturn:
    print(f"tasks.py: {words}", file=sys.stderr, flush=True)
    raise SystemExit(code)


def call(*command: str | Path, cwd: Path = ROOT, accept: tuple[int, ...] = (0,)) -> int:
    """Run a command and stop with its exit code unless that code is accepted."""
    # Bytecode is kept whatever the user's Python does: else each verb compiles a thousand files again.
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": ""}
    code = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False).returncode
    if code not in accept:
        raise SystemExit(code if code > 0 else 1)
    return code


# --- the environment -------------------------------------------------------------------------------------


def fingerprint(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(b"%d:" % len(content) + content)
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def environment() -> None:
    """Build .venv from requirements.lock, or return at once when its stamp says that it is current."""
    wanted = fingerprint(ROOT / "requirements.lock", ROOT / "pyproject.toml")
    if PYTHON.exists() and is_current(STAMP, wanted):
        return
    if not PYTHON.exists():
        create_environment()
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    say("Installing the packages of requirements.lock (the first time takes some minutes)")
    call(*pip, "--require-hashes", "-r", "requirements.lock")
    # --require-hashes refuses editable members, and build isolation would need the network.
    say("Installing the project itself")
    call(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    # Where Python may not write bytecode itself, every start would compile five hundred files again.
    call(PYTHON, "-m", "compileall", "-q", *ROOMS)
    STAMP.write_text(wanted, encoding="utf-8")


def create_environment() -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        fail(
            f"this Python has no {' and no '.join(missing)}, so it cannot build an environment. "
            "On Debian and Ubuntu: apt-get install python3-venv"
        )
    say(f"Building .venv with Python {sys.version.split()[0]}")
    call(sys.executable, "-m", "venv", "--clear", VENV)


def script(name: str) -> Path:
    environment()
    return BIN / f"{name}{EXE}"


def python(*arguments: str, accept: tuple[int, ...] = (0,)) -> int:
    environment()
    return call(PYTHON, *arguments, accept=accept)


def built(what: str, *places: str) -> None:
    """Stop with exit code 2 unless one of the places is there: a verb never pretends."""
    if not any((ROOT / place).exists() for place in places):
        fail(f"{what}: not built yet (looked for {', '.join(places)})", NOT_BUILT)


def tool(name: str, advice: str) -> str:
    found = shutil.which(name)
    if found is None:
        fail(f"{name} is needed and was not found. {advice}")
    return found


# --- the verbs -------------------------------------------------------------------------------------------


@verb("setup", "build the environment in .venv from requirements.lock")
def setup(_: list[str]) -> None:
    environment()
    say("The environment is ready")


@verb("demo", "play one case from notification to certificate and print it")
def demo(arguments: list[str]) -> None:
    pic("demo", arguments)


@verb("up", "run the whole exchange in this terminal, without Kafka or PostgreSQL")
def up(arguments: list[str]) -> None:
    pic("up", arguments)


def pic(command: str, arguments: list[str]) -> None:
    built(f"pic {command}", "exchange/src/pic_exchange/cli.py", "exchange/src/pic_exchange/cli")
    call(script("pic"), command, *arguments)


@verb(
    "test",
    "run the tests; with ARGS only those (test-slow, faults, fuzz and browser are verbs of their own)",
)
def test(arguments: list[str]) -> None:
    if arguments:
        python("-m", "pytest", *arguments)
        return
    two_passes(f"not {SLOW}")


@verb("test-slow", "run the tests that play whole stories: crashes, rules switched off, guides, the stack")
def whole_stories(_: list[str]) -> None:
    with an_exchange_outside():
        two_passes(SLOW)


@contextmanager
def an_exchange_outside() -> Iterator[None]:
    """For tests of what a tester has: an exchange that no test started. One that is named is left alone."""
    if OUTSIDE in os.environ:
        yield
        return
    environment()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ[OUTSIDE], os.environ[OUTSIDE_SECRET] = f"http://127.0.0.1:{port}", secrets.token_urlsafe(16)
    env = {**os.environ, "PIC_OPERATOR_SECRET": os.environ[OUTSIDE_SECRET]}
    with tempfile.TemporaryDirectory(prefix="pic-outside-", ignore_cleanup_errors=True) as folder:
        command = [script("pic"), "up", "--port", str(port), "--data", folder]
        say(f"An exchange for the tests that start none: {os.environ[OUTSIDE]}")
        running = subprocess.Popen(
            [str(one) for one in command], cwd=folder, env=env, stdout=subprocess.DEVNULL
        )
        try:
            wait_until_ready(os.environ[OUTSIDE], running)
            yield
        finally:
            running.terminate()
            running.wait()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return
        time.sleep(0.2)
    fail(f"the exchange for the tests did not start at {url}")


def two_passes(which: str) -> NoReturn:
    rooms = [f"--ignore=tests/{room}" for room in SLOW_ROOMS]
    say("Tests that need no server, two at a time")
    without = f"({which}) and not kafka and not postgres"
    first = pytest_pass("-n", "2", "--dist", "worksteal", "-m", without, *rooms)
    # Two brokers would starve a small machine, so those on one stay together; a stack fills it by itself.
    at_once = () if which == SLOW else ("-n", "2", "--dist", "loadgroup")
    say(f"Tests on Kafka and PostgreSQL, {'those on Kafka ' if at_once else ''}one at a time")
    second = pytest_pass(*at_once, "-m", f"({which}) and (kafka or postgres)", *rooms)
    raise SystemExit(first or second)


def pytest_pass(*arguments: str) -> int:
    code = python("-m", "pytest", *arguments, accept=tuple(range(256)))
    return 0 if code == NO_TESTS_COLLECTED else code


@verb("lint", "check style and format with ruff")
def lint(_: list[str]) -> None:
    call(script("ruff"), "check", ".")
    call(script("ruff"), "format", "--check", ".")


@verb("types", "check types with mypy, strict")
def types(arguments: list[str]) -> None:
    call(script("mypy"), *arguments)


@verb("walls", "check that no room imports what it must not know")
def walls(_: list[str]) -> None:
    call(script("lint-imports"))


@verb(
    "schemas",
    "generate the contract's files, pages of docs and the scenarios' schema (ARGS=--check: only compare)",
)
def schemas(arguments: list[str]) -> None:
    built("the generator", "schemas/src/pic_schemas/generate.py", "schemas/src/pic_schemas/generate")
    python("-m", "pic_schemas.generate", *arguments)
    python("-m", "pic_law.generate", *arguments)
    python("-m", "pic_replay.generate", *arguments)
    python("-m", "pic_exchange.diagrams", *arguments)


@verb("asyncapi", "check schemas/asyncapi.yaml with the AsyncAPI parser (needs Node.js and npm)")
def asyncapi(_: list[str]) -> None:
    node_check("schemas/check-asyncapi", "../asyncapi.yaml")


@verb("compose", "check docker-compose.yml against the Compose Specification (needs Node.js and npm)")
def compose(_: list[str]) -> None:
    node_check("deploy/check-compose", "../../docker-compose.yml")


def node_check(place: str, file: str) -> None:
    """Run `check.mjs` of a folder on a file, with the packages of its package.json installed beside it."""
    built(place, f"{place}/check.mjs")
    advice = "Install Node.js 18 or newer; on Debian: apt-get install nodejs npm"
    node, npm = tool("node", advice), tool("npm", advice)
    folder = ROOT / place
    stamp, wanted = folder / "node_modules" / ".pic-stamp", fingerprint(folder / "package.json")
    if not is_current(stamp, wanted):
        say(f"Installing the packages of {place}")
        call(npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)
        stamp.write_text(wanted, encoding="utf-8")
    call(node, "check.mjs", file, cwd=folder)


@verb("stack", "start the exchange in the background; returns when it answers")
def stack(arguments: list[str]) -> None:
    built("the stack", "exchange/src/pic_exchange/stack.py", "exchange/src/pic_exchange/stack")
    python("-m", "pic_exchange.stack", "start", *arguments)


@verb("stack-down", "stop what `stack` started")
def stack_down(arguments: list[str]) -> None:
    built("the stack", "exchange/src/pic_exchange/stack.py", "exchange/src/pic_exchange/stack")
    python("-m", "pic_exchange.stack", "stop", *arguments)


@verb("faults", "kill, cut and restart services in the middle of cases")
def faults(arguments: list[str]) -> None:
    slow_room("faults", arguments)


@verb("fuzz", "send generated requests to every operation of the API")
def fuzz(arguments: list[str]) -> None:
    slow_room("fuzz", arguments)


@verb("browser", "walk through the console in Chromium")
def browser(arguments: list[str]) -> None:
    slow_room("browser", arguments)


def slow_room(room: str, arguments: list[str]) -> None:
    built(room, f"tests/{room}")
    python("-m", "pytest", f"tests/{room}", *arguments)


@verb("bench", "measure the limits against bare endpoints on this machine")
def bench(arguments: list[str]) -> None:
    built("the benchmarks", "bench/__main__.py")
    python("-m", "bench", *arguments)


@verb("bench-quick", "the same measurements, smaller and rougher")
def bench_quick(arguments: list[str]) -> None:
    bench(["--quick", *arguments])


@verb("bench-year", "a share of the world's year through all services (SHARE=0.01)")
def bench_year(arguments: list[str]) -> None:
    bench(["year", "--share", os.environ.get("SHARE", "0.01"), *arguments])


@verb("lock", "pin every dependency with its hashes in requirements.lock (needs uv)")
def lock(_: list[str]) -> None:
    uv = tool("uv", "It is only needed to change dependencies: pip install uv")
    call(
        *(uv, "pip", "compile", "pyproject.toml", "--extra", "dev", "--universal", "--generate-hashes"),
        *("--no-emit-index-url", "--python-version", "3.11", "-q", "-o", "requirements.lock"),
    )


@verb("clean", "remove .venv, caches, node_modules and .pic (with its local databases)")
def clean(_: list[str]) -> None:
    for name in REMADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in list(ROOT.rglob("__pycache__")):
        shutil.rmtree(folder, ignore_errors=True)


# --- the command line ------------------------------------------------------------------------------------


def listing() -> str:
    lines = [f"  {name:<12} {entry.line}" for name, entry in VERBS.items()]
    return "\n".join(["python3 tasks.py <verb> [arguments], or make <verb> [ARGS=...]", "", *lines])


def main(arguments: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the reader of this message runs an older Python
        fail(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]} ({sys.executable})")
    if not arguments or arguments[0] in ("-h", "--help", "help", "list"):
        print(listing())
        return
    name, *rest = arguments
    if name not in VERBS:
        fail(f"there is no verb {name!r}\n\n{listing()}", NOT_BUILT)
    VERBS[name].run(rest)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(130) from None

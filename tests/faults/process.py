"""A service under test: the product's own process, with points to die at, a skewed clock, or a rule off."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

FOLDER, RULE_OFF = "PIC_TEST_FOLDER", "PIC_TEST_RULE_OFF"
POINTS = ("before-commit", "after-commit", "after-publish", "between-database-and-offset")


def armed(folder: Path, name: str, point: str) -> Path:
    """The file whose presence makes process `name` die at this point; it holds how many times."""
    return folder / "armed" / name / point


def main() -> None:
    folder, name = Path(os.environ[FOLDER]), os.environ["PIC_GROUP_INSTANCE"]
    skew = folder / f"{name}.skew"
    if skew.exists():
        _skew(float(skew.read_text()))
    if rule := os.environ.get(RULE_OFF):
        from tests.faults.rules_off import RULES_OFF

        RULES_OFF[rule]()
    _lay_points(lambda point: _die(armed(folder, name, point)))
    from pic_exchange.cli import app

    sys.argv = ["pic", "serve", *sys.argv[1:]]
    app()


def _die(file: Path) -> None:
    if not file.exists():
        return
    left = int(file.read_text()) - 1
    if left:
        file.write_text(str(left))
    else:
        file.unlink()
    os.kill(os.getpid(), signal.SIGKILL)


def _lay_points(die: Callable[[str], None]) -> None:
    from pic_kit.bus.kafka import KafkaBus
    from pic_kit.bus.kafka_group import KafkaSubscription
    from pic_kit.database import Database
    from pic_kit.runtime import Runtime

    commit, publish, write, writing = (
        KafkaSubscription.commit,
        KafkaBus.publish,
        Runtime._write_once,
        Database.writing,
    )

    async def dying_commit(self: Any, *place: Any) -> None:
        die("between-database-and-offset")
        await commit(self, *place)

    async def dying_publish(self: Any, records: Any) -> Any:
        found = await publish(self, records)
        die("after-publish")
        return found

    async def dying_write(self: Any, *work: Any, **how: Any) -> Any:
        found = await write(self, *work, **how)
        die("after-commit")
        return found

    @asynccontextmanager
    async def dying_writing(self: Any) -> Any:
        async with writing(self) as connection:
            yield connection
            die("before-commit")

    KafkaSubscription.commit = dying_commit  # type: ignore[method-assign]
    KafkaBus.publish = dying_publish  # type: ignore[method-assign]
    Runtime._write_once = dying_write  # type: ignore[method-assign]
    Database.writing = dying_writing  # type: ignore[method-assign,assignment]


def _skew(seconds: float) -> None:
    """Every module that reads the wall clock reads it wrong by this much."""
    import pic_kit.clock

    right = pic_kit.clock.wall_clock
    pic_kit.clock.wall_clock = lambda: right() + timedelta(seconds=seconds)
    structlog.get_logger("faults").warning("clock is wrong", seconds=seconds)


if __name__ == "__main__":
    main()

"""No code reads the wall clock but the clock itself and what runs outside every world."""

import ast

from tests.house.source_files import Source, sources

WALL_CLOCK = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}
OUTSIDE_EVERY_WORLD = ("kit/src/pic_kit/clock.py", "exchange/", "tests/", "bench/", "deploy/", "tasks.py")


def wall_clock_calls(source: Source) -> list[str]:
    return [
        f"{source.at(node)} {dotted(node.func)}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ".".join(dotted(node.func).split(".")[-2:]) in WALL_CLOCK
    ]


def dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Attribute) else ""


def test_a_reading_of_the_wall_clock_is_recognised() -> None:
    text = "import datetime, time\na = datetime.datetime.now()\nb = time.time()\nc = clock.now()\n"
    assert len(wall_clock_calls(Source("example.py", text, ast.parse(text)))) == 2


def test_time_comes_from_the_clock_of_the_world() -> None:
    inside = [source for source in sources() if not source.path.startswith(OUTSIDE_EVERY_WORLD)]
    assert [call for source in inside for call in wall_clock_calls(source)] == []

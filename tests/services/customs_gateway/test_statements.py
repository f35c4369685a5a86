"""What a decision at the border costs, counted in statements rather than in seconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.services.customs_gateway.border import Border

TABLES = ("registry", "declarations", "traces", "streams", "outbox", "answers")


async def test_a_decision_reads_five_times_and_writes_each_table_once(border: Border) -> None:
    await border.ready()
    await border.get("/v1/declarations")  # heard all of it
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = await border.lodge()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert answer.json()["outcome"] == "released"
    # Until the answer is stored: then the relay wakes. Before it the request waits for its position.
    seen = seen[: 1 + next(n for n, one in enumerate(seen) if one.startswith("INSERT INTO answers"))]
    reads = [one for one in seen if one.startswith("SELECT") and "heard.last FROM heard" not in one[:40]]
    # World and stored answer; entry; what was read and waits; parties and load; what selects a load.
    assert len([one for one in reads if "worlds.mode =" not in one]) == 5
    written = [one.removeprefix("INSERT INTO ").removeprefix("UPDATE ").split()[0] for one in seen]
    assert sorted(set(written) - {"SELECT"}) == sorted(TABLES)
    assert len(written) - written.count("SELECT") == len(TABLES)


async def test_hearing_its_own_decision_leaves_the_entry_to_the_next_load(border: Border) -> None:
    """The entry says it already; locked, it would keep the next declaration of the case waiting."""
    await border.ready()
    await border.get("/v1/declarations")  # heard all of it
    consumer, seen = border.app.state.runtime.consumer, list[str]()
    before = consumer.read

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert (await border.lodge()).json()["outcome"] == "released"
        async with consumer.progress:
            await consumer.progress.wait_for(lambda: consumer.read >= before + 2)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    answered = next(n for n, one in enumerate(seen) if one.startswith("INSERT INTO answers"))
    assert [one for one in seen[answered:] if "heard" in one] != []
    assert [one for one in seen[answered:] if "registry" in one] == []

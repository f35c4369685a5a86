"""The page of state machines is what the tables say."""

from __future__ import annotations

from pathlib import Path

from notifier.domain.life import LIFE, State
from pic_exchange.diagrams import MACHINES, drifted, page


def test_the_page_in_the_repository_is_what_the_tables_say() -> None:
    assert not drifted()


def test_a_page_that_tells_something_else_has_drifted(tmp_path: Path) -> None:
    file = tmp_path / "states.md"
    file.write_text(page().replace("SUBMITTED --> CARRIED_OUT", "SUBMITTED --> TRANSMITTED"))
    assert drifted(file)


def test_every_state_of_a_notification_is_drawn_and_every_act_is_listed() -> None:
    drawn = {state for arrow in MACHINES["A notification"]() for state in (arrow.before, arrow.after)}
    assert drawn == set(State)
    assert all(f"| {step.act} |" in page() for step in LIFE)

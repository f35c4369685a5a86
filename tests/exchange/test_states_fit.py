"""A server refuses what is longer than its column; SQLite does not, so a laptop's tests would not see it."""

from __future__ import annotations

import pytest
from sqlalchemy import Column

import customs_gateway.domain.declaration
import customs_gateway.tables
import notifier.domain.life
import notifier.tables


@pytest.mark.parametrize(
    ("column", "states"),
    [
        (notifier.tables.notifications.c.state, notifier.domain.life.State),
        (
            customs_gateway.tables.metadata.tables["declarations"].c.state,
            customs_gateway.domain.declaration.State,
        ),
    ],
    ids=["notification", "declaration"],
)
def test_every_state_of_a_machine_fits_its_column(column: Column[str], states: type[str]) -> None:
    assert max(len(str(state)) for state in states) <= column.type.length  # type: ignore[attr-defined]

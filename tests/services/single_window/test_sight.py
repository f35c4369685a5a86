"""What a company sees of a load that customs look into."""

from __future__ import annotations

from single_window.domain.sight import among_officials, as_seen_by
from single_window.domain.timeline import timeline
from tests.services.single_window.story import file_of
from tests.services.single_window.test_loads_at_the_border import DIRTY, told


def test_a_company_sees_neither_inspections_nor_what_follows_from_them() -> None:
    events = told(*DIRTY)
    case = file_of(events)
    seen, shown = as_seen_by(case, events, ["company:MY-POLYMER"])
    assert [event.type for event in events if event not in shown] == [
        event.type for event in events if among_officials(event)
    ]
    assert len(shown) < len(events)
    assert (seen.illegal_traffic, seen.remedies) == (None, {})
    assert all(entry.inspections == [] for entry in seen.declarations.values())


def test_a_company_sees_neither_the_channel_nor_what_speaks_for_it() -> None:
    events = told(*DIRTY)
    case = file_of(events)
    (official,) = case.declarations.values()
    assert official.channel is not None
    assert [one.id for one in official.channel.indicators] == ["RI13", "RI17", "RI19", "RI20"]
    seen, shown = as_seen_by(case, events, ["company:MY-POLYMER"])
    assert all(entry.channel is None for entry in seen.declarations.values())
    told_to_it = str([event.data for event in shown]) + str(timeline(shown))
    assert "RI1" not in told_to_it
    assert "selected" not in told_to_it


def test_officials_and_observers_see_the_whole_case() -> None:
    events = told(*DIRTY)
    case = file_of(events)
    assert as_seen_by(case, events, ["state:MY"]) == (case, events)
    assert as_seen_by(case, events, None) == (case, events)

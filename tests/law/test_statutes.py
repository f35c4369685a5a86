"""A statute file with a hole, an overlap or a dangling name never gets as far as a decision."""

import subprocess
import sys
from datetime import date

import pytest

from pic_law import library
from pic_law.dated import Entry, Timelines
from pic_law.duties import Duty, profiles
from pic_law.errors import LawError, UnknownLaw
from pic_law.rules import rule, rules
from pic_law.startup import read_every_statute


class Named(Entry):
    name: str = "x"


def span(first: str | None, last: str | None) -> Named:
    day = date.fromisoformat
    return Named(
        source="test",
        verified=True,
        valid_from=day(first) if first else None,
        valid_to=day(last) if last else None,
    )


def timeline(*entries: Named) -> Timelines[Named]:
    return Timelines(entries, lambda entry: entry.name, "test.yaml")


def test_every_statute_file_can_be_read() -> None:
    read_every_statute()


def test_entries_that_follow_each_other_day_by_day_are_read() -> None:
    line = timeline(span("2020-01-01", None), span(None, "2019-12-31"))
    assert line.on("x", date(2019, 12, 31)) == span(None, "2019-12-31")
    assert line.on("x", date(2020, 1, 1)) == span("2020-01-01", None)
    assert line.on("y", date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("second", "said"),
    [("2020-01-03", "hole"), ("2020-01-01", "overlap"), ("2019-06-01", "overlap")],
)
def test_a_hole_and_an_overlap_stop_the_start(second: str, said: str) -> None:
    with pytest.raises(LawError, match=f"test.yaml: x: {said}"):
        timeline(span(None, "2020-01-01"), span(second, None))


def test_an_open_end_followed_by_another_entry_is_an_overlap() -> None:
    with pytest.raises(LawError, match="overlap"):
        timeline(span(None, None), span("2020-01-01", None))


def test_an_entry_that_ends_before_it_starts_stops_the_start() -> None:
    with pytest.raises(LawError, match="ends on 2019-01-01"):
        timeline(span("2020-01-01", "2019-01-01"))


def test_an_entry_without_source_names_file_and_place() -> None:
    with pytest.raises(LawError, match=r"(?s)rules.yaml: rules\[3\].*source"):
        library.entry(Named, {"verified": True}, "rules.yaml: rules[3]")


def test_a_key_that_stands_twice_stops_the_start() -> None:
    with pytest.raises(LawError, match=r"broken.yaml: line 1: stands twice: \['a'\]"):
        library.parse("{a: 1, a: 2}", "broken.yaml")


def test_norway_is_a_country_and_not_a_truth_value() -> None:
    assert library.parse("{iso: NO, known: true}", "x.yaml") == {"iso": "NO", "known": True}


def test_an_amount_without_a_unit_stops_the_start() -> None:
    with pytest.raises(LawError, match="an amount needs a unit"):
        library.entry(
            Duty, {"id": "d", "profile": "P", "source": "s", "verified": True, "amount": 3}, "x.yaml"
        )


def test_every_duty_says_where_it_stands() -> None:
    duties = [duty for profile in profiles().values() for duty in profile.duties.values()]
    assert [duty.rule for duty in duties if not duty.source or not duty.article] == []
    assert len(duties) > 100


def test_every_rule_says_where_it_stands() -> None:
    assert [item.id for item in rules().values() if not item.source or not item.article] == []


def test_a_finding_carries_the_rule_and_its_source() -> None:
    found = rule("CONTRACT_NOT_CONFIRMED").finding("/contract", "not yet confirmed")
    assert (found.rule, found.article, found.pointer) == (
        "CONTRACT_NOT_CONFIRMED",
        "Art. 6(3)(b)",
        "/contract",
    )
    assert found.source == "Basel Convention"


def test_a_refusal_is_of_the_kind_of_its_rule() -> None:
    assert rule("SEAT_FORBIDS").refused("", "customs").status == 403
    assert rule("STATE_FORBIDS").refused("", "closed").status == 409


def test_an_unknown_rule_is_a_fault_of_ours() -> None:
    with pytest.raises(UnknownLaw, match="NO_SUCH_RULE"):
        rule("NO_SUCH_RULE")


def test_the_border_checks_are_all_there() -> None:
    assert [f"CH{number:02}" for number in range(1, 25) if f"CH{number:02}" not in rules()] == []


def test_nothing_is_read_before_it_is_asked_for() -> None:
    # A laptop's start pays only for what it uses.
    code = "import pic_law.rules as r, pic_law.duties as d; print(r.rules.cache_info().misses)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"

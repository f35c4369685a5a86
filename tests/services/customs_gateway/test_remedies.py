"""A movement that failed, act by act: who orders, who may oppose, when it ends, and what the clock adds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customs_gateway.domain.failure import Failure, make_known
from customs_gateway.domain.remedy import Remedy, Stage, opened
from pic_law.remedies import measures, open_for
from pic_schemas.address import Address, Role
from pic_schemas.refusal import Refused
from tests.services.customs_gateway import story

NOW = story.CLEARED_AT
TODAY = NOW.date()
CA = Address("CA", Role.COMPETENT_AUTHORITY, "CA001")
BE = Address("BE", Role.COMPETENT_AUTHORITY, "BE001")


def failed(*letters: Any, conduct_of: Any = None, net_kg: int | None = None) -> Remedy:
    entry = story.ready()
    entry.movements[1].quantity_kg = 25_000
    said = make_known("r1", entry, Failure(1, "Wet", letters, conduct_of, net_kg), NOW)
    return opened(story.WORLD, story.CASE, said)


def refused(act: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as found:
        act(*arguments)
    return str(found.value.findings[0].rule)


@pytest.mark.parametrize(
    ("letters", "conduct_of", "duty_of", "days"),
    [
        ((), None, "CA", 90),
        (("d",), "exporter-or-generator", "CA", 30),
        (("e",), "importer-or-disposer", "BE", 30),
        (("d",), "not-assignable", None, None),
    ],
)
def test_who_owes_what_by_when_follows_from_whose_doing_it_was(
    letters: Any, conduct_of: Any, duty_of: str | None, days: int | None
) -> None:
    found = failed(*letters, conduct_of=conduct_of)
    assert found.duty_of == duty_of
    assert found.due_on == (TODAY + timedelta(days=days) if days else None)


@pytest.mark.parametrize(
    ("letter", "presumed"),
    [("b", "exporter-or-generator"), ("c", None), ("d", None), ("e", None)],
)
@pytest.mark.parametrize("said", [None, "exporter-or-generator", "importer-or-disposer", "not-assignable"])
def test_the_letter_presumes_whose_doing_it_was_and_the_office_may_say_otherwise(
    letter: Any, presumed: str | None, said: Any
) -> None:
    if (said or presumed) is None:
        assert refused(lambda: failed(letter)) == "ILLEGAL_GROUND"
    else:
        assert failed(letter, conduct_of=said).cause == (said or presumed)


def test_what_was_notified_is_not_illegal_for_want_of_a_notification() -> None:
    with pytest.raises(Refused) as found:
        failed("b", "a")
    assert [(one.rule, one.pointer) for one in found.value.findings] == [
        ("ILLEGAL_GROUND", "/art9_letters/1")
    ]


@pytest.mark.parametrize(
    ("letters", "conduct_of", "rule"),
    [((), "exporter-or-generator", "ILLEGAL_GROUND"), (("d",), None, "ILLEGAL_GROUND")],
)
def test_conduct_is_said_for_illegal_traffic_and_for_nothing_else(
    letters: Any, conduct_of: Any, rule: str
) -> None:
    assert refused(lambda: failed(*letters, conduct_of=conduct_of)) == rule


@pytest.mark.parametrize("one", measures(), ids=lambda one: one.id)
def test_a_measure_is_ordered_by_the_state_that_the_law_names_and_opposed_only_where_it_may_be(
    one: Any,
) -> None:
    cause = one.causes[0]
    letters = () if cause == "not-completed" else ("d",)
    found = failed(*letters, conduct_of=None if cause == "not-completed" else cause)
    orders, other = {"export": (CA, BE), "import": (BE, CA), None: (CA, None)}[one.role]
    if other is not None:
        assert refused(found.order, other, one.id, "Why", None, TODAY) == "SEAT_FORBIDS"
    assert found.stage is Stage.OPENED
    found.order(orders, one.id, "Why", None, TODAY)
    if one.opposable:
        found.oppose("Not so", TODAY)
        assert (found.stage, found.measure) == (Stage.OPENED, None)
    else:
        assert refused(found.oppose, "Not so", TODAY) == "RETURN_NOT_OPPOSED"
        assert found.stage is Stage.ORDERED


def test_a_measure_of_another_cause_is_not_open_and_those_that_are_stand_in_the_answer() -> None:
    found = failed()
    with pytest.raises(Refused) as refusal:
        found.order(BE, "dispose-in-import-state", "Why", None, TODAY)
    assert refusal.value.findings[0].rule == "MEASURE_NOT_OPEN"
    assert all(one.id in refusal.value.findings[0].detail for one in open_for("not-completed"))


def test_what_is_taken_back_ends_after_it_has_left_and_only_where_it_was_ordered() -> None:
    found = failed()
    assert refused(found.complete, CA, TODAY, "Montreal", 0, TODAY) == "STATE_FORBIDS"
    found.order(CA, "take-back", "Wet", None, TODAY)
    assert refused(found.complete, CA, TODAY, "Montreal", 0, TODAY) == "STATE_FORBIDS"
    assert refused(found.depart, TODAY - timedelta(days=1), TODAY) == "DATES_IMPOSSIBLE"
    found.depart(TODAY, TODAY)
    assert refused(found.complete, BE, TODAY, "Montreal", 0, TODAY) == "SEAT_FORBIDS"
    said = found.complete(CA, TODAY, "Montreal", 25_000, TODAY)
    assert (said.outcome, found.stage) == ("TAKEN_BACK", Stage.COMPLETED)
    assert refused(found.order, CA, "take-back", "Again", None, TODAY) == "STATE_FORBIDS"


@pytest.mark.parametrize(("by", "credited"), [(CA, 7_001), (BE, 1)])
def test_quantity_is_given_back_by_the_state_of_export_alone_and_at_most_what_failed(
    by: Address, credited: int
) -> None:
    found = failed("d", conduct_of="not-assignable", net_kg=7_000)
    found.order(CA, "cooperate", "Half the cost each", None, TODAY)
    assert refused(found.complete, by, TODAY, "Antwerp", credited, TODAY) == "QUANTITY_EXCEEDED"
    assert found.complete(CA, TODAY, "Antwerp", 7_000, TODAY).credited_kg == 7_000


def test_the_clock_counts_and_decides_nothing() -> None:
    overdue, together = failed(), failed("d", conduct_of="not-assignable")
    for month in (1, 2):
        assert (overdue.escalate(TODAY).times, together.escalate(TODAY).times) == (month, month)
    assert (overdue.overdue, together.overdue) == (True, False)
    assert overdue.stage is together.stage is Stage.OPENED


def test_what_another_gateway_said_is_applied_once() -> None:
    here, there = failed(), failed()
    acts = (
        (here.hear_order, there.order(CA, "take-back", "Wet", None, TODAY)),
        (here.hear_departure, there.depart(TODAY, TODAY)),
        (here.hear_escalation, there.escalate(date(2026, 10, 18))),
        (here.hear_completion, there.complete(CA, TODAY, "Montreal", 0, TODAY)),
    )
    for _ in range(2):
        for hear, said in acts:
            hear(said)  # type: ignore[operator]
        assert here == there

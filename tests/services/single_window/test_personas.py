"""Who plays a seat that nobody sits on: what they do on which day, and who sits there instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from single_window.domain.personas import FOREVER, PATIENCE, Cast, PersonaUnreadable, Plan, read_personas
from single_window.domain.tasks import Task
from single_window.personas.acts import ACTS, USUAL
from single_window.playing import known_personas

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BELGIUM, CANADA = "BE/competent-authority/BE001", "CA/competent-authority/CA001"
PERSONAS = known_personas()
NAMES = ["prompt", "slow", "strict", "forgetful", "objecting", "asking", "silent"]


def task(kind: str = "decision.taken", seat: str = BELGIUM, case: str = "c1", **more: Any) -> Task:
    wanted: dict[str, Any] = {
        "id": f"{case}:{kind}:{seat}",
        "kind": kind,
        "sentence": "",
        "case": case,
        "number": "CA 0000 000001",
        "seat": seat,
        "shipment": None,
        "due_at": None,
        "days_left": None,
        "overdue": False,
        "article": "",
    }
    return Task(**(wanted | more))


def planned(cast: Cast, *tasks: Task, now: datetime = NOW) -> list[Plan]:
    cast.look(tasks, PERSONAS, now)
    return list(cast.plans.values())


def test_there_are_the_personas_that_the_guide_names() -> None:
    assert list(PERSONAS) == NAMES
    assert all(persona.about for persona in PERSONAS.values())


def test_every_usual_act_can_be_done() -> None:
    assert set(USUAL.values()) <= set(ACTS)


def test_the_prompt_one_acts_on_the_day_and_the_slow_one_weeks_later() -> None:
    (at_once,) = planned(Cast("w", others="prompt"), task())
    assert at_once.due_at == NOW
    (later,) = planned(Cast("w", others="slow"), task())
    assert timedelta(days=18) <= later.due_at - NOW <= timedelta(days=25)


def test_a_task_gets_its_day_once() -> None:
    cast = Cast("w", others="slow")
    (first,) = planned(cast, task())
    (again,) = planned(cast, task(), now=NOW + timedelta(days=3))
    assert again.due_at == first.due_at


def test_the_same_seed_draws_the_same_day_whatever_id_the_case_has() -> None:
    days = {planned(Cast("w", seed=7, others="forgetful"), task(case=case))[0].due_at for case in "abcdef"}
    assert len(days) == 1
    other = {planned(Cast("w", seed=seed, others="forgetful"), task())[0].due_at for seed in range(20)}
    assert len(other) > 5


def test_nobody_plays_a_seat_that_is_taken() -> None:
    cast = Cast("w", others="prompt", taken=[BELGIUM])
    assert [plan.seat for plan in planned(cast, task(), task(seat=CANADA))] == [CANADA]


def test_who_sits_down_makes_the_persona_forget_and_who_stands_up_lets_it_begin_anew() -> None:
    cast = Cast("w", seats={BELGIUM: "slow"})
    (before,) = planned(cast, task())
    cast.take(BELGIUM)
    assert planned(cast, task()) == []
    later = NOW + timedelta(days=40)
    cast.hand_back(BELGIUM, None)
    (after,) = planned(cast, task(), now=later)
    assert after.due_at - later == before.due_at - NOW
    cast.hand_back(BELGIUM, "prompt")
    assert cast.player(BELGIUM) == "prompt"


def test_what_is_gone_from_the_desk_is_forgotten() -> None:
    cast = Cast("w", others="prompt")
    planned(cast, task())
    assert planned(cast) == []
    assert cast.next_due() is None


def test_the_one_who_asks_asks_first_and_decides_days_after() -> None:
    cast, persona = Cast("w", others="asking"), PERSONAS["asking"]
    (plan,) = planned(cast, task())
    assert persona.habit(plan.kind).acts[plan.step] == "ask"
    assert plan.due_at == NOW + timedelta(days=3)
    asked_on = plan.due_at
    cast.done(plan, "ask", persona, asked_on)
    assert persona.habit(plan.kind).acts[plan.step] == "usual"
    assert timedelta(days=8) <= plan.due_at - asked_on <= timedelta(days=12)
    cast.done(plan, "consent", persona, plan.due_at)
    assert plan.due_at == FOREVER, "after the last act there is nothing more to do"


def test_the_silent_one_acknowledges_and_does_nothing_else() -> None:
    cast = Cast("w", others="silent")
    acknowledging, deciding = planned(cast, task("notification.acknowledged"), task())
    assert acknowledging.due_at < FOREVER
    assert deciding.due_at == FOREVER
    assert cast.next_due() == acknowledging.due_at


def test_what_is_refused_is_tried_again_from_day_to_day_and_not_for_ever() -> None:
    cast = Cast("w", others="prompt")
    (plan,) = planned(cast, task())
    for day in range(1, PATIENCE):
        cast.postpone(plan, "too early", plan.due_at)
        assert plan.due_at == NOW + timedelta(days=day)
    cast.postpone(plan, "too early", plan.due_at)
    assert (plan.due_at, plan.told) == (FOREVER, "too early")


def test_a_load_is_not_declared_before_the_day_for_which_it_was_announced() -> None:
    announced = datetime(2026, 6, 8, 23, 59, 59, tzinfo=UTC)
    (plan,) = planned(Cast("w", others="prompt"), task("declaration.lodged", due_at=announced))
    assert plan.due_at == datetime(2026, 6, 8, tzinfo=UTC)


def test_what_is_due_is_done_in_an_order_that_two_runs_share() -> None:
    sent = task(seat=CANADA, kind="notification.transmitted")
    desk = [task("notification.acknowledged"), task("contract.confirmed")]
    orders = []
    for order in ([sent, *desk], [*desk, sent]):
        cast = Cast("w", others="prompt")
        planned(cast, *order)
        orders.append([plan.kind for plan in cast.due()])
    procedure = ["notification.acknowledged", "contract.confirmed", "notification.transmitted"]
    assert orders[0] == orders[1] == procedure


@pytest.mark.parametrize(
    ("always", "told"),
    [
        ("sometimes", "`never` or a list"),
        ([{"act": "dance"}], "no act 'dance'; there are acknowledge"),
        ([{"act": "usual", "after": [5, 2]}], "the first and the last"),
        ([{"act": "usual", "after": -1}], "the first and the last"),
    ],
)
def test_a_file_of_personas_that_nobody_can_play_stops_the_start(always: Any, told: str) -> None:
    with pytest.raises(PersonaUnreadable, match=told):
        read_personas([{"name": "odd", "about": "", "always": always}], ACTS)

"""What a case looks like from outside: states, verdicts, ledger, time line, tasks, digest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from uuid import uuid4

import pytest

from pic_schemas.address import Address
from pic_schemas.catalogue import CATALOGUE
from single_window.domain.cursor import Cursor, CursorOfALostLog, UnreadableCursor
from single_window.domain.digest import case_digest, world_digest
from single_window.domain.parties import parties_of
from single_window.domain.sentences import SENTENCES
from single_window.domain.tasks import in_order, tasks_of
from single_window.domain.timeline import timeline
from tests.services.single_window.story import example, file_of, story

NOW = datetime(2026, 6, 20, 8, tzinfo=UTC)


def told_until(kind: str) -> list[str]:
    types = [event.type for event in story()]
    return types[types.index(kind) + 1 :]


def test_the_happy_path_ends_closed_with_the_received_quantity_in_the_ledger() -> None:
    case = file_of(story())
    assert (case.state, case.number) == ("CLOSED", "CA 0000 000001")
    assert case.ledger.consumed_kg == case.ledger.received_kg == 24_900
    assert case.ledger.available_kg == 100
    assert case.movements[1].state == "COMPLETED"
    assert case.authorities["BE001"].conditions == ["Weighbridge ticket within one day of receipt"]


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ("pic.notification.drafted.v1", "DRAFT"),
        ("pic.notification.submitted.v1", "SUBMITTED"),
        ("pic.notification.carried-out.v1", "CARRIED_OUT"),
        ("pic.notification.transmitted.v1", "TRANSMITTED"),
        ("pic.notification.acknowledged.v1", "UNDER_DECISION"),
        ("pic.decision.taken.v1", "CONSENTED"),
        ("pic.notification.authorised.v1", "CONSENTED"),
    ],
)
def test_each_step_of_the_procedure_is_a_state(last: str, state: str) -> None:
    assert file_of(story(*told_until(last))).state == state


def test_consent_without_contract_confirmation_is_not_yet_consented() -> None:
    case = file_of(story("pic.contract.confirmed.v1", *told_until("pic.decision.taken.v1")))
    assert case.agreed
    assert case.state == "UNDER_DECISION"


def test_a_newer_decision_wins_in_any_order() -> None:
    until = story(*told_until("pic.decision.taken.v1"))
    objection = {"verdict": "objection", "version": 2, "conditions": [], "grounds": []}
    newer = example("pic.decision.taken.v1", 99, **objection)
    assert file_of([*until, newer]).state == "OBJECTED"
    assert file_of([*until[:-1], newer, until[-1]]).state == "OBJECTED"


def test_a_held_load_is_reserved_and_a_refused_one_is_free_again() -> None:
    until = story(*told_until("pic.declaration.lodged.v1"))
    identity = until[-1].data["declaration_id"]
    assert file_of(until).ledger.reserved_kg == 25_000
    refused = example("pic.customs.refused.v1", 99, declaration_id=identity)
    assert file_of([*until, refused]).ledger.available_kg == 25_000


def test_every_message_has_its_sentence() -> None:
    assert {kind.type for kind in SENTENCES} == set(CATALOGUE)
    entries = timeline(story())
    assert entries[9].summary.startswith("BE001 (import) consents with conditions, valid 2026-06-22")
    assert entries[9].why == "Article 9(1) (EU_2024)"
    assert all(entry.summary and entry.why for entry in entries)


@pytest.mark.parametrize(
    ("last", "seat", "sentences"),
    [
        ("pic.notification.drafted.v1", "CA/exporter/CA-PLASTIX", ["Complete the draft"]),
        ("pic.notification.drafted.v1", "CA/competent-authority/CA001", []),
        ("pic.notification.submitted.v1", "CA/competent-authority/CA001", ["Check notification"]),
        (
            "pic.notification.transmitted.v1",
            "BE/competent-authority/BE001",
            ["Acknowledge", "Confirm the con"],
        ),
        ("pic.notification.transmitted.v1", "BE/competent-authority/BE002", []),
        ("pic.contract.confirmed.v1", "BE/competent-authority/BE001", ["Decide on notification"]),
        ("pic.decision.taken.v1", "CA/competent-authority/CA001", ["Issue the authorisation"]),
        ("pic.notification.authorised.v1", "CA/exporter/CA-PLASTIX", ["Announce shipment 1 of 1"]),
        ("pic.movement.prenotified.v1", "CA/customs/CAMTR001", ["Expect shipment 1"]),
        ("pic.customs.released.v1", "CA/customs/CAMTR001", ["Confirm that shipment 1 has left"]),
        ("pic.customs.entered.v1", "BE/facility/BE-F7", ["Confirm receipt"]),
        ("pic.movement.received.v1", "BE/facility/BE-F7", ["Certify completion"]),
        ("pic.movement.completed.v1", "CA/competent-authority/CA001", ["Release the financial guarantee"]),
        ("pic.guarantee.released.v1", "CA/competent-authority/CA001", ["Close notification"]),
        ("pic.notification.closed.v1", "CA/competent-authority/CA001", []),
    ],
)
def test_each_seat_finds_what_waits_for_it(last: str, seat: str, sentences: list[str]) -> None:
    tasks = in_order(tasks_of(file_of(story(*told_until(last))), Address.parse(seat), NOW))
    assert len(tasks) == len(sentences), [task.sentence for task in tasks]
    assert all(task.sentence.startswith(start) for task, start in zip(tasks, sentences, strict=True))


def test_a_decision_that_is_late_is_overdue() -> None:
    case = file_of(story(*told_until("pic.contract.confirmed.v1")))
    seat = Address.parse("BE/competent-authority/BE001")
    (early,) = tasks_of(case, seat, NOW)
    assert (early.days_left, early.overdue, early.article) == (15, False, "Article 9(1) (EU_2024)")
    (late,) = tasks_of(case, seat, datetime(2026, 7, 7, tzinfo=UTC))
    assert (late.days_left, late.overdue) == (-2, True)


def test_two_runs_of_the_same_story_have_one_digest_whatever_their_ids() -> None:
    first = story()
    others = [event.model_copy(update={"id": uuid4(), "case": str(uuid4())}) for event in first]
    renamed = [
        event.model_copy(
            update={"data": event.data | {"declaration_id": f"other {event.data['declaration_id']}"}}
        )
        if "declaration_id" in event.data
        else event
        for event in others
    ]
    one, two = file_of(first), file_of(renamed)
    assert case_digest(one, first) == case_digest(two, renamed)
    digest = world_digest([(one, first)])
    assert list(digest.cases) == ["CA 0000 000001"]
    assert world_digest([(one, first[:-1])]) != digest


def test_a_state_sees_through_its_authorities_and_a_company_by_its_registration() -> None:
    assert parties_of("BE", "BE001", {"competent-authority"}) == ["state:BE"]
    assert parties_of("BE", "BE-F7", {"facility"}) == ["company:BE-F7"]
    assert parties_of("BE", "X", {"operator"}) == []
    assert parties_of("BE", "X", {"observer"}) is None


def test_a_cursor_is_the_same_after_writing_and_reading() -> None:
    random = Random(7)
    cursor = Cursor("ab12")
    for offset in range(50):
        (cursor.take if random.random() < 0.7 else cursor.skip)(("pic.cases", offset % 3), offset)
    cursor.take(("pic.cases", 0), 30)
    assert Cursor.read(str(cursor), [], "ab12").positions == cursor.positions


@pytest.mark.parametrize(
    "text", ["x", "ab12", "pic.cases-0:1", "ab12/pic.cases-0:1,", "ab12/pic.cases:4", "ab12/pic.cases-0:1~a"]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCursor):
        Cursor.read(text, [], "ab12")


def test_a_cursor_of_another_log_is_refused() -> None:
    with pytest.raises(CursorOfALostLog, match="begin again"):
        Cursor.read("cd34/pic.cases-0:1", [], "ab12")


def test_expected_completion_is_a_date() -> None:
    assert file_of(story()).movements[1].expected_completion == date(2026, 9, 15)

"""States that are not on the exchange: their letters count from their own day, and only with the letter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from notifier.domain import paper
from notifier.domain.actions import actions
from notifier.domain.changes import approve, request_change
from notifier.domain.notification import Notification, State
from notifier.domain.paper import Letter
from pic_law.desk import ON_PAPER, Act
from pic_law.ruling import GroundCited, Ruling
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import Condition, DecisionTaken, NotificationAcknowledged
from pic_schemas.refusal import Refused
from tests.services.notifier.desk import EXPORT_AUTHORITY, EXPORTER, IMPORT_AUTHORITY, Desk, open_desk
from tests.services.notifier.story import JUNE, rules_of
from tests.services.notifier.story import transmitted as story_transmitted
from tests.services.notifier.test_actions import EXPORT_AUTHORITY as EXPORT_SEAT
from tests.services.notifier.test_attachments import PDF, send
from tests.services.notifier.test_changes import AUGUST, ZEEBRUGGE, from_japan
from tests.services.notifier.test_desk import transmitted

PAPER = "s01-paper-notification"
DIGEST = sha256(PDF).hexdigest()
LETTER = Annex(block=20, kind="answer", sha256=DIGEST, media_type="application/pdf", size=len(PDF))
RECORDING = date(2026, 7, 6)


def asked_on_paper() -> Notification:
    notification = story_transmitted(PAPER)
    notification.attach(LETTER, EXPORT_SEAT, JUNE)
    return notification


def letter(day: date = date(2026, 6, 12), document: str | None = DIGEST, authority: str = "GB001") -> Letter:
    return Letter(authority, day, document)


def ruling(verdict: Act = Act.CONSENT) -> Ruling:
    grounds = (GroundCited("j"),) if verdict is Act.OBJECTION else ()
    conditions = (Condition(id="C1", text="tracked"),) if verdict is Act.CONSENT_WITH_CONDITIONS else ()
    return Ruling(verdict, "Margaret Hill", grounds=grounds, conditions=conditions)


def test_the_clock_runs_from_the_day_of_the_letter() -> None:
    said = paper.acknowledge(asked_on_paper(), letter(), None, RECORDING).said
    assert isinstance(said, NotificationAcknowledged)
    assert said.ack_sent_on == date(2026, 6, 12)
    assert said.decision_due_at is not None
    assert said.decision_due_at.date() == date(2026, 7, 12)
    assert said.evidence == LETTER


def test_a_consent_on_paper_is_valid_from_its_own_day() -> None:
    said = paper.decide(asked_on_paper(), letter(date(2026, 7, 1)), ruling(), RECORDING).said
    assert isinstance(said, DecisionTaken)
    assert (said.decided_on, said.valid_from) == (date(2026, 7, 1), date(2026, 7, 1))
    assert said.valid_to == date(2027, 7, 1)


DATES = [date(2026, 5, 31), date(2026, 7, 7)]


@pytest.mark.parametrize("day", DATES)
def test_a_letter_from_before_the_question_or_after_its_recording_is_refused(day: date) -> None:
    notification = asked_on_paper()
    with pytest.raises(Refused) as refusal:
        paper.decide(notification, letter(day), ruling(), RECORDING)
    assert rules_of(refusal) == ["DATES_IMPOSSIBLE"]
    assert refusal.value.findings[0].pointer == "/happened_on"


@pytest.mark.parametrize("day", [JUNE, RECORDING])
def test_the_day_of_the_question_and_the_day_of_recording_are_possible(day: date) -> None:
    assert paper.decide(asked_on_paper(), letter(day), ruling(), RECORDING).said


@pytest.mark.parametrize("document", [None, "f" * 64])
def test_a_step_without_its_document_is_refused(document: str | None) -> None:
    notification = asked_on_paper()
    before = deepcopy(notification)
    with pytest.raises(Refused) as refusal:
        paper.acknowledge(notification, letter(document=document), None, RECORDING)
    (found,) = refusal.value.findings
    assert (found.rule, found.pointer, bool(found.article)) == ("EVIDENCE_MISSING", "/document", True)
    assert notification == before


def test_nobody_speaks_for_an_authority_that_is_on_the_exchange() -> None:
    notification = story_transmitted()
    notification.attach(LETTER, EXPORT_SEAT, JUNE)
    with pytest.raises(Refused) as refusal:
        paper.decide(notification, letter(authority="BE001"), ruling(), RECORDING)
    assert rules_of(refusal) == ["STATE_SPEAKS_ITSELF"]


def test_an_authority_that_was_not_asked_has_nothing_to_answer() -> None:
    with pytest.raises(Refused) as refusal:
        paper.decide(asked_on_paper(), letter(authority="FR001"), ruling(), RECORDING)
    assert rules_of(refusal) == ["AUTHORITY_UNKNOWN"]


def test_a_decision_may_come_without_an_acknowledgement_but_not_before_an_older_one() -> None:
    notification = asked_on_paper()
    paper.decide(notification, letter(date(2026, 7, 1)), ruling(Act.OBJECTION), RECORDING)
    assert notification.state is State.OBJECTED
    with pytest.raises(Refused) as refusal:
        paper.decide(notification, letter(date(2026, 6, 30)), ruling(), RECORDING)
    assert rules_of(refusal) == ["DATES_IMPOSSIBLE"]
    second = paper.decide(notification, letter(date(2026, 7, 2)), ruling(), RECORDING).said
    assert isinstance(second, DecisionTaken)
    assert second.version == 2


def test_a_ground_is_open_or_not_on_paper_as_on_the_exchange() -> None:
    wrong = Ruling(Act.OBJECTION, "Margaret Hill", grounds=(GroundCited("z"),))
    with pytest.raises(Refused) as refusal:
        paper.decide(asked_on_paper(), letter(), wrong, RECORDING)
    assert rules_of(refusal) == ["GROUND_NOT_OPEN"]


def perform(act: Act, notification: Notification) -> None:
    if act is Act.ACKNOWLEDGE:
        paper.acknowledge(notification, letter(RECORDING), None, RECORDING)
    elif act is Act.CONFIRM_CONTRACT:
        paper.confirm_contract(notification, letter(RECORDING), "C-1", RECORDING)
    else:
        paper.decide(notification, letter(RECORDING), ruling(act), RECORDING)


@pytest.mark.parametrize(
    "done", [(), (Act.ACKNOWLEDGE,), (Act.ACKNOWLEDGE, Act.CONFIRM_CONTRACT), *((v,) for v in ON_PAPER)]
)
def test_every_step_on_paper_is_offered_exactly_when_it_is_accepted(done: tuple[Act, ...]) -> None:
    notification = asked_on_paper()
    for act in done:
        perform(act, notification)
    offered = {a.act: a for a in actions(notification, [EXPORT_SEAT], RECORDING)}
    for act in ON_PAPER:
        action = offered[f"record {act.value} of GB001"]
        trial = deepcopy(notification)
        if action.offered:
            perform(act, trial)
            continue
        with pytest.raises(Refused) as refusal:
            perform(act, trial)
        assert refusal.value.findings == action.against


# Over HTTP.


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


def step(kind: str = "acknowledgement", **more: Any) -> dict[str, Any]:
    return {"authority": "GB001", "step": kind, "happened_on": "2026-06-12", "document": DIGEST} | more


async def with_letter(desk: Desk) -> str:
    case = await transmitted(desk, PAPER)
    await desk.at("2026-06-19")
    answer = await send(desk, case, seat=EXPORT_AUTHORITY, kind="answer")
    assert answer.status_code == 201, answer.text
    return case


async def test_a_letter_is_said_in_its_authoritys_name_on_its_day_and_recorded_today(desk: Desk) -> None:
    case = await with_letter(desk)
    view = await desk.post(EXPORT_AUTHORITY, f"/{case}/paper-steps", step(), expect=201)
    (authority,) = view["authorities"]
    assert (authority["channel"], authority["acknowledged_on"]) == ("paper", "2026-06-12")
    event = (await desk.said())[-1]
    assert event.type == "pic.notification.acknowledged.v1"
    assert (event.source, event.sender) == ("/notifier/CA", "GB/competent-authority/GB001")
    assert (event.channel, event.time) == ("paper", datetime(2026, 6, 12, tzinfo=UTC))
    assert event.recordedtime == datetime(2026, 6, 19, 8, tzinfo=UTC)
    assert event.data["evidence"]["sha256"] == DIGEST


async def test_what_was_recorded_is_not_applied_again_when_it_is_heard(desk: Desk) -> None:
    case = await with_letter(desk)
    consent = step("decision", verdict="consent", signatory="Margaret Hill")
    recorded = await desk.post(EXPORT_AUTHORITY, f"/{case}/paper-steps", consent, expect=201)
    await desk.deliver()
    assert (await desk.call(EXPORTER, "GET", f"/{case}")).json() == recorded


async def test_only_the_authority_of_export_records_letters(desk: Desk) -> None:
    case = await with_letter(desk)
    for seat, status in ((EXPORTER, 403), (IMPORT_AUTHORITY, 404)):
        assert (await desk.call(seat, "POST", f"/{case}/paper-steps", step())).status_code == status


BAD = [
    (step(document=None), "EVIDENCE_MISSING"),
    (step(document="f" * 64), "EVIDENCE_MISSING"),
    (step(happened_on="2026-06-20"), "DATES_IMPOSSIBLE"),
    (step(happened_on="2026-05-31"), "DATES_IMPOSSIBLE"),
    (step(received_on="2026-06-13"), "DATES_IMPOSSIBLE"),
]


@pytest.mark.parametrize(("body", "rule"), BAD)
async def test_a_step_that_cannot_be_true_is_refused_with_its_article_and_nothing_is_stored(
    desk: Desk, body: dict[str, Any], rule: str
) -> None:
    case = await with_letter(desk)
    before = (await desk.call(EXPORTER, "GET", f"/{case}")).json()
    said = len(await desk.said())
    answer = await desk.call(EXPORT_AUTHORITY, "POST", f"/{case}/paper-steps", body)
    assert (answer.status_code, answer.json()["rule"], bool(answer.json()["article"])) == (422, rule, True)
    assert (await desk.call(EXPORTER, "GET", f"/{case}")).json() == before
    assert len(await desk.said()) == said


async def test_a_dry_run_of_a_letter_stores_nothing(desk: Desk) -> None:
    case = await with_letter(desk)
    tried = await desk.call(EXPORT_AUTHORITY, "POST", f"/{case}/paper-steps?dry_run=true", step())
    assert (tried.status_code, tried.headers["Pic-Dry-Run"]) == (201, "1")
    assert (await desk.call(EXPORTER, "GET", f"/{case}")).json()["state"] == "TRANSMITTED"


def changing_on_paper() -> Notification:
    """Four shipments from Japan; Belgium writes letters, and is asked for another port of entry."""
    notification = from_japan()
    notification.authorities[0].channel = "paper"
    notification.attach(LETTER, EXPORT_SEAT, JUNE)
    request_change(notification, DraftNotification.model_validate(ZEEBRUGGE), "The port is full", AUGUST)
    return notification


def answered(notification: Notification, day: date = AUGUST, *, agrees: bool = True, change: int = 1) -> Any:
    written = letter(day, authority="BE001")
    return paper.answer_change(notification, written, change, agrees, "" if agrees else "No scale", RECORDED)


RECORDED = date(2026, 8, 10)


def test_an_essential_change_is_agreed_by_letter() -> None:
    notification = changing_on_paper()
    approve(notification, 1, True, "", RECORDED)
    assert notification.state == "CHANGE_PENDING"
    recorded = answered(notification)
    assert (recorded.said.answered_on, recorded.said.evidence) == (AUGUST, LETTER)
    assert [said.type for said in recorded.follows] == [
        "pic.notification.changed.v1",
        "pic.notification.authorised.v1",
    ]
    assert notification.filed.block_16.entry == "BEZEE001"  # type: ignore[union-attr]


def test_a_letter_against_the_change_ends_it() -> None:
    notification = changing_on_paper()
    (said,) = answered(notification, agrees=False).follows
    assert said.type == "pic.change.refused.v1"
    assert notification.state == "CONSENTED"


def test_a_letter_is_no_older_than_the_request_and_answers_once() -> None:
    notification = changing_on_paper()
    with pytest.raises(Refused) as older:
        answered(notification, date(2026, 8, 2))
    assert rules_of(older) == ["DATES_IMPOSSIBLE"]
    answered(notification)
    with pytest.raises(Refused) as twice:
        answered(notification)
    assert rules_of(twice) == ["ALREADY_DECIDED"]
    with pytest.raises(Refused) as other:
        answered(notification, change=2)
    assert rules_of(other) == ["CHANGE_UNKNOWN"]


def test_the_desk_of_export_may_record_the_answer_of_who_writes_letters() -> None:
    desk = Address("JP", Role.COMPETENT_AUTHORITY, "JP001")
    acts = actions(changing_on_paper(), [desk], RECORDED)
    assert [act.offered for act in acts if act.act == "record change-answer of BE001"] == [True]

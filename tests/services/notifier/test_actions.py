"""What is offered is accepted, what is not offered is refused, in every life that a notification can have."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.domain import custody, prenotification, receipts, rescheduling, shipments, updating
from notifier.domain.actions import actions
from notifier.domain.authorisation import Wish, authorise
from notifier.domain.changes import approve, request_change
from notifier.domain.ending import close, withdraw
from notifier.domain.inquiries import answer, ask, declare_invalid, hear_request, of_export
from notifier.domain.life import LIFE, State, way_to
from notifier.domain.notification import Notification
from notifier.domain.prohibition import Told, lift, prohibit
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.action import Action
from pic_schemas.address import Address
from pic_schemas.documents import DraftNotification
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import GuaranteeCover, GuaranteeLodged, MovementCompleted, Question, Reply
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    EXPORTER,
    NUMBER,
    acknowledgement,
    authorised,
    contract,
    decision,
    drafted,
    form,
    load,
    request,
    transmitted,
)

EXPORT_AUTHORITY = Address.parse("CA/competent-authority/CA001")
IMPORT_AUTHORITY = Address.parse("BE/competent-authority/BE001")
CARRIER = Address.parse("CA/carrier/CA-ALPHA")
SEATS = (EXPORTER, EXPORT_AUTHORITY, CARRIER)

ANNEX = Annex(block=17, kind="contract", sha256="0" * 64, media_type="application/pdf", size=9)

Act = Callable[[Notification, date], object]


def lodge(notification: Notification, on: date) -> None:
    notification.lodge_guarantee(
        GuaranteeLodged(
            guarantee_id="FG1",
            kind="insurance",
            amount=Decimal("40000.00"),
            currency="CAD",
            covers=GuaranteeCover(transport=True, treatment=True, storage_days=90),
            valid_to=on + timedelta(days=90),
        ),
        on,
    )


def announce(notification: Notification, on: date) -> None:
    """On the last day that consents, permit and guarantee leave open, which is late enough to be told now."""
    _, last = prenotification.first_and_last_day(notification)
    ends = notification.guarantee.lodged.valid_to if notification.guarantee else None
    start = min(last, ends or last)
    blocks = load().block_15.model_dump() | {
        "notifier": {"name": "C", "signed_on": on, "signature": "signed"}
    }
    prenotification.prenotify(notification, load(block_6={"start_date": start}, block_15=blocks), on)


QUESTIONS = (Question(item=1, question="Which share of the residue is landfilled?"),)
UN_CLASSES = ("3", "4.1", "6.1", "9")
REPLIES = (Reply(item=1, answer="Three percent"),)


def corrected(notification: Notification) -> DraftNotification:
    """Another UN class each time, which is a minor mistake everywhere."""
    waste = form("s01-notification")["block_14"]
    un_class = UN_CLASSES[notification.document_version % len(UN_CLASSES)]
    return DraftNotification.model_validate({"block_14": waste | {"un_class": [un_class]}})


def _signed(on: date) -> custody.Taking:
    return custody.Taking("CA-ALPHA", "Montreal", on)


# Each command with a body that nobody could find fault with.
COMMANDS: dict[str, Act] = {
    "revise": lambda n, on: n.revise(n.draft),
    "submit": lambda n, on: n.submit(NUMBER, on),
    "attach": lambda n, on: n.attach(ANNEX, EXPORTER, on),
    "copy": lambda n, on: n.blank_copy(),
    "lodge guarantee": lodge,
    "approve guarantee": lambda n, on: n.approve_guarantee(on),
    "carry out": lambda n, on: n.carry_out(on),
    "transmit": lambda n, on: n.transmit(on),
    "authorise": lambda n, on: authorise(n, on, Wish()),
    "prenotify": announce,
    "cancel shipment": lambda n, on: [m.request_cancellation("so", on) for m in n.movements],
    "reschedule shipment": lambda n, on: [
        rescheduling.reschedule(n, m, rescheduling.last_day_open(n, m), "so", on) for m in n.movements
    ],
    "update shipment": lambda n, on: [
        updating.update(n, m, updating.Update(block_5=m.form.block_5), on) for m in n.movements
    ],
    "confirm receipt": lambda n, on: [
        receipts.receive(n, m, receipts.Arrival(on, m.quantity_kg), on) for m in n.movements
    ],
    "certify completion": lambda n, on: [receipts.certify(n, m, on, on) for m in n.movements],
    "take over": lambda n, on: [custody.hand_over(n, m, _signed(on), "R") for m in n.movements],
    "deliver": lambda n, on: [custody.deliver(n, m, _signed(on)) for m in n.movements],
    "ask": lambda n, on: ask(n, QUESTIONS, on),
    "answer BE001": lambda n, on: answer(n, "BE001", 1, REPLIES, (), on),
    "answer CA001": lambda n, on: answer(n, "CA001", len(of_export(n)), REPLIES, (), on),
    "declare invalid": lambda n, on: declare_invalid(n, "-", on),
    "withdraw": lambda n, on: withdraw(n, "-", on),
    "change": lambda n, on: request_change(n, corrected(n), "The UN class was wrong", on),
    "answer change": lambda n, on: approve(n, len(n.changes) or 1, True, "", on),
    "depart": lambda n, on: shipments.depart(n, 1, carrier="CA-ALPHA", on=on, place="Montreal", kg=None),
    "release guarantee": lambda n, on: n.release_guarantee(on),
    "prohibit": lambda n, on: prohibit(n, Told("BE", "no film for now", "Art. 3", "a letter"), on),
    "lift prohibition": lambda n, on: lift(n, "inspected", on),
    "close": close,
}


def certify(notification: Notification, on: date) -> None:
    for movement in notification.movements:
        certificate = MovementCompleted(
            number=NUMBER,
            movement_number=movement.number,
            shipment=movement.shipment,
            facility="BE-F7",
            operation="R3",
            completed_on=on,
            interim=False,
            quantity_kg=movement.quantity_kg,
        )
        shipments.hear_certificate(notification, certificate)


def object_(notification: Notification, on: date) -> None:
    version = 1 + max((a.decision_version for a in notification.authorities), default=0)
    hear_decision(notification, decision("objection", version=version), on)


def consent(notification: Notification, on: date) -> None:
    version = 1 + max((a.decision_version for a in notification.authorities), default=0)
    hear_decision(notification, decision(version=version), on)


# What others do.
NEWS: dict[str, Act] = {
    "asked": lambda n, on: hear_request(n, request()),
    "acknowledged": lambda n, on: hear_acknowledgement(n, acknowledgement()),
    "contract": lambda n, on: hear_contract(n, contract(), on),
    "consent": consent,
    "objection": object_,
    "released": lambda n, on: [m.hear_release("CAMTR001") for m in n.movements],
    "certified": certify,
}
LIVES = st.lists(st.tuples(st.sampled_from([*COMMANDS, *NEWS]), st.integers(0, 40)), max_size=25)
PROCEDURE = [
    "submit", "lodge guarantee", "approve guarantee", "carry out", "transmit", "acknowledged", "contract",
    "consent", "authorise", "prenotify", "released", "depart", "certified", "release guarantee", "close",
]  # fmt: skip


def everything_offered_is_accepted(notification: Notification, on: date) -> None:
    for action in actions(notification, SEATS, on):
        trial = deepcopy(notification)
        if action.offered:
            COMMANDS[action.act](trial, on)
            continue
        with pytest.raises(Refused):
            COMMANDS[action.act](trial, on)
        assert all(found.rule and found.detail for found in action.against)


@settings(max_examples=60, deadline=None)
@given(LIVES)
def test_offered_is_accepted_and_not_offered_is_refused_in_every_life(life: list[tuple[str, int]]) -> None:
    notification, on = drafted(), date(2026, 6, 1)
    for name, days in life:
        on += timedelta(days=days)
        try:
            ({**COMMANDS, **NEWS})[name](notification, on)
        except Refused:
            continue
    everything_offered_is_accepted(notification, on)


@pytest.mark.parametrize("done", range(len(PROCEDURE) + 1))
@pytest.mark.parametrize("later", [0, 60, 400])
def test_offered_is_accepted_at_every_step_of_the_procedure(done: int, later: int) -> None:
    notification, on = drafted(), date(2026, 6, 1)
    for name in PROCEDURE[:done]:
        on = max(on, date(2026, 6, 26)) if name == "authorise" else on
        ({**COMMANDS, **NEWS})[name](notification, on)
    everything_offered_is_accepted(notification, on + timedelta(days=later))


def by_act(notification: Notification, seat: Address, on: date = date(2026, 7, 14)) -> dict[str, Action]:
    return {action.act: action for action in actions(notification, [seat], on)}


def test_looking_at_the_actions_changes_nothing() -> None:
    notification = authorised()
    before = deepcopy(notification)
    actions(notification, SEATS, date(2026, 7, 14))
    assert notification == before


def test_an_incomplete_draft_says_which_block_keeps_it_from_being_submitted() -> None:
    notification = drafted()
    notification.draft = notification.draft.model_copy(update={"block_5": None})
    against = by_act(notification, EXPORTER)["submit"].against
    assert [(f.rule, f.pointer, f.needs) for f in against] == [
        ("FORM_BLOCK_MISSING", "/block_5", "fill in block 5")
    ]


def test_what_would_be_needed_is_the_way_through_the_table() -> None:
    (refused,) = by_act(drafted(), EXPORTER)["prenotify"].against
    assert refused.rule == "CONSENT_MISSING"
    assert refused.article
    assert refused.needs == "first: submit, carry out, transmit, consent"


def test_a_closed_file_offers_no_way_back() -> None:
    assert {way_to(step.act, State.CLOSED) for step in LIFE} == {()}


def test_the_authority_of_import_gives_no_command_of_the_authority_of_export() -> None:
    found = by_act(transmitted(), IMPORT_AUTHORITY)
    assert set(found) == set(by_act(transmitted(), EXPORT_AUTHORITY))
    assert {refused.rule for action in found.values() for refused in action.against} == {"SEAT_FORBIDS"}


def test_a_draft_offers_nothing_to_an_authority() -> None:
    assert by_act(drafted(), EXPORT_AUTHORITY) == {}


def test_without_an_approved_guarantee_no_load_is_announced() -> None:
    notification = authorised()
    notification.guarantee = None
    (refused,) = by_act(notification, EXPORTER)["prenotify"].against
    assert (refused.rule, bool(refused.needs)) == ("GUARANTEE_MISSING", True)

"""Random lives of a notification, legal and illegal: nothing happens that table, votes and clocks forbid."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.changes import approve, hear_answer, request_change
from notifier.domain.ending import close, withdraw
from notifier.domain.exhaustion import settle_the_use
from notifier.domain.inquiries import answer, ask, declare_invalid, hear_request, of_export
from notifier.domain.interruption import hear_interruption, hear_reinstatement
from notifier.domain.life import LIFE
from notifier.domain.movement import Movement
from notifier.domain.prenotification import compose
from notifier.domain.prohibition import Told, prohibit, review
from notifier.domain.prohibition import lift as lift_prohibition
from notifier.domain.silence import record_silence
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_law.clocks import END_OF_DAY
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import (
    ChangeAnswered,
    ConsentReinstated,
    ConsentSuspended,
    ConsentWithdrawn,
    Ground,
    MovementReceived,
    Question,
    Reply,
)
from pic_schemas.refusal import Refused
from tests.services.notifier.life import Life
from tests.services.notifier.story import (
    NUMBER,
    acknowledgement,
    contract,
    decision,
    drafted,
    form,
    load,
    request,
)
from tests.services.notifier.test_interruption import SAID, suspended, withdrawn

QUESTIONS = (Question(item=1, question="Which share of the residue is landfilled?"),)
REPLIES = (Reply(item=1, answer="Three percent"),)
EDGES = {(before, step.after or before) for step in LIFE for before in step.before}
TOLD = Told("BE", "no film for now", "Art. 3", "a letter")
ASKED = {"BE001": "import", "NL001": "transit"}


def corrected(life: Life) -> DraftNotification:
    waste = form("s01-notification")["block_14"]
    un_class = ("3", "4.1", "9")[life.notification.document_version % 3]
    return DraftNotification.model_validate({"block_14": waste | {"un_class": [un_class]}})


def more_shipments(life: Life) -> DraftNotification:
    """Not under a Canadian permit: another quantity is another application."""
    return DraftNotification.model_validate({"block_5": {"quantity": {"value": "30", "unit": "t"}}})


def next_word(life: Life, authority: str) -> int:
    asked = life.notification.asked(authority)
    return asked.spoken + 1 if asked else 1


def lift(life: Life) -> object:
    said = ConsentReinstated(**SAID, version=next_word(life, "BE001"), reinstated_on=life.day)
    return hear_reinstatement(life.notification, said, life.day)


def interrupt(
    made: Callable[[int], ConsentSuspended | ConsentWithdrawn], in_days: int = 0
) -> Callable[[Life], object]:
    def act(life: Life) -> object:
        word = made(next_word(life, "BE001"))
        days = {"effective_on": life.day + timedelta(days=in_days)}
        days["withdrawn_on" if isinstance(word, ConsentWithdrawn) else "suspended_on"] = life.day
        return hear_interruption(life.notification, word.model_copy(update=days), life.day)

    return act


def decide(verdict: str, authority: str) -> Callable[[Life], object]:
    def act(life: Life) -> object:
        version = next_word(life, authority)
        more = {"grounds": (Ground(letter="j", article="Art. 12(1)(j)"),)} if verdict == "objection" else {}
        said = decision(verdict, authority=authority, role=ASKED[authority], version=version, **more)
        return hear_decision(life.notification, said, life.day)

    return act


def briefly(life: Life) -> object:
    """A consent for the next days only."""
    last = max(life.day, date(2026, 7, 1)) + timedelta(days=12)
    said = decision(version=next_word(life, "BE001"), valid_to=last)
    return hear_decision(life.notification, said, life.day)


def last_change(life: Life) -> int:
    return max(1, len(life.notification.changes))


def last_asked(life: Life) -> int:
    return len(of_export(life.notification))


def agree(life: Life) -> object:
    said = ChangeAnswered(
        number=NUMBER,
        change=last_change(life),
        authority="BE001",
        role="import",
        agrees=True,
        answered_on=life.day,
        article="Art. 17",
    )
    return hear_answer(life.notification, said, life.day)


def arrive(life: Life) -> object:
    """Announced by whatever way, and accepted at the facility."""
    it = life.notification
    it.allow("prenotify")
    shipment = len(it.movements) + 1
    number = f"{NUMBER}.{shipment:06}"
    document = compose(it.filed, NUMBER, shipment, load())
    receipt = MovementReceived(
        number=NUMBER,
        movement_number=number,
        shipment=shipment,
        facility="BE-F7",
        received_on=life.day,
        quantity_kg=25_000,
        outcome="accepted",
        operation="R3",
    )
    it.movements.append(Movement.announced(number, shipment, document, life.day))
    it.movements[-1].receipt = receipt
    said = settle_the_use(it, life.day)
    assert (it.state == "EXHAUSTED") == bool(said)
    return said


# fmt: off
ACTS: dict[str, Callable[[Life], object]] = {
    "submit":          lambda x: x.notification.submit(NUMBER, x.day),
    "carry out":       lambda x: x.notification.carry_out(x.day),
    "transmit":        lambda x: x.notification.transmit(x.day),
    "ask":             lambda x: ask(x.notification, QUESTIONS, x.day),
    "answer CA001":    lambda x: answer(x.notification, "CA001", last_asked(x), REPLIES, (), x.day),
    "answer BE001":    lambda x: answer(x.notification, "BE001", 1, REPLIES, (), x.day),
    "asked by BE001":  lambda x: hear_request(x.notification, request()),
    "asked by NL001":  lambda x: hear_request(x.notification, request("NL001")),
    "declare invalid": lambda x: declare_invalid(x.notification, "-", x.day),
    "withdraw":        lambda x: withdraw(x.notification, "-", x.day),
    "BE001 receives":  lambda x: hear_acknowledgement(x.notification, acknowledgement()),
    "NL001 receives":  lambda x: hear_acknowledgement(x.notification, acknowledgement("NL001", "transit")),
    "contract":        lambda x: hear_contract(x.notification, contract(), x.day),
    "BE001 consents":  decide("consent", "BE001"),
    "NL001 consents":  decide("consent", "NL001"),
    "BE001 consents briefly": briefly,
    "BE001 objects":   decide("objection", "BE001"),
    "NL001 objects":   decide("objection", "NL001"),
    "BE001 suspends":  interrupt(suspended),
    "BE001 lifts":     lift,
    "BE001 suspends later": interrupt(suspended, 5),
    "BE001 takes it back": interrupt(withdrawn),
    "BE001 takes it back later": interrupt(withdrawn, 10),
    "authorise":       lambda x: authorise(x.notification, x.day, Wish()),
    "correct":         lambda x: request_change(x.notification, corrected(x), "-", x.day),
    "change":          lambda x: request_change(x.notification, more_shipments(x), "-", x.day),
    "approve":         lambda x: approve(x.notification, last_change(x), True, "", x.day),
    "refuse":          lambda x: approve(x.notification, last_change(x), False, "-", x.day),
    "BE001 agrees":    agree,
    "prohibit":        lambda x: prohibit(x.notification, TOLD, x.day),
    "lift prohibition": lambda x: lift_prohibition(x.notification, "-", x.day),
    "law is read":     lambda x: review(x.notification, x.day),
    "a load arrives":  arrive,
    "close":           lambda x: close(x.notification, x.day),
    "early silence":   lambda x: record_silence(x.notification, "NL001", x.now),
}
# fmt: on
USUAL = ("submit", "carry out", "transmit", "BE001 receives", "NL001 receives", "contract")
LIVES = st.tuples(
    st.integers(0, len(USUAL)),
    st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 35)), max_size=20),
)
DAYS = st.sampled_from([date(2026, 3, 2), date(2026, 6, 1)])
"""Before and after the Union's new law: only the older one lets an objection lapse."""


def lived(life: Life, name: str) -> None:
    before, stood = deepcopy(life.notification), life.notification.state
    try:
        ACTS[name](life)
    except Refused:
        assert life.notification == before, f"{name} was refused and changed something"
    assert (stood, life.notification.state) in EDGES or stood is life.notification.state, name
    life.listen()


def votes_are_in(life: Life) -> None:
    it = life.notification
    if it.authorisation is None:
        return
    for asked in it.authorities:
        if asked.voting:
            assert asked.consents, f"authorised without {asked.authority}"
            assert asked.decision is not None or asked.silence is not None
    assert not it.contract_missing


def begun(day: date, usual: int) -> Life:
    declaration = form("s01-transit-notification")["block_17"]
    for signature in declaration.values():
        signature["signed_on"] = day
    life = Life(drafted("s01-transit-notification", block_17=declaration), day)
    for name in USUAL[:usual]:
        lived(life, name)
    return life


@settings(max_examples=150, deadline=None)
@given(LIVES, DAYS)
def test_no_state_outside_the_table_no_authorisation_without_every_vote_no_clock_twice_or_early(
    plan: tuple[int, list[tuple[str, int]]], day: date
) -> None:
    life = begun(day, plan[0])
    for name, days in plan[1]:
        closed_before, version = life.notification.closed_on, life.notification.document_version
        life.pass_days(days)
        lived(life, name)
        votes_are_in(life)
        assert closed_before is None or life.notification.closed_on == closed_before
        assert life.notification.document_version in (version, version + 1)
    assert all(times <= 1 for times in life.fired.values()), life.fired


def test_a_silence_is_recorded_at_its_end_and_not_a_second_before() -> None:
    life = begun(date(2026, 6, 1), len(USUAL))
    end = life.clocks["silence", "NL001", 0]
    assert end == datetime.combine(date(2026, 7, 1), END_OF_DAY)
    assert record_silence(life.notification, "NL001", end - timedelta(seconds=1)) == []
    assert len(record_silence(life.notification, "NL001", end)) == 1
    assert record_silence(life.notification, "NL001", end) == []


def test_an_objection_lapses_under_the_older_law_only_and_once() -> None:
    older, newer = begun(date(2026, 3, 2), len(USUAL)), begun(date(2026, 6, 1), len(USUAL))
    for life in (older, newer):
        lived(life, "BE001 objects")
        life.pass_days(200)
        life.pass_days(200)
    assert (older.notification.state, older.fired["closed"]) == ("CLOSED", 1)
    assert (newer.notification.state, newer.fired["closed"]) == ("OBJECTED", 0)


def test_a_window_ends_at_its_last_second_once_and_a_longer_consent_opens_it_again() -> None:
    life = begun(date(2026, 6, 1), len(USUAL))
    for name in ("NL001 consents", "BE001 consents briefly"):
        lived(life, name)
    assert life.notification.limits.valid_to == date(2026, 7, 13)
    life.pass_days(42)
    assert (life.notification.state, len(life.warned)) == ("CONSENTED", 2)
    life.pass_days(1)
    assert (life.notification.state, life.ended) == ("EXPIRED", date(2026, 7, 13))
    lived(life, "BE001 consents")
    assert life.notification.state == "CONSENTED"
    life.pass_days(600)
    assert (life.notification.state, len(life.warned)) == ("EXPIRED", 4)


def test_the_machine_uses_a_notification_up_and_prohibits_another() -> None:
    """The random lives reach these states; here they are reached for certain."""
    for names, state in (
        (("BE001 consents", "NL001 consents", "a load arrives"), "EXHAUSTED"),
        (("BE001 consents", "NL001 consents", "prohibit", "law is read"), "UNDER_PROHIBITION"),
        (("BE001 consents", "NL001 consents", "prohibit", "lift prohibition"), "CONSENTED"),
        (("BE001 consents", "prohibit", "NL001 objects", "lift prohibition"), "OBJECTED"),
    ):
        life = begun(date(2026, 6, 1), len(USUAL))
        for name in names:
            lived(life, name)
        assert life.notification.state == state, names

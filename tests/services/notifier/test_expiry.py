"""The window of the consents ends with its last day: warned of, said once, and moved by a newer consent."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.ending import close
from notifier.domain.expiry import end_of_window, expire, warn, warnings
from notifier.domain.interruption import hear_interruption, hear_reinstatement
from notifier.domain.life import CLOSED, CONSENTED, EXPIRED, OBJECTED, SUSPENDED
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart
from notifier.domain.verdicts import hear_decision
from pic_law.clocks import END_OF_DAY
from pic_law.expiry import warnings_before
from pic_schemas.messages import ConsentReinstated, NotificationExpired, NotificationExpiring
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, decision, load, rules_of
from tests.services.notifier.test_interruption import SAID, suspended

LAST = date(2026, 12, 15)
"""A Tuesday, and no holiday in the two weeks before it."""
END = datetime.combine(LAST, END_OF_DAY)


def until(last: date) -> Notification:
    notification = authorised()
    hear_decision(notification, decision(version=2, valid_to=last), JULY)
    return notification


def expired() -> Notification:
    notification = until(LAST)
    expire(notification, END)
    return notification


def test_the_window_ends_with_its_last_day_and_not_a_second_before() -> None:
    notification = until(LAST)
    assert expire(notification, END - timedelta(seconds=1)) == []
    assert expire(notification, END) == [NotificationExpired(number=NUMBER, valid_to=LAST)]
    assert (notification.state, expire(notification, END)) == (EXPIRED, [])


def test_nothing_is_announced_any_more_and_the_reason_is_the_window() -> None:
    with pytest.raises(Refused) as refused:
        prenotify(expired(), load(), date(2026, 12, 16))
    assert rules_of(refused) == ["CONSENT_WINDOW"]


def test_what_has_departed_goes_on_and_holds_the_closing() -> None:
    notification = until(LAST)
    prenotify(notification, load(), JULY)
    notification.movements[0].hear_release("CAMTR001")
    depart(notification, 1, carrier="CA-ALPHA", on=date(2026, 7, 17), place="Montreal", kg=None)
    expire(notification, END)
    assert notification.movements[0].departure is not None
    with pytest.raises(Refused):
        close(notification, LAST)


def test_without_shipments_and_guarantee_it_is_closed_as_expired() -> None:
    notification = expired()
    notification.release_guarantee(LAST)
    (closed,) = close(notification, LAST)
    assert (closed.model_dump()["reason"], notification.state) == ("expired", CLOSED)


def test_the_warnings_come_so_many_working_days_before_by_the_data() -> None:
    planned = warnings(until(LAST))
    assert [(w.working_days, w.day) for w in planned] == [(4, date(2026, 12, 9)), (3, date(2026, 12, 10))]
    assert {(w.article, w.source) for w in planned} == {("ConsentPeriod.cs", "DEFRA/prsd-iws")}


def test_holidays_of_the_authority_move_the_warnings() -> None:
    days = [w.day for w in warnings_before(date(2027, 1, 4), "CA001")]
    assert days == [date(2026, 12, 24), date(2026, 12, 29)]


def test_a_warning_names_the_last_day_and_falls_silent_when_the_window_moves() -> None:
    notification = until(LAST)
    (said,) = warn(notification, date(2026, 12, 9))
    assert isinstance(said, NotificationExpiring)
    assert (said.valid_to, said.working_days_left) == (LAST, 4)
    hear_decision(notification, decision(version=3), date(2026, 12, 9))
    assert warn(notification, date(2026, 12, 10)) == []


def test_a_newer_consent_moves_the_end_and_the_old_clock_is_idle() -> None:
    notification = until(LAST)
    hear_decision(notification, decision(version=3), date(2026, 12, 1))
    assert expire(notification, END) == []
    assert end_of_window(notification) == datetime.combine(notification.limits.valid_to, END_OF_DAY)


def test_after_the_end_only_a_longer_consent_revives_it() -> None:
    notification = expired()
    hear_decision(notification, decision(version=3, valid_to=LAST), date(2026, 12, 20))
    assert notification.state is EXPIRED
    hear_decision(notification, decision(version=4), date(2026, 12, 20))
    assert notification.state is CONSENTED


def test_a_permit_that_ran_out_is_not_in_the_way_of_another() -> None:
    notification = authorised()
    first = notification.authorisation
    assert first is not None
    notification.authorisation = first.model_copy(update={"valid_to": date(2026, 7, 1)})
    authorise(notification, JULY, Wish())
    assert notification.authorisation.authorisation_no != first.authorisation_no


def test_an_objection_after_the_end_is_heard_and_its_cure_does_not_bring_the_window_back() -> None:
    notification = expired()
    hear_decision(notification, decision("objection", version=3), date(2026, 12, 20))
    assert notification.state is OBJECTED
    hear_decision(notification, decision(version=4, valid_to=LAST), date(2026, 12, 21))
    assert notification.state is EXPIRED


def test_a_window_that_ends_under_a_suspension_ends_when_the_suspension_is_lifted() -> None:
    notification = until(LAST)
    hear_interruption(notification, suspended(version=3), date(2026, 9, 1))
    assert (expire(notification, END), notification.state) == ([], SUSPENDED)
    lifted = ConsentReinstated(**SAID, version=4, reinstated_on=date(2026, 12, 20))
    hear_reinstatement(notification, lifted, date(2026, 12, 20))
    now = datetime.combine(date(2026, 12, 20), time(9), UTC)
    assert [type(one) for one in expire(notification, now)] == [NotificationExpired]

"""A waste that the State of import alone regulates: its importer notifies, and nobody else."""

from __future__ import annotations

import pytest

from notifier.domain.duties import profile_of_export
from notifier.domain.notification import Notification
from notifier.domain.numbering import code_of
from notifier.domain.parties import concerned
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.refusal import Refused
from tests.services.notifier.story import EXPORTER, JUNE, NUMBER, drafted, form, rules_of

IMPORTER = Address("XT", Role.EXPORTER, "XT-FILMWERK")
ONE_SIDED, ORDINARY = "one-sided-import-notification", "s01-notification"


def notified_by(who: Address, name: str) -> Notification:
    return Notification("test", "case-1", who, DraftNotification.model_validate(form(name)))


def test_the_exporter_may_fill_it_in_and_not_hand_it_in() -> None:
    notification = notified_by(EXPORTER, ONE_SIDED)
    notification.open()
    with pytest.raises(Refused) as caught:
        notification.submit(NUMBER, JUNE)
    assert rules_of(caught) == ["ONE_SIDED"]
    assert caught.value.findings[0].article == "Art. 6(5)(b)"


def test_the_importer_notifies_through_his_own_authority_under_its_law() -> None:
    notification = notified_by(IMPORTER, ONE_SIDED)
    notification.open()
    notification.submit("XT 0000 000001", JUNE)
    assert str(notification.export_authority) == "XT/competent-authority/XT001"
    assert profile_of_export(notification.filed, JUNE)[0] == "BASEL"


def test_the_authority_of_export_is_told_when_it_is_transmitted() -> None:
    notification = notified_by(IMPORTER, ONE_SIDED)
    notification.submit("XT 0000 000001", JUNE)
    canada = Address("CA", Role.COMPETENT_AUTHORITY, "CA001")
    assert canada not in concerned(notification)
    notification.carry_out(JUNE)
    notification.transmit(JUNE)
    assert canada in concerned(notification)
    assert [each.state for each in notification.authorities] == ["XT"]


def test_an_importer_does_not_notify_what_the_exporter_has_to() -> None:
    notification = notified_by(Address("BE", Role.EXPORTER, "BE-RECYCLA"), ORDINARY)
    notification.open()
    with pytest.raises(Refused) as caught:
        notification.submit(NUMBER, JUNE)
    assert rules_of(caught) == ["ONE_SIDED"]
    assert caught.value.findings[0].article == "Art. 6(1)"


def test_a_stranger_notifies_for_nobody() -> None:
    stranger = notified_by(Address("XT", Role.EXPORTER, "XT-OTHER"), ONE_SIDED)
    with pytest.raises(Refused, match="the caller is XT-OTHER"):
        stranger.open()


def test_the_number_names_the_authority_that_takes_the_notification() -> None:
    assert code_of("BE", drafted().draft, JUNE) == 126


def test_a_country_that_nobody_knows_is_named_and_shifts_nothing() -> None:
    route = form(ORDINARY)["block_15"]
    unknown = route | {"import": {"country": "ZZ", "authority": "ZZ001", "entry_point": "ZZAAA"}}
    notification = drafted(ORDINARY, block_15=unknown)
    with pytest.raises(Refused) as caught:
        notification.submit(NUMBER, JUNE)
    assert "COUNTRY_UNKNOWN" in rules_of(caught)

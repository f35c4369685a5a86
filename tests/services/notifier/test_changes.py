"""What changes under a number, who agrees, and what takes a new notification."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifier.domain.authorities import ConcernedAuthority
from notifier.domain.changes import approve, hear_answer, request_change
from notifier.domain.notification import Notification
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import ChangeAnswered
from pic_schemas.refusal import Refused
from tests.services.notifier.story import (
    JUNE,
    acknowledgement,
    authorised,
    contract,
    decision,
    form,
    guaranteed,
    rules_of,
)

AUGUST = date(2026, 8, 3)
ZEEBRUGGE = {
    "block_15": {
        "export": {"country": "JP", "authority": "JP001", "exit_point": "JPYOK"},
        "import": {"country": "BE", "authority": "BE001", "entry_point": "BEZEE"},
    },
    "block_16": {"entry": "BEZEE001"},
}


def from_japan() -> Notification:
    """Four shipments to Belgium, consented and authorised by themselves."""
    draft = DraftNotification.model_validate(form("s15-notification"))
    notification = Notification("test", "case-1", Address("JP", Role.EXPORTER, "JP-PURA"), draft)
    notification.submit("JP 0000 000001", JUNE)
    notification.carry_out(JUNE)
    notification.transmit(JUNE)
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    hear_decision(notification, decision(), JUNE)
    assert notification.state == "CONSENTED"
    return guaranteed(notification)


def change(notification: Notification, blocks: dict[str, Any]) -> list[Any]:
    return list(request_change(notification, DraftNotification.model_validate(blocks), "So it is", AUGUST))


def said_by(authority: ConcernedAuthority, agrees: bool = True) -> ChangeAnswered:
    return ChangeAnswered(
        number="JP 0000 000001",
        change=1,
        authority=authority.authority,
        role=authority.role,
        agrees=agrees,
        answered_on=AUGUST,
        article="Art. 17",
    )


def test_an_essential_change_takes_the_agreement_of_everybody_and_makes_the_next_version() -> None:
    notification = from_japan()
    (asked,) = change(notification, ZEEBRUGGE)
    assert (asked.kind, asked.article, notification.state) == ("essential", "Art. 17(1)", "CHANGE_PENDING")
    assert hear_answer(notification, said_by(notification.authorities[0]), AUGUST) == []
    assert notification.filed.block_15.import_.entry_point == "BEANR"
    _, changed, authorised_anew = approve(notification, 1, True, "", AUGUST)
    assert (changed.notification_version, changed.agreed_by) == (2, ("JP001", "BE001"))  # type: ignore[attr-defined]
    assert authorised_anew.document_version == 2  # type: ignore[attr-defined]
    assert notification.filed.block_15.import_.entry_point == "BEZEE"
    assert notification.state == "CONSENTED"


def test_one_refusal_leaves_the_notification_as_it_was() -> None:
    notification = from_japan()
    change(notification, ZEEBRUGGE)
    (refused,) = hear_answer(notification, said_by(notification.authorities[0], agrees=False), AUGUST)
    assert refused.type == "pic.change.refused.v1"
    assert (notification.state, notification.document_version) == ("CONSENTED", 1)
    assert notification.filed.block_15.import_.entry_point == "BEANR"
    with pytest.raises(Refused) as refusal:
        approve(notification, 1, True, "", AUGUST)
    assert rules_of(refusal) == ["CHANGE_UNKNOWN"]


def test_an_objection_overtakes_a_change_that_waits() -> None:
    notification = from_japan()
    change(notification, ZEEBRUGGE)
    hear_decision(notification, decision("objection", version=2), AUGUST)
    assert (notification.state, notification.changes[0].outcome) == ("OBJECTED", "overtaken")
    assert hear_answer(notification, said_by(notification.authorities[0]), AUGUST) == []


def test_a_change_that_adds_an_authority_is_refused_with_the_article() -> None:
    notification = from_japan()
    transit = {"country": "NL", "authority": "NL001", "entry_point": "NLRTM", "exit_point": "NLRTM"}
    with pytest.raises(Refused) as refusal:
        change(notification, {"block_15": ZEEBRUGGE["block_15"] | {"transit": [transit]}})
    (found,) = refusal.value.findings
    assert (found.rule, found.pointer) == ("CHANGE_ADDS_AUTHORITY", "/blocks/block_15")
    assert "Art. 17(3)" in found.article or found.article == "Annex IC p. 8"
    assert notification.changes == []


def test_a_correction_needs_the_authority_of_export_alone() -> None:
    notification = from_japan()
    waste = form("s15-notification")["block_14"] | {"un_class": ["9"]}
    (asked,) = change(notification, {"block_14": waste})
    assert (asked.kind, notification.state) == ("correction", "CONSENTED")
    assert [place.at for place in asked.changes] == ["/block_14/un_class"]
    approve(notification, 1, True, "", AUGUST)
    assert (notification.document_version, notification.filed.block_14.un_class) == (2, ("9",))


def test_a_permit_of_canada_is_not_amended() -> None:
    notification = authorised()
    offices = {"block_15": form("s01-notification")["block_15"]}
    offices["block_15"]["import"]["entry_point"] = "BEZEE"
    with pytest.raises(Refused) as refusal:
        change(notification, offices)
    assert rules_of(refusal) == ["CHANGE_NEEDS_NEW_NOTIFICATION"]
    assert refusal.value.findings[0].source == "SOR/2021-25"


def test_a_change_that_changes_nothing_is_none() -> None:
    with pytest.raises(Refused) as refusal:
        change(from_japan(), {"block_14": form("s15-notification")["block_14"]})
    assert rules_of(refusal) == ["CHANGE_EMPTY"]


def test_one_change_at_a_time() -> None:
    notification = from_japan()
    change(notification, {"block_14": form("s15-notification")["block_14"] | {"un_class": ["9"]}})
    with pytest.raises(Refused) as refusal:
        change(notification, ZEEBRUGGE)
    assert rules_of(refusal) == ["STATE_FORBIDS"]


def test_a_change_brings_in_no_code_that_the_law_does_not_know() -> None:
    waste = form("s15-notification")["block_14"] | {"un_class": ["7"]}
    with pytest.raises(Refused) as refusal:
        change(from_japan(), {"block_14": waste})
    assert rules_of(refusal) == ["CODE_UNKNOWN"]
    assert refusal.value.findings[0].pointer.startswith("/blocks/block_14/un_class")


def test_a_canadian_holder_whose_shares_were_bought_changes_his_name_and_no_other_line() -> None:
    block_1 = form("s01-notification")["block_1"]
    (said,) = change(authorised(), {"block_1": block_1 | {"name": "Plastix Holding Inc"}})
    assert (said.kind, said.changes[0].at) == ("essential", "/block_1/name")
    with pytest.raises(Refused) as other:
        change(authorised(), {"block_1": block_1 | {"registration_no": "CA-OTHER"}})
    assert rules_of(other) == ["CHANGE_NEEDS_NEW_NOTIFICATION"]

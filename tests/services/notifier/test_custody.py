"""A load changes hands: only carriers of block 8, in order, with the seals compared."""

from __future__ import annotations

from datetime import date

import pytest

from notifier.domain.change import Change
from notifier.domain.custody import Taking, deliver, hand_over, holder_of
from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prenotification import prenotify
from notifier.domain.shipments import depart
from pic_schemas.documents.transport import Equipment
from pic_schemas.messages import ChangedPlace, ChangeRequested, MovementDelivered, MovementHandedOver
from pic_schemas.refusal import Refused
from tests.services.notifier.story import JULY, NUMBER, authorised, load, rules_of

LEFT, MET = date(2026, 7, 20), date(2026, 7, 22)
SEALED = Equipment(id="BETU4410027", seals=("CA-771204",))


def under_way() -> tuple[Notification, Movement]:
    notification = authorised()
    block_16 = {"equipment": [SEALED.model_dump()]}
    movement, _ = prenotify(notification, load(block_16=block_16), JULY)
    movement.hear_release("CAMTR001")
    depart(notification, 1, carrier="CA-ALPHA", on=LEFT, place="Montreal", kg=None)
    return notification, movement


def taking(carrier: str = "BE-BETA", on: date = MET, *found: Equipment) -> Taking:
    return Taking(carrier, "Halifax", on, found)


def refusal(act: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return rules_of(caught)


def test_the_next_carrier_of_block_8_takes_over_and_the_last_one_delivers() -> None:
    notification, movement = under_way()
    (said,) = hand_over(notification, movement, taking("BE-BETA", MET, SEALED), "S")
    assert isinstance(said, MovementHandedOver)
    assert (said.leg, said.from_carrier, said.to_carrier) == (2, "CA-ALPHA", "BE-BETA")
    assert said.seals_as_before is True
    assert holder_of(movement) == "BE-BETA"
    (arrived,) = deliver(notification, movement, taking("BE-BETA", date(2026, 8, 5)))
    assert isinstance(arrived, MovementDelivered)
    assert (arrived.facility, arrived.seals_as_before) == ("BE-F7", None)
    assert refusal(lambda: hand_over(notification, movement, taking("CA-ALPHA", MET), "R")) == [
        "STATE_FORBIDS"
    ]


def test_nobody_takes_over_before_the_departure() -> None:
    notification = authorised()
    movement, _ = prenotify(notification, load(), JULY)
    assert refusal(lambda: hand_over(notification, movement, taking(), "S")) == ["NOT_DEPARTED"]


def test_only_who_has_the_load_delivers_it() -> None:
    notification, movement = under_way()
    assert refusal(lambda: deliver(notification, movement, taking("BE-BETA"))) == ["SEAT_FORBIDS"]


def test_a_stranger_takes_nothing_over_unless_an_agreed_change_made_it_a_carrier() -> None:
    notification, movement = under_way()
    assert refusal(lambda: hand_over(notification, movement, taking("NL-RIVER"), "W")) == [
        "DOCUMENT_MISMATCH"
    ]
    filed = notification.filed
    river = filed.carriers[1].model_copy(update={"registration_no": "NL-RIVER", "means": ("W",)})
    block_8 = filed.block_8.model_copy(update={"carriers": (*filed.carriers, river)})
    notification.document = filed.model_copy(update={"block_8": block_8})
    assert refusal(lambda: hand_over(notification, movement, taking("NL-RIVER"), "W")) == [
        "DOCUMENT_MISMATCH"
    ]
    asked = ChangeRequested(
        number=NUMBER,
        change=1,
        kind="essential",
        reason="The river is cheaper",
        requested_on=MET,
        changes=(ChangedPlace(at="/block_8/carriers", article="Art. 17(1)"),),
        document=notification.filed,
        article="Art. 17(1)",
    )
    notification.changes.append(Change(asked, outcome="agreed"))
    hand_over(notification, movement, taking("NL-RIVER"), "W")
    assert holder_of(movement) == "NL-RIVER"


def test_another_means_than_stated_is_refused_and_so_is_a_day_before_the_carrier_before() -> None:
    notification, movement = under_way()
    assert refusal(lambda: hand_over(notification, movement, taking(), "A")) == ["DOCUMENT_MISMATCH"]
    early = taking("BE-BETA", date(2026, 7, 19))
    assert refusal(lambda: hand_over(notification, movement, early, "S")) == ["DATES_IMPOSSIBLE"]


def test_seals_that_differ_are_told_and_stop_nothing() -> None:
    notification, movement = under_way()
    broken = Equipment(id="BETU4410027", seals=("XX-000001",))
    (said,) = hand_over(notification, movement, taking("BE-BETA", MET, broken), "S")
    assert said.model_dump()["seals_as_before"] is False
    (arrived,) = deliver(notification, movement, taking("BE-BETA", MET, broken))
    assert arrived.model_dump()["seals_as_before"] is True, "compared with what was found last"

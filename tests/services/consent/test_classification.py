"""How an authority sees a load: a fact of the case, the latest view in place of the earlier one."""

from __future__ import annotations

from datetime import date

import pytest

from consent.domain.classified_load import ClassifiedLoad, Sight
from pic_schemas.address import Address, Role
from pic_schemas.messages import ClassificationStated
from pic_schemas.refusal import Refused
from tests.services.consent.case import CASE, notification, transmitted
from tests.services.consent.conftest import House

DAY = date(2026, 6, 10)
BELGIUM = Address("BE", Role.COMPETENT_AUTHORITY, "BE001")
CANADA = Address("CA", Role.COMPETENT_AUTHORITY, "CA001")
SIGHT = {"reason": "Photographs", "signatory": "Els Wouters"}


def load() -> ClassifiedLoad:
    return ClassifiedLoad("w", CASE, "CA", "BE", (), "B3011", "R3")


def test_the_latest_view_of_an_authority_takes_the_place_of_its_earlier_one() -> None:
    film = load()
    first = film.state_view(BELGIUM, Sight(**SIGHT, code="Y48"), DAY)
    second = film.state_view(BELGIUM, Sight(**SIGHT, code="B3011"), DAY)
    assert [(one.version, one.treated_as) for one in (first, second)] == [(1, "PIC"), (2, "GENERAL_INFO")]
    assert second.prevailing == ()
    film.hear(first)
    assert film.views["BE001"] is second


def test_a_milder_view_is_recorded_and_the_stricter_one_counts() -> None:
    film = load()
    film.state_view(BELGIUM, Sight(**SIGHT, code="Y48"), DAY)
    milder = film.state_view(CANADA, Sight(**SIGHT, code="B3011"), DAY)
    assert (milder.part, milder.treated_as) == ("export", "PIC")


@pytest.mark.parametrize(
    ("sight", "rule"),
    [
        (Sight(**SIGHT, code="Y99"), "CODE_UNKNOWN"),
        (Sight(**SIGHT, operation="R99"), "CODE_UNKNOWN"),
        (Sight(**SIGHT), "BLOCK_INVALID"),
    ],
)
def test_a_view_names_a_code_of_the_lists_an_operation_or_no_waste(sight: Sight, rule: str) -> None:
    film = load()
    with pytest.raises(Refused) as refusal:
        film.state_view(BELGIUM, sight, DAY)
    assert refusal.value.findings[0].rule == rule
    assert film.views == {}


def test_a_state_off_the_route_has_no_view() -> None:
    with pytest.raises(Refused, match="not on the route"):
        load().state_view(Address("MY", Role.COMPETENT_AUTHORITY, "MY001"), Sight(**SIGHT, code="Y48"), DAY)


async def test_an_authority_states_its_view_of_a_notified_load(house: House) -> None:
    await house.neighbours.open_world()
    process = await house.start("BE")
    process.position["last"] = await house.neighbours.say("/notifier/CA", transmitted(notification()))
    body = {**SIGHT, "code": "A3210"}
    path = f"/v1/loads/{CASE}/classification"
    answer = await process.post(path, process.as_("BE001", "BE", "competent-authority"), body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["stated_code"] == "Y48"
    assert [rule["rule"] for rule in answer.json()["prevailing"]] == ["WHICH_LIST"]
    other = await process.post(path, process.as_("NL001", "NL", "competent-authority"), body)
    assert other.status_code == 404
    (event,) = await house.said(ClassificationStated.type, by="/consent/BE")
    assert event.sender == "BE/competent-authority/BE001"

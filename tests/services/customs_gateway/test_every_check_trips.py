"""Every check of the border is tripped through the HTTP API, and the three lawful loads trip none."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from customs_gateway.domain.checks import CHECKS
from pic_law.rules import rules
from pic_schemas.messages import ConsentWithdrawn
from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

Trip = Callable[[Border], Awaitable[dict[str, Any]]]

WITHOUT = {"number": None, "movement_number": None, "shipment": None}
CLEAN = WITHOUT | {"basel_code": "B3011", "hs": "3915.10", "operations": ("R3",)}
FORM = {
    "documents": ({"category": "C", "type": "672", "id": "GI-1"},),
    "general_information": {"form_number": "GI-1", "arranged_by": "CA-PLASTIX", "facility": "BE-F7"},
}
SCRAP = WITHOUT | {
    "destination": "US",
    "operations": ("R3",),
    "documents": ({"category": "C", "type": "669", "id": "Arrangement 2020", "exemption_code": "A20"},),
}
LAWFUL = {"carrier": "CA-ALPHA", "means": "R", "equipment": ({"id": "BETU4410027", "seals": ("CA-771204",)},)}


def declared(direction: str = "export", **changes: Any) -> Trip:
    """Everything was said that a lawful load needs; only the declaration differs from it."""

    async def trip(border: Border) -> dict[str, Any]:
        await border.ready()
        return dict((await border.lodge(direction, **changes)).json())

    return trip


async def objected(border: Border) -> dict[str, Any]:
    await border.ready()
    await border.say(story.decision(version=2, verdict="objection"), source="/consent/BE")
    return dict((await border.lodge()).json())


async def not_announced(border: Border) -> dict[str, Any]:
    await border.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted())
    await border.say(story.decision(), source="/consent/BE")
    await border.say(story.authorised())
    return dict((await border.lodge(movement_number=None)).json())


async def announced_too_late(border: Border) -> dict[str, Any]:
    """Heard on 14 July for the 20th by Canada; Antwerp asks two working days, and it starts at once."""
    await border.say(story.guarantee_lodged(), story.guarantee_approved(), story.transmitted())
    await border.say(story.decision(), source="/consent/BE")
    at_once = story.prenotified().model_copy(update={"start_date": date(2026, 7, 14)})
    await border.say(story.authorised(), at_once)
    return dict((await border.lodge("import")).json())


async def without_guarantee(border: Border) -> dict[str, Any]:
    await border.say(story.transmitted())
    await border.say(story.decision(), source="/consent/BE")
    await border.say(story.authorised(), story.prenotified())
    return dict((await border.lodge()).json())


async def weighed(border: Border) -> dict[str, Any]:
    found = await declared(**LAWFUL)(border)
    path = f"/v1/declarations/{found['declaration_id']}/inspections"
    await border.post(path, body={"kind": "physical"})
    result = {"findings": "Over the weighbridge", "weighed_kg": 29_000}
    return dict((await border.post(f"{path}/1/result", body=result)).json())


async def with_food(border: Border) -> dict[str, Any]:
    lodged = (await border.lodge(**CLEAN, **FORM)).json()
    path = f"/v1/declarations/{lodged['declaration_id']}/inspections"
    await border.post(path, body={"kind": "sample"})
    dirty = {
        "findings": "Household film",
        "composition": {"contaminants": [{"kind": "inert", "percent": "9"}]},
    }
    return dict((await border.post(f"{path}/1/result", body=dirty)).json())


async def after_illegal_traffic(border: Border) -> dict[str, Any]:
    first = (await border.lodge(**WITHOUT, ucr="FIRST")).json()
    report = {"art9_letters": ["a"], "facts": "Nobody was notified", "waste_code": "Y48"}
    await border.post(f"/v1/declarations/{first['declaration_id']}/illegal-traffic-report", body=report)
    return dict((await border.lodge(**CLEAN, **FORM, ucr="SECOND")).json())


async def with_a_container_that_is_on_the_way(border: Border) -> dict[str, Any]:
    box = {"equipment": ({"id": "BETU4410027"},)}
    await border.lodge(**CLEAN, **FORM, **box, ucr="FIRST")
    return dict((await border.lodge(**CLEAN, **FORM, **box, ucr="SECOND")).json())


async def without_the_certificate_of_malaysia(border: Border) -> dict[str, Any]:
    changes = {"office": "MYPKG001", "destination": "MY", "consignee": "MY-POLYMER"}
    body = story.declared("import", **CLEAN | changes).model_dump(mode="json", exclude={"declaration_id"})
    headers = border.headers("MY", "MYPKG001", "customs") | {"Idempotency-Key": "sirim"}
    return dict((await border.http.post("/v1/declarations", json=body, headers=headers)).json())


async def for_a_facility_without_permit(border: Border) -> dict[str, Any]:
    await border.ready()
    taken_back = ConsentWithdrawn(
        number=story.NUMBER,
        authority="BE001",
        role="import",
        version=2,
        signatory="Els Wouters",
        profile="EU_2024",
        article="Art. 9",
        ground="facility-permit",
        effective_on=date(2026, 7, 15),
        in_transit="hold",
        withdrawn_on=date(2026, 7, 15),
    )
    await border.say(taken_back, source="/consent/BE")
    return dict((await border.lodge()).json())


async def without_the_consent_number_of_a_filing(border: Border) -> dict[str, Any]:
    """The United States want it in the export filing; nothing is consented yet, so none was issued."""
    await border.say(story.transmitted(story.notification_document("s26-notification.yaml")))
    changes = {"office": "USDET001", "origin": "US", "destination": "CA"}
    body = story.declared("export", **changes).model_dump(mode="json", exclude={"declaration_id"})
    headers = border.headers("US", "USDET001", "customs") | {"Idempotency-Key": "filing"}
    return dict((await border.http.post("/v1/declarations", json=body, headers=headers)).json())


async def stamped_out_before_it_was_stamped_in(border: Border) -> dict[str, Any]:
    """What block 22 of the paper shows, presented with the import declaration."""
    await border.ready_by_way_of_rotterdam()
    return dict((await border.lodge("import", stamps=(story.stamps("2026-08-01", "2026-07-30"),))).json())


async def unknown_number(border: Border) -> dict[str, Any]:
    refused = (await border.lodge(number="CA 0000 999999")).json()
    return {"checks": [{"id": refused["rule"], "outcome": "fail"}]}


TRIPS: dict[str, Trip] = {
    "CH01": declared(**WITHOUT, operations=("R3",)),
    "CH02": unknown_number,
    "CH03": objected,
    "CH04": objected,
    "CH05": declared(border_date=date(2026, 12, 16)),
    "CH06": declared(shipment=2, movement_number=None),
    "CH07": declared(net_kg=25_001),
    "CH08": not_announced,
    "CH09": announced_too_late,
    "CH10": declared(exporter="CA-OTHER"),
    "CH11": declared(carrier="CA-NOBODY"),
    "CH12": declared(transits=("NL",)),
    "CH13": declared(hs="3920.30"),
    "CH14": declared(**CLEAN | {"hs": "3915.30"}, **FORM),
    "CH15": weighed,
    "CH16": declared(equipment=({"id": "ZZZU0000001"},)),
    "CH17": without_guarantee,
    "CH18": without_the_certificate_of_malaysia,
    "CH19": declared(**CLEAN | {"destination": "TH"}),
    "CH20": after_illegal_traffic,
    "CH21": with_food,
    "CH22": with_a_container_that_is_on_the_way,
    "CH23": for_a_facility_without_permit,
    "CH24": stamped_out_before_it_was_stamped_in,
    "CH25": without_the_consent_number_of_a_filing,
}


@pytest.mark.parametrize("check", sorted(TRIPS))
async def test_the_check_is_tripped(border: Border, check: str) -> None:
    found = await TRIPS[check](border)
    failed = {one["id"] for one in found["checks"] if one["outcome"] == "fail"}
    assert check in failed, found.get("reasons")


def test_no_check_is_left_out() -> None:
    assert len(CHECKS) == len(TRIPS)
    assert set(TRIPS) == {id_ for id_ in rules() if re.fullmatch(r"CH\d\d", id_)}


@pytest.mark.parametrize(
    "load", [declared(**LAWFUL), declared(**CLEAN, **FORM), declared(**SCRAP)], ids=["S01", "C672", "A20"]
)
async def test_a_lawful_load_trips_none(border: Border, load: Trip) -> None:
    found = await load(border)
    assert found["outcome"] == "released", found
    assert [one for one in found["checks"] if one["outcome"] in ("fail", "not-yet-known")] == []

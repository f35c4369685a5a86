"""What may change after a declaration was decided: amended, withdrawn, pushed, answered for, credited."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border


def written(direction: str = "export", **changes: Any) -> dict[str, Any]:
    return story.declared(direction, **changes).model_dump(mode="json", exclude={"declaration_id"})


async def amend(border: Border, declaration: str, **changes: Any) -> Any:
    body = {"declaration": written(**changes), "reason": "Weighbridge ticket corrected"}
    return await border.post(f"/v1/declarations/{declaration}/amendment", body=body)


async def released(border: Border, **changes: Any) -> str:
    await border.ready()
    answer = (await border.lodge(**changes)).json()
    assert answer["outcome"] == "released", answer
    return str(answer["declaration_id"])


async def test_an_amendment_after_the_release_changes_what_was_consumed(border: Border) -> None:
    declaration = await released(border)
    amended = await amend(border, declaration, net_kg=24_000)
    assert (amended.status_code, amended.json()["outcome"]) == (200, "released")
    ledger = amended.json()["ledger"]
    assert (ledger["available_kg"], ledger["consumed_kg"]) == (1_000, 24_000)
    said = [one for one in await border.said() if one.type == "pic.declaration.amended.v1"]
    assert said[0].data["changed"] == ["/net_kg"]


async def test_an_amendment_beyond_the_consent_is_refused_and_gives_the_quantity_back(border: Border) -> None:
    declaration = await released(border)
    over = (await amend(border, declaration, net_kg=25_001)).json()
    assert (over["outcome"], over["reasons"]) == ("refused", ["CH07"])
    assert over["ledger"]["available_kg"] == 25_000


async def test_what_makes_it_this_declaration_is_not_amended_and_all_of_it_is_told_at_once(
    border: Border,
) -> None:
    declaration = await released(border)
    refused = await amend(border, declaration, ucr="ANOTHER-1", shipment=2)
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.json()["errors"]} == {"/ucr", "/shipment"}


async def test_a_load_that_left_is_amended_no_more(border: Border) -> None:
    declaration = await released(border)
    await border.post(f"/v1/declarations/{declaration}/exit")
    assert (await amend(border, declaration, net_kg=24_000)).json()["rule"] == "STATE_FORBIDS"
    again = await border.post(f"/v1/declarations/{declaration}/withdrawal", body={"reason": "Too late"})
    assert again.status_code == 409


async def test_a_withdrawn_declaration_gives_back_what_it_drew_and_another_takes_its_place(
    border: Border,
) -> None:
    declaration = await released(border)
    gone = await border.post(
        f"/v1/declarations/{declaration}/withdrawal", body={"reason": "The vessel does not sail"}
    )
    assert (gone.status_code, gone.json()["state"]) == (200, "WITHDRAWN")
    ledger = (await border.get(f"/v1/ledger/{story.CASE}")).json()
    assert (ledger["available_kg"], ledger["lines"]) == (25_000, [])
    assert (await border.lodge(net_kg=24_500)).json()["outcome"] == "released"


async def test_an_objection_is_pushed_to_the_declaration_that_rests_on_the_consent(border: Border) -> None:
    declaration = await released(border)
    await border.say(story.decision(version=2, verdict="objection"), source="/consent/BE")
    pushed = (await border.get(f"/v1/declarations/{declaration}")).json()
    assert pushed["outcome"] == "refused"
    assert {"CH03", "CH04"} <= set(pushed["reasons"])
    assert (await border.said())[-1].type == "pic.customs.refused.v1"
    assert (await border.post(f"/v1/declarations/{declaration}/exit")).status_code == 409


async def test_a_change_is_not_pushed_to_a_load_that_left(border: Border) -> None:
    declaration = await released(border)
    await border.post(f"/v1/declarations/{declaration}/exit")
    await border.say(story.decision(version=2, verdict="objection"), source="/consent/BE")
    left = (await border.get(f"/v1/declarations/{declaration}")).json()
    assert (left["state"], left["outcome"]) == ("EXIT_CONFIRMED", "released")


async def overdrawn_at_import(border: Border) -> dict[str, Any]:
    """The State of export let shipment 1 out; then the consent was narrowed below it."""
    declaration = await released(border)
    await border.post(f"/v1/declarations/{declaration}/exit")
    await border.say(story.decision(version=2, quantity_kg=20_000), source="/consent/BE")
    held = (await border.lodge("import")).json()
    return dict(held)


async def test_the_importing_office_sees_the_overdraw_and_holds(border: Border) -> None:
    held = await overdrawn_at_import(border)
    assert (held["outcome"], held["reasons"]) == ("held", ["CH07"])
    (seen,) = [check for check in held["checks"] if check["id"] == "CH07"]
    assert (seen["severity"], seen["detail"].startswith("over-drawn")) == ("HOLD", True)
    assert held["ledger"]["available_kg"] == -5_000


async def test_an_officer_answers_for_the_overdraw_by_name_and_with_a_reason(border: Border) -> None:
    held = await overdrawn_at_import(border)
    path = f"/v1/declarations/{held['declaration_id']}/quantity-override"
    nameless = await border.post(path, "import", {"reason": "It is here"})
    assert nameless.status_code == 422
    answered = await border.post(path, "import", {"officer": "Lieve Claes", "reason": "Released in Montreal"})
    assert (answered.status_code, answered.json()["outcome"]) == (200, "released")
    (check,) = [one for one in answered.json()["checks"] if one["id"] == "CH07"]
    assert "Lieve Claes answers for it: Released in Montreal" in check["detail"]
    said = [one for one in await border.said() if one.type == "pic.quantity.overridden.v1"]
    assert said[0].data["officer"] == "Lieve Claes"


async def test_no_officer_lets_more_leave_than_was_consented(border: Border) -> None:
    await border.ready()
    over = (await border.lodge(net_kg=25_001)).json()
    assert over["outcome"] == "refused"
    path = f"/v1/declarations/{over['declaration_id']}/quantity-override"
    refused = await border.post(path, "export", {"officer": "Marc Roy", "reason": "It is only a kilogram"})
    assert (refused.status_code, refused.json()["rule"]) == (409, "STATE_FORBIDS")


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"origin": "BE"}, {"/destination"}),
        ({"transits": ["CA", "QQ"]}, {"/transits/0", "/transits/1"}),
        ({"value": "100.00"}, {"/currency"}),
        (
            {"equipment": [{"id": "BETU4410027"}, {"id": "BETU4410027"}]},
            {"/equipment/0/id", "/equipment/1/id"},
        ),
        (
            {
                "documents": [
                    {"category": "C", "type": "669", "id": "CA 0000 000002", "writeoff_kg": 1},
                    {"category": "C", "type": "670", "id": "CA 0000 000001.000009"},
                    {"category": "Y", "type": "923", "id": "-", "reason": "Product"},
                ],
                "value": "1.00",
            },
            {
                *("/currency", "/documents/0/id", "/documents/1/id", "/documents/0/writeoff_kg"),
                *("/number", "/documents/0", "/documents/1"),
            },
        ),
        (
            {"documents": [{"category": "C", "type": "US_IMPORT_CONSENT", "id": "1234/56E/01"}]},
            {"/documents/0/id"},
        ),
        ({"documents": [{"category": "C", "type": "US_IMPORT_CONSENT", "id": "123456I12345"}]}, set()),
    ],
)
async def test_a_declaration_with_contradictions_gets_all_of_them_at_once(
    border: Border, changes: dict[str, Any], pointers: set[str]
) -> None:
    await border.ready()
    answer = await border.post("/v1/declarations", body=written() | changes)
    if not pointers:
        assert answer.status_code == 201
        return
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == pointers
    assert (await border.get(f"/v1/ledger/{story.CASE}")).json()["lines"] == []

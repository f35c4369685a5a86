"""A consent number asked about by an agency that wants nothing else: one question, or a thousand at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.services.customs_gateway import story
from tests.services.customs_gateway.border import Border

LAWFUL: dict[str, Any] = {
    "number": story.NUMBER,
    "on": "2026-07-21",
    "net_kg": 25_000,
    "waste_code": "Y48",
    "hs": "3915.90",
    "route": ["CA", "BE"],
}


async def ask(border: Border, *questions: dict[str, Any], state: str = "BE") -> dict[str, Any]:
    headers = border.headers(state, f"{state}001", "competent-authority")
    answer = await border.http.post(
        "/v1/consent-checks", json={"questions": list(questions)}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_number_that_is_real_open_and_big_enough_holds(border: Border) -> None:
    await border.ready()
    (answer,) = (await ask(border, LAWFUL))["answers"]
    assert answer["holds"]
    assert (answer["available_kg"], answer["waste_code"], answer["valid_to"]) == (25_000, "Y48", "2026-12-15")
    assert [(one["id"], one["outcome"]) for one in answer["checks"]] == [
        (id_, "pass") for id_ in ("CH02", "CH03", "CH07", "CH13", "CH12", "CH05")
    ]


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"number": "CA 0000 999999"}, "CH02", "/number"),
        ({"number": "nonsense"}, "CH02", "/number"),
        ({"net_kg": 25_001}, "CH07", "/net_kg"),
        ({"waste_code": "A3210"}, "CH13", "/waste_code"),
        ({"hs": "3915.10"}, "CH13", "/hs"),
        ({"route": ["CA", "NL", "BE"]}, "CH12", "/route"),
        ({"on": "2026-12-16"}, "CH05", "/on"),
    ],
)
async def test_what_does_not_fit_is_named_with_its_rule(
    border: Border, changes: dict[str, Any], rule: str, pointer: str
) -> None:
    await border.ready()
    (answer,) = (await ask(border, LAWFUL | changes))["answers"]
    assert not answer["holds"]
    against = [one for one in answer["checks"] if one["outcome"] == "fail"]
    assert [(one["id"], one["pointer"]) for one in against] == [(rule, pointer)]
    assert all(one["article"] and one["source"] for one in against)


async def test_an_objection_closes_the_number(border: Border) -> None:
    await border.ready()
    await border.say(story.decision(version=2, verdict="objection"), source="/consent/BE")
    (answer,) = (await ask(border, LAWFUL))["answers"]
    assert not answer["holds"]
    assert "CH03" in {one["id"] for one in answer["checks"] if one["outcome"] == "fail"}


async def test_whom_a_number_does_not_concern_is_told_that_it_does_not_exist(border: Border) -> None:
    await border.ready()
    (answer,) = (await ask(border, LAWFUL, state="NL"))["answers"]
    assert [one["id"] for one in answer["checks"]] == ["CH02"]
    assert answer["available_kg"] is None


async def test_a_thousand_numbers_are_one_statement(border: Border) -> None:
    await border.ready()
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        # Once a second live worlds are looked for, whoever asks whatever meanwhile.
        if "worlds.mode =" not in statement:
            statements.append(statement)

    await ask(border, LAWFUL)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        await ask(border, LAWFUL)
        for_one = len(statements)
        asked = [LAWFUL | {"number": f"CA 0000 {serial:06d}"} for serial in range(1, 1_001)]
        answers = (await ask(border, *asked))["answers"]
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [one["holds"] for one in answers] == [True] + [False] * 999
    assert len([one for one in statements[for_one:] if "FROM registry" in one]) == 1
    assert len(statements) == 2 * for_one


async def test_a_batch_has_a_limit(border: Border) -> None:
    headers = border.headers("BE", "BE001", "competent-authority")
    for questions in ([], [LAWFUL] * 1_001):
        refused = await border.http.post("/v1/consent-checks", json={"questions": questions}, headers=headers)
        assert refused.status_code == 422


@pytest.mark.parametrize("field", ["shipment", "net_kg"])
async def test_true_is_no_number_of_kilograms_and_no_shipment(border: Border, field: str) -> None:
    headers = border.headers("BE", "BE001", "competent-authority")
    asked = {"questions": [LAWFUL | {field: True}]}
    answer = await border.http.post("/v1/consent-checks", json=asked, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/questions/0/{field}"

"""What an operation asks of every caller is read in one place, and documented as FastAPI documents it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.tiny_exchange.exchange import TinyExchange, case_id

PATH = f"/cases/{case_id('entrance')}/guarantee"


def _parameters(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    operation = document["paths"]["/cases/{case}/guarantee"]["post"]
    return {each["name"]: each for each in operation["parameters"]}


async def test_the_document_shows_what_an_entrance_reads(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        for _ in range(2):  # the second is the one that was kept
            document = (await client.get("/openapi.json")).json()
            shown = _parameters(document)
            assert set(shown) == {"case", "dry_run", "Exchange-Position", "idempotency-key"}
    assert shown["dry_run"]["schema"]["type"] == "boolean"
    assert shown["idempotency-key"]["schema"]["anyOf"][0]["maxLength"] == 200
    assert document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]


@pytest.mark.parametrize(
    ("headers", "query", "pointer"),
    [
        ({"Idempotency-Key": "k" * 201}, "", "/header/idempotency-key"),
        ({"Idempotency-Key": "k", "Exchange-Position": "x" * 2001}, "", "/header/Exchange-Position"),
        ({"Idempotency-Key": "k"}, "?dry_run=perhaps", "/query/dry_run"),
    ],
)
async def test_what_is_malformed_is_named(
    exchange: TinyExchange, headers: dict[str, str], query: str, pointer: str
) -> None:
    async with exchange.client(exchange.lodging) as client:
        answer = await client.post(PATH + query, json={"amount": 1}, headers=headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

"""Who may do what: tokens, seats, worlds; and rule 11: every refusal names rule, article and place."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pic_kit.access import Verifier
from pic_kit.clock import wall_clock
from tests.kit.conftest import LAPTOP
from tests.support.tiny_exchange import services
from tests.support.tiny_exchange.exchange import WORLD, TinyExchange, case_id
from tests.support.tokens import TestIssuer

CASE = case_id("access")
pytestmark = pytest.mark.parametrize("ground", [LAPTOP])


async def read(
    exchange: TinyExchange, authorization: str | None, verifier: Verifier | None = None
) -> httpx.Response:
    app = services.application(exchange.lodging, verifier or exchange.issuer.verifier())
    headers = {"Authorization": authorization.encode("latin-1")} if authorization else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tiny", headers=headers) as client:
        return await client.get(f"/cases/{CASE}")


@pytest.mark.parametrize("authorization", [None, "Basic abc", "Bearer", "Bearer no.token.atall", "Bearer é"])
async def test_without_a_token_nobody_is_let_in(exchange: TinyExchange, authorization: str | None) -> None:
    answer = await read(exchange, authorization)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["rule"] == "TOKEN_REQUIRED"


@pytest.mark.parametrize(
    "claims",
    [
        {"lifetime": -100},
        {"aud": "another-exchange"},
        {"iss": "another-issuer"},
        {"roles": "exporter"},
        {"roles": [7]},
        {"agency": None},
        {"world": 3},
        {"exp": "soon"},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_is_refused(exchange: TinyExchange, claims: dict[str, Any]) -> None:
    answer = await read(exchange, f"Bearer {exchange.issuer.token(**claims)}")
    assert answer.status_code == 401


async def test_a_token_of_another_issuer_is_refused_even_under_our_name(exchange: TinyExchange) -> None:
    answer = await read(exchange, f"Bearer {TestIssuer(exchange.issuer.issuer).token()}")
    assert answer.status_code == 401


async def test_an_unsigned_token_is_refused(exchange: TinyExchange) -> None:
    signed = exchange.issuer.token().split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    assert (await read(exchange, f"Bearer {none}.{signed[1]}.")).status_code == 401


async def test_keys_that_cannot_be_fetched_are_our_trouble_not_the_callers(exchange: TinyExchange) -> None:
    async def away() -> dict[str, Any]:
        raise httpx.ConnectError("refused")

    verifier = Verifier(exchange.issuer.issuer, away)
    answer = await read(exchange, f"Bearer {exchange.issuer.token()}", verifier)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"


async def test_keys_that_were_turned_are_fetched_again(
    exchange: TinyExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, served = TestIssuer("turning"), TestIssuer("turning"), []
    now = [0.0]
    monkeypatch.setattr("pic_kit.access.monotonic", lambda: now[0])

    async def keys() -> dict[str, Any]:
        served.append(1)
        return await (old if len(served) == 1 else new).verifier()._fetch()

    verifier = Verifier("turning", keys)
    assert (await verifier.caller(old.token())).agency == "CA-PLASTIX"
    now[0] = 11.0
    assert (await verifier.caller(new.token())).agency == "CA-PLASTIX"
    assert len(served) == 2


async def test_another_seat_is_told_which_seats_it_takes(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging, roles=["customs"]) as client:
        answer = await client.post(f"/cases/{CASE}/guarantee", json={"amount": 1})
    assert answer.status_code == 403
    assert answer.json()["rule"] == "SEAT_FORBIDS"
    assert "open to exporter; the token holds customs" in answer.json()["detail"]


async def test_nothing_of_a_world_is_there_for_a_token_of_another(exchange: TinyExchange) -> None:
    await exchange.open_world("other-world")
    await exchange.lodge(CASE)
    async with exchange.client(exchange.lodging, world="other-world") as stranger:
        assert (await stranger.get(f"/cases/{CASE}")).status_code == 404
        headers = {"Idempotency-Key": "k"}
        assert (await stranger.post(f"/cases/{CASE}/changes", headers=headers)).status_code == 404
    async with exchange.client(exchange.lodging) as owner:
        assert (await owner.get(f"/cases/{CASE}")).status_code == 200


async def test_a_service_token_that_names_a_world_opens_only_that_one(exchange: TinyExchange) -> None:
    path = f"/internal/worlds/{WORLD}/activity"
    for world, status in (("", 200), (WORLD, 200), ("other-world", 403)):
        async with exchange.client(exchange.lodging, roles=["exchange"], world=world) as client:
            assert (await client.get(path)).status_code == status
    async with exchange.client(exchange.lodging, roles=["exporter"]) as client:
        assert (await client.get(path)).status_code == 403


async def test_a_refusal_names_rule_article_and_place_of_each_finding(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        answer = await client.post(
            f"/cases/{CASE}/guarantee", json={"amount": 5000}, headers={"Idempotency-Key": "k"}
        )
    problem = answer.json()
    assert answer.status_code == problem["status"] == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:pic:rule:TOO_MUCH"
    assert problem["instance"] == f"/cases/{CASE}/guarantee"
    assert (problem["rule"], problem["article"], problem["pointer"]) == (
        "TOO_MUCH",
        "Basel Art. 6(11)",
        "/amount",
    )
    assert [finding["rule"] for finding in problem["errors"]] == ["TOO_MUCH", "ASK_FIRST"]
    assert all(finding["article"] and finding["source"] for finding in problem["errors"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"amount": -1}, "/amount"), ({"amount": "much"}, "/amount"), ({}, "/amount"), ([], "")],
    ids=str,
)
async def test_a_malformed_body_is_told_where(exchange: TinyExchange, body: Any, pointer: str) -> None:
    async with exchange.client(exchange.lodging) as client:
        answer = await client.post(f"/cases/{CASE}/guarantee", json=body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 422
    assert [(f["rule"], f["pointer"]) for f in answer.json()["errors"]] == [("SHAPE", pointer)]


async def test_a_body_that_is_no_json_is_malformed(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        answer = await client.post(
            f"/cases/{CASE}/guarantee",
            content=b"{",
            headers={"Idempotency-Key": "k", "content-type": "application/json"},
        )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_unknown_places_and_methods_are_problems_too(exchange: TinyExchange) -> None:
    async with exchange.client(exchange.lodging) as client:
        missing, wrong = await client.get("/nowhere"), await client.delete(f"/cases/{CASE}")
    assert (missing.status_code, missing.json()["rule"]) == (404, "NOT_FOUND")
    assert (wrong.status_code, wrong.json()["rule"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["Allow"]


async def test_a_store_that_cannot_write_is_503_and_may_be_asked_again(
    exchange: TinyExchange,
) -> None:
    await exchange.lodge(CASE)
    async with exchange.lodging.database.writing() as connection:
        await connection.exec_driver_sql("PRAGMA query_only = ON")
    async with exchange.client(exchange.lodging) as client:
        headers = {"Idempotency-Key": "k"}
        answer = await client.post(f"/cases/{CASE}/changes", headers=headers)
        assert answer.status_code == 503
        assert answer.json()["rule"] == "STORE_UNAVAILABLE"
        assert answer.headers["Retry-After"] == "2"
        await exchange.lodging.database.close()  # the next connection may write again
        assert (await client.post(f"/cases/{CASE}/changes", headers=headers)).json()["changes"] == 1


async def test_clocks_of_two_machines_may_disagree_by_a_minute(exchange: TinyExchange) -> None:
    ahead = int(wall_clock().timestamp()) + 45
    token = exchange.issuer.token(roles=["exporter"], world=WORLD, iat=ahead)
    assert (await read(exchange, f"Bearer {token}")).status_code == 404

"""Every endpoint as every seat, in its own and another State and world; made from the OpenAPI documents."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from pic_exchange.demo import own_exchange
from pic_replay.exchange import Exchange, Reply, World
from pic_replay.runner import Runner
from pic_replay.scenario import load_scenario
from tests.support.exchanges import SECRET, scenario_path

PREFIXES = ("", "/notifier", "/consent", "/customs")
# Endpoints that anybody may call; each has its reason, and a new one must find its way into this list.
PUBLIC = {
    ("POST", "/oauth/token"): "a client proves itself here",
    ("GET", "/.well-known/jwks.json"): "public keys are public",
    ("GET", "/v1/law/statutes"): "the law is public and no case is in it",
    ("GET", "/v1/law/lists"): "the law is public and no case is in it",
    ("GET", "/v1/law/lists/{name}"): "the law is public and no case is in it",
    ("GET", "/v1/law/readings"): "the law is public and no case is in it",
    ("GET", "/v1/law/control"): "the law is public and no case is in it",
    ("POST", "/v1/law/control"): "it computes from what is sent, and keeps nothing",
    ("GET", "/v1/law/requirements"): "the law is public and no case is in it",
    ("POST", "/v1/law/classification"): "it computes from what is sent, and keeps nothing",
}
ABOUT_THE_WORLD = ("/v1/worlds/{world}", "/v1/worlds/{world}/quiet")
DRAFTING = ("POST", "/notifier/v1/notifications")
SEATS = ("exporter", "competent-authority", "customs", "facility", "carrier", "observer")
FOREIGN = {"state": "ZA", "agency": "ZA-NOBODY"}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    seats: tuple[str, ...]

    def matches(self, path: str) -> bool:
        return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(self.path)), path) is not None


class RecordingExchange(Exchange):
    """An exchange that remembers what was sent with success."""

    def __init__(self, url: str) -> None:
        super().__init__(url, SECRET)
        self.calls: list[tuple[str, str, Any]] = []
        self.sent: dict[Operation, tuple[str, Any]] = {}

    def keep_those_of(self, operations: list[Operation]) -> None:
        """The first request to each endpoint; of several templates that fit, the plainest is the endpoint."""
        for method, path, body in self.calls:
            fitting = [o for o in operations if o.method == method and o.matches(path.split("?")[0])]
            if fitting:
                self.sent.setdefault(min(fitting, key=lambda o: o.path.count("{")), (path, body))

    async def request(self, method: str, path: str, **kwargs: Any) -> Reply:
        reply = await super().request(method, path, **kwargs)
        if reply.status < 300:
            self.calls.append((method, path, kwargs.get("body")))
        return reply


def operations_of(prefix: str, document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(method.upper(), prefix + path, tuple(_scopes(operation)))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _scopes(operation: dict[str, Any]) -> list[str]:
    return [scope for requirement in operation.get("security", []) for scope in requirement.get("oauth2", [])]


def without_a_rule(operations: list[Operation]) -> list[str]:
    """Endpoints that nobody guards and nobody excused."""
    return [f"{o.method} {o.path}" for o in operations if not o.seats and (o.method, o.path) not in PUBLIC]


def test_an_endpoint_without_a_rule_is_found() -> None:
    app = FastAPI()

    @app.get("/v1/everything")
    async def everything() -> dict[str, str]:
        return {}

    assert without_a_rule(operations_of("", app.openapi())) == ["GET /v1/everything"]


@asynccontextmanager
async def played(
    folder: Path,
) -> AsyncIterator[tuple[RecordingExchange, World, World, list[Operation], dict[str, str]]]:
    """An exchange on which S01 was played in one world, and another world beside it."""
    async with own_exchange(folder, secret=SECRET) as url, RecordingExchange(url) as exchange:
        outcome = await Runner(exchange, load_scenario(scenario_path("s01-single-shipment"))).play()
        assert outcome.failures == []
        here = await World.join(exchange, outcome.world)
        elsewhere = await World.open(
            exchange, now="2026-06-01T00:00:00Z", label="elsewhere", key=str(uuid4())
        )
        operations = []
        for prefix in PREFIXES:
            operations += operations_of(
                prefix, (await exchange.request("GET", f"{prefix}/openapi.json")).body
            )
        declaration = next(path.split("/")[4] for _, path, _ in exchange.calls if path.endswith("/exit"))
        values = {
            "ref": outcome.cases[0]["case"],
            "world": here.id,
            "shipment": "1",
            "declaration_id": declaration,
        }
        yield exchange, here, elsewhere, operations, values


async def test_no_endpoint_opens_to_the_wrong_seat_state_or_world(tmp_path: Path) -> None:
    async with played(tmp_path) as (exchange, here, elsewhere, operations, values):
        assert without_a_rule(operations) == []
        assert len(operations) > 40
        leaks = []
        exchange.keep_those_of(operations)
        for operation in (o for o in operations if o.seats):
            leaks += await _tried(exchange, here, elsewhere, operation, values)
    assert leaks == []


async def _tried(
    exchange: RecordingExchange, here: World, elsewhere: World, operation: Operation, values: dict[str, str]
) -> list[str]:
    path, body = _request(exchange, operation, values)
    leaks = []

    async def answer(token: str) -> Reply:
        if operation.path.endswith("/stream"):
            return await _beginning(exchange, path, token)
        return await exchange.request(operation.method, path, token=token, key=str(uuid4()), body=body)

    async def expect(who: str, token: str, allowed: set[int]) -> None:
        reply = await asyncio.wait_for(answer(token), 10)
        if reply.status not in allowed:
            leaks.append(f"{operation.method} {path} as {who}: {reply.status} {str(reply.body)[:200]}")
        elif reply.status < 300 and values["ref"] in str(reply.body):
            leaks.append(f"{operation.method} {path} as {who}: shows the case")

    await expect("nobody", "", {401})
    for seat in SEATS:
        if seat not in operation.seats:
            await expect(f"{seat}, the wrong seat", await here.seat(seat, "CA", "CA001"), {403})
            continue
        refused = {403, 404, 409, 422}
        fine = {200} if operation.method == "GET" and "{" not in operation.path else set()
        if seat != "observer":
            # A world's clock and whether it is quiet are told to every State in it; no case is named.
            told = fine | ({200} if operation.path in ABOUT_THE_WORLD else set())
            await expect(f"{seat} of another State", await here.seat(seat, **FOREIGN), refused - {409} | told)
        for state, agency in _own(seat):
            token = await elsewhere.seat(seat, state, agency)
            # Whoever drafts in another world has a draft of its own there.
            own = {201} if (operation.method, operation.path) == DRAFTING else set()
            await expect(f"{state} {seat} of another world", token, refused - {409} | fine | own)
    return leaks


async def _beginning(exchange: RecordingExchange, path: str, token: str) -> Reply:
    """Status and first piece of a stream that does not end by itself."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx.AsyncClient(base_url=exchange.url) as client,
        client.stream("GET", path, headers=headers) as found,
    ):
        pieces = found.aiter_text()
        try:
            return Reply(found.status_code, await asyncio.wait_for(anext(pieces, ""), 0.5))
        except TimeoutError:
            return Reply(found.status_code, "")


def _own(seat: str) -> list[tuple[str, str]]:
    """Who really sits there in S01."""
    return {
        "exporter": [("CA", "CA-PLASTIX")],
        "competent-authority": [("CA", "CA001"), ("BE", "BE001")],
        "customs": [("CA", "CAMTR001"), ("BE", "BEANR001")],
        "facility": [("BE", "BE-F7")],
        "carrier": [("CA", "CA-ALPHA")],
        "observer": [("XX", "observer")],
    }[seat]


def _request(exchange: RecordingExchange, operation: Operation, values: dict[str, str]) -> tuple[str, Any]:
    """The request that S01 sent to this endpoint, else one made up from the case's own values."""
    if operation in exchange.sent:
        return exchange.sent[operation]
    path = operation.path
    for name in re.findall(r"\{(\w+)\}", operation.path):
        path = path.replace(f"{{{name}}}", values.get(name, "1"))
    return path, None if operation.method == "GET" else {}


@pytest.mark.parametrize("role", ["operator", "exchange"])
async def test_nobody_is_given_a_seat_that_rules_over_worlds(tmp_path: Path, role: str) -> None:
    async with own_exchange(tmp_path, secret=SECRET) as url, Exchange(url, SECRET) as exchange:
        world = await World.open(exchange, now="2026-06-01T00:00:00Z", label="x", key="x")
        operator = await exchange.token("operator", SECRET)
        wanted = {"agency": "me", "state": "CA", "roles": [role]}
        reply = await exchange.request(
            "POST", f"/v1/worlds/{world.id}/clients", token=operator, key="k", body=wanted
        )
    assert reply.status == 422

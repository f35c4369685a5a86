"""The front door of a stack hands requests on to the service behind it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from pic_kit.settings import Settings
from single_window.front_door import front_door
from single_window.settings import Upstreams
from single_window.stores import PeerAway

STACK = {
    "PIC_NOTIFIER_URL": "http://notifier",
    "PIC_CUSTOMS_URL": "http://customs",
    "PIC_CONSENT_URLS": "BE+NL=http://lowlands; *=http://others",
}


def service(name: str) -> FastAPI:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def echo(request: Request, path: str) -> Response:
        if path == "stream":
            return StreamingResponse(pieces(), media_type="text/event-stream")
        said = {
            "at": name,
            "path": f"/{path}",
            "query": request.url.query,
            "body": (await request.body()).decode(),
        }
        return Response(
            json.dumps(said | {"key": request.headers.get("idempotency-key")}), 201, {"ETag": '"7"'}
        )

    async def pieces() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"
        yield b"data: 2\n\n"

    return app


@pytest.fixture
def door() -> httpx.AsyncClient:
    upstreams = Upstreams.from_settings(Settings.from_environment(STACK))
    clients = {
        url: httpx.AsyncClient(transport=httpx.ASGITransport(service(name)), base_url=url)
        for name, url in upstreams.services.items()
    }
    app = FastAPI()
    app.include_router(front_door(upstreams, clients))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door")


def token_of(state: str) -> dict[str, str]:
    claims = urlsafe_b64encode(json.dumps({"state": state}).encode()).rstrip(b"=").decode()
    return {"Authorization": f"Bearer e30.{claims}.x"}


def test_every_process_is_a_service_once() -> None:
    upstreams = Upstreams.from_settings(Settings.from_environment(STACK))
    assert upstreams.services == {
        "notifier": "http://notifier",
        "consent-BE+NL": "http://lowlands",
        "consent-*": "http://others",
        "customs": "http://customs",
    }


async def test_the_prefix_is_stripped_and_the_answer_comes_back_whole(door: httpx.AsyncClient) -> None:
    answer = await door.post(
        "/notifier/v1/notifications?dry_run=true", content="{}", headers={"Idempotency-Key": "k1"}
    )
    assert (answer.status_code, answer.headers["etag"]) == (201, '"7"')
    assert answer.json() == {
        "at": "notifier",
        "path": "/v1/notifications",
        "query": "dry_run=true",
        "body": "{}",
        "key": "k1",
    }


@pytest.mark.parametrize(
    ("state", "process"), [("BE", "consent-BE+NL"), ("NL", "consent-BE+NL"), ("JP", "consent-*")]
)
async def test_the_state_of_the_token_chooses_the_consent_process(
    door: httpx.AsyncClient, state: str, process: str
) -> None:
    answer = await door.get("/consent/v1/notifications", headers=token_of(state))
    assert answer.json()["at"] == process


async def test_without_a_readable_token_the_default_process_refuses_for_itself(
    door: httpx.AsyncClient,
) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer a.!!.c"}):
        assert (await door.get("/consent/v1/notifications", headers=headers)).json()["at"] == "consent-*"


async def test_streams_pass_through(door: httpx.AsyncClient) -> None:
    answer = await door.get("/customs/stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == "data: 1\n\ndata: 2\n\n"


async def test_nothing_internal_is_reached_through_the_front_door(door: httpx.AsyncClient) -> None:
    assert (await door.get("/notifier/internal/worlds/test/activity")).status_code == 404


async def test_a_service_that_is_away_is_told_as_such() -> None:
    upstreams = Upstreams.from_settings(Settings.from_environment({"PIC_NOTIFIER_URL": "http://127.0.0.1:9"}))
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as client:
        app = FastAPI()
        app.include_router(front_door(upstreams, {"http://127.0.0.1:9": client}))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as door:
            with pytest.raises(PeerAway, match="notifier cannot be reached: ConnectError"):
                await door.get("/notifier/v1/notifications")


def test_a_malformed_list_of_consent_processes_is_refused() -> None:
    with pytest.raises(ValueError, match="STATE"):
        Upstreams.from_settings(Settings.from_environment({"PIC_CONSENT_URLS": "BE"}))

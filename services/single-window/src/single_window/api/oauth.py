"""Tokens for clients, and the keys to verify them with."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from single_window.api.context import TheRooms
from single_window.desk.issuer import LIFETIME
from single_window.desk.store import Client

router = APIRouter(tags=["tokens"])
CHALLENGE = {"WWW-Authenticate": 'Basic realm="pic-exchange"'}
NOT_STORED = {"Cache-Control": "no-store"}


class Token(BaseModel):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: str
    expires_in: int = Field(description="seconds")
    scope: str


class TokenError(BaseModel):
    """RFC 6749, section 5.2: not a problem of ours, because every OAuth client reads this form."""

    error: str


REFUSED: dict[int | str, dict[str, Any]] = {status: {"model": TokenError} for status in (400, 401)}


@router.post("/oauth/token", response_class=JSONResponse, responses={200: {"model": Token}, **REFUSED})
async def token(
    request: Request,
    house: TheRooms,
    grant_type: Annotated[str, Form(description="client_credentials")] = "",
    client_id: Annotated[str, Form(description="or HTTP Basic")] = "",
    client_secret: Annotated[str, Form()] = "",
    scope: Annotated[str, Form(description="some of the client's seats; all of them by default")] = "",
) -> JSONResponse:
    """OAuth 2 client credentials (RFC 6749, section 4.4)."""
    if grant_type != "client_credentials":
        return _error(400, "unsupported_grant_type")
    basic = _basic(request.headers.get("authorization", ""))
    client = await house.clients.known(*(basic or (client_id, client_secret)))
    if client is None:
        # A browser that did not use Basic would ask its user for a password of its own and never answer.
        return _error(401, "invalid_client", CHALLENGE if basic else {})
    seats = set(scope.split()) or set(client.roles)
    if not seats <= set(client.roles):
        return _error(400, "invalid_scope")
    body = {
        "access_token": await _sign(house, client, seats),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "scope": " ".join(sorted(seats)),
    }
    return JSONResponse(body, headers=NOT_STORED)


@router.get("/.well-known/jwks.json")
async def keys(house: TheRooms) -> dict[str, Any]:
    """The public keys of the sandbox's issuer."""
    return await house.issuer.fetch_keys()


async def _sign(house: TheRooms, client: Client, seats: set[str]) -> str:
    return await house.issuer.token(
        client.client_id, agency=client.agency, state=client.state, roles=seats, world=client.world
    )


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def _error(status: int, error: str, headers: Mapping[str, str] = NOT_STORED) -> JSONResponse:
    return JSONResponse({"error": error}, status, {**NOT_STORED, **headers})

"""Who is calling: a signed token resolves to a Caller, and an endpoint names the seats that may use it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import Request
from fastapi.security import SecurityScopes
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pic_kit.clock import monotonic, wall_clock
from pic_schemas.address import Address, Role

AUDIENCE = "pic-exchange"
MOST_REMEMBERED = 2000
CLOCKS_APART = 60  # seconds by which the clocks of two machines may disagree
SCOPES = {
    "exporter": "the exporter (notifier) of a shipment",
    "competent-authority": "a competent authority, of export, import or transit",
    "customs": "a customs office",
    "facility": "a disposal or recovery facility",
    "carrier": "a carrier",
    "observer": "reads everything in its own sandbox world",
    "operator": "opens worlds and issues their credentials",
    "exchange": "one service of the exchange speaking to another",
}


class Unauthenticated(Exception):
    """No token, or one that cannot be trusted; 401 at the edge."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched, so no token can be told good or bad; 503 at the edge."""


class OtherWorld(Exception):
    """The token names another world than the request; 403 at the edge."""


class SeatForbidden(Exception):
    """The caller's seat may not use this endpoint; 403 at the edge."""

    def __init__(self, seats: tuple[str, ...], caller: Caller) -> None:
        super().__init__(f"open to {', '.join(seats)}; the token holds {', '.join(sorted(caller.roles))}")
        self.seats = seats


@dataclass(frozen=True, slots=True)
class Caller:
    """Agency, State, roles and world of a token; nothing outside its world exists for it."""

    agency: str
    state: str
    roles: frozenset[str]
    world: str

    def address(self, role: str) -> Address:
        return Address(self.state, Role(role), self.agency)

    @property
    def name(self) -> str:
        """Names the caller in stored answers and audits."""
        return f"{self.state}/{self.agency}"


class Verifier:
    """Checks signature, issuer, audience and expiry against the issuer's key set."""

    def __init__(
        self, issuer: str, fetch_keys: Callable[[], Awaitable[dict[str, Any]]], audience: str = AUDIENCE
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch_keys
        self._keys: KeySet | None = None
        self._fetched = float("-inf")
        self._decoded: dict[str, Any] = {}
        self._lock = asyncio.Lock()

    async def caller(self, token: str) -> Caller:
        """Raises Unauthenticated, KeysUnavailable."""
        claims = await self._claims(token)
        try:
            agency, state, roles = claims["agency"], claims["state"], claims["roles"]
        except KeyError as error:
            raise Unauthenticated(f"token lacks {error}") from error
        world = claims.get("world", "")
        texts = [agency, state, world, *(roles if isinstance(roles, list) else [None])]
        if not all(isinstance(text, str) for text in texts):
            raise Unauthenticated("agency, state and world are texts, roles is a list of texts")
        return Caller(agency, state, frozenset(roles), world)

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            decoded = await self._decode(token)
            checks = jwt.JWTClaimsRegistry(
                now=lambda: int(wall_clock().timestamp()),
                leeway=CLOCKS_APART,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                exp={"essential": True},
            )
            checks.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(f"token not accepted: {error}") from error
        return dict(decoded.claims)

    async def _decode(self, token: str) -> Any:
        """A signature is verified once as long as the keys stay; what the token claims, every time."""
        keys = await self._key_set()
        if (known := self._decoded.get(token)) is not None:
            return known
        decoded = await self._verify(token, keys)
        if len(self._decoded) >= MOST_REMEMBERED:
            self._decoded.clear()
        self._decoded[token] = decoded
        return decoded

    async def _verify(self, token: str, keys: KeySet) -> Any:
        try:
            return jwt.decode(token, keys, algorithms=["ES256", "RS256"])
        except (JoseError, ValueError):
            # The issuer may have turned its keys; ask again, at most every ten seconds.
            if monotonic() - self._fetched < 10:
                raise
            self._keys = None
            return jwt.decode(token, await self._key_set(), algorithms=["ES256", "RS256"])

    async def _key_set(self) -> KeySet:
        async with self._lock:
            if self._keys is None:
                try:
                    # As JSON: joserfc types a key set as its own TypedDict, and checks it.
                    self._keys = KeySet.import_key_set(await self._fetch())  # type: ignore[arg-type]
                except httpx.HTTPError as error:
                    raise KeysUnavailable(f"the issuer's keys cannot be fetched: {error}") from error
                self._fetched = monotonic()
                self._decoded.clear()
            return self._keys


def keys_from_url(url: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Fetch a JWKS document over HTTP."""

    async def fetch() -> dict[str, Any]:
        async with httpx.AsyncClient(timeout=5) as client:
            response = await client.get(url)
            response.raise_for_status()
            return dict(response.json())

    return fetch


async def authenticate(request: Request, scopes: SecurityScopes) -> Caller:
    """The caller of this request, who must hold one of the endpoint's seats."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send 'Authorization: Bearer <token>'; POST /oauth/token gives one")
    caller: Caller = await request.app.state.verifier.caller(token.strip())
    if not caller.roles & set(scopes.scopes):
        raise SeatForbidden(tuple(scopes.scopes), caller)
    return caller

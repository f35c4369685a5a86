"""The sandbox's own token issuer: ES256, one key, made at the first start."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import select

from pic_kit.access import AUDIENCE, Verifier
from pic_kit.clock import wall_clock
from pic_kit.database import insert_or_ignore
from pic_kit.runtime import Runtime
from pic_kit.transaction import Transaction
from single_window.desk.tables import KEYS

LIFETIME = 3600
RENEW_BEFORE = 600


class Issuer:
    """Signs tokens; `fetch_keys` gives the public keys to whoever verifies them."""

    def __init__(self, runtime: Runtime, name: str) -> None:
        self._runtime = runtime
        self._name = name
        self._key: ECKey | None = None
        self._own: tuple[str, int] = ("", 0)
        self._verifiers: dict[str, Verifier] = {}

    async def fetch_keys(self) -> dict[str, Any]:
        """A JWKS document."""
        key = await self._signing_key()
        return {"keys": [key.as_dict(private=False)]}

    async def token(
        self,
        subject: str,
        *,
        agency: str,
        state: str,
        roles: Iterable[str],
        world: str,
        audience: str = AUDIENCE,
        lifetime: int = LIFETIME,
    ) -> str:
        now = int(wall_clock().timestamp())
        claims = {
            "iss": self._name,
            "aud": audience,
            "sub": subject,
            "iat": now,
            "exp": now + lifetime,
            "jti": uuid4().hex,
            "agency": agency,
            "state": state,
            "roles": sorted(roles),
            "world": world,
        }
        key = await self._signing_key()
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])

    async def sign(self, claims: dict[str, Any]) -> str:
        """A statement of the exchange that does not expire, such as the proof of an audit log."""
        key = await self._signing_key()
        stated = {"iss": self._name, "iat": int(wall_clock().timestamp()), **claims}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, stated, key, algorithms=["ES256"])

    def verifier(self, audience: str) -> Verifier:
        """Reads what was signed for this audience and for no other."""
        if audience not in self._verifiers:
            self._verifiers[audience] = Verifier(self._name, self.fetch_keys, audience)
        return self._verifiers[audience]

    async def own_token(self) -> str:
        """What this service shows to the others when it steps clocks or asks what they still have to do."""
        token, expires = self._own
        now = int(wall_clock().timestamp())
        if expires - now < RENEW_BEFORE:
            token = await self.token(
                "single-window", agency="single-window", state="exchange", roles=["exchange"], world=""
            )
            self._own = token, now + LIFETIME
        return token

    async def _signing_key(self) -> ECKey:
        if self._key is None:
            self._key = ECKey.import_key(json.loads(await self._runtime.write(_find_or_make)))
        return self._key


THE_KEY = "signing"


async def _find_or_make(transaction: Transaction) -> str:
    """Two first requests at once make one key: the second insert waits for the first and adds nothing."""
    stored = select(KEYS.c.jwk).order_by(KEYS.c.kid).limit(1)
    found = (await transaction.connection.execute(stored)).scalar_one_or_none()
    if found is None:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        row = {"kid": THE_KEY, "jwk": json.dumps(key.as_dict(private=True))}
        await transaction.connection.execute(insert_or_ignore(transaction.connection, KEYS), row)
        found = (await transaction.connection.execute(stored)).scalar_one()
    return str(found)

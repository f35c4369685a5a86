"""A token issuer for tests: one key, made once, and tokens with any claims."""

from __future__ import annotations

from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from pic_kit.access import AUDIENCE, Verifier
from pic_kit.clock import wall_clock

ISSUER = "pic-sandbox"


class TestIssuer:
    """Signs what it is told to sign, also what a real issuer would not."""

    __test__ = False

    def __init__(self, issuer: str = ISSUER) -> None:
        self.issuer = issuer
        self._key = ECKey.generate_key("P-256", {"kid": f"{issuer}-test", "use": "sig", "alg": "ES256"})

    def token(
        self,
        *,
        agency: str = "CA-PLASTIX",
        state: str = "CA",
        roles: list[str] | None = None,
        world: str = "test",
        lifetime: int = 3600,
        **claims: Any,
    ) -> str:
        """A signed token; `lifetime` in seconds, negative for one that has expired."""
        now = int(wall_clock().timestamp())
        standard = {"iss": self.issuer, "aud": AUDIENCE, "iat": now, "exp": now + lifetime}
        who = {"agency": agency, "state": state, "roles": roles or ["exporter"], "world": world}
        header = {"alg": "ES256", "kid": self._key.kid}
        return jwt.encode(header, standard | who | claims, self._key)

    def verifier(self, issuer: str | None = None) -> Verifier:
        """A verifier that trusts this issuer's key under this name."""

        async def keys() -> dict[str, Any]:
            return dict(KeySet([self._key]).as_dict(private=False))

        return Verifier(issuer or self.issuer, keys)


@cache
def test_issuer() -> TestIssuer:
    """The one issuer of a test run."""
    return TestIssuer()


test_issuer.__test__ = False  # type: ignore[attr-defined]

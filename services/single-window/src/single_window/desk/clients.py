"""Clients: who may ask for tokens, for which seats, in which world."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.transaction import Work
from single_window.desk.store import Client, clients

OPERATOR = "operator"


def operator_secret(settings: Settings) -> str:
    """From PIC_OPERATOR_SECRET, else made once and kept beside the databases, for their owner's eyes."""
    if given := settings.environment.get("PIC_OPERATOR_SECRET"):
        return given
    file = settings.data / "operator-secret"
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(32))
    return file.read_text().strip()


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text + "\n")


class ClientBook:
    """Registers clients and knows them again."""

    def __init__(self, runtime: Runtime, secret_of_operator: str) -> None:
        self._runtime = runtime
        self._operator_secret = secret_of_operator

    def secret_of(self, client_id: str) -> str:
        """Derived, so that a repeated request gets the same secret although only its hash is stored."""
        digest = hmac.digest(self._operator_secret.encode(), f"pic-client:{client_id}".encode(), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    async def register(self, work: Work, agency: str, state: str, roles: Sequence[str]) -> Client:
        client_id = f"{agency}-{_short(work.cause)}".lower()
        client = Client(
            client_id, _hash(self.secret_of(client_id)), agency, state, sorted(roles), work.world.id
        )
        return work.shelf(clients).add(client)

    async def known(self, client_id: str, secret: str) -> Client | None:
        """The client, if the secret is his."""
        if client_id == OPERATOR:
            genuine = hmac.compare_digest(secret.encode(), self._operator_secret.encode())
            return Client(OPERATOR, "", OPERATOR, "exchange", [OPERATOR]) if genuine else None
        found = await self._runtime.read(
            lambda connection: clients.fetch(connection, clients.matches([(client_id,)]))
        )
        # Compared also where there is no such client: the time taken tells nothing.
        client = found[0][0] if found else Client("", _hash(""), "", "", closed=True)
        genuine = hmac.compare_digest(client.secret_sha256, _hash(secret))
        return client if genuine and not client.closed else None


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _short(cause: UUID) -> str:
    return cause.hex[:10]

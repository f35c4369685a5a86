"""Codes that open the console once: for a trainer who has a terminal and no secret to type."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert

from pic_kit.clock import wall_clock
from pic_kit.transaction import Transaction
from single_window.desk.store import Client, clients
from single_window.desk.tables import ENTRY_CODES

CODE_LIFETIME = timedelta(minutes=10)


async def issue_code(transaction: Transaction, client: Client) -> tuple[str, datetime]:
    """A fresh code and when it ends; codes that nobody used are swept out."""
    now = wall_clock()
    await transaction.connection.execute(delete(ENTRY_CODES).where(ENTRY_CODES.c.expires_at < now))
    code, expires = secrets.token_urlsafe(24), now + CODE_LIFETIME
    row = {"code_sha256": _hash(code), "doc": clients.write(client), "expires_at": expires}
    await transaction.connection.execute(insert(ENTRY_CODES).values(**row))
    return code, expires


async def redeem_code(transaction: Transaction, code: str) -> Client | None:
    """Whose seat the code opens; it opens nothing a second time."""
    spent = delete(ENTRY_CODES).where(ENTRY_CODES.c.code_sha256 == _hash(code)).returning(ENTRY_CODES)
    row = (await transaction.connection.execute(spent)).one_or_none()
    return clients.read(row.doc) if row is not None and row.expires_at >= wall_clock() else None


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()

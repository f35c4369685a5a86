"""Documents by their SHA-256: received with a hard limit, told by their first bytes, kept in parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi import Request, Security
from fastapi.security import SecurityScopes
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit.access import Caller
from pic_kit.commands import (
    DRY_RUN,
    KEY_HEADER,
    POSITION_HEADER,
    Command,
    caller_up_to_date,
    key_of,
)
from pic_kit.entrance import Entrance
from pic_kit.runtime import Runtime

PART = 256 * 1024
IN_MEMORY = 1024 * 1024

FIRST_BYTES: Mapping[str, bytes] = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


class TooLarge(Exception):
    """More bytes came than are allowed; what came is thrown away."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came, not stored yet. `media_type` is what the first bytes say; None for a type we do not know."""

    sha256: str
    size: int
    media_type: str | None
    content: IO[bytes]


@asynccontextmanager
async def received(chunks: AsyncIterator[bytes], at_most: int) -> AsyncIterator[Received]:
    """Read to the end, in a file that is gone with the block. Raises TooLarge as soon as it is."""
    digest, size, head = sha256(), 0, b""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as content:
        async for chunk in chunks:
            size += len(chunk)
            if size > at_most:
                raise TooLarge(f"more than {at_most} bytes")
            head = head if len(head) >= 16 else head + chunk[:16]
            digest.update(chunk)
            content.write(chunk)
        yield Received(digest.hexdigest(), size, told_by(head), content)


def told_by(head: bytes) -> str | None:
    """The media type that a file's first bytes show."""
    return next((kind for kind, magic in FIRST_BYTES.items() if head.startswith(magic)), None)


def content_table(metadata: MetaData) -> Table:
    """A store's table of contents: rows of at most 256 KiB, so that no file is ever in memory as a whole."""
    return Table(
        "attachment_parts",
        metadata,
        Column("world", String(40), primary_key=True),
        Column("sha256", String(64), primary_key=True),
        Column("part", Integer, primary_key=True),
        Column("content", LargeBinary, nullable=False),
    )


class Contents:
    """The bytes of a store's attachments, once per world and digest."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def keep(self, connection: AsyncConnection, world: str, content: Received) -> None:
        """In the command's own transaction: what is refused or only tried leaves no bytes behind."""
        if await self._part(connection, world, content.sha256, 0) is not None:
            return
        content.content.seek(0)
        for number, part in enumerate(iter(lambda: content.content.read(PART), b"")):
            row = {"world": world, "sha256": content.sha256, "part": number, "content": part}
            await connection.execute(insert(self._table).values(row))

    async def parts(self, runtime: Runtime, world: str, digest: str) -> AsyncIterator[bytes]:
        """Part by part; no connection is held while a slow reader takes its time."""
        number = 0
        # The lambda is awaited before `number` changes.
        while (part := await runtime.read(lambda c: self._part(c, world, digest, number))) is not None:  # noqa: B023
            yield part
            number += 1

    async def _part(self, connection: AsyncConnection, world: str, digest: str, number: int) -> bytes | None:
        columns = self._table.c
        query = select(columns.content).where(
            columns.world == world, columns.sha256 == digest, columns.part == number
        )
        found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return found


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a document; the command is made when its digest is known, for the key stands for that."""

    caller: Caller
    request: Request
    key: str
    dry_run: bool

    def command(self, content: Received) -> Command:
        url = self.request.url
        what = f"{self.request.method} {url.path}?{url.query} {content.sha256}".encode()
        return Command(
            caller=self.caller,
            runtime=self.request.app.state.runtime,
            key=self.key,
            fingerprint=sha256(what).hexdigest(),
            dry_run=self.dry_run,
            trace=self.request.headers.get("traceparent"),
        )


async def sender(request: Request, scopes: SecurityScopes) -> Sender:
    caller = await caller_up_to_date(request, scopes)
    return Sender(caller, request, key_of(request), DRY_RUN.of(request))


_SENDS = Entrance(sender, DRY_RUN, POSITION_HEADER, KEY_HEADER)


def sends(*roles: str) -> Any:
    """An endpoint that takes a document from one of these seats: `Annotated[Sender, sends("exporter")]`."""
    return Security(_SENDS, scopes=list(roles))

"""The least that speaks HTTP/1.1, so that the load costs less than what it measures."""

from __future__ import annotations

import asyncio
import json
from itertools import cycle
from typing import Any, NamedTuple
from uuid import uuid4

BUSY = {409, 423, 429, 503}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Refusal(Exception):
    """An answer that the load did not expect."""


class Wire:
    """Connections to one service of this machine, as many as are in use at once; its members take turns."""

    def __init__(self, *ports: int, under: str = "") -> None:
        self._under = under
        self._turns = cycle(ports)
        self._idle: dict[int, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = {
            port: [] for port in ports
        }

    async def send(self, request: bytes) -> Answer:
        """A request that was written out beforehand; a kept connection that the server closed is no error."""
        port = next(self._turns)
        while self._idle[port]:
            try:
                return await self._exchange(request, port, *self._idle[port].pop())
            except (asyncio.IncompleteReadError, ConnectionError):
                continue
        return await self._exchange(request, port, *await self._open(port))

    async def _exchange(
        self, request: bytes, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Answer:
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = (line.partition(":") for line in head[1:] if line)
            headers = {name.strip().lower(): value.strip() for name, _, value in fields}
            content = await reader.readexactly(int(headers.get("content-length", "0")))
        except BaseException:
            writer.close()
            raise
        self._idle[port].append((reader, writer))
        return Answer(int(head[0].split(" ", 2)[1]), headers, content)

    async def ask(
        self, method: str, path: str, token: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send, again where the exchange says to come back. Raises Refusal for any other answer but 2xx."""
        request = written(method, self._under + path, token, body, headers)
        for _ in range(600):
            answer = await self.send(request)
            if answer.status < 300:
                return answer
            if answer.status not in BUSY:
                break
            await asyncio.sleep(0.05)
        raise Refusal(f"{method} {path}: {answer.status} {answer.content[:600].decode(errors='replace')}")

    async def _open(self, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", port, limit=64 * 1024 * 1024)

    def close(self) -> None:
        for idle in self._idle.values():
            for _, writer in idle:
                writer.close()
            idle.clear()


def written(
    method: str, path: str, token: str, body: Any = None, headers: dict[str, str] | None = None
) -> bytes:
    """A request as bytes, with a key of its own."""
    content = b"" if body is None and method == "GET" else json.dumps(body or {}, default=str).encode()
    fields = {
        "Host": "127.0.0.1",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Idempotency-Key": uuid4().hex,
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content

"""One request, one transaction: the caller, the key, the stored answer, the position it left behind."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Request, Response, Security
from fastapi.security import SecurityScopes
from pydantic import BaseModel, Field
from sqlalchemy import and_, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pic_kit import tracing
from pic_kit.access import Caller, authenticate
from pic_kit.clock import wall_clock
from pic_kit.entrance import Entrance, Parameter
from pic_kit.positions import position_of, wait_until_known
from pic_kit.prepared import Prepared
from pic_kit.problems import KeyMissing, KeyReused, PreconditionFailed
from pic_kit.runtime import Runtime
from pic_kit.tables import answers, worlds
from pic_kit.transaction import Transaction, Work
from pic_kit.worlds import World, read_world
from pic_schemas.refusal import Refused

POSITION = "Exchange-Position"
_KEY = and_(
    answers.c.world == bindparam("world"),
    answers.c.caller == bindparam("caller"),
    answers.c.key == bindparam("key"),
)
_STORED = (answers.c.fingerprint, answers.c.status, answers.c.body, answers.c.headers)
_RECALL = Prepared(select(*_STORED).where(_KEY))
# The caller's world, locked against a change of its clock, with the stored answer if there is one.
_ENTER = Prepared(
    select(worlds, *_STORED)
    .select_from(worlds.outerjoin(answers, _KEY))
    .where(worlds.c.world == bindparam("world"))
    .with_for_update(read=True, of=worlds)
)
_REMEMBER = Prepared(insert(answers), values=[column.name for column in answers.columns])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: a body, a status, and headers such as ETag or Location."""

    body: BaseModel
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class _OnlyTried(Exception):
    """Carries a dry run's answer out of the transaction that is rolled back."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Command:
    """A request that creates or decides."""

    caller: Caller
    runtime: Runtime
    key: str
    fingerprint: str
    dry_run: bool
    trace: str | None

    @property
    def id(self) -> UUID:
        """Derived from world, caller and key: the same command twice causes the same events."""
        return uuid5(NAMESPACE_URL, f"pic-command:{self.caller.world}|{self.caller.name}|{self.key}")

    async def run(
        self,
        act: Callable[[Work], Awaitable[Answer]],
        enter: Callable[[Transaction], Awaitable[World]] | None = None,
    ) -> Response:
        """Do it once. The same key and body get the stored answer; a dry run stores nothing.

        `enter` gives the world to act in where it is not the caller's own: an operator belongs to none.
        """

        async def attempt(transaction: Transaction) -> Response:
            if (stored := await self._begin(transaction, alone=enter is not None)) is not None:
                return stored
            world = await (enter(transaction) if enter else transaction.open_world(self.caller.world))
            answer = await act(Work(transaction, world, self.id, trace=self.trace))
            await transaction.say()
            if self.dry_run:
                await transaction.sheaf.send()
                raise _OnlyTried(answer)
            return await self._remember(transaction, answer)

        try:
            return await self.runtime.write(attempt)
        except _OnlyTried as tried:
            return _response(
                tried.answer.status, tried.answer.body.model_dump_json(by_alias=True), {"Pic-Dry-Run": "1"}
            )
        except (Refused, PreconditionFailed):
            # The same command, sent twice at once: the first has just been done, so the second is refused.
            if (stored := await self.runtime.read(self._stored)) is not None:
                return stored
            raise

    @property
    def _names(self) -> dict[str, str]:
        return {"world": self.caller.world, "caller": self.caller.name, "key": self.key}

    async def _begin(self, transaction: Transaction, *, alone: bool) -> Response | None:
        """The stored answer, if there is one; unless that is wanted alone, the world is known then too."""
        if alone:
            return await self._stored(transaction.connection)
        row = await _ENTER.one(transaction.connection, **self._names)
        if row is None:
            return None
        transaction.note_world(read_world(row))
        return self._replay(row) if row.fingerprint is not None else None

    async def _stored(self, connection: AsyncConnection) -> Response | None:
        row = await _RECALL.one(connection, **self._names)
        return self._replay(row) if row is not None else None

    def _replay(self, row: Any) -> Response:
        if row.fingerprint != self.fingerprint:
            raise KeyReused("this Idempotency-Key was used for another request; send a new key")
        return _response(row.status, row.body, json.loads(row.headers) | {"Idempotent-Replay": "true"})

    async def _remember(self, transaction: Transaction, answer: Answer) -> Response:
        headers = dict(answer.headers)
        if transaction.sent:
            headers[POSITION] = position_of(transaction.sent)
        body = answer.body.model_dump_json(by_alias=True)
        row = {
            **self._names,
            "fingerprint": self.fingerprint,
            "status": answer.status,
            "body": body,
            "headers": json.dumps(headers),
            "stored_at": wall_clock(),
        }
        await transaction.sheaf.write(_REMEMBER, row)
        await transaction.sheaf.send()
        transaction.done = True
        return _response(answer.status, body, headers)


def _response(status: int, body: str, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, "application/json")


POSITION_HEADER: Parameter[str | None] = Parameter(
    POSITION, "header", POSITION, Annotated[str | None, Field(max_length=2000)], None
)
KEY_HEADER: Parameter[str | None] = Parameter(
    "idempotency-key",
    "header",
    "Idempotency-Key",
    Annotated[str | None, Field(min_length=1, max_length=200)],
    None,
    "required; any text that you use once",
)
DRY_RUN = Parameter("dry_run", "query", "Dry Run", bool, False, "check everything, store nothing")


async def caller_up_to_date(request: Request, scopes: SecurityScopes) -> Caller:
    """The caller, once this service has read as far as the position that came with the request."""
    caller = await authenticate(request, scopes)
    if position := POSITION_HEADER.of(request):
        await wait_until_known(request.app.state.runtime, caller.world, position)
    return caller


def key_of(request: Request) -> str:
    """The key of a command. Raises KeyMissing."""
    key = KEY_HEADER.of(request)
    if key is None:
        raise KeyMissing(
            "send an Idempotency-Key header, e.g. a fresh UUID, so that a repeated request acts once"
        )
    return key


async def command(request: Request, scopes: SecurityScopes) -> Command:
    caller = await caller_up_to_date(request, scopes)
    key, dry_run = key_of(request), DRY_RUN.of(request)
    content = await request.body()
    what = f"{request.method} {request.url.path}?{request.url.query}".encode() + b"\n" + content
    return Command(
        caller=caller,
        runtime=request.app.state.runtime,
        key=key,
        fingerprint=sha256(what).hexdigest(),
        dry_run=dry_run,
        trace=tracing.current() or tracing.readable(request.headers.get(tracing.HEADER)),
    )


_SEAT = Entrance(caller_up_to_date, POSITION_HEADER)
_ACTS = Entrance(command, DRY_RUN, POSITION_HEADER, KEY_HEADER)


def seat(*roles: str) -> Any:
    """A reader on one of these seats: `Annotated[Caller, seat("customs")]`."""
    return Security(_SEAT, scopes=list(roles))


def acts(*roles: str) -> Any:
    """A command that one of these seats may give: `Annotated[Command, acts("exporter")]`."""
    return Security(_ACTS, scopes=list(roles))

"""An exchange as seen from outside: its front door, its tokens, one sandbox world."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any

import httpx

from pic_replay.acts import Act, Seat, is_act, placed
from pic_replay.parts import SentFile
from pic_replay.told import Happening, Told, case_ends

TRANSIENT = {423, 502, 503, 504}


class ExchangeDown(Exception):
    """The exchange did not answer in time, or not as the contract says."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status and JSON body."""

    status: int
    body: Any

    def __str__(self) -> str:
        """For people: of a problem its rule and what it says, with each field that it is about."""
        if not isinstance(self.body, dict) or "rule" not in self.body:
            return f"{self.status} {self.body}"
        errors = self.body.get("errors") or [self.body]
        return f"{self.status} {'; '.join(map(_told, errors))}"


def _told(finding: Any) -> str:
    at = f" at {finding['pointer']}" if finding.get("pointer") else ""
    return f"{finding['rule']}{at}: {finding['detail']}"


@dataclass(slots=True)
class Exchange:
    """One front door. A service that restarts is waited for, with the same key."""

    url: str
    operator_secret: str
    patience: float = 30.0
    transport: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient | None = field(default=None, init=False)
    _operator: str = field(default="", init=False)
    _law: dict[str, str] | None = field(default=None, init=False)

    async def __aenter__(self) -> Exchange:
        self._client = httpx.AsyncClient(base_url=self.url, timeout=60, transport=self.transport)
        self._operator = await self.token("operator", self.operator_secret)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def request(
        self, method: str, path: str, *, token: str = "", key: str = "", body: Any = None, form: Any = None
    ) -> Reply:
        """Send until there is an answer that is not 'come back later', at most `patience` seconds."""
        if self._client is None:
            raise ExchangeDown("not connected")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        content: dict[str, Any] = {"json": body, "data": form}
        if isinstance(body, SentFile):
            headers["Content-Type"] = body.media_type
            content = {"content": body.content}
        until = monotonic() + self.patience
        while True:
            try:
                answer = await self._client.request(method, path, headers=headers, **content)
                # Who says that it will be away for longer need not be asked again.
                later = monotonic() + float(answer.headers.get("Retry-After", 0))
                if answer.status_code not in TRANSIENT or later > until:
                    return Reply(answer.status_code, _json(answer))
            except httpx.TransportError as error:
                if monotonic() > until:
                    raise ExchangeDown(f"{self.url} does not answer: {error}") from error
            await asyncio.sleep(0.1)

    async def token(self, client_id: str, secret: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        reply = await self.request("POST", "/oauth/token", form=form)
        if reply.status != 200:
            raise ExchangeDown(f"no token for {client_id}: {reply.status} {reply.body}")
        return str(reply.body["access_token"])

    async def law(self) -> dict[str, str]:
        """A digest of every statute in force there; empty where the exchange does not tell."""
        if self._law is None:
            reply = await self.request("GET", "/v1/law/statutes")
            self._law = {line["name"]: line["version"] for line in reply.body} if reply.status == 200 else {}
        return self._law

    async def as_operator(self, method: str, path: str, *, key: str = "", body: Any = None) -> Reply:
        """A request as the operator, whatever the answer."""
        return await self.request(method, path, token=self._operator, key=key, body=body)

    async def operate(
        self, method: str, path: str, body: Any = None, key: str = "", accept: Sequence[int] = ()
    ) -> Any:
        """A request as the operator; anything but 2xx is an error, unless it is accepted."""
        reply = await self.request(method, path, token=self._operator, key=key, body=body)
        if reply.status >= 300 and reply.status not in accept:
            raise ExchangeDown(f"{method} {path}: {reply}")
        return reply.body


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


class _Patience:
    """So many seconds since something was last another than before, and ten times as many in all."""

    def __init__(self, seconds: float) -> None:
        now = monotonic()
        self._seconds, self._until, self._last = seconds, now + seconds, now + 10 * seconds
        self._before: Any = None

    def left(self, seen: Any) -> bool:
        now = monotonic()
        if seen != self._before:
            self._before, self._until = seen, now + self._seconds
        return now < min(self._until, self._last)


class World:
    """A sandbox world with a token for every actor and an observer who sees everything in it.

    It remembers what was asked through it and what that led to: a recording is written from `told`.
    """

    def __init__(self, exchange: Exchange, world: str, now: str = "") -> None:
        self.exchange = exchange
        self.id = world
        self.now = now
        self._told = Told(world, now, [Happening()])
        self._observer = ""
        self._tokens: dict[tuple[str, str, str], str] = {}
        self._cursor = ""
        self.next_due = ""

    @classmethod
    async def open(
        cls,
        exchange: Exchange,
        *,
        now: str,
        label: str,
        key: str,
        world: str | None = None,
        keep_acts: bool = False,
    ) -> World:
        """`keep_acts`: the exchange keeps what is asked in it, so that snapshots can be taken."""
        wanted: dict[str, Any] = {"mode": "sandbox", "now": now, "label": label}
        wanted |= {"world": world} if world else {}
        # An exchange that keeps nothing need not know of it.
        wanted |= {"keep_acts": True} if keep_acts else {}
        opened = await exchange.operate("POST", "/v1/worlds", wanted, key=key)
        return await cls.join(exchange, opened["world"], opened["now"])

    @classmethod
    async def join(cls, exchange: Exchange, world: str, now: str = "") -> World:
        """A world that is open already."""
        found = cls(exchange, world, now)
        found._observer = await found.seat("observer", "XX", "observer")
        return found

    async def seat(self, role: str, state: str, agency: str) -> str:
        """A token on a seat."""
        who = (role, state, agency)
        if who not in self._tokens:
            wanted = {"agency": agency, "state": state, "roles": role.split(",")}
            key = f"seat:{role}:{state}:{agency}"
            client = await self.exchange.operate("POST", f"/v1/worlds/{self.id}/clients", wanted, key=key)
            self._tokens[who] = await self.exchange.token(client["client_id"], client["client_secret"])
        return self._tokens[who]

    async def look(self, path: str) -> Any:
        """A GET as the observer."""
        reply = await self.exchange.request("GET", path, token=self._observer)
        if reply.status != 200:
            raise ExchangeDown(f"GET {path}: {reply.status} {reply.body}")
        return reply.body

    async def operate(self, method: str, path: str, *, key: str = "", body: Any = None) -> Reply:
        """A request about this world as the operator, whatever the answer."""
        there = f"/v1/worlds/{self.id}{path}"
        reply = await self.exchange.as_operator(method, there, key=key, body=body)
        self._remember(None, method, there, key, body, reply)
        return reply

    async def ask(self, seat: Seat, method: str, path: str, *, key: str = "", body: Any = None) -> Reply:
        """A request from a seat, whatever the answer."""
        token = await self.seat(seat.role, seat.state, seat.agency)
        reply = await self.exchange.request(method, path, token=token, key=key, body=body)
        self._remember(seat, method, path, key, body, reply)
        return reply

    async def move_clock(self, to: str, *, asked: bool = True) -> Any:
        """Raises ExchangeDown. Time that only goes by, with nobody asking, is not remembered as an act."""
        moved = await self._moved(to)
        if asked:
            arrived = Reply(200, moved)
            self._remember(None, "PUT", f"/v1/worlds/{self.id}/clock", "", {"to": moved["now"]}, arrived)
        self.now = moved["now"]
        return moved

    async def _moved(self, to: str) -> Any:
        """A clock that is still on its way when its answer is due goes on by itself, and is asked again."""
        patience, path = _Patience(self.exchange.patience), f"/v1/worlds/{self.id}"
        while True:
            reply = await self.exchange.as_operator("PUT", f"{path}/clock", body={"to": to})
            if reply.status < 300:
                return reply.body
            standing = await self.exchange.operate("GET", path)
            if reply.status not in TRANSIENT or not patience.left(standing["now"]):
                raise ExchangeDown(f"PUT {path}/clock: {reply}")

    def _remember(self, seat: Seat | None, method: str, path: str, key: str, body: Any, reply: Reply) -> None:
        if is_act(method, path):
            act = Act(self.now, seat, method, placed(path), key, body, reply.status, reply.body)
            self._told.happenings.append(Happening(act))

    def told(self, name: str, cases: list[dict[str, Any]]) -> Told:
        """What was asked through this object, what was said, and how each case stands in its file."""
        self._told.name = name
        self._told.cases = case_ends(cases, self._told.events)
        return self._told

    async def case_files(self) -> list[dict[str, Any]]:
        """Every case of the world, oldest first."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = await self.look(f"/v1/cases?world={self.id}{after}")
            found += [await self.look(f"/v1/cases/{case['case']}") for case in page["cases"]]
            if not page["next"]:
                return found
            after = f"&after={page['next']}"

    async def settle(self) -> list[str]:
        """Wait until nothing is under way in this world; returns what still waits if that never comes.

        Ten personas may answer each other on a machine that is busy: whoever gets on is waited for.
        """
        patience = _Patience(self.exchange.patience)
        while True:
            found = await self.look(f"/v1/worlds/{self.id}/quiet?wait=5")
            if found["quiet"]:
                self.next_due = found.get("next_due") or ""
                return []
            if found.get("stuck") or not patience.left(found["reasons"]):
                return list(found["reasons"])

    async def new_events(self) -> list[dict[str, Any]]:
        """What the log of this world has gained since the last call."""
        events: list[dict[str, Any]] = []
        while True:
            page = await self.look(f"/v1/events?world={self.id}&limit=500&after={self._cursor}")
            events += page["events"]
            self._cursor = page["next"]
            if not page["events"] or not page.get("more"):
                self._told.happenings[-1].said += events
                return events

    async def digest(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.look(f"/v1/worlds/{self.id}/digest")
        return found

    async def delete(self) -> None:
        """Deleting what was never opened, or is deleted already, changes nothing."""
        await self.exchange.operate("DELETE", f"/v1/worlds/{self.id}", accept=(404, 410))

"""What a scenario is made of: actors with seats, a clock, steps and what they lead to. A typo is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from pic_replay.names import check_fields, check_message, near

METHODS = ("GET", "POST", "PUT", "DELETE")
Seat = Literal["exporter", "competent-authority", "customs", "facility", "carrier"]
SUBJECTS = ("status", "event", "no_event", "case", "ledger", "reason", "deadline")
MOMENT_SCHEMA: JsonSchemaValue = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}([T ].*)?$",
    "examples": ["2026-06-01", "2026-06-01T08:00:00Z"],
}
DAYS_AFTER = re.compile(r"^\+(\d+)d$")


class ScenarioError(Exception):
    """A scenario that cannot be played; the message names file, line and field."""


class Misplaced(ValueError):
    """What is wrong with a scenario as a whole, and where in it that shows."""

    def __init__(self, at: tuple[str | int, ...], words: str) -> None:
        super().__init__(words)
        self.at = at


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Strict):
    """Somebody on a seat: a competent authority, an exporter, a customs office."""

    seat: Seat
    state: str = Field(pattern=r"^[A-Z]{2}$")
    agency: str

    @property
    def address(self) -> str:
        return f"{self.state}/{self.seat}/{self.agency}"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A request's body that is a file: `body: !file documents/answer.pdf`."""

    media_type: str
    content: bytes = field(repr=False)


class Send(_Strict):
    """One HTTP request: `{POST: /path, body: ...}`. `{names}` were saved by earlier steps."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    body: Any = None
    dry_run: bool = False

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """As it is written in a file, which is not as it is kept."""
        rest: JsonSchemaValue = {"body": {}, "dry_run": {"type": "boolean", "default": False}}
        shapes = [
            {
                "type": "object",
                "properties": {method: {"type": "string", "description": "the path"}, **rest},
                "required": [method],
                "additionalProperties": False,
            }
            for method in METHODS
        ]
        return {"description": cls.__doc__, "oneOf": shapes}

    @model_validator(mode="before")
    @classmethod
    def _method_is_the_key(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise ValueError("write {POST: /path, body: ...}")
        found = [method for method in METHODS if method in raw]
        if len(found) != 1:
            raise ValueError(f"name one of {', '.join(METHODS)}")
        rest = {key: value for key, value in raw.items() if key != found[0]}
        return {"method": found[0], "path": raw[found[0]], **rest}


class Said(_Strict):
    """A message, said as one of the actors whoever really sits there."""

    type: str
    as_: str = Field(alias="as")
    to: list[str] = []
    with_: dict[str, Any] = Field({}, alias="with")
    happened: str | None = None

    @model_validator(mode="after")
    def _contract_knows_it(self) -> Said:
        check_message(self.type)
        check_fields(self.type, self.with_)
        return self


class Publish(_Strict):
    """Messages without a request: `put` new ones into a case, in an `order`, or `repeat` one that was said.

    They are numbered as they stand; `order: [2, 1]` publishes the second before the first.
    """

    put: list[Said] = []
    case: str | None = None
    order: list[int] = []
    repeat: str | None = None
    with_: dict[str, Any] = Field({}, alias="with")

    @model_validator(mode="after")
    def _puts_or_repeats(self) -> Publish:
        if bool(self.put) == (self.repeat is not None):
            raise ValueError("`publish` has either `put` or `repeat`")
        if self.repeat is not None:
            if self.order or self.case:
                raise ValueError("`order` and `case` belong to `put`")
            check_message(self.repeat)
            check_fields(self.repeat, self.with_)
        elif self.with_:
            raise ValueError("`with` belongs to `repeat`, or to each message of `put`")
        if self.order and sorted(self.order) != list(range(1, len(self.put) + 1)):
            raise ValueError("`order` names every message once, counted from 1")
        return self


class Personas(_Strict):
    """Who plays the seats that no actor sits on: `others` all of them, `seats` those of some actors.

    Whoever is named under `actors` and not here sits there from the beginning.
    """

    others: str | None = None
    seats: dict[str, str] = {}
    seed: int = 1

    @property
    def named(self) -> set[str]:
        """Every persona that it names."""
        return {*self.seats.values(), *([self.others] if self.others else [])}


Share = Annotated[float, Field(ge=0, le=1)]


class Fault(_Strict):
    """Goes wrong on purpose, in this world alone and alike for the same `seed`; an empty one ends it.

    `fail`, `lose`, `slow`: shares of the requests that fail, lose their answer, or wait for `seconds`.
    `offline`: State -> until when its seats are away. `repeat`: a share of all messages said once more, in
    another order across cases. `unreadable`: so many records that nobody can read. `delay`, `drop`: shares of
    the messages to come, of the types in `only` or of all, that leave `days` late, or get lost and are sent
    again then.
    """

    seed: int = 1
    fail: Share = 0
    lose: Share = 0
    slow: Share = 0
    seconds: float = Field(0, ge=0, le=5)
    offline: dict[str, str] = {}
    repeat: Share = 0
    unreadable: int = Field(0, ge=0, le=20)
    delay: Share = 0
    drop: Share = 0
    days: int = Field(1, ge=1, le=400)
    only: list[str] = []

    @model_validator(mode="after")
    def _contract_knows_them(self) -> Fault:
        for type_ in self.only:
            check_message(type_)
        if {"days", "only"} & self.model_fields_set and not (self.delay or self.drop):
            raise ValueError("`days` and `only` belong to `delay` and `drop`")
        if "seconds" in self.model_fields_set and not self.slow:
            raise ValueError("`seconds` belongs to `slow`")
        return self

    @property
    def at_the_door(self) -> bool:
        """Whether an order stands from now on, at the door or at the senders."""
        return bool(self.fail or self.lose or self.slow or self.offline or self.delay or self.drop)

    @property
    def of_messages(self) -> bool:
        return bool(self.repeat or self.unreadable)


class Expect(_Strict):
    """One expectation, checked when the world is quiet again. Exactly one subject.

    `deadline`: the next thing that comes due in the world, as a day or a time; `none` when nothing does.
    """

    status: int | None = None
    event: str | None = None
    no_event: str | None = None
    case: str | None = None
    ledger: str | None = None
    reason: str | None = None
    deadline: str | None = None
    with_: dict[str, Any] | None = Field(None, alias="with")
    pointer: str | None = None
    article: str | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Expect:
        if sum(getattr(self, name) is not None for name in SUBJECTS) != 1:
            raise ValueError(f"an expectation names one of {', '.join(SUBJECTS)}")
        if (type_ := self.event or self.no_event) is not None:
            check_message(type_)
            check_fields(type_, self.with_ or {})
        return self

    @property
    def subject(self) -> str:
        return next(name for name in SUBJECTS if getattr(self, name) is not None)


def _moment(raw: Any) -> Any:
    """A date or a time in UTC; the world's day begins at midnight."""
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError as error:
        raise ValueError(f"{raw!r} is no date") from error
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) and moment.tzinfo is None else moment


def on_the_clock(text: str, start: datetime) -> str:
    """`+25d` after the start, a date or a time, as the exchange wants it."""
    found = DAYS_AFTER.match(text)
    moment: datetime = start + timedelta(days=int(found.group(1))) if found else _moment(text)
    return moment.isoformat()


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(MOMENT_SCHEMA)]


class Step(_Strict):
    """Move the clock, send a request as an actor, remember something, expect something; in that order.

    `take`: an actor sits down where a persona played; `hand_back`: the persona goes on.
    """

    about: str = ""
    at: str | None = None
    take: str | None = None
    hand_back: str | None = None
    as_: str | None = Field(None, alias="as")
    send: Send | None = None
    publish: Publish | None = None
    fault: Fault | None = None
    save: dict[str, str] = {}
    expect: list[Expect] = []

    @model_validator(mode="after")
    def _complete(self) -> Step:
        if (self.send is None) != (self.as_ is None):
            raise ValueError("`as` and `send` go together")
        if sum(part is not None for part in (self.publish, self.send, self.fault)) > 1:
            raise ValueError("a step has one of `send`, `publish`, `fault`")
        for until in self.fault.offline.values() if self.fault else ():
            if not DAYS_AFTER.match(until):
                _moment(until)
        if self.save and self.send is None:
            raise ValueError("`save` needs a `send`")
        if self.at is not None and self.at != "next-deadline" and not DAYS_AFTER.match(self.at):
            _moment(self.at)
        return self

    @property
    def service(self) -> str | None:
        """To whom the request goes: the first part of its path."""
        return self.send.path.split("/")[1] if self.send is not None else None

    @property
    def title(self) -> str:
        """What it is about; without words for it, what it does."""
        if self.about:
            return self.about
        if self.send is not None:
            return f"{self.as_}: {self.send.method} {self.send.path}"
        return f"the clock moves to {self.at}" if self.at else "expect"

    def actors(self) -> list[str]:
        """Everybody whom this step names."""
        said = self.publish.put if self.publish else []
        acting = [name for name in (self.as_, self.take, self.hand_back) if name is not None]
        return acting + [name for one in said for name in (one.as_, *one.to)]

    def moment(self, start: datetime) -> str | None:
        """Where the clock goes, as the exchange wants it."""
        if self.at is None:
            return None
        if self.at == "next-deadline":
            return self.at
        return on_the_clock(self.at, start)


class Scenario(_Strict):
    """One story with an end that can be checked."""

    scenario: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,60}$")
    about: str
    guards: list[str] = []
    clock: Moment
    actors: dict[str, Actor]
    personas: Personas | None = None
    steps: list[Step] = Field(min_length=1)
    _others: int = PrivateAttr(0)

    def going_on_from(self, others: int) -> Scenario:
        """The first `others` steps are those of the story that this one begins with."""
        self._others = others
        return self

    @property
    def others(self) -> int:
        """How many of the first steps are those of the story that this one begins with."""
        return self._others

    def hurries_past(self, number: int) -> bool:
        """Whether nobody looks after this step, and the next need not wait for others to hear of it.

        A service knows what it did itself, and a clock moves only when everybody has heard everything.
        """
        if number >= self._others:
            return False
        step, after = self.steps[number - 1], self.steps[number]
        return after.at is not None or (step.service is not None and step.service == after.service)

    @property
    def name(self) -> str:
        return self.scenario

    def checked(self) -> Scenario:
        """Raises ValueError for a copy whose steps use what none of them saves, or save what none uses."""
        _check_saved(self.steps)
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Scenario:
        for number, step in enumerate(self.steps, 1):
            for name in step.actors():
                if name not in self.actors:
                    raise Misplaced(("steps", number - 1), f"no actor {name!r}{near(name, self.actors)}")
            if self.personas is None and (step.take or step.hand_back):
                raise Misplaced(("steps", number - 1), "`take` and `hand_back` need `personas`")
        for name in self.personas.seats if self.personas else ():
            if name not in self.actors:
                raise Misplaced(("personas", "seats", name), f"no actor {name!r}{near(name, self.actors)}")
        return self.checked()


def _check_saved(steps: list[Step]) -> None:
    """Raises ValueError for a name that is used before it is saved, or saved and never used."""
    saved: dict[str, int] = {}
    for number, step in enumerate(steps):
        for what, part in (("send", (step.send, step.publish)), ("expect", step.expect)):
            for name in _names_in(part):
                if name not in saved:
                    words = f"{{{name}}} was not saved before{near(name, saved)}"
                    raise Misplaced(("steps", number, what), words)
            saved |= dict.fromkeys(step.save, number)
    if unused := sorted(saved.keys() - set(_used(steps))):
        words = f"saved but never used: {', '.join(unused)}"
        raise Misplaced(("steps", saved[unused[0]], "save", unused[0]), words)


def _used(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        yield from _names_in((step.send, step.publish, step.expect))


def _names_in(part: Any) -> list[str]:
    return re.findall(r"\{(\w+)\}", repr(part))

"""The parts of a step: who acts, what is sent or published, what is broken, what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from pic_replay.names import check_fields, check_message

Share = Annotated[float, Field(ge=0, le=1)]
METHODS = ("GET", "POST", "PUT", "DELETE")
Seat = Literal["exporter", "competent-authority", "customs", "facility", "carrier"]
SUBJECTS = ("status", "event", "no_event", "case", "ledger", "reason", "deadline")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(Strict):
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


class Send(Strict):
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


class Said(Strict):
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


class Publish(Strict):
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


class Personas(Strict):
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


class Fault(Strict):
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


class Expect(Strict):
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

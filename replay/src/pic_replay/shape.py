"""What a scenario is made of: actors with seats, a clock, steps and what they lead to. A typo is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from pic_replay.names import near
from pic_replay.parts import Actor, Expect, Fault, Personas, Publish, Send, Strict

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


class Step(Strict):
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
    save: dict[str, str] = Field(default={})
    expect: list[Expect] = Field(default=[])

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


class Scenario(Strict):
    """One story with an end that can be checked."""

    scenario: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,60}$")
    about: str
    guards: list[str] = Field(default=[])
    clock: Moment
    actors: dict[str, Actor]
    personas: Personas | None = None
    steps: list[Step] = Field(min_length=1)
    _others: int = PrivateAttr(0)
    _of_table: bool = PrivateAttr(False)

    def going_on_from(self, others: int) -> Scenario:
        """The first `others` steps are those of the story that this one begins with."""
        self._others = others
        return self

    @property
    def others(self) -> int:
        """How many of the first steps are those of the story that this one begins with."""
        return self._others

    def made_by_table(self) -> Scenario:
        """One case of a table."""
        self._of_table = True
        return self

    @property
    def of_table(self) -> bool:
        """Whether it is a generated variant, and no story that somebody named."""
        return self._of_table

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

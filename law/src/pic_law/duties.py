"""A duty of a profile: what must happen within which time, counted from what, under which article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from pic_law import library
from pic_law.dated import Entry
from pic_law.errors import LawError, UnknownLaw
from pic_law.reach import Groups

Unit = Literal["d", "wd", "m", "y", "h"]
Role = Literal["export", "transit", "import", "facility"]


class Part(BaseModel):
    """A piece of a duty; its source is the duty's."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class When(Part):
    """What must be true of a case for a variant; what is not stated does not matter."""

    origin_group: str | None = None
    origin_outside: Groups = ()
    destination_group: str | None = None
    destination_outside: Groups = ()
    recovery: bool | None = None
    preconsented: bool | None = None
    waived: bool | None = None
    """Whether the State in question waived written transit consent (Basel Convention Article 6(4))."""


class Variant(Part):
    """In these cases another duty of the same profile stands in for this one."""

    when: When
    use: str


class Longstop(Part):
    """A second limit that ends the first: not later than so long from something else."""

    amount: int
    unit: Unit
    start: str


class Rollover(Part):
    """A period that would end on a day on which the authority is closed ends with its next working day."""

    article: str
    source: str
    verified: bool


class Duty(Entry):
    """One duty. Without `amount` the law gives no number: it is prompt, a fixed day, a value, or silent.

    `start` is what the time is counted from, `before` what it must precede; `answers` is the common name
    under which `governing` finds it; `value` carries what is not a time, e.g. whose silence is consent.
    `missed` says what it is when the authority of import finds the duty not done in time.
    """

    id: str
    profile: str
    amount: int | None = None
    unit: Unit | None = None
    start: str | None = None
    before: str | None = None
    start_day_counted: bool = False
    prompt: bool = False
    due_day: str | None = None
    not_later_than: Longstop | None = None
    rolls_over: Rollover | None = None
    alternative: str | None = None
    extend_max_days: int | None = None
    silence: str | None = None
    value: Any = None
    answers: str | None = None
    missed: Literal["alert", "violation"] | None = None
    roles: tuple[Role, ...] = ("export", "transit", "import", "facility")
    variants: tuple[Variant, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _amount_has_a_unit(self) -> Self:
        if (self.amount is None) != (self.unit is None):
            raise ValueError("an amount needs a unit and a unit an amount")
        return self

    @property
    def rule(self) -> str:
        """The id under which a due date names this duty, e.g. `EU_2024.decision`."""
        return f"{self.profile}.{self.id}"


class Profile(Entry):
    """One body of law and its duties by id."""

    id: str
    title: str
    duties: Mapping[str, Duty]

    def find(self, name: str, role: Role, on: date) -> Duty | None:
        """The duty of this name, or what answers to it, for this role on that day; `None` if silent."""
        named = [self.duties[name]] if name in self.duties else []
        answering = [duty for duty in self.duties.values() if duty.answers == name]
        return next((duty for duty in named + answering if role in duty.roles and duty.holds(on)), None)


@cache
def profiles() -> dict[str, Profile]:
    """Every profile by id."""
    return {content["id"]: _profile(content) for content in library.statute("profiles")["profiles"]}


def profile(id_: str) -> Profile:
    """The profile of this id; raises `UnknownLaw`."""
    try:
        return profiles()[id_]
    except KeyError:
        raise UnknownLaw(f"no profile {id_!r} in profiles.yaml") from None


def duty(profile_id: str, duty_id: str) -> Duty:
    """One duty of one profile by its own id; raises `UnknownLaw`."""
    try:
        return profile(profile_id).duties[duty_id]
    except KeyError:
        raise UnknownLaw(f"no duty {duty_id!r} in profile {profile_id!r}") from None


def _profile(content: Mapping[str, Any]) -> Profile:
    place = f"profiles.yaml: {content['id']}"
    duties = {
        name: library.entry(Duty, {**stated, "id": name, "profile": content["id"]}, f"{place}.{name}")
        for name, stated in content["duties"].items()
    }
    _check(duties, place)
    return library.entry(Profile, {**content, "duties": duties}, place)


def _check(duties: Mapping[str, Duty], place: str) -> None:
    for item in duties.values():
        for variant in item.variants:
            if variant.use not in duties:
                raise LawError(f"{place}.{item.id}: the variant uses {variant.use!r}, which is not there")
        rivals = [d for d in duties.values() if d.answers == item.answers and set(d.roles) & set(item.roles)]
        if item.answers and len(rivals) > 1:
            raise LawError(f"{place}: {' and '.join(d.id for d in rivals)} both answer {item.answers!r}")

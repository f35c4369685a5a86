"""Personas: how somebody works who plays a seat that nobody sits on; when, follows from a seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from single_window.domain.tasks import Task

NEVER = "never"
PATIENCE = 10  # days on which a persona tries again what was refused


@dataclass(frozen=True, slots=True)
class Habit:
    """What is done with a task of one kind: acts one after another, each some days after what came before."""

    acts: tuple[str, ...]
    days: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """Habits by kind of task; `always` is for every other kind."""

    name: str
    about: str
    always: Habit
    habits: Mapping[str, Habit] = field(default_factory=dict)

    def habit(self, kind: str) -> Habit:
        return self.habits.get(kind, self.always)


@dataclass
class Plan:
    """A task that a persona has seen: which act comes next, and when; `told` is what came of the last one."""

    seat: str
    task: str
    kind: str
    case: str
    shipment: int | None
    due_at: datetime
    place: int = 0
    step: int = 0
    refused: int = 0
    told: str = ""


@dataclass
class Cast:
    """Who plays in one world: `others` plays every seat that is neither named nor taken."""

    world: str
    seed: int = 1
    others: str | None = None
    seats: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    now: datetime | None = None

    def player(self, seat: str) -> str | None:
        """The persona on this seat; None where somebody sits, or nobody plays."""
        return None if seat in self.taken else self.seats.get(seat, self.others)

    def take(self, seat: str) -> None:
        """Somebody sits down: what the persona had in mind is forgotten."""
        if seat not in self.taken:
            self.taken.append(seat)
        self.plans = {key: plan for key, plan in self.plans.items() if plan.seat != seat}

    def hand_back(self, seat: str, persona: str | None) -> None:
        """A persona sits down; its days count from when it first looks at the desk."""
        self.taken = [held for held in self.taken if held != seat]
        if persona is not None:
            self.seats[seat] = persona

    def look(self, tasks: Iterable[Task], personas: Mapping[str, Persona], now: datetime) -> None:
        """See what lies on the desks: new tasks get their day, what is gone is forgotten."""
        self.now = now
        seen: dict[str, Plan] = {}
        for task in tasks:
            persona = personas.get(self.player(task.seat) or "")
            if persona is None:
                continue
            key = f"{task.seat}|{task.id}"
            place = sum(plan.seat == task.seat and plan.case == task.case for plan in seen.values())
            seen[key] = self.plans.get(key) or Plan(
                task.seat,
                task.id,
                task.kind,
                task.case,
                task.shipment,
                self._day(persona, task, 0, now),
                place,
            )
        self.plans = seen

    def due(self) -> list[Plan]:
        """What is to be done at the time of the last look, in an order that two runs share."""
        return sorted(
            (plan for plan in self.plans.values() if self.now is not None and plan.due_at <= self.now),
            # On one desk in the order of the procedure, as the worklist has it.
            key=lambda plan: (plan.due_at, plan.seat, plan.place, plan.kind, plan.shipment or 0, plan.task),
        )

    def next_due(self) -> datetime | None:
        """When the next act comes; what is never done has no day."""
        return min((plan.due_at for plan in self.plans.values() if plan.due_at < FOREVER), default=None)

    def postpone(self, plan: Plan, told: str, now: datetime) -> None:
        """It comes too early, or never: tried again from day to day, for as long as patience lasts."""
        plan.refused, plan.told = plan.refused + 1, told
        plan.due_at = now + timedelta(days=1) if plan.refused < PATIENCE else FOREVER

    def done(self, plan: Plan, told: str, persona: Persona, now: datetime) -> None:
        """The next act has its own day; after the last one there is nothing more to do."""
        plan.step, plan.refused, plan.told = plan.step + 1, 0, told
        days = persona.habit(plan.kind).days
        plan.due_at = now + self._days(plan, days[plan.step]) if plan.step < len(days) else FOREVER

    def _day(self, persona: Persona, task: Task, step: int, now: datetime) -> datetime:
        days = persona.habit(task.kind).days
        if step >= len(days):
            return FOREVER
        drawn = now + self._drawn(f"{task.seat}|{task.number}|{task.kind}|{task.shipment}|{step}", days[step])
        # A load is not declared before the day for which it was announced.
        expected = task.due_at if task.kind == "declaration.lodged" else None
        return max(drawn, expected.replace(hour=0, minute=0, second=0)) if expected else drawn

    def _days(self, plan: Plan, span: tuple[int, int]) -> timedelta:
        return self._drawn(f"{plan.seat}|{plan.kind}|{plan.shipment}|{plan.step}", span)

    def _drawn(self, of: str, span: tuple[int, int]) -> timedelta:
        """The same seed draws the same day, whatever ids this world has."""
        first, last = span
        number = int.from_bytes(sha256(f"{self.seed}|{of}".encode()).digest()[:8])
        return timedelta(days=first + number % (last - first + 1))


FOREVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


class PersonaUnreadable(ValueError):
    """The file of personas is not what it should be."""


def read_personas(raw: Sequence[Mapping[str, object]], acts: Iterable[str]) -> dict[str, Persona]:
    """Name -> persona. Raises PersonaUnreadable for an act that nobody can do."""
    known = set(acts)
    found: dict[str, Persona] = {}
    for item in raw:
        name = str(item["name"])
        rest = item.get("habits") or {}
        if not isinstance(rest, Mapping):
            raise PersonaUnreadable(f"{name}: habits are a mapping")
        always = _habit(name, item.get("always"), known)
        habits = {str(kind): _habit(name, habit, known) for kind, habit in rest.items()}
        found[name] = Persona(name, str(item["about"]), always, habits)
    return found


def _habit(name: str, raw: object, known: set[str]) -> Habit:
    """`never`, or a list of `{act, after}`; `act: usual` is what the kind of task usually asks for."""
    if raw == NEVER:
        return Habit((), ())
    if not isinstance(raw, list) or not raw:
        raise PersonaUnreadable(f"{name}: a habit is `never` or a list of acts")
    acts, days = [], []
    for step in raw:
        act, after = str(step.get("act", "usual")), step.get("after", 0)
        if act not in known | {"usual"}:
            raise PersonaUnreadable(f"{name}: no act {act!r}; there are {', '.join(sorted(known))}")
        span = (after, after) if isinstance(after, int) else tuple(after)
        if len(span) != 2 or span[0] > span[1] or span[0] < 0:
            raise PersonaUnreadable(f"{name}: `after` is a number of days, or the first and the last")
        acts.append(act)
        days.append((int(span[0]), int(span[1])))
    return Habit(tuple(acts), tuple(days))

"""A case as a swim-lane: a lane for every party, a row for what happened, arrows to who was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pic_schemas.address import Address, Role
from pic_schemas.catalogue import load
from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.timeline import TimelineEntry, timeline

# As a shipment meets them.
ORDER = (Role.EXPORTER, Role.COMPETENT_AUTHORITY, Role.CUSTOMS, Role.CARRIER, Role.FACILITY)
GOOD = {"consent", "consent-with-conditions", "accepted"}
BAD = {"objection", "not-consent", "rejected"}
GOOD_NEWS = (
    ".silence.",
    ".reinstated.",
    ".lifted.",
    ".authorised.",
    ".released.",
    ".completed.",
    ".closed.",
    ".approved.",
)
BAD_NEWS = (
    ".withdrawn.",
    ".suspended.",
    ".interrupted.",
    ".objected.",
    ".refused.",
    ".detained.",
    ".reported.",
    ".seized.",
    ".prohibited.",
)
WAITING = (".held.", ".ordered.", ".overdue.", ".missed.")


@dataclass(frozen=True, slots=True)
class Lane:
    """One seat in one State, and the agencies that sit on it in this case; `first` of its State."""

    state: str
    role: Role
    agencies: tuple[str, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One lane's part in a row; `left` and `right`: the arrow comes from or goes on to that side."""

    part: str
    left: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened; `day` counts from the day the case was opened, which is day 0."""

    entry: TimelineEntry
    day: int
    first_of_day: bool
    tone: str
    marks: tuple[Mark, ...]

    @property
    def id(self) -> str:
        return f"{self.entry.source.strip('/').replace('/', '-')}-{self.entry.sequence}"


@dataclass(frozen=True, slots=True)
class SwimLane:
    """`states`: each State and how many lanes it has, in the order of travel."""

    states: tuple[tuple[str, int], ...]
    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]


def swim_lane(events: Sequence[Event], route: Sequence[str]) -> SwimLane:
    """`events` in the order in which they happened; `route`: States in the order of travel."""
    lanes = lanes_of(events, route)
    entries = timeline(events)
    opened = events[0].time.date() if events else date.min
    before: date | None = None
    rows = []
    for event, entry in zip(events, entries, strict=True):
        day = event.time.date()
        marks = _marks(entry, lanes)
        rows.append(Row(entry, (day - opened).days, day != before, tone_of(load(event)), marks))
        before = day
    states = tuple((state, len(list(group))) for state, group in groupby(lane.state for lane in lanes))
    return SwimLane(states, lanes, tuple(rows))


def lanes_of(events: Iterable[Event], route: Sequence[str]) -> tuple[Lane, ...]:
    """Everybody who spoke or was told, State by State as the load travels."""
    seats: dict[tuple[str, Role], dict[str, None]] = {}
    for event in events:
        for text in (event.sender, *event.recipients):
            party = Address.parse(text)
            seats.setdefault((party.state, party.role), {})[party.agency] = None
    met = list(dict.fromkeys((*route, *(state for state, _ in seats))))
    places = sorted(seats, key=lambda seat: (met.index(seat[0]), _place(seat[1])))
    before = ("", *(state for state, _ in places))
    return tuple(
        Lane(state, role, _named(seats[state, role]), state != previous)
        for (state, role), previous in zip(places, before, strict=False)
    )


def _place(role: Role) -> int:
    return ORDER.index(role) if role in ORDER else len(ORDER)


def _named(agencies: Iterable[str]) -> tuple[str, ...]:
    """`any office` only where none is named."""
    named = tuple(agency for agency in agencies if agency != "*")
    return named or ("any office",)


def _marks(entry: TimelineEntry, lanes: Sequence[Lane]) -> tuple[Mark, ...]:
    places = {(lane.state, lane.role): place for place, lane in enumerate(lanes)}
    parties = [Address.parse(text) for text in (entry.who, *entry.to)]
    speaker, *told = (places[party.state, party.role] for party in parties)
    first, last = min(speaker, *told, speaker), max(speaker, *told, speaker)
    return tuple(
        Mark(_part(place, speaker, told), first < place <= last, first <= place < last)
        for place in range(len(lanes))
    )


def _part(place: int, speaker: int, told: Sequence[int]) -> str:
    if place == speaker:
        return "says"
    if place in told:
        return "told-right" if place > speaker else "told-left"
    return ""


def tone_of(message: Message) -> str:
    """Whether it brings the shipment on (`good`), ends it (`bad`) or keeps it waiting (`wait`)."""
    if getattr(message, "irregular", None):
        return "bad"
    said = {getattr(message, "verdict", ""), getattr(message, "outcome", "")}
    for tone, words, kinds in (("bad", BAD, BAD_NEWS), ("good", GOOD, GOOD_NEWS), ("wait", set(), WAITING)):
        if said & words or any(kind in message.type for kind in kinds):
            return tone
    return ""

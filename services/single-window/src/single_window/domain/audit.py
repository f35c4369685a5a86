"""The audit log of a case: each entry's hash covers the one before, so that none can be changed unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from pic_schemas.envelope import Event, compact_json, to_structured

What = Literal["altered", "removed", "inserted", "moved"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event at its place in the log of its case."""

    position: int
    chain: str
    event: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.event.get("id", ""))

    @property
    def stream(self) -> tuple[str, int]:
        return str(self.event.get("source", "")), int(self.event.get("sequence", 0))

    def follows(self, previous: str) -> bool:
        """Whether its hash covers that one and what it says. Of what is no JSON, as NaN, none ever did."""
        try:
            return link(previous, self.event) == self.chain
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Fault:
    """What was done to an entry, which one it is, and by what that is known."""

    what: What
    position: int
    event: str
    detail: str

    def __str__(self) -> str:
        return f"entry {self.position} was {self.what}: event {self.event or 'unknown'}, {self.detail}"


def root(world: str, case: str) -> str:
    """What the first entry is chained to."""
    return sha256(f"pic-audit-1|{world}|{case}".encode()).hexdigest()


def link(previous: str, event: Mapping[str, Any]) -> str:
    """The hash of an entry: of the one before, and of its event as structured JSON."""
    return sha256(previous.encode() + b"\n" + compact_json(event)).hexdigest()


def chained(previous: str, event: Event) -> str:
    """The same for an event that was just heard."""
    return link(previous or root(event.world, event.case or ""), to_structured(event))


def faults_in(
    world: str, case: str, entries: Sequence[Entry], signed: Iterable[tuple[str, str]], length: int
) -> list[Fault]:
    """What does not hold together. `signed`: (event id, hash) of each entry as the exchange signed them.

    `length`: how many entries the case had when it was signed.
    """
    start, covered = root(world, case), list(signed)
    proven = list(_against(covered, entries))
    found = [*proven, *_unproven(_walk(start, entries, length), proven, _sound(start, covered, entries))]
    told: dict[tuple[str, int, str], Fault] = {}
    for fault in found:
        told.setdefault((fault.event or str(fault.position), fault.position, fault.what), fault)
    return sorted(told.values(), key=lambda fault: (fault.position, fault.what))


def _unproven(by_chain: Iterable[Fault], by_signature: Sequence[Fault], sound: set[str]) -> Iterable[Fault]:
    """What the chain tells beyond the signature, which knows each entry's name and place by itself."""
    named = {fault.event for fault in by_signature}
    removed = any(fault.what == "removed" for fault in by_signature)
    for fault in by_chain:
        beside_another = fault.event in sound and fault.what == "altered"
        if not (fault.event in named or beside_another or (removed and fault.what == "removed")):
            yield fault


def _sound(start: str, signed: Sequence[tuple[str, str]], entries: Sequence[Entry]) -> set[str]:
    """The events that follow on the hash which was signed before theirs: at most their neighbours changed."""
    before = dict(zip([identity for identity, _ in signed], [start, *(c for _, c in signed)], strict=False))
    return {e.id for e in entries if e.id in before and e.follows(before[e.id])}


def _walk(start: str, entries: Sequence[Entry], length: int) -> Iterable[Fault]:
    """By the chain alone: after a break it goes on from the stored hash, so that only the break is named."""
    found = list(_broken(start, entries, length))
    out_of_place = {fault.event for fault in found if fault.what in ("inserted", "moved")}
    return [fault for fault in found if fault.what != "altered" or fault.event not in out_of_place]


def _broken(start: str, entries: Sequence[Entry], length: int) -> Iterable[Fault]:
    before: list[tuple[str, Entry | None]] = [(start, None)]
    last = 0
    places: dict[int, list[Entry]] = {}
    for entry in entries:
        places.setdefault(entry.position, []).append(entry)
    for position, here in sorted(places.items()):
        yield from _missing(last, position, entries)
        entry = _rightful(before[-1][0], here, places.get(position + 1, []))
        for rival in here:
            if rival is not entry:
                yield Fault("inserted", position, rival.id, "another entry has this place in the chain")
        if not entry.follows(before[-1][0]):
            skipped = _chained_before(before, entry)
            for intruder in skipped:
                what: What = "moved" if _belongs(intruder, entries) else "inserted"
                yield Fault(what, intruder.position, intruder.id, "the next does not follow on it")
            if not skipped and position == last + 1:
                yield Fault("altered", position, entry.id, "its hash does not cover what it says")
        before.append((entry.chain, entry))
        last = position
    yield from _missing(last, length + 1, entries)


def _rightful(before: str, rivals: Sequence[Entry], after: Sequence[Entry]) -> Entry:
    """Of several entries at one place: the one that follows on the last, and on which the next follows."""

    def holds(entry: Entry) -> tuple[bool, bool]:
        followed = any(each.follows(entry.chain) for each in after)
        return entry.follows(before), followed

    return rivals[0] if len(rivals) == 1 else max(rivals, key=holds)


def _belongs(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether it follows on some entry, and some entry on it: then it is of this log, at another place."""
    return any(entry.follows(each.chain) for each in entries) and any(
        each.follows(entry.chain) for each in entries
    )


def _missing(last: int, position: int, entries: Sequence[Entry]) -> Iterable[Fault]:
    gaps = ", ".join(f"{source} {sequence}" for source, sequence in _sequence_gaps(entries))
    for lost in range(last + 1, position):
        yield Fault("removed", lost, "", f"nothing stands in its place; sequences missing: {gaps or 'none'}")


def _sequence_gaps(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Each producer counts what it says in a case, so what is gone can be named by producer and number."""
    said: dict[str, set[int]] = {}
    for entry in entries:
        said.setdefault(entry.stream[0], set()).add(entry.stream[1])
    return [
        (source, number)
        for source, numbers in sorted(said.items())
        for number in sorted(set(range(1, max(numbers))) - numbers)
    ]


def _chained_before(before: Sequence[tuple[str, Entry | None]], entry: Entry) -> list[Entry]:
    """The entries between this one and the one that it was chained to."""
    for index in range(len(before) - 2, -1, -1):
        if entry.follows(before[index][0]):
            return [each for _, each in before[index + 1 :] if each is not None]
    return []


def _against(signed: Sequence[tuple[str, str]], entries: Sequence[Entry]) -> Iterable[Fault]:
    """By the signature: which events it covers, with which hash, in which order."""
    here = {entry.id: entry for entry in entries}
    places = {identity: place for place, (identity, _) in enumerate(signed, 1)}
    hashes = dict(signed)
    for identity, place in places.items():
        if identity not in here:
            yield Fault("removed", place, identity, "the signature covers it")
    for entry in entries:
        if signed and entry.id not in places:
            yield Fault("inserted", entry.position, entry.id, "the signature does not cover it")
        elif signed and hashes[entry.id] != entry.chain:
            yield Fault("altered", entry.position, entry.id, "the signature covers another hash")
    kept = [entry.id for entry in entries if entry.id in places]
    for was, now in zip(sorted(kept, key=places.__getitem__), kept, strict=True):
        if was != now:
            yield Fault("moved", here[now].position, now, f"it was signed as entry {places[now]}")

"""An entry of the audit log that was altered, removed, inserted or moved is found and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from single_window.domain.audit import Entry, Fault, faults_in, link, root

WORLD, CASE = "harbour", "c1"
Log = list[Entry]


def event(number: int, source: str = "/notifier/CA") -> dict[str, Any]:
    return {"id": f"e{number}", "source": source, "sequence": number, "data": {"kg": 24000 + number}}


def log_of(events: list[dict[str, Any]]) -> Log:
    entries, chain = [], root(WORLD, CASE)
    for position, each in enumerate(events, 1):
        chain = link(chain, each)
        entries.append(Entry(position, chain, each))
    return entries


def written(number: int = 6) -> Log:
    return log_of([event(n) for n in range(1, number + 1)])


def faults(entries: Log, *, signed: Log | None = None, length: int = 6) -> list[Fault]:
    covered = [(entry.id, entry.chain) for entry in signed or []]
    return faults_in(WORLD, CASE, entries, covered, length)


def altered(log: Log) -> Log:
    return [*log[:2], replace(log[2], event=event(3) | {"data": {"kg": 1}}), *log[3:]]


def altered_to_no_number(log: Log) -> Log:
    """A file that was edited may hold what JSON does not know."""
    return [*log[:2], replace(log[2], event=event(3) | {"data": {"kg": float("nan")}}), *log[3:]]


def removed(log: Log) -> Log:
    return [*log[:2], *log[3:]]


def last_removed(log: Log) -> Log:
    return log[:-1]


def inserted(log: Log) -> Log:
    forged = event(99)
    return [*log[:2], Entry(3, link(log[1].chain, forged), forged), *log[2:]]


def inserted_beside(log: Log) -> Log:
    """With the place and the hash of the entry that it stands beside."""
    return [*log[:3], replace(log[2], event=event(99)), *log[3:]]


def renumbered(log: Log) -> Log:
    return [replace(entry, position=place) for place, entry in enumerate(log, 1)]


def rewritten(log: Log) -> Log:
    return log_of([dict(entry.event) for entry in log])


def named(found: list[Fault]) -> set[tuple[str, int]]:
    return {(fault.what, fault.position) for fault in found}


def test_a_log_that_nobody_touched_holds_with_and_without_its_signature() -> None:
    assert faults(written()) == []
    assert faults(written(), signed=written()) == []


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (altered, ("altered", 3)),
        (altered_to_no_number, ("altered", 3)),
        (removed, ("removed", 3)),
        (inserted, ("inserted", 3)),
        (inserted_beside, ("inserted", 3)),
        (last_removed, ("removed", 6)),
    ],
)
def test_the_chain_alone_names_the_one_entry_that_was_tampered_with(
    tamper: Callable[[Log], Log], fault: tuple[str, int]
) -> None:
    assert named(faults(tamper(written()))) == {fault}


@pytest.mark.parametrize("cover_up", [renumbered, rewritten])
@pytest.mark.parametrize(
    ("tamper", "what", "which"),
    [
        (altered, "altered", "e3"),
        (removed, "removed", "e3"),
        (inserted, "inserted", "e99"),
        (last_removed, "removed", "e6"),
    ],
)
def test_the_signature_names_it_even_where_the_chain_was_made_anew(
    tamper: Callable[[Log], Log], cover_up: Callable[[Log], Log], what: str, which: str
) -> None:
    found = faults(cover_up(tamper(written())), signed=written())
    assert (what, which) in {(fault.what, fault.event) for fault in found}


def test_entries_that_changed_places_are_named() -> None:
    log = written()
    swapped = rewritten([log[0], log[2], log[1], *log[3:]])
    assert {fault.event for fault in faults(swapped, signed=log) if fault.what == "moved"} == {"e2", "e3"}


@pytest.mark.parametrize("signed", [None, written()])
def test_of_two_neighbours_that_changed_places_none_is_called_inserted(signed: Log | None) -> None:
    log = written()
    swapped = renumbered([*log[:3], log[4], log[3], log[5]])
    found = faults(swapped, signed=signed)
    assert {(fault.what, fault.event) for fault in found} == {("moved", "e4"), ("moved", "e5")}


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [(altered, ("altered", "e3")), (removed, ("removed", "e3")), (inserted, ("inserted", "e99"))],
)
def test_with_the_signature_the_entries_around_it_are_not_suspected(
    tamper: Callable[[Log], Log], fault: tuple[str, str]
) -> None:
    found = faults(renumbered(tamper(written())), signed=written())
    assert {(each.what, each.event) for each in found} == {fault}


def test_what_was_inserted_before_it_was_signed_is_named_all_the_same() -> None:
    forged = inserted_beside(written())
    assert named(faults(forged, signed=forged)) == {("inserted", 3)}


def test_what_is_missing_is_named_by_producer_and_sequence() -> None:
    (found,) = faults(removed(written()))
    assert "/notifier/CA 3" in str(found)


def test_the_log_of_one_case_does_not_pass_for_that_of_another() -> None:
    assert faults_in(WORLD, "c2", written(), (), 6)[0].what == "altered"

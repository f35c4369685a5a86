"""Quiet: nothing of a world is unpublished, unheard, waiting or due anywhere; else the reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pic_kit.activity import Activity
from pic_kit.clock import monotonic
from single_window.stores import PeerAway, Store, all_activity

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.4
PART_OF_THE_WAIT = 0.15
SAME_LOOKS = 8
HEARD_HERE_WITHIN = 0.25


@dataclass(frozen=True, slots=True)
class Quiet:
    """`reasons` is empty when the world is quiet; `stuck` when nothing moves but some messages wait.

    `next_due`: when its next timer comes due, anywhere.
    """

    reasons: tuple[str, ...]
    stuck: bool = False
    next_due: datetime | None = None
    look: tuple[Activity, ...] = ()

    @property
    def quiet(self) -> bool:
        return not self.reasons


def reasons(look: Sequence[Activity]) -> list[str]:
    """Why the world is not quiet, in sentences.

    One look suffices although the stores are not asked at the same instant. Suppose one of them changed after
    it was asked, and take the first that did: what it then heard was said either before its producer was
    asked, and the counts differ, or after, and then that producer had changed before it.
    """
    late = held_cases(look)
    return [
        sentence for found in look for sentence in (*_closed(found), *_busy(found, late), *_deaf(found, look))
    ]


def held_cases(look: Sequence[Activity]) -> set[str]:
    """Cases of which a message leaves late, on order: what waits in them waits for that, and for its day."""
    return {message.case for found in look for message in found.held}


def settled(look: Sequence[Activity]) -> bool:
    """Nothing moves any more, although some messages may wait for what has not come."""
    if any(found.waiting and not found.at_rest for found in look):
        return False
    return not any(
        sentence for found in look for sentence in (*_busy(found, waiting=False), *_deaf(found, look))
    )


def _closed(found: Activity) -> Iterator[str]:
    if not found.open:
        yield f"{found.service} has not opened the world"


def _busy(found: Activity, late: Container[str] = (), *, waiting: bool = True) -> Iterator[str]:
    if found.unpublished:
        yield f"{found.service} has {found.unpublished} messages that are not published yet"
    if found.due:
        yield f"{found.service} has {found.due} deadlines due that are not handled yet"
    for message in found.waiting if waiting else ():
        if message.case in late:
            continue
        cure = f"; cured by {', '.join(message.waits_for)}" if message.waits_for else ""
        about = f"of case {message.case}" if message.case else "of no case"
        yield (f"{found.service}: {message.type} {about} waits, {message.reason}: {message.detail}{cure}")


def _deaf(found: Activity, look: Sequence[Activity]) -> Iterator[str]:
    for producer, said, missing in _unheard(found, look):
        if missing > 0:
            yield f"{found.service} has not heard {missing} of the {said} messages of {producer}"
        elif missing < 0:
            yield f"{found.service} is hearing messages of {producer} this moment"


def _unheard(found: Activity, look: Sequence[Activity]) -> Iterator[tuple[str, int, int]]:
    """Of each producer how many messages were said at that look, and how many this store has yet to hear."""
    for producer, said in sorted(_said(look).items()) if found.listens else ():
        aside = sum(1 for message in found.waiting if message.source == producer)
        yield producer, said, said - found.heard.get(producer, 0) - aside


def _said(look: Sequence[Activity]) -> dict[str, int]:
    said: dict[str, int] = {}
    for found in look:
        for producer, count in found.produced.items():
            said[producer] = said.get(producer, 0) + count
        for message in found.held:
            said[message.source] -= 1
    return said


def pauses() -> Iterator[float]:
    """Short at first: an embedded exchange is quiet within milliseconds. Then a part of the wait so far.

    Looking takes from those who are looked at: an exchange that has hours of messages to catch up with would
    spend half its time on saying that it is not quiet yet.
    """
    began = monotonic()
    while True:
        yield min(max(FIRST_PAUSE, PART_OF_THE_WAIT * (monotonic() - began)), LONGEST_PAUSE)


async def wait_until_quiet(stores: Sequence[Store], world: str, seconds: float) -> Quiet:
    """Quiet as soon as a look finds it so, else what was found when the time was up."""
    until = monotonic() + seconds
    for pause in pauses():
        found = await _look(stores, world)
        if found.quiet or monotonic() >= until:
            return found
        await asyncio.sleep(min(pause, max(0.0, until - monotonic())))
        await _until_heard_here(stores, world, found.look, pause, until)
    raise AssertionError("unreachable")


async def _look(stores: Sequence[Store], world: str) -> Quiet:
    try:
        look = await all_activity(stores, world)
    except PeerAway as away:
        return Quiet((str(away),))
    found = tuple(reasons(look))
    return Quiet(found, bool(found) and settled(look), earliest(look), tuple(look))


async def _until_heard_here(
    stores: Sequence[Store], world: str, look: Sequence[Activity], pause: float, until: float
) -> None:
    """The own stores hear what everybody hears, and asking them is no request to another service.

    Whoever is asked before they have heard what was said at the last look would only say the same again.
    """
    own = [store for store in stores if store.near]
    until = min(until, monotonic() + HEARD_HERE_WITHIN)
    while monotonic() < until:
        here = await all_activity(own, world)
        if not any(missing > 0 for found in here for _, _, missing in _unheard(found, look)):
            return
        await asyncio.sleep(pause)


def earliest(look: Sequence[Activity]) -> datetime | None:
    """When the next timer comes due."""
    return min((found.next_due for found in look if found.next_due is not None), default=None)


def first_of(*moments: datetime | None) -> datetime | None:
    """The earliest of those that there are."""
    return min((moment for moment in moments if moment is not None), default=None)


async def wait_until_settled(stores: Sequence[Store], world: str, seconds: float) -> list[Activity]:
    """The look that found nothing moving. Raises PeerAway when that does not come about in time."""
    until, same, before = monotonic() + seconds, 0, None
    for pause in pauses():
        look = await all_activity(stores, world)
        late = held_cases(look)
        waiting = [message for found in look for message in found.waiting if message.case not in late]
        same = same + 1 if look == before else 0
        # Messages that wait may be about to be released: they must stand still for a while.
        if settled(look) and (not waiting or same >= SAME_LOOKS):
            return look
        if monotonic() >= until:
            raise PeerAway("; ".join(reasons(look)) or "the world does not settle")
        before = look
        await asyncio.sleep(pause)
        await _until_heard_here(stores, world, look, pause, until)
    raise AssertionError("unreachable")

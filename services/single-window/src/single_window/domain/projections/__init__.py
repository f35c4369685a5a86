"""How each message changes the case file: one module per noun, one function per message."""

from __future__ import annotations

from functools import lru_cache

from pic_schemas.address import Address
from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.case import CaseFile
from single_window.domain.parties import party
from single_window.domain.projections import (
    authorisation,
    authorities,
    border,
    classification,
    correspondence,
    declarations,
    guarantee,
    movements,
    notices,
    notification,
    remedies,
    selectivity,
)
from single_window.domain.projections.register import project


def opened_by(event: Event) -> CaseFile:
    """The empty file of the case that this event is the first of."""
    return CaseFile(world=event.world, case=event.case or "", opened_at=event.time)


def apply(case: CaseFile, event: Event, message: Message) -> list[str]:
    """Change the file; returns the parties that were not concerned before."""
    project(case, event, message)
    case.events += 1
    case.last_at = event.time
    return _concern(case, event)


def _concern(case: CaseFile, event: Event) -> list[str]:
    seats, named = _told((event.sender, *event.recipients))
    case.seats += [text for text in seats if text not in case.seats]
    fresh = sorted(named.difference(case.parties))
    case.parties += fresh
    return fresh


@lru_cache(maxsize=4096)
def _told(addresses: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The addresses, each once, and the parties behind them: the same few lists come again and again."""
    parties = (party(Address.parse(text)) for text in addresses)
    return tuple(dict.fromkeys(addresses)), frozenset(each for each in parties if each is not None)


__all__ = [
    "apply",
    "authorisation",
    "authorities",
    "border",
    "classification",
    "correspondence",
    "declarations",
    "guarantee",
    "movements",
    "notices",
    "notification",
    "opened_by",
    "remedies",
    "selectivity",
]

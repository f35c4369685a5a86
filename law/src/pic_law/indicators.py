"""What customs select loads by: indicators, thresholds, rates, prices. No treaty gives a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import Field

from pic_law.dated import E, Entry, Timelines, read
from pic_law.errors import LawError, UnknownLaw
from pic_law.rules import rules

Channel = Literal["green", "yellow", "red", "blue"]
Look = Literal["documents", "scan", "physical", "sample", "audit"]


class Indicator(Entry):
    """One sign of risk. Which of the fields below `asks_for` matter is said where it is computed."""

    id: str
    title: str
    points: int = Field(ge=0, le=100)
    lifts_to: Literal["yellow", "red"] | None = None
    asks_for: Look
    checks: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    days: int | None = None

    def has_line(self, hs: str) -> bool:
        """Whether a tariff line is one that the indicator is about; every line if it names none."""
        return not self.hs or hs.startswith(self.hs)

    def spoken_in(self, text: str) -> str | None:
        """The first of its words that stands in a text, as a word."""
        return next(said(self.words, text), None)


class Channels(Entry):
    """From how many points on a load is looked at more carefully."""

    id: str
    title: str
    yellow_from: int = Field(ge=1)
    red_from: int = Field(ge=2)


class Rate(Entry):
    """How many of a hundred loads are drawn whatever they score."""

    id: str
    title: str
    percent: Decimal = Field(ge=0, le=100)
    asks_for: Literal["documents", "scan", "physical", "sample"]


class Price(Entry):
    """What is paid for a tonne of the goods of these lines, in one currency."""

    id: str
    title: str
    hs: tuple[str, ...]
    currency: str
    below: Decimal
    above: Decimal


class LawfulPrice(Entry):
    """A price outside the usual that is known to be honest, by destination."""

    id: str
    title: str
    price: str
    destinations: tuple[str, ...]
    low: Decimal = Field(alias="from")
    high: Decimal = Field(alias="to")


class Plastic(Entry):
    """A plastic by the words that name it, and the tariff line of its waste; None is the line for others."""

    id: str
    title: str
    words: tuple[str, ...]
    hs: str | None = None


def said(words: Iterable[str], text: str) -> Iterator[str]:
    """Those of the words that stand in a text, as words and in any case."""
    lowered = text.lower()
    for word in words:
        if re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", lowered):
            yield word


def indicators(on: date) -> tuple[Indicator, ...]:
    """The indicators that hold on a day, in the order of the file."""
    return all_indicators().all_on(on)


def channels(on: date) -> Channels:
    """The thresholds of a day; raises `UnknownLaw`."""
    return _only(_channels(), on, "channels")


def default_rate(on: date) -> Rate:
    """The rate where a State has set none; raises `UnknownLaw`."""
    return _only(_rates(), on, "random")


def prices(on: date) -> tuple[Price, ...]:
    """What is paid by tonne, as far as it was measured, on a day."""
    return _prices().all_on(on)


def price_of(hs: str, on: date) -> Price | None:
    """What is paid for goods of this line; None where nobody measured it."""
    return next((one for one in _prices().all_on(on) if hs.startswith(one.hs)), None)


def lawful_price(price: Price, destination: str, paid: Decimal, on: date) -> LawfulPrice | None:
    """The honest exception that explains this price; None if there is none."""
    known = (one for one in _lawful().all_on(on) if one.price == price.id and destination in one.destinations)
    return next((one for one in known if one.low <= paid <= one.high), None)


def plastics_named(text: str, on: date) -> tuple[Plastic, ...]:
    """The plastics that a description names."""
    return tuple(one for one in _plastics().all_on(on) if next(said(one.words, text), None))


@cache
def all_indicators() -> Timelines[Indicator]:
    """Every indicator with all its versions; raises `LawError` for a check that does not exist."""
    found = read(Indicator, "indicators", "indicators")
    named = {check for key in found.keys for one in found.line(key) for check in one.checks}
    if unknown := sorted(named - set(rules())):
        raise LawError(f"indicators.yaml: no such check: {', '.join(unknown)}")
    return found


def read_all() -> None:
    """Read the whole file; raises `LawError`."""
    for key in _channels().keys:
        for one in _channels().line(key):
            if one.red_from <= one.yellow_from:
                raise LawError(f"indicators.yaml: {one.id}: red begins with more points than yellow")
    priced = set(_prices().keys)
    for key in _lawful().keys:
        if strangers := {one.price for one in _lawful().line(key)} - priced:
            raise LawError(f"indicators.yaml: {key}: no such price: {', '.join(sorted(strangers))}")
    all_indicators()
    _rates()
    _plastics()


def _only(known: Timelines[E], on: date, key: str) -> E:
    found = known.all_on(on)
    if not found:
        raise UnknownLaw(f"nothing holds on {on} in indicators.yaml: {key}")
    return found[0]


@cache
def _channels() -> Timelines[Channels]:
    return read(Channels, "indicators", "channels")


@cache
def _rates() -> Timelines[Rate]:
    return read(Rate, "indicators", "random")


@cache
def _prices() -> Timelines[Price]:
    return read(Price, "indicators", "prices")


@cache
def _lawful() -> Timelines[LawfulPrice]:
    return read(LawfulPrice, "indicators", "lawful_prices")


@cache
def _plastics() -> Timelines[Plastic]:
    return read(Plastic, "indicators", "plastics")

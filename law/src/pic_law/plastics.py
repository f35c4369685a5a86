"""The tests between the plastic-waste entries: hazard, purpose, polymer, cleanliness (decision BC-14/12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pic_law import contamination, library
from pic_law.codes import Code
from pic_law.contamination import Limit
from pic_law.countries import in_group
from pic_law.dated import Timelines, read
from pic_law.errors import LawError
from pic_law.reach import Reach
from pic_law.recycling import misfits

WHOLE = Decimal(100)
BASEL = "BASEL"


class Scheme(Reach):
    """One body of entries for plastic waste; an entry that is empty has no code of its own there."""

    either_group: str | None = None
    hazardous: str
    clean: str | None = None
    residual: str | None = None
    single: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    pre_consumer_only: tuple[str, ...] = ()
    mixtures: tuple[tuple[str, ...], ...] = ()

    def reaches(self, origin: str, destination: str, waste: Code, on: date) -> bool:
        """Whether it applies between these States on that day."""
        either = self.either_group
        one = either is None or any(in_group(state, either, on) for state in (origin, destination))
        return one and self.concerns(origin, destination, waste, True, on)


@dataclass(frozen=True)
class Reason:
    """One test and how it came out; `article` and `source` are those of the text that sets it."""

    test: str
    met: bool
    detail: str
    article: str
    source: str
    verified: bool


@dataclass(frozen=True)
class Load:
    """What is known of one load; what is not known was read to the stricter side."""

    polymers: tuple[tuple[Code, Decimal], ...]
    contaminants: Mapping[str, Decimal]
    operations: tuple[str, ...]
    constituents: tuple[str, ...]
    characteristics: tuple[str, ...]
    post_consumer: bool
    separate_recycling: bool
    origin: str
    destination: str
    on: date


@dataclass(frozen=True)
class _Target:
    """What the load is meant to be, and what share of it is that."""

    name: str
    percent: Decimal


def entry_of(scheme: Scheme, load: Load) -> tuple[str | None, tuple[Reason, ...], tuple[Limit, ...]]:
    """The code that a scheme has for the load, the tests that led there, the limits that were asked."""
    hazardous = _hazard(scheme, load)
    if hazardous.met:
        return scheme.hazardous, (hazardous,), ()
    if scheme.clean is None:
        return scheme.residual, (hazardous,), ()
    thresholds = tuple(_thresholds(scheme.clean, load))
    purpose = _purpose(scheme, load)
    target, polymer = _target(scheme, load)
    cleanliness = tuple(_cleanliness(target, load, limit) for limit in thresholds)
    trail = (hazardous, purpose, polymer, *cleanliness)
    clean = all(reason.met for reason in trail[1:])
    return (scheme.clean if clean else scheme.residual), trail, thresholds


def _hazard(scheme: Scheme, load: Load) -> Reason:
    met = bool(load.constituents and load.characteristics)
    found = [*load.constituents, *load.characteristics]
    lacking = "constituent of Annex I" if not load.constituents else "characteristic of Annex III"
    detail = " with ".join(filter(None, (", ".join(load.constituents), ", ".join(load.characteristics))))
    return _reason(
        scheme, "hazardous", met, detail if met else f"{', '.join(found) or 'nothing'}: no {lacking}"
    )


def _purpose(scheme: Scheme, load: Load) -> Reason:
    """The footnote of B3011 holds for the entries that stand in for it as well."""
    wrong = list(misfits(scheme_on(BASEL, load.on).clean or "", load.operations, load.on))
    detail = "; ".join(wrong) or f"{', '.join(load.operations)}: recycling"
    return _reason(scheme, "destined-for-recycling", not wrong, detail)


def _target(scheme: Scheme, load: Load) -> tuple[_Target, Reason]:
    """The largest share of the load that is one thing the entry names."""
    targets = [*_single(scheme, load), *_mixed(scheme, load)]
    if not targets:
        largest, share = max(load.polymers, key=lambda one: one[1])
        detail = f"{largest.text} ({largest.family}) is not what the entry names"
        return _Target(largest.text, share), _reason(scheme, "polymer", False, detail)
    target = max(targets, key=lambda one: one.percent)
    return target, _reason(scheme, "polymer", True, f"{percent(target.percent)} {target.name}")


def _single(scheme: Scheme, load: Load) -> Iterator[_Target]:
    for polymer, share in load.polymers:
        if _allowed(scheme, polymer, load):
            yield _Target(polymer.text, share)


def _mixed(scheme: Scheme, load: Load) -> Iterator[_Target]:
    shares = [(polymer, share) for polymer, share in load.polymers if _allowed(scheme, polymer, load)]
    for family in scheme.together:
        yield from _sum(f"{family} polymers", [share for one, share in shares if one.family == family])
    for mixture in scheme.mixtures if load.separate_recycling else ():
        name = f"{' and '.join(mixture)} for separate recycling"
        yield from _sum(name, [share for one, share in shares if one.code in mixture])


def _sum(name: str, shares: Sequence[Decimal]) -> Iterator[_Target]:
    if shares:
        yield _Target(name, sum(shares, Decimal()))


def _allowed(scheme: Scheme, polymer: Code, load: Load) -> bool:
    named = polymer.family in scheme.single
    return named and not (load.post_consumer and polymer.family in scheme.pre_consumer_only)


def _cleanliness(target: _Target, load: Load, limit: Limit) -> Reason:
    problems = list(limit.model_copy(update={"total": None}).exceeded(load.contaminants))
    foreign = WHOLE - target.percent
    if limit.total is not None and foreign > limit.total:
        problems.append(f"{percent(foreign)} is not {target.name}, {percent(limit.total)} allowed")
    plastic = sum((share for _, share in load.polymers), Decimal())
    purity = WHOLE * target.percent / plastic
    if limit.purity is not None and purity < limit.purity:
        problems.append(f"{percent(purity)} of the plastic is {target.name}, {percent(limit.purity)} needed")
    detail = f"{limit.title}: {'; '.join(problems) or 'kept'}"
    return Reason(limit.id, not problems, detail, limit.article, limit.source, limit.verified)


def _thresholds(clean: str, load: Load) -> Iterator[Limit]:
    found = contamination.limits(load.origin, load.destination, clean, True, load.on)
    numbered = [one for one in found if one.percent or one.total is not None or one.purity is not None]
    yield from numbered or [reference()]


def scheme_on(id_: str, on: date) -> Scheme:
    """The scheme as it holds on that day; raises `LawError`."""
    found = schemes().on(id_, on)
    if found is None:
        raise LawError(f"classifier.yaml: no scheme {id_} on {on}")
    return found


def _reason(scheme: Scheme, test: str, met: bool, detail: str) -> Reason:
    return Reason(test, met, detail, scheme.article, scheme.source, scheme.verified)


def percent(share: Decimal) -> str:
    """A share in words."""
    return f"{round(share, 2).normalize():f} %"


def read_all() -> None:
    """Load and cross-check; raises `LawError`."""
    reference()
    for entry in schemes().line(BASEL):
        if entry.clean is None or entry.residual is None:
            raise LawError("classifier.yaml: the Convention has three entries")


@cache
def schemes() -> Timelines[Scheme]:
    """Every scheme, by id."""
    return read(Scheme, "classifier", "schemes")


@cache
def reference() -> Limit:
    """The point of reference where no State on the route sets a number."""
    return library.entry(Limit, library.statute("classifier")["reference"], "classifier.yaml: reference")

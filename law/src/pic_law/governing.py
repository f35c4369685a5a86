"""Which law governs a duty of one authority: its own law, then an Article 11 agreement or else Basel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from pic_law.agreements import Agreement, agreement
from pic_law.codes import waste
from pic_law.countries import in_group, waived_transit_consent
from pic_law.dated import REMEMBERED, Entry, Timelines, read
from pic_law.duties import Duty, Role, Variant, When, profile
from pic_law.reach import place

FLOOR = "BASEL"


class Regime(Entry):
    """The authorities of which State, or of which group of States, apply which profile, by day of lodging."""

    state: str | None = None
    group: str | None = None
    profile: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Governing:
    """The law of one duty. `duty` is `None` where no law sets it; `reason` says why this profile."""

    profile: str
    duty: Duty | None
    reason: str
    article: str
    source: str
    verified: bool


@dataclass(frozen=True)
class Case:
    """What decides between laws: the pair of States, the waste, the operation and the day of lodging."""

    state: str
    origin: str
    destination: str
    waste_code: str
    recovery: bool
    lodged_on: date
    preconsented: bool = False


@dataclass(frozen=True)
class _Candidate:
    profile: str
    reason: str


def governing(
    duty: str,
    *,
    state: str,
    role: Role,
    origin: str,
    destination: str,
    waste_code: str,
    recovery: bool,
    lodged_on: date,
    preconsented: bool = False,
) -> Governing:
    """The law that governs `duty` for the authority of `state` in its `role`, by the day of lodging.

    `duty` is an id of profiles.yaml or a common name that duties answer to (`export_ca_check`, `import_ack`,
    `decision`, `tacit`, `receipt_confirm`, ...). Raises nothing for an unknown duty: no law sets it.
    """
    case = Case(state, origin, destination, waste_code, recovery, lodged_on, preconsented)
    return _law_of(duty, role, case)


@lru_cache(maxsize=REMEMBERED)
def _law_of(duty: str, role: Role, case: Case) -> Governing:
    candidates = tuple(_candidates(case))
    for candidate in candidates:
        found = profile(candidate.profile).find(duty, role, case.lodged_on)
        if found is not None:
            return _governing(_specialised(found, case), candidate)
    return _silent(duty, candidates)


def own_law(state: str, waste_code: str, lodged_on: date) -> Regime | None:
    """The profile that the authorities of a State apply of their own, by the day of lodging."""
    found = waste(waste_code, lodged_on)
    regimes = (r for r in _regimes().all_on(lodged_on) if _binds(r, state, lodged_on))
    waste_class = found.waste_class if found else None
    return next((r for r in regimes if not r.classes or waste_class in r.classes), None)


def regimes() -> tuple[Regime, ...]:
    """Every regime of the file."""
    return tuple(regime for key in _regimes().keys for regime in _regimes().line(key))


def allows_silence(found: Governing, role: Role, *, waived: bool = False) -> bool:
    """Whether silence in this role becomes consent; asked of the duty `tacit`. `waived`: see countries."""
    value = found.duty.value if found.duty else False
    if isinstance(value, dict):
        return bool(value.get(role, False))
    return waived if value == "only_if_party_waived" else bool(value)


def has_vote(state: str, *, origin: str, destination: str, waste_code: str, recovery: bool, on: date) -> bool:
    """Whether a transit State decides: a Party does, or a member of the governing agreement (Art. 7, 11)."""
    covering = agreement(origin, destination, waste_code, recovery, on, direct=False)
    member = covering is not None and covering.outcome is not None and covering.binds((state,), on)
    return member or in_group(state, "BASEL", on)


def _binds(regime: Regime, state: str, on: date) -> bool:
    return regime.state == state or (regime.group is not None and in_group(state, regime.group, on))


def _candidates(case: Case) -> Iterator[_Candidate]:
    own = own_law(case.state, case.waste_code, case.lodged_on)
    if own is not None:
        yield _Candidate(own.profile, _of_own(own, case))
    covering = agreement(case.origin, case.destination, case.waste_code, case.recovery, case.lodged_on)
    # A transit State outside the agreement is not bound by it: the Convention says what its silence is.
    bound = covering is not None and covering.binds((case.state,), case.lodged_on)
    if covering is not None and covering.profile is not None and bound:
        yield _Candidate(covering.profile, _of_agreement(covering, case))
    else:
        yield _Candidate(FLOOR, "the Convention fills what the authority's own law leaves open")


def _of_own(own: Regime, case: Case) -> str:
    return f"own law of {case.state} for a notification lodged on {case.lodged_on.isoformat()}"


def _of_agreement(covering: Agreement, case: Case) -> str:
    return f"Article 11 agreement: {covering.title} covers {case.waste_code}"


def _specialised(found: Duty, case: Case) -> Duty:
    use = next((v.use for v in found.variants if _applies(v, case)), None)
    return found if use is None else profile(found.profile).duties[use]


def _applies(variant: Variant, case: Case) -> bool:
    when = variant.when
    return (
        place(case.origin, None, when.origin_group, when.origin_outside, case.lodged_on)
        and place(case.destination, None, when.destination_group, when.destination_outside, case.lodged_on)
        and _facts(when, case)
    )


def _facts(when: When, case: Case) -> bool:
    asked = (
        (when.recovery, case.recovery),
        (when.preconsented, case.preconsented),
        (when.waived, when.waived is not None and waived_transit_consent(case.state, case.lodged_on)),
    )
    return all(wanted in (None, true) for wanted, true in asked)


def _governing(found: Duty, candidate: _Candidate) -> Governing:
    return Governing(candidate.profile, found, candidate.reason, found.article, found.source, found.verified)


def _silent(duty: str, candidates: tuple[_Candidate, ...]) -> Governing:
    names = " and ".join(candidate.profile for candidate in candidates)
    first = profile(candidates[0].profile)
    return Governing(first.id, None, f"{names} set no {duty}", "", first.source, first.verified)


@cache
def _regimes() -> Timelines[Regime]:
    return read(Regime, "regimes", "regimes", by=lambda regime: regime.state or regime.group)

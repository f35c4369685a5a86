"""Reads every statute file at once, so that a hole, an overlap or a dangling name stops the start."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pic_law import (
    authorities,
    border_papers,
    calendars,
    changes,
    codes,
    contamination,
    countries,
    data_elements,
    detentions,
    dual_notices,
    export_grounds,
    grounds,
    illegal_traffic,
    indicators,
    numbers,
    open_points,
    passages,
    plastics,
    prohibitions,
    remedies,
    requirements,
    rules,
    samples,
    tolerances,
    views,
    withdrawal,
)
from pic_law.agreements import agreements
from pic_law.duties import profile, profiles
from pic_law.errors import LawError
from pic_law.governing import regimes


@cache
def read_every_statute() -> None:
    """Load and cross-check all statute files, once in a process; raises `LawError` naming file and place."""
    rules.rules()
    authorities.offices()
    profiles()
    for name in (*codes.LISTS, *codes.FORM_LISTS):
        codes.code_list(name)
    countries.projects()
    countries.unions()
    prohibitions.read_all()
    views.classifications()
    views.disagreements()
    export_grounds.export_grounds()
    requirements.read_all()
    border_papers.read()
    data_elements.read()
    dual_notices.dual_notices()
    contamination.all_limits()
    plastics.read_all()
    illegal_traffic.read()
    tolerances.tolerances()
    indicators.read_all()
    remedies.read()
    passages.read()
    numbers.read()
    samples.samples()
    detentions.read()
    open_points.open_points()
    _known_countries("authorities.yaml", (a.state for a in authorities.authorities().values()))
    _known_countries("offices.yaml", (o.state for o in authorities.offices().values()))
    _known_profiles("regimes.yaml", (regime.profile for regime in regimes()))
    _known_profiles("agreements.yaml", (a.profile for a in agreements() if a.profile))
    _known_profiles("changes.yaml", (rule.profile for rule in changes.change_rules()))
    _known_profiles("grounds.yaml", grounds.profiles_with_grounds())
    _known_profiles("withdrawals.yaml", (ground.profile for ground in withdrawal.withdrawal_grounds()))
    _known_profiles("withdrawals.yaml", (one.profile for one in withdrawal.suspensions()))
    for code in authorities.authorities():
        calendars.calendar(code)


def _known_countries(file: str, states: Iterable[str]) -> None:
    unknown = sorted(set(states) - set(countries.countries()))
    if unknown:
        raise LawError(f"{file}: not in countries.yaml: {', '.join(unknown)}")


def _known_profiles(file: str, names: Iterable[str]) -> None:
    for name in names:
        try:
            profile(name)
        except LawError as error:
            raise LawError(f"{file}: {error}") from error

"""Why a case does not move: objections with their grounds, refusals and holds with the checks that failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pic_law.rules import rules
from single_window.domain.border import DeclarationEntry
from single_window.domain.case import AuthorityEntry, CaseFile
from single_window.domain.failures import IllegalTrafficEntry

STOPS = {"held", "refused"}
OPEN_OUTCOMES = {"fail", "not-yet-known"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `rule` is its id, where the rule has one."""

    rule: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Who keeps the case from moving; `outcome`: objection, not-consent, held or refused."""

    who: str
    outcome: str
    reasons: tuple[Reason, ...]


def stops_of(case: CaseFile) -> list[Stop]:
    """In the order of the procedure: the authorities, then the border."""
    against = [entry for entry in case.authorities.values() if entry.verdict and not entry.consents]
    stopped = [entry for entry in case.declarations.values() if entry.outcome in STOPS]
    return [*map(_objection, against), *map(_stopped, stopped), *_reported(case.illegal_traffic)]


def _reported(found: IllegalTrafficEntry | None) -> Iterator[Stop]:
    if found is None:
        return
    letters = ", ".join(f"9(1)({letter})" for letter in found.art9_letters)
    reason = Reason("", f"{found.waste_code}: {found.facts}", f"Basel Convention Art. {letters}")
    yield Stop(f"{found.office} reported", "ILLEGAL_TRAFFIC", (reason,))


def _objection(entry: AuthorityEntry) -> Stop:
    reasons = tuple(Reason("", text, entry.article) for text in entry.reasons)
    return Stop(f"{entry.authority} ({entry.role})", entry.verdict or "", reasons)


def _stopped(entry: DeclarationEntry) -> Stop:
    reasons = tuple(_failed(entry)) + tuple(_beside_checks(entry))
    return Stop(f"{entry.office} ({entry.direction})", entry.outcome or "", reasons)


def _beside_checks(entry: DeclarationEntry) -> Iterator[Reason]:
    """What no check says: a control, or a gateway that is behind."""
    checked = {check.id for check in entry.checks}
    for name in entry.reasons:
        if name not in checked:
            law = rules().get(name)
            yield Reason(name, law.title if law else "", f"{law.article} ({law.source})" if law else "")


def _failed(entry: DeclarationEntry) -> Iterator[Reason]:
    for check in entry.checks:
        if check.outcome in OPEN_OUTCOMES:
            yield Reason(check.id, f"{check.title}: {check.detail}", check.rests_on)

"""A consent taken back on the grounds of the desk's own law: withdrawn, or suspended until it is lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from consent.domain import duties
from consent.domain.authority_file import AuthorityFile
from consent.domain.states import Act, FileState, next_state
from pic_law.rules import rule
from pic_law.withdrawal import Interruption, against, article_of, law_of_withdrawal, open_grounds
from pic_schemas.messages import ConsentReinstated, ConsentSuspended, ConsentWithdrawn, InTransit
from pic_schemas.refusal import Refused

ACTS: dict[Interruption, Act] = {"withdraw": Act.WITHDRAW, "suspend": Act.SUSPEND}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a consent is taken back, and what becomes of loads that have left already."""

    signatory: str
    ground: str = ""
    text: str = ""
    effective_on: date | None = None
    in_transit: InTransit = "hold"


def mind_the_interruption(file: AuthorityFile, act: Interruption, today: date) -> None:
    """Raises Refused when no ground whatever would do now."""
    next_state(file.state, ACTS[act])
    law = _law(file)
    listed = open_grounds(law, act, today)
    if found := against(listed[0].ground if listed else "", "-", profile=law, act=act, on=today):
        raise Refused.conflict(*found)


def withdraw(file: AuthorityFile, reason: Reason, today: date) -> ConsentWithdrawn:
    """No load may start any more: the grounds are those of the desk's own law."""
    said = ConsentWithdrawn(withdrawn_on=today, **_interruption(file, "withdraw", reason, today))
    file.state, file.statements = FileState.WITHDRAWN, said.version
    return said


def suspend(file: AuthorityFile, reason: Reason, today: date) -> ConsentSuspended:
    """No load may start until it is lifted."""
    said = ConsentSuspended(suspended_on=today, **_interruption(file, "suspend", reason, today))
    file.stood_at, file.suspended_by = file.state, said.article
    file.state, file.statements = FileState.SUSPENDED, said.version
    return said


def reinstate(file: AuthorityFile, signatory: str, text: str, today: date) -> ConsentReinstated:
    """The consent stands as it stood before it was suspended."""
    standing = next_state(file.state, Act.REINSTATE)
    law = _law(file)
    said = ConsentReinstated(
        number=file.number,
        authority=file.authority,
        role=file.role,
        version=file.statements + 1,
        signatory=signatory,
        profile=law,
        article=file.suspended_by or duties.article_of(file.duty("decision")),
        reinstated_on=today,
        text=text,
    )
    file.state, file.statements = file.stood_at or standing, said.version
    file.stood_at, file.suspended_by = None, ""
    return said


def _interruption(file: AuthorityFile, act: Interruption, reason: Reason, today: date) -> dict[str, Any]:
    next_state(file.state, ACTS[act])
    law = _law(file)
    found = against(reason.ground, reason.text, profile=law, act=act, on=today)
    effective_on = reason.effective_on or today
    if effective_on < today:
        found.append(rule("DATES_IMPOSSIBLE").finding("/effective_on", f"{effective_on} is before {today}"))
    if found:
        raise Refused(rule(found[0].rule).kind, found)
    article = article_of(reason.ground, profile=law, act=act, on=today)
    return {
        "number": file.number,
        "authority": file.authority,
        "role": file.role,
        "version": file.statements + 1,
        "signatory": reason.signatory,
        "profile": law,
        "article": article or duties.article_of(file.duty("decision")),
        "ground": reason.ground,
        "text": reason.text,
        "effective_on": effective_on,
        "in_transit": reason.in_transit,
    }


def _law(file: AuthorityFile) -> str:
    return law_of_withdrawal(
        file.country, file.document.waste_code, file.lodged_on, file.duty("decision").profile
    )

"""A consent taken back on the grounds of the desk's own law: withdrawn, or suspended until it is lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from consent.domain import duties
from consent.domain.authority_file import AuthorityFile
from consent.domain.states import DESK, Act, FileState, next_state
from pic_law.rules import rule
from pic_law.withdrawal import Interruption, against, article_of, first_day, law_of_withdrawal, open_grounds
from pic_schemas.messages import ConsentReinstated, ConsentSuspended, ConsentWithdrawn, InTransit
from pic_schemas.refusal import Finding, Refused

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
    _mind_the_state(file, act)
    law = _law(file)
    listed = open_grounds(law, act, today)
    if found := against(listed[0].ground if listed else "", "-", profile=law, act=act, on=today):
        raise Refused.conflict(*found)


def withdraw(file: AuthorityFile, reason: Reason, today: date) -> ConsentWithdrawn:
    """From its day no load may start any more: the grounds are those of the desk's own law."""
    said = ConsentWithdrawn(withdrawn_on=today, **_interruption(file, "withdraw", reason, today))
    file.statements, file.announced = said.version, said
    take_effect(file, today)
    return said


def suspend(file: AuthorityFile, reason: Reason, today: date) -> ConsentSuspended:
    """From its day no load may start until it is lifted."""
    said = ConsentSuspended(suspended_on=today, **_interruption(file, "suspend", reason, today))
    file.statements, file.announced = said.version, said
    take_effect(file, today)
    return said


def take_effect(file: AuthorityFile, today: date) -> None:
    """The day has come; nothing, if what was announced was lifted or overtaken, or the file is closed."""
    said = file.announced
    if said is None or today < said.effective_on:
        return
    file.announced = None
    act = Act.WITHDRAW if isinstance(said, ConsentWithdrawn) else Act.SUSPEND
    after = DESK[file.state].get(act)
    if after is None:
        return
    if act is Act.SUSPEND:
        file.stood_at, file.suspended_by = file.state, said.article
    file.state = after


def reinstate(file: AuthorityFile, signatory: str, text: str, today: date) -> ConsentReinstated:
    """The consent stands as it stood before it was suspended, or before a later day was announced."""
    standing = next_state(file.state, Act.REINSTATE)
    if file.state is not FileState.SUSPENDED and file.announced is None:
        detail = "nothing is to be lifted: the consent stands, and no day was announced for its end"
        raise rule("STATE_FORBIDS").refused("", detail, "first: suspend, or announce a later day")
    law = _law(file)
    said = ConsentReinstated(
        number=file.number,
        authority=file.authority,
        role=file.role,
        version=file.statements + 1,
        signatory=signatory,
        profile=law,
        article=file.suspended_by
        or (file.announced.article if file.announced else "")
        or duties.article_of(file.duty("decision")),
        reinstated_on=today,
        text=text,
    )
    file.state, file.statements = file.stood_at or standing, said.version
    file.stood_at, file.suspended_by, file.announced = None, "", None
    return said


def _interruption(file: AuthorityFile, act: Interruption, reason: Reason, today: date) -> dict[str, Any]:
    _mind_the_state(file, act)
    law = _law(file)
    found = against(reason.ground, reason.text, profile=law, act=act, on=today)
    first = first_day(law, act, file.role, today, file.authority)
    effective_on = reason.effective_on or (first.due_on if first else today)
    if effective_on < today:
        found.append(rule("DATES_IMPOSSIBLE").finding("/effective_on", f"{effective_on} is before {today}"))
    elif first is not None and first.verified and effective_on < first.due_on:
        detail = f"{effective_on} is before {first.due_on}: {first.basis}"
        stated = rule("WITHDRAWAL_DAY").finding("/effective_on", detail)
        found.append(replace(stated, article=first.article, source=first.source))
    elif reason.effective_on is not None:
        found += _after_the_end(file, reason.effective_on)
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


def _mind_the_state(file: AuthorityFile, act: Interruption) -> None:
    """A suspension now does not silently lift the withdrawal that was announced. Raises Refused."""
    next_state(file.state, ACTS[act])
    if act == "suspend" and isinstance(file.announced, ConsentWithdrawn):
        detail = f"the withdrawal from {file.announced.effective_on} is announced, and the last word stands"
        raise rule("STATE_FORBIDS").refused("", detail, "first: reinstate; then suspend, and withdraw again")


def _after_the_end(file: AuthorityFile, day: date) -> list[Finding]:
    """A consent that is over by itself is not taken back."""
    said = file.decision or file.silence
    if said is None or said.valid_to is None or day <= said.valid_to:
        return []
    detail = f"the consent ends with {said.valid_to} by itself, {day} is later"
    return [rule("WITHDRAWAL_DAY").finding("/effective_on", detail)]


def _law(file: AuthorityFile) -> str:
    return law_of_withdrawal(
        file.country, file.document.waste_code, file.lodged_on, file.duty("decision").profile
    )

"""What a trader must present and an officer may ask for: documents, permits, exemptions, with articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from pic_law.agreements import Outcome, agreements
from pic_law.codes import Code, list_of, lookup, waste
from pic_law.control import Control, control
from pic_law.dated import REMEMBERED, Timelines, read
from pic_law.errors import LawError
from pic_law.one_sided import OneSided, one_sided
from pic_law.prohibitions import judged
from pic_law.reach import Reach

Kind = Literal[
    "notification",
    "movement-document",
    "contract",
    "consent",
    "guarantee",
    "permit",
    "declaration",
    "general-information",
    "exemption",
    "inspection",
    "audit",
    "judgement",
    "prohibited",
]
Bearer = Literal["exporter", "importer", "carrier", "competent-authority", "customs"]
Moment = Literal[
    "before-consent",
    "before-start",
    "with-the-load",
    "customs-export",
    "customs-transit",
    "customs-import",
    "never",
]


class Requirement(Reach):
    """One thing to present: what, by whom, when.

    `outcomes` are the procedures that ask for it, empty is every one; `transit` asks it on the way through
    that State; `agreement` where the procedure rests on that agreement. `kind` judgement is for an officer
    to find, prohibited says that nothing helps.
    """

    kind: Kind
    by: Bearer
    at: Moment
    outcomes: tuple[Outcome, ...] = ()
    transit: str | None = None
    agreement: str | None = None

    def asked_by(self, found: Control, transits: Sequence[str]) -> bool:
        """Whether this procedure on this route asks for it."""
        under = not self.outcomes or found.outcome in self.outcomes
        through = self.transit is None or self.transit in transits
        return under and through and self.agreement in (None, found.deciding.rule)


def requirements(
    origin: str,
    destination: str,
    code: str,
    on: date,
    *,
    transits: Sequence[str] = (),
    operation: str | None = None,
) -> list[Requirement]:
    """What must be presented for this waste between these States on that day, in the order of the file.

    `operation` is the first that the code allows where none is stated, R3 for most plastics. A prohibited
    movement has only its prohibitions. Raises what `control` raises.
    """
    return list(_requirements(origin, destination, code, on, tuple(transits), operation))


@lru_cache(maxsize=REMEMBERED)
def _requirements(
    origin: str, destination: str, code: str, on: date, transits: tuple[str, ...], operation: str | None
) -> tuple[Requirement, ...]:
    entry = waste(code, on) or lookup(list_of(code), code, on)
    done = operation or _usual(entry)
    found = control(origin, destination, transits, code, done, on)
    if found.prohibited:
        return tuple(_prohibitions(found))
    recovery = lookup("operation", done, on).kind == "R"
    asked = [one for one in all_requirements().all_on(on) if one.asked_by(found, transits)]
    reaching = [one for one in asked if one.concerns(origin, destination, entry, recovery, on)]
    judgements = (
        one for one in judged().all_on(on) if one.concerns(origin, destination, entry, recovery, on)
    )
    shift = one_sided(origin, destination, transits, entry, recovery, on)
    return (*(_shifted(one, shift) for one in reaching), *(_judgement(one) for one in judgements))


def _shifted(one: Requirement, shift: OneSided) -> Requirement:
    """Article 6(5)(b): what the Convention asks of the exporter, the importer presents; own rules stay."""
    if shift.side != "import" or one.by != "exporter" or one.source != CONVENTION:
        return one
    article = f"{one.article}; {shift.article}"
    return one.model_copy(update={"by": "importer", "article": article})


CONVENTION = "Basel Convention"


def _usual(entry: Code) -> str:
    return entry.operations_need[0] if entry.operations_need else "R3"


def _prohibitions(found: Control) -> Iterator[Requirement]:
    for step in found.forbidding:
        yield Requirement(
            id=step.rule,
            title=step.detail,
            kind="prohibited",
            by="exporter",
            at="never",
            source=step.source,
            article=step.article,
            verified=step.verified,
        )


def _judgement(one: Reach) -> Requirement:
    stated = one.model_dump(exclude_unset=True)
    return Requirement(**stated, kind="judgement", by="customs", at="customs-export")


def read_all() -> None:
    """Load and cross-check; raises `LawError` for an agreement that is not there."""
    known = {one.id for one in agreements()}
    entries = (one for key in all_requirements().keys for one in all_requirements().line(key))
    unknown = sorted({one.agreement for one in entries if one.agreement} - known)
    if unknown:
        raise LawError(f"requirements.yaml: not in agreements.yaml: {', '.join(unknown)}")


@cache
def all_requirements() -> Timelines[Requirement]:
    """Every requirement, by id."""
    return read(Requirement, "requirements", "requirements")

"""What a load must present at the border: what the control procedure of its movement asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from pic_law import library
from pic_law.agreements import Outcome, agreements
from pic_law.control import Control, Step
from pic_law.dated import Entry
from pic_law.errors import LawError, UnknownLaw
from pic_law.rules import rule
from pic_law.samples import samples
from pic_schemas.refusal import Finding

Kind = Literal["notification", "general-information", "not-waste", "consent-number"]


class Paper(Entry):
    """A document by the code under which a declaration cites it: category letter and type."""

    id: str
    title: str
    code: str
    kind: Kind
    asked_by: tuple[Outcome, ...] = ()


class Exemption(Entry):
    """A code that stands in a declaration in place of a document: what allows it is an agreement, or
    the rules for samples (samples.yaml)."""

    id: str
    title: str
    code: str
    agreement: str = ""
    samples: bool = False


class NumberFormat(Entry):
    """How the number of a permit is written; `id` is the requirement that asks for the permit."""

    id: str
    title: str
    pattern: str
    example: str

    def finding(self, pointer: str, detail: str) -> Finding:
        """Why a number is refused, under the rule of national permits, with this entry's own source."""
        said = rule("CH18").finding(pointer, detail)
        return replace(said, article=self.article, source=self.source, verified=self.verified)


@dataclass(frozen=True)
class Demand:
    """What is asked for: a document, else an exemption, else only a statement of code and operation."""

    step: Step
    paper: Paper | None = None
    exemption: Exemption | None = None


def demand(found: Control, on: date) -> Demand:
    """What this procedure asks for at the border on that day; `step` is the rule that asks."""
    step = found.deciding
    paper = next((one for one in papers() if one.holds(on) and step.outcome in one.asked_by), None)
    exempt = next((one for one in exemptions() if one.holds(on) and one.agreement == step.rule), None)
    if paper is None and step.rule in samples().keys:
        exempt = sample_claim(on)
    return Demand(step, paper, exempt)


def sample_claim(on: date) -> Exemption | None:
    """The code by which a declaration claims that the load is a sample."""
    return next((one for one in exemptions() if one.holds(on) and one.samples), None)


def paper(kind: Kind, on: date) -> Paper:
    """The document of this kind on that day; raises `UnknownLaw`."""
    found = next((one for one in papers() if one.kind == kind and one.holds(on)), None)
    if found is None:
        raise UnknownLaw(f"border_papers.yaml: no {kind} on {on}")
    return found


def number_format(id_: str, on: date) -> NumberFormat | None:
    """How the number of this permit is written on that day; None where nothing is known of it."""
    return next((one for one in number_formats() if one.id == id_ and one.holds(on)), None)


def read() -> None:
    """Load and cross-check; raises `LawError`."""
    papers()
    number_formats()
    known = {one.id for one in agreements()}
    unknown = sorted(one.agreement for one in exemptions() if not one.samples and one.agreement not in known)
    if unknown:
        raise LawError(f"border_papers.yaml: not in agreements.yaml: {', '.join(unknown)}")


@cache
def papers() -> tuple[Paper, ...]:
    """Every document that a procedure may ask for."""
    return library.entries(Paper, "border_papers", "papers")


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Every exemption that may be claimed."""
    return library.entries(Exemption, "border_papers", "exemptions")


@cache
def number_formats() -> tuple[NumberFormat, ...]:
    """Every permit whose number has a known form."""
    return library.entries(NumberFormat, "border_papers", "numbers")

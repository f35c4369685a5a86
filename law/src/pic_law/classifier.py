"""Which plastic-waste entry a load is: A3210, B3011 or Y48, and the codes that stand beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pic_law.codes import code_findings, lookup, waste
from pic_law.contamination import Limit
from pic_law.errors import LawError
from pic_law.plastics import BASEL, WHOLE, Load, Reason, entry_of, percent, scheme_on, schemes
from pic_law.rules import rule
from pic_schemas.documents.waste import Contaminant, Polymer
from pic_schemas.refusal import Finding, Refused


@dataclass(frozen=True)
class Classification:
    """The entry of the Convention, why, by which numbers, and the code that each other scheme has for it."""

    code: str
    trail: tuple[Reason, ...]
    thresholds: tuple[Limit, ...]
    parallel: Mapping[str, str]

    @property
    def verified(self) -> bool:
        """Whether every text and number it rests on was read; a guideline's number never is law."""
        return all(reason.verified for reason in self.trail) and all(one.verified for one in self.thresholds)


def classify(
    composition: Sequence[Polymer],
    contamination: Sequence[Contaminant],
    operation: str | Sequence[str],
    *,
    on: date,
    origin: str = "",
    destination: str = "",
    constituents: Sequence[str] = (),
    characteristics: Sequence[str] = (),
    post_consumer: bool | None = None,
    separate_recycling: bool | None = None,
) -> Classification:
    """Classify one load on one day (decision BC-14/12: A3210 first, then B3011, else Y48).

    Shares are percent of the whole mass; what they leave open counts as not stated and so as foreign.
    `operation`: one code, or several in their order (R13, R3). `constituents` are Y-codes of Annex I,
    `characteristics` the H-codes of Annex III that they bring about. What is not known (`None`) is read to
    the stricter side. Raises `Refused` for unknown codes, impossible shares, a day before the entries.
    """
    operations = (operation,) if isinstance(operation, str) else tuple(operation)
    _check(composition, contamination, operations, constituents, characteristics, on)
    load = Load(
        polymers=tuple((lookup("polymer", one.code, on), one.percent) for one in composition),
        contaminants=_by_kind(contamination),
        operations=operations,
        constituents=tuple(constituents),
        characteristics=tuple(characteristics),
        post_consumer=post_consumer is not False,
        separate_recycling=separate_recycling is True,
        origin=origin,
        destination=destination,
        on=on,
    )
    code, trail, thresholds = entry_of(scheme_on(BASEL, on), load)
    if code is None:
        raise LawError(f"classifier.yaml: the Convention has no entry for {load}")
    return Classification(code, trail, thresholds, dict(_parallel(load, code)))


def _parallel(load: Load, code: str) -> Iterator[tuple[str, str]]:
    """What the other schemes between these States call the same load."""
    entry = waste(code, load.on)
    for scheme in schemes().all_on(load.on):
        if entry and scheme.id != BASEL and scheme.reaches(load.origin, load.destination, entry, load.on):
            parallel, _, _ = entry_of(scheme, load)
            if parallel is not None:
                yield scheme.id, parallel


def _check(
    composition: Sequence[Polymer],
    contamination: Sequence[Contaminant],
    operations: Sequence[str],
    constituents: Sequence[str],
    characteristics: Sequence[str],
    on: date,
) -> None:
    stated = (
        *(("polymer", one.code, f"/composition/{place}/code") for place, one in enumerate(composition)),
        *(("operation", one, f"/operation/{place}") for place, one in enumerate(operations)),
        *(("y", one, f"/constituents/{place}") for place, one in enumerate(constituents)),
        *(("h", one, f"/characteristics/{place}") for place, one in enumerate(characteristics)),
    )
    findings = [*code_findings(stated, on), *_impossible(composition, contamination, on)]
    if findings:
        raise Refused("invalid", findings)


def _impossible(
    composition: Sequence[Polymer], contamination: Sequence[Contaminant], on: date
) -> Iterator[Finding]:
    shares = [*(one.percent for one in composition), *(one.percent for one in contamination)]
    together = sum(shares, Decimal())
    if not any(one.percent for one in composition) or together > WHOLE:
        yield rule("BLOCK_INVALID").finding("/composition", f"{percent(together)} of the mass is stated")
    if schemes().on(BASEL, on) is None:
        yield rule("CODE_NOT_VALID").finding("", f"the entries for plastic waste did not hold on {on}")


def _by_kind(contamination: Sequence[Contaminant]) -> Mapping[str, Decimal]:
    kinds = dict.fromkeys(one.kind for one in contamination)
    return {k: sum((one.percent for one in contamination if one.kind == k), Decimal()) for k in kinds}

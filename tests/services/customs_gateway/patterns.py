"""Twelve ways to declare plastic waste as something else, and what of each customs catch.

`python -m tests.services.customs_gateway.patterns` writes docs/mis-declarations.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from customs_gateway.domain.checks import examine
from customs_gateway.domain.checks.examination import Elsewhere, Examination
from customs_gateway.domain.selectivity.channel import select
from customs_gateway.domain.selectivity.draw import draw
from customs_gateway.domain.selectivity.facts import Facts
from pic_schemas.messages import (
    CheckResult,
    Composition,
    Contaminant,
    DeclarationDocument,
    GeneralInformation,
    Selection,
)
from tests.services.customs_gateway.story import declared, many_shipments, ready

PAGE = Path(__file__).parents[3] / "docs" / "mis-declarations.md"
TODAY = date(2026, 7, 20)
WITHOUT: dict[str, Any] = {"number": None, "movement_number": None, "shipment": None}
FORM: dict[str, Any] = {
    "documents": (DeclarationDocument(category="C", type="672", id="GI-1"),),
    "general_information": GeneralInformation(form_number="GI-1", arranged_by="CA-PLASTIX", facility="BE-F7"),
}
CLEAN = WITHOUT | FORM | {"basel_code": "B3011", "hs": "3915.90", "operations": ("R3",)}


NOTHING = Elsewhere()


@dataclass(frozen=True)
class Pattern:
    """One way to deceive: what is declared, what an inspection would find, and what nobody here can see."""

    number: int
    title: str
    source: str
    declaration: dict[str, Any]
    found: dict[str, str] = field(default_factory=dict)
    elsewhere: Elsewhere = NOTHING
    direction: str = "export"
    uncaught: str = "-"

    def caught(self, *, inspected: bool) -> list[str]:
        """The checks that fail: on the papers alone, or with what an inspection finds."""
        return [one.id for one in self._checks(self._examined(inspected=inspected)) if one.outcome == "fail"]

    def selected(self) -> Selection:
        """The channel before anybody looks, without any draw."""
        examination = self._examined(inspected=False)
        checks = self._checks(examination)
        blocked = any(one.outcome == "fail" and one.severity == "BLOCK" for one in checks)
        held = any(one.outcome == "fail" and one.severity == "HOLD" for one in checks)
        held = held or any(one.outcome == "not-yet-known" for one in checks)
        facts = Facts(examination, {one.id: one for one in checks})
        return select(facts, draw(None, "pattern", TODAY), blocked=blocked, held=held, on=TODAY)

    @staticmethod
    def _checks(examination: Examination) -> tuple[CheckResult, ...]:
        return examine(examination)

    def _examined(self, *, inspected: bool) -> Examination:
        changes = dict(self.declaration)
        lodged = declared(self.direction, **changes)
        cited = lodged.number is not None
        entry = ready(many_shipments(4, 100), 100_000) if cited else None
        kinds = self.found.items() if inspected else ()
        composition = Composition(
            contaminants=tuple(Contaminant(kind=kind, percent=Decimal(much)) for kind, much in kinds)
        )
        return Examination(
            lodged.declaration_id,
            lodged,
            entry,
            lodged.shipment,
            TODAY,
            composition if inspected and self.found else None,
            elsewhere=self.elsewhere,
        )


MALAYSIA = {"origin": "CA", "destination": "MY", "office": "MYPKG001", "consignee": "MY-POLYMER"}
SIRIM = {
    "documents": (*FORM["documents"], DeclarationDocument(category="N", type="MY_SIRIM_COA", id="COA-1"))
}

SRI_LANKA = {"origin": "GB", "destination": "LK", "office": "LKCMB001", "consignee": "LK-TRADER"}
INDONESIA = {"origin": "AU", "destination": "ID", "office": "IDJKT001", "consignee": "ID-PAPER"}
PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        1,
        "Waste of heading 39.15 declared as film or sheet (39.20)",
        "safety4sea.com, Malaysia 2019",
        {"hs": "3920.30", "basel_code": None, "description": "Plastic sheet in bales"},
        uncaught="the same sheet without any notification, if its description hides it as well",
    ),
    Pattern(
        2,
        "Used mattresses with plastics and mixed waste inside",
        "Sri Lanka Customs 2017-2019",
        WITHOUT | {"hs": "9404.29", "basel_code": None, "description": "Used mattresses"} | SRI_LANKA,
        uncaught="no check fails: RI03 and RI20 ask for a look at the papers, only a look inside finds it",
    ),
    Pattern(
        3,
        "Recyclable scrap that is household waste",
        "inquirer.net 1154406, Philippines",
        CLEAN | MALAYSIA | SIRIM | {"description": "Recyclable scrap"},
        found={"food": "6", "other-waste": "20"},
        direction="import",
        uncaught="on the papers alone; Malaysia's look inside holds every such load until then",
    ),
    Pattern(
        4,
        "Recycled plastics declared, mixed waste found",
        "Hong Kong 2021",
        CLEAN | {"description": "Recycled plastics"},
        found={"other-waste": "15"},
        uncaught="on the papers alone: the load is green, and only a draw or an officer finds it",
    ),
    Pattern(
        5,
        "Electronic waste mixed into plastic scrap",
        "Thailand",
        CLEAN | {"destination": "TH"},
        found={"e-waste": "5"},
        uncaught="-",
    ),
    Pattern(
        6,
        "Paper scrap loaded with plastics",
        "Indonesia 2019",
        WITHOUT | {"hs": "4707.90", "basel_code": None, "description": "Mixed waste paper"} | INDONESIA,
        uncaught="no check fails: an officer looks at the papers, and only a look inside finds it",
    ),
    Pattern(
        7,
        "Y48 declared as B3011, so that nobody is notified",
        "Basel Convention Art. 9(1)(a), (b)",
        CLEAN | MALAYSIA | SIRIM,
        found={"inert": "6.5", "food": "2.5"},
        direction="import",
        uncaught="on the papers alone, where the State of import wants no look inside",
    ),
    Pattern(
        8,
        "Recovery declared, disposal or a warehouse meant",
        "this exchange",
        CLEAN | {"operations": ("R13",)},
        uncaught="R3 on the papers and disposal in fact: only the certificate and its time say so",
    ),
    Pattern(
        9,
        "The consignee is a trader without a facility",
        "Sri Lanka 2017-2019",
        {"consignee": "BE-TRADER"},
        uncaught="without notification: the form names a facility, and no list of them is known",
    ),
    Pattern(
        10,
        "One notification number for loads side by side, one container declared twice",
        "this exchange",
        {"shipment": 5, "movement_number": None},
        elsewhere=Elsewhere(in_use=("container BETU4410027: declaration export-9",)),
        uncaught="split loads that each have a number of their own and fit the quantity",
    ),
    Pattern(
        11,
        "The State of origin replaced by a hub",
        "this exchange",
        {"transits": ("SG",)},
        uncaught="a hub that is declared as the origin of a load without notification",
    ),
    Pattern(
        12,
        "A consent that is expired, or stands for another waste or another exporter",
        "this exchange",
        {"border_date": date(2026, 12, 20), "basel_code": "A3210", "exporter": "CA-OTHER"},
        uncaught="-; a forged number is refused when it is lodged (CH02)",
    ),
)


def page() -> str:
    """The page as it is today: what is caught is computed, not written down."""
    head = (
        "# Mis-declarations, and what customs catch by themselves",
        "",
        "Twelve patterns, each a declaration in `tests/services/customs_gateway/patterns.py`.",
        "Checks, channel and indicators are computed, no load is drawn by chance; see",
        "[how loads are selected](selectivity.md).",
        "",
        "| No. | Pattern | Source | Caught on the papers | Channel | With an inspection | Not caught |",
        "|---|---|---|---|---|---|---|",
    )
    return "\n".join((*head, *(_row(one) for one in PATTERNS))) + "\n"


def _row(one: Pattern) -> str:
    papers = ", ".join(one.caught(inspected=False)) or "nothing"
    inside = ", ".join(one.caught(inspected=True)) if one.found else "-"
    found = one.selected()
    signs = f"{found.channel}, {found.points}: {', '.join(found.scored) or 'nothing'}"
    cells = (str(one.number), one.title, one.source, papers, signs, inside, one.uncaught)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

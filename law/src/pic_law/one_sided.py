"""Waste that only some States of a route regulate: Article 6(5) of the Convention shifts their duties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pic_law import codes
from pic_law.views import own_classifications

Side = Literal["both", "export", "import", "transit", "nobody"]

ARTICLES: dict[Side, str] = {"export": "Art. 6(5)(a)", "import": "Art. 6(5)(b)", "transit": "Art. 6(5)(c)"}
TITLES: dict[Side, str] = {
    "export": "exporter and State of export do what Art. 6(9) asks of importer, disposer and State of import",
    "import": "importer and State of import do what Art. 6(1), (3), (4), (6) ask of exporter and its State",
    "transit": "Art. 6(4) applies to the State of transit that regulates it, and to no other",
}


@dataclass(frozen=True)
class OneSided:
    """Which States regulate the waste, and on which side of the movement the duties fall therefore."""

    regulated_by: tuple[str, ...]
    side: Side

    @property
    def article(self) -> str:
        return ARTICLES.get(self.side, "")

    @property
    def title(self) -> str:
        return TITLES.get(self.side, "")

    @property
    def shifts(self) -> bool:
        """Whether somebody else than usual has the duties."""
        return self.side in ("export", "import")


def one_sided(
    origin: str, destination: str, transits: Sequence[str], waste: codes.Code, recovery: bool, on: date
) -> OneSided:
    """Who regulates the waste: the Convention's lists for every State, unless its own law says otherwise.

    A listed waste is regulated everywhere; `not-regulated` takes a State out, `hazardous` brings one in.
    """
    listed = waste.waste_class != "listed-non-hazardous"
    said = {
        view.state: view.view
        for view in own_classifications(origin, destination, transits, waste, recovery, on)
    }
    route = dict.fromkeys((origin, *transits, destination))
    by = tuple(state for state in route if said.get(state, "hazardous" if listed else "") == "hazardous")
    return OneSided(by, _side(by, origin, destination))


def _side(by: Sequence[str], origin: str, destination: str) -> Side:
    if not by:
        return "nobody"
    if origin in by:
        return "both" if destination in by else "export"
    return "import" if destination in by else "transit"

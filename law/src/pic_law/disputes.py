"""A load that authorities see differently: what it is treated as until they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pic_law.control import Control, Load, Step, control
from pic_law.views import Disagreement, View, disagreement, disagreements


@dataclass(frozen=True)
class Stated:
    """What notification or declaration states; no code where the goods are declared to be no waste."""

    origin: str
    destination: str
    transits: tuple[str, ...]
    code: str | None
    operation: str | None
    load: Load | None = None
    """The shipment, where it may be too small to need consent."""


def treated(stated: Stated, views: Sequence[View], on: date) -> Control | None:
    """The control procedure with every view considered; `None` where nobody says what it is or becomes.

    Raises what `control` raises.
    """
    as_waste = disagreement("waste", on)
    seen = next((view.code for view in views if view.code), None)
    code = stated.code or (seen if as_waste else None)
    operation = stated.operation or next((view.operation for view in views if view.operation), None)
    if code is None or operation is None:
        return None
    way = (stated.origin, stated.destination, stated.transits)
    found = control(*way, code, operation, on, views=views, load=stated.load)
    if stated.code is not None or as_waste is None:
        return found
    waste = (view for view in views if view.code and view.waste)
    return Control(found.outcome, (*found.trail, *(_as_waste(view, as_waste, found) for view in waste)))


def prevailing(found: Control) -> tuple[Step, ...]:
    """The steps of the trail that say which view prevails; empty where nothing differs."""
    ids = set(disagreements().keys)
    return tuple(step for step in found.trail if step.rule in ids)


def _as_waste(view: View, rule: Disagreement, found: Control) -> Step:
    detail = f"declared as no waste, {view.state} sees {view.code}: treated as {found.outcome}"
    return Step("NONE", rule.id, rule.article, rule.source, rule.verified, detail)

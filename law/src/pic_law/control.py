"""Which control procedure a movement needs: the strictest of Convention, agreements and States."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pic_law import codes
from pic_law.agreements import Outcome
from pic_law.dated import REMEMBERED
from pic_law.errors import UnknownLaw
from pic_law.rules import rule
from pic_law.samples import Load, exempting
from pic_law.trail import Movement, Step, side_of
from pic_law.trail import trail as trail_of
from pic_law.views import View, disagreement
from pic_schemas.refusal import Finding, Refused

__all__ = ["STRICTNESS", "Control", "Load", "Step", "View", "control", "notifying_state"]

STRICTNESS: Sequence[Outcome] = ("NONE", "GENERAL_INFO", "PIC_TACIT", "PIC", "PROHIBITED")


@dataclass(frozen=True)
class Control:
    """The procedure of one movement: the strictest step of the trail decides."""

    outcome: Outcome
    trail: tuple[Step, ...]

    @property
    def deciding(self) -> Step:
        """The first of the strictest steps."""
        return next(step for step in self.trail if step.outcome == self.outcome)

    @property
    def prohibited(self) -> bool:
        return self.outcome == STRICTNESS[-1]

    @property
    def forbidding(self) -> tuple[Step, ...]:
        """Every step that prohibits; empty if none does."""
        return tuple(step for step in self.trail if step.outcome == STRICTNESS[-1])

    def findings(self, pointer: str = "") -> list[Finding]:
        """Every reason why the movement is prohibited; empty if it is not."""
        return [_finding(step, pointer) for step in self.forbidding]


def control(
    origin: str,
    destination: str,
    transits: Sequence[str],
    code: str,
    operation: str,
    on: date,
    *,
    views: Sequence[View] = (),
    load: Load | None = None,
) -> Control:
    """The control procedure on the day of the act.

    `code` is one waste code, `operation` one D- or R-code; `views` are those of authorities who see the load
    otherwise: what disagreements.yaml says prevails. `load` is one shipment, where it may be a sample or
    too small to need consent. Raises `Refused` for a code that is unknown or not valid on that day,
    `UnknownLaw` for a country that is not in the table.
    """
    found = _control(origin, destination, tuple(transits), code, operation, on, tuple(views))
    if load is None or found.prohibited:
        return found
    movement = _movement(origin, destination, transits, code, operation, on)
    return _let_go(found, movement, load)


def notifying_state(
    origin: str, destination: str, transits: Sequence[str], code: str, operation: str, on: date
) -> str:
    """The State whose company notifies and whose authority transmits: that of export, unless the State of
    import alone regulates the waste (Article 6(5)(b)). Raises what `control` raises."""
    side = side_of(_movement(origin, destination, tuple(transits), code, operation, on))
    return destination if side is not None and side.side == "import" else origin


def exporter_confirms(
    origin: str, destination: str, transits: Sequence[str], code: str, operation: str, on: date
) -> bool:
    """Whether the State of export alone regulates the waste, so that what Article 6(9) asks of the importer,
    the disposer and their State its exporter and it do (Article 6(5)(a)). False for what nobody knows."""
    try:
        side = side_of(_movement(origin, destination, tuple(transits), code, operation, on))
    except (Refused, UnknownLaw):
        return False  # a code or a country that nobody knows is another matter
    return side is not None and side.side == "export"


def _let_go(found: Control, movement: Movement, load: Load) -> Control:
    """What the laws of all States of the route let go needs no more than the strictest of them asks."""
    rules = exempting(movement.route, movement.waste, movement.recovery, load, movement.on)
    steps = tuple(
        Step(
            one.outcome, one.id, one.article, one.source, one.verified, f"{state}: {one.title} ({load.kg} kg)"
        )
        for state, one in rules
    )
    if not steps or _strictness(steps) >= STRICTNESS.index(found.outcome):
        return found
    return Control(STRICTNESS[_strictness(steps)], (*steps, *found.trail))


@lru_cache(maxsize=REMEMBERED)
def _control(
    origin: str,
    destination: str,
    transits: tuple[str, ...],
    code: str,
    operation: str,
    on: date,
    views: tuple[View, ...],
) -> Control:
    stated = _movement(origin, destination, transits, code, operation, on)
    seen = [_movement(*route_and_waste) for route_and_waste in _seen(stated, code, operation, views)]
    trails = [trail_of(movement) for movement in (stated, *seen)]
    strictest = max(trails, key=_strictness)
    trail = (*strictest, *_disagreements(views, code, operation, strictest, on))
    return Control(STRICTNESS[_strictness(trail)], trail)


def _movement(
    origin: str, destination: str, transits: Sequence[str], code: str, operation: str, on: date
) -> Movement:
    waste = codes.waste(code, on) or codes.lookup(codes.list_of(code), code, on)
    recovery = codes.lookup("operation", operation, on).kind == "R"
    return Movement(origin, destination, tuple(transits), waste, recovery, on)


def _seen(
    stated: Movement, code: str, operation: str, views: Sequence[View]
) -> Iterator[tuple[str, str, tuple[str, ...], str, str, date]]:
    """The movement as every combination of the authorities' views would have it."""
    seen_codes = [view.code for view in views if view.code] if disagreement("list", stated.on) else []
    done = (
        [view.operation for view in views if view.operation] if disagreement("operation", stated.on) else []
    )
    m = stated
    for seen in dict.fromkeys([code, *seen_codes]):
        for operated in dict.fromkeys([operation, *done]):
            yield m.origin, m.destination, m.transits, seen, operated, m.on


def _disagreements(
    views: Sequence[View], code: str, operation: str, treated: Sequence[Step], on: date
) -> Iterator[Step]:
    """Article 28: why the stricter view counts. The step itself demands nothing, the view's rule does."""
    strictest = STRICTNESS[_strictness(treated)]
    for view in views:
        if not view.waste:
            yield from _because("waste", f"{view.state} sees no waste: treated as waste", on)
        if view.code not in (None, code):
            detail = f"{code} stated, {view.state} sees {view.code}: treated as {strictest}"
            yield from _because("list", detail, on)
        if view.operation not in (None, operation):
            detail = f"{operation} stated, {view.state} sees {view.operation}: treated as {strictest}"
            yield from _because("operation", detail, on)


def _because(about: str, detail: str, on: date) -> Iterator[Step]:
    if (found := disagreement(about, on)) is not None:
        yield Step("NONE", found.id, found.article, found.source, found.verified, detail)


def _strictness(trail: Sequence[Step]) -> int:
    return max(STRICTNESS.index(step.outcome) for step in trail)


def _finding(step: Step, pointer: str) -> Finding:
    stated = {"article": step.article, "source": step.source, "verified": step.verified}
    return rule(step.rule).model_copy(update=stated).finding(pointer, step.detail)

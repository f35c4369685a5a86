"""Whether anybody on the route asks for a financial guarantee: Article 6(11) leaves it to each State."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pic_law.duties import Role
from pic_law.governing import Governing, governing


@dataclass(frozen=True)
class GuaranteeAsked:
    """Whether one is wanted, and the law that says so; of no law where it is this exchange's own caution."""

    wanted: bool
    law: Governing | None


def guarantee_asked(
    origin: str,
    destination: str,
    transits: Sequence[str],
    *,
    waste_code: str,
    recovery: bool,
    lodged_on: date,
    notifying: str,
) -> GuaranteeAsked:
    """One State that asks for it is enough; without one, the State that notifies may do without.

    Where neither says anything a guarantee is asked for: the Convention names one, and nobody waived it.
    """
    route: list[tuple[str, Role]] = [(origin, "export"), *((state, "transit") for state in transits)]
    route.append((destination, "import"))
    said = {
        (state, role): governing(
            "financial_guarantee_required",
            state=state,
            role=role,
            origin=origin,
            destination=destination,
            waste_code=waste_code,
            recovery=recovery,
            lodged_on=lodged_on,
        )
        for state, role in route
    }
    for found in said.values():
        if found.duty is not None and found.duty.value is True:
            return GuaranteeAsked(True, found)
    own = next((found for (state, _), found in said.items() if state == notifying), None)
    if own is not None and own.duty is not None and own.duty.value is False:
        return GuaranteeAsked(False, own)
    return GuaranteeAsked(True, None)

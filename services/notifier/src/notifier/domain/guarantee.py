"""The financial guarantee: lodged by the exporter, approved and released by the authority of export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notifier.domain.refusals import refused
from pic_schemas.messages import GuaranteeApproved, GuaranteeLodged, GuaranteeReleased


@dataclass
class Guarantee:
    """Regulation (EC) 1013/2006 Article 6; Regulation (EU) 2024/1157 Article 7."""

    lodged: GuaranteeLodged
    lodged_on: date
    approved_on: date | None = None
    released_on: date | None = None

    @property
    def state(self) -> str:
        if self.released_on:
            return "RELEASED"
        return "APPROVED" if self.approved_on else "LODGED"

    def in_force(self, on: date) -> bool:
        ends = self.lodged.valid_to
        return self.state == "APPROVED" and (ends is None or on <= ends)

    def approve(self, on: date, authority: str) -> GuaranteeApproved:
        if self.state != "LODGED":
            raise refused("STATE_FORBIDS", f"the guarantee is {self.state} already")
        self.approved_on = on
        return GuaranteeApproved(guarantee_id=self.lodged.guarantee_id, approved_on=on, approved_by=authority)

    def release(self, on: date) -> GuaranteeReleased:
        if self.state == "RELEASED":
            raise refused("STATE_FORBIDS", "the guarantee is RELEASED already")
        self.released_on = on
        return GuaranteeReleased(guarantee_id=self.lodged.guarantee_id, released_on=on)

"""What is done with the waste (block 11)."""

from __future__ import annotations

from pydantic import Field

from pic_schemas.documents.base import OperationCode, Strict, Text

INTERIM = frozenset({"R12", "R13", "D13", "D14", "D15", "RC3"})
"""Interim operations: Regulation (EC) 1013/2006 Article 2(5), (7); RC3 in Canada."""


class OperationCodes(Strict):
    """Disposal or recovery operation(s) of one shipment (movement block 11)."""

    codes: tuple[OperationCode, ...] = Field(min_length=1, title="D-code / R-code")

    @property
    def interim(self) -> bool:
        """Whether a later operation must follow."""
        return any(code in INTERIM for code in self.codes)


class Residue(Strict):
    """What remains after recovery and how it ends (annex to block 11)."""

    disposal_method: Text
    recovered_percent: int = Field(ge=0, le=100)
    value_of_recovered: Text | None = None
    cost_of_disposal: Text | None = None


class Operation(OperationCodes):
    """Disposal or recovery operation(s) with the technology and the reason for export (block 11)."""

    technology: Text = Field(title="Technology employed")
    reason_for_export: Text | None = Field(default=None, title="Reason for export")
    export_ground: Text | None = Field(
        default=None,
        title="Ground of the export",
        description="of Basel Convention Article 4(9), as the law lists it",
    )
    residue: Residue | None = Field(default=None, title="Residue and costs (annex)")

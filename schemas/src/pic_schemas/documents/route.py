"""The countries on the way, their competent authorities, points of exit and entry (blocks 15 and 16)."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from pic_schemas.documents.base import AuthorityCode, Country, Office, Port, Strict, Text


class States(NamedTuple):
    """The States concerned, in the order of travel."""

    export: str
    transit: tuple[str, ...]
    import_: str

    @property
    def all(self) -> tuple[str, ...]:
        return (self.export, *self.transit, self.import_)


class ExportState(Strict):
    """State of export."""

    country: Country = Field(title="(a) Country")
    authority: AuthorityCode = Field(title="(b) Code No. of competent authority")
    exit_point: Port = Field(title="(c) Specific point of exit")


class TransitState(Strict):
    """State of transit."""

    country: Country = Field(title="(a) Country")
    authority: AuthorityCode = Field(title="(b) Code No. of competent authority")
    entry_point: Port = Field(title="(c) Specific point of entry")
    exit_point: Port = Field(title="(c) Specific point of exit")


class ImportState(Strict):
    """State of import."""

    country: Country = Field(title="(a) Country")
    authority: AuthorityCode = Field(title="(b) Code No. of competent authority")
    entry_point: Port = Field(title="(c) Specific point of entry")


class Alternative(Strict):
    """Another route that was notified in an annex; what is not given stays as in the itinerary."""

    exit_point: Port | None = None
    transit: tuple[TransitState, ...] = ()
    entry_point: Port | None = None


class Itinerary(Strict):
    """Export, transit in the order of travel, import (block 15); written as `import` on the wire."""

    export: ExportState = Field(title="State of export - dispatch")
    transit: tuple[TransitState, ...] = Field(default=(), title="State(s) of transit (entry and exit)")
    import_: ImportState = Field(alias="import", title="State of import - destination")
    alternatives: tuple[Alternative, ...] = Field(default=(), title="Alternatives (annex)")

    @property
    def states(self) -> States:
        return States(self.export.country, tuple(t.country for t in self.transit), self.import_.country)


class CustomsOffices(Strict):
    """Customs offices of entry, exit and export of the European Union (block 16)."""

    entry: Office | None = Field(default=None, title="Entry")
    exit: Office | None = Field(default=None, title="Exit")
    export: Office | None = Field(default=None, title="Export")
    remarks: Text | None = None

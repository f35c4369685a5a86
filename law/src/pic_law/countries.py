"""What a country is on a day: Party, Annex VII State, member of OECD or Union, bound by the Ban."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pic_law import library
from pic_law.dated import REMEMBERED, Entry
from pic_law.errors import LawError, UnknownLaw


class Ratification(BaseModel):
    """A deposit with the UN, or how else a State is bound. `known` is believed, its date was not read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["yes", "no", "unknown"] = "yes"
    deposited: date | None = None
    binding: date | None = None
    known: bool = False
    through: str | None = None
    last_seen: str = ""
    note: str = ""


class Waiver(Entry):
    """A Party told the others that it does not require written consent in transit (Art. 6(4), 13)."""

    scope: Literal["general", "conditional"] = "general"
    conditions: str = ""


class PlasticRule(Entry):
    """What a country asks of plastic waste, in one line; what a machine can apply stands elsewhere."""

    text: str


class Country(Entry):
    """One country or union; `party` is empty for a non-Party, `waiver` for who asks for written consent."""

    iso: str
    name: str
    party: Ratification | None = None
    ban: Ratification = Ratification(status="unknown")
    oecd: date | None = None
    eu: date | None = None
    eu_to: date | None = None
    efta: date | None = None
    waiver: Waiver | None = None
    plastics_refused: bool = False
    """Whether it notified that it does not accept the plastics amendments of decision BC-14/12."""
    plastic_rule: PlasticRule | None = None
    invented: bool = False
    """A State for exercises where no real one is known to have done what is to be shown."""
    note: str = ""

    def waives_transit_consent(self, on: date) -> bool:
        """Whether its silence in transit may count under Basel; a conditional waiver does not."""
        return self.waiver is not None and self.waiver.scope == "general" and self.waiver.holds(on)


class Project(Entry):
    """Countries that work on plastic-waste controls together."""

    id: str
    title: str
    members: tuple[str, ...]


class InForce(Entry):
    """When a treaty binds who ratified it."""

    BASEL: date
    BAN: date
    days_after_deposit: int


class AnnexVII(Entry):
    """Who counts as an Annex VII State."""

    groups: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """A country on one day."""

    party: bool
    annex_vii: bool
    oecd: bool
    eu: bool
    efta: bool
    ban: bool
    verified: bool


@cache
def countries() -> dict[str, Country]:
    """Every country of the file by ISO 3166-1 alpha-2 code."""
    found = library.entries(Country, "countries", "countries")
    if len({item.iso for item in found}) != len(found):
        raise LawError("countries.yaml: a country stands twice")
    return {item.iso: item for item in found}


@cache
def projects() -> tuple[Project, ...]:
    """The projects of the file; raises `LawError` for a member that is not in the table."""
    found = library.entries(Project, "countries", "projects")
    strangers = {member for project in found for member in project.members} - set(countries())
    if strangers:
        raise LawError(f"countries.yaml: projects: not in the table: {', '.join(sorted(strangers))}")
    return found


@cache
def unions() -> tuple[Country, ...]:
    """Unions that are Parties themselves; no State of a route."""
    return library.entries(Country, "countries", "unions")


def country(iso: str) -> Country:
    """The country of this code; raises `UnknownLaw`."""
    try:
        return countries()[iso]
    except KeyError:
        raise UnknownLaw(f"no country {iso!r} in countries.yaml") from None


def status(iso: str, on: date) -> Status:
    """What the country is on that day; raises `UnknownLaw`."""
    return _status(iso, on)


@lru_cache(maxsize=REMEMBERED)
def _status(iso: str, on: date) -> Status:
    item = country(iso)
    oecd, union = _since(item.oecd, None, on), _since(item.eu, item.eu_to, on)
    groups = {"OECD": oecd, "EU": union}
    annex = _annex_vii()
    return Status(
        party=item.party is not None and _bound(item.party, "party", on),
        annex_vii=any(groups[name] for name in annex.groups) or iso in annex.countries,
        oecd=oecd,
        eu=union,
        efta=_since(item.efta, None, on),
        ban=_bound(item.ban, "ban", on),
        verified=item.verified,
    )


def in_group(iso: str, group: str, on: date) -> bool:
    """Whether it is in BASEL, OECD, EU, EFTA, ANNEX_VII or BAN on that day; an unknown country is in none."""
    if iso not in countries():
        return False
    found = status(iso, on)
    try:
        return {
            "BASEL": found.party,
            "OECD": found.oecd,
            "EU": found.eu,
            "EFTA": found.efta,
            "ANNEX_VII": found.annex_vii,
            "BAN": found.ban,
        }[group]
    except KeyError:
        raise UnknownLaw(f"no group of countries {group!r}") from None


def waived_transit_consent(iso: str, on: date) -> bool:
    """Whether the Party waived written transit consent in general; conditions are for a person to judge."""
    return iso in countries() and countries()[iso].waives_transit_consent(on)


def _since(start: date | None, end: date | None, on: date) -> bool:
    return start is not None and start <= on <= (end or date.max)


def _bound(ratified: Ratification, what: Literal["party", "ban"], on: date) -> bool:
    if ratified.status != "yes":
        return False
    if ratified.through is not None:
        other = getattr(country(ratified.through), what)
        return _bound(other, what, on)
    rule = _in_force()
    earliest = {"party": rule.BASEL, "ban": rule.BAN}[what]
    if ratified.deposited is not None:
        return on >= max(earliest, ratified.deposited + timedelta(days=rule.days_after_deposit))
    return on >= (ratified.binding or earliest) and (ratified.known or ratified.binding is not None)


@cache
def _in_force() -> InForce:
    return library.entry(InForce, library.statute("countries")["in_force"], "countries.yaml: in_force")


@cache
def _annex_vii() -> AnnexVII:
    return library.entry(AnnexVII, library.statute("countries")["annex_vii"], "countries.yaml: annex_vii")

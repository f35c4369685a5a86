"""Code lists of the Convention, OECD, European Union and customs tariff, each code with its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any, Literal

from pydantic import Field

from pic_law import library, spelling
from pic_law.dated import Entry, Timelines
from pic_law.errors import LawError, UnknownLaw
from pic_law.rules import rule
from pic_law.spelling import NormalForm
from pic_schemas.refusal import Finding, Refused

WasteClass = Literal["hazardous", "other", "listed-non-hazardous", "constituent"]
Likelihood = Literal["typical", "possible", "suspicious", "impossible"]

LISTS: Mapping[str, str] = {
    "y": "codes/y",
    "basel": "codes/annexes",
    "oecd": "codes/oecd",
    "h": "codes/h",
    "un_class": "codes/un_classes",
    "operation": "codes/operations",
    "hs": "codes/hs",
    "national": "codes/national",
}
FORM_LISTS = (
    *("packaging", "transport", "physical", "unit", "polymer"),
    *("packaging_canada", "physical_canada"),
)
WASTE_LISTS = ("basel", "y", "oecd")
_NAMES = (*LISTS, *FORM_LISTS)


class Code(Entry):
    """One code of one list. `waste_class` decides the procedure; `expects` is for HS codes."""

    list: str
    code: str
    text: str
    texts: Mapping[str, str] = {}
    """The text in other languages, by ISO 639-1 code."""
    waste_class: WasteClass | None = Field(default=None, alias="class")
    kind: Literal["D", "R"] | None = None
    interim: bool = False
    storage: bool = False
    plastic: bool = False
    watched: bool = False
    operations: tuple[str, ...] = ()
    operations_need: tuple[str, ...] = ()
    expects: Mapping[str, Likelihood] = {}
    country: str | None = None
    within: str | None = None
    family: str | None = None
    separable: bool = False
    un_ece: str | None = None
    kilograms: Decimal | None = None
    cubic_metres: Decimal | None = None
    accepted_by: Mapping[str, bool] = {}
    un_class: str | None = None
    note: str = ""

    def text_in(self, language: str) -> str:
        """The text in this language, or in English."""
        return self.texts.get(language, self.text)


def code_list(name: str) -> Timelines[Code]:
    """Every code of a list with its dates; raises `UnknownLaw` for a list that is not kept."""
    if name in LISTS:
        return _file(name)
    if name in FORM_LISTS:
        return _form()[name]
    raise UnknownLaw(f"no code list {name!r}")


def find(name: str, code: str, on: date) -> Code | None:
    """The code as it holds on that day, or `None`."""
    return code_list(name).on(code, on)


def lookup(name: str, code: str, on: date, pointer: str = "") -> Code:
    """The code as it holds on that day; raises `Refused` with CODE_UNKNOWN or CODE_NOT_VALID."""
    found = find(name, code, on)
    if found is None:
        raise Refused.invalid(_missing(name, code, on, pointer))
    return found


def code_findings(stated: Iterable[tuple[str, str, str]], on: date) -> list[Finding]:
    """What is wrong with codes stated as (list, code, pointer) on that day."""
    return [_missing(name, code, on, at) for name, code, at in stated if find(name, code, on) is None]


def waste(code: str, on: date) -> Code | None:
    """A waste code of whichever list holds it on that day: Annex VIII or IX, a Y-code, OECD or European."""
    return next((found for name in WASTE_LISTS if (found := find(name, code, on))), None)


def list_of(code: str) -> str:
    """The waste list that holds the code on any day, or the list of the Convention's annexes."""
    return next((name for name in WASTE_LISTS if code_list(name).line(code)), WASTE_LISTS[0])


def likelihood(hs: str, code: str, on: date) -> Likelihood | None:
    """How plausible a Basel code is under an HS subheading; `None` where the table does not say."""
    entry = hs_entry(hs, on)
    return entry.expects.get(code) if entry else None


def hs_entry(hs: str, on: date) -> Code | None:
    """The entry for a subheading, or for its heading: 3920.30 is found under 3920."""
    return find("hs", hs[:7], on) or find("hs", hs[:4], on)


def normal_form(written: str, *, state: str | None = None) -> NormalForm:
    """Read what stood in a cell; `state` is whose authority or exporter wrote it, for its national codes."""
    return spelling.normal_form(written, {entry.code for entry in _national() if entry.country == state})


def version(name: str) -> str:
    """A digest of the list as it stands: the same words and dates have the same version."""
    lines = code_list(name)
    stated = "\n".join(entry.model_dump_json() for key in lines.keys for entry in lines.line(key))
    return sha256(stated.encode()).hexdigest()[:16]


def _missing(name: str, code: str, on: date, pointer: str) -> Finding:
    line = code_list(name).line(code)
    if not line:
        return _unknown(name, code, on, pointer)
    dates = ", ".join(f"{entry.valid_from or '...'} to {entry.valid_to or '...'}" for entry in line)
    return rule("CODE_NOT_VALID").finding(pointer, f"{code} is valid {dates}, not on {on.isoformat()}")


def misread(written: str, pointer: str = "") -> Finding | None:
    """The codes that were meant, where some list holds them and only the writing is wrong."""
    read = spelling.normal_form(written)
    if not read.problems or not all(any(code_list(n).line(part) for n in _NAMES) for part in read.codes):
        return None
    detail = f"{written!r} holds {read.explained()}; read as {', '.join(read.codes)}"
    return rule("CODE_MISREAD").finding(pointer, detail)


def _unknown(name: str, code: str, on: date, pointer: str) -> Finding:
    other = rule("CODE_UNKNOWN").finding(pointer, f"{code} is not in the list {name}")
    return misread(code, pointer) or other


@cache
def _national() -> tuple[Code, ...]:
    lines = code_list("national")
    return tuple(entry for key in lines.keys for entry in lines.line(key))


@cache
def _file(name: str) -> Timelines[Code]:
    content = library.statute(LISTS[name])
    if content["list"] != name:
        raise LawError(f"{LISTS[name]}.yaml: holds the list {content['list']!r}, not {name!r}")
    return _timelines(name, content, f"{LISTS[name]}.yaml")


@cache
def _form() -> Mapping[str, Timelines[Code]]:
    content = library.statute("codes/form")["lists"]
    return {name: _timelines(name, content[name], f"codes/form.yaml: {name}") for name in FORM_LISTS}


def _timelines(name: str, content: Mapping[str, Any], place: str) -> Timelines[Code]:
    defaults = content.get("defaults", {})
    codes = (
        library.entry(Code, {**defaults, **item, "list": name}, f"{place}: {item.get('code')}")
        for item in content["codes"]
    )
    return Timelines(codes, lambda code: code.code, place)

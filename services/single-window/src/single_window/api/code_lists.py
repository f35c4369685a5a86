"""The code lists, open to everybody: what a code means, from when to when, and how one was written."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from pic_kit.problems import problems
from pic_law import codes, library
from pic_schemas.refusal import Finding, Refused
from single_window.api.law import Day, State, known_states

router = APIRouter(prefix="/v1/law", tags=["law"])
NAMES = (*codes.LISTS, *codes.FORM_LISTS)
Written = Annotated[str, Query(min_length=1, max_length=200, description="as it stands in the cell")]
Language = Annotated[str, Query(pattern=r"^[a-z]{2}$", description="ISO 639-1; English where it is missing")]
Known = Annotated[str, Header(alias="If-None-Match", max_length=2000)]
PUBLIC = "public, max-age=300"


class ListLine(BaseModel):
    """A list and its version: the same version holds the same words and dates."""

    name: str
    version: str
    codes: int


class StatuteLine(BaseModel):
    """A file of the law and its version: the same version holds the same words and dates."""

    name: str
    version: str


class CodeView(BaseModel):
    """One code with its dates; `properties` is what decides beside them (class, D or R, interim, units)."""

    code: str
    text: str
    valid_from: date | None
    valid_to: date | None
    article: str
    source: str
    verified: bool
    properties: dict[str, Any] = {}


class CodeListView(BaseModel):
    """A list as it holds on `on`, or every entry that it ever had."""

    name: str
    version: str
    on: date | None
    codes: list[CodeView]


class Reading(BaseModel):
    """What stood in a cell, as the lists write it. `known`: the lists that hold each code on that day."""

    written: str
    codes: list[str]
    problems: list[str] = Field(description="LOOK_ALIKE, NO_BREAK_SPACE, SEVERAL_CODES, NATIONAL_CODE")
    explained: str
    known: dict[str, list[str]]


@router.get("/statutes", responses=problems(422))
async def read_statutes() -> list[StatuteLine]:
    """Every file of the law with its version, so that two exchanges can be told apart by their law."""
    return [StatuteLine(name=name, version=version) for name, version in library.versions().items()]


@router.get("/lists", responses=problems(422))
async def read_lists() -> list[ListLine]:
    """Every code list with its version."""
    return [
        ListLine(name=name, version=codes.version(name), codes=len(codes.code_list(name).keys))
        for name in NAMES
    ]


@router.get(
    "/lists/{name}",
    response_model=CodeListView,
    responses={**problems(404, 422), 304: {"description": "you have this version"}},
)
async def read_list(
    name: str, response: Response, on: Day | None = None, language: Language = "en", known: Known = ""
) -> CodeListView | Response:
    """One list with its dates; `on` leaves out what does not hold that day. `ETag` names the version."""
    if name not in NAMES:
        raise _unknown_list(name)
    version = codes.version(name)
    tag = f'"{version}-{on.isoformat() if on else "all"}-{language}"'
    headers = {"ETag": tag, "Cache-Control": PUBLIC}
    if _has(known, tag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    found = codes.code_list(name)
    entries = found.all_on(on) if on else [entry for key in found.keys for entry in found.line(key)]
    return CodeListView(
        name=name, version=version, on=on, codes=[_view(entry, language) for entry in entries]
    )


@router.get("/readings", responses=problems(422))
async def read_code(written: Written, on: Day, state: State | None = None) -> Reading:
    """A code as somebody wrote it: look-alike letters, hidden spaces, several codes and national codes."""
    known_states({"state": state} if state else {})
    found = codes.normal_form(written, state=state)
    known = {code: [name for name in NAMES if codes.find(name, code, on)] for code in found.codes}
    return Reading(
        written=written,
        codes=list(found.codes),
        problems=list(found.problems),
        explained=found.explained(),
        known=known,
    )


def _has(known: str, tag: str) -> bool:
    # RFC 9110, section 13.1.2: the weak comparison, a list, or any.
    stated = {one.strip().removeprefix("W/") for one in known.split(",")}
    return bool(stated & {tag, "*"})


def _view(entry: codes.Code, language: str) -> CodeView:
    own = {"code", "text", "texts", "list", "valid_from", "valid_to", "article", "source", "verified"}
    properties = entry.model_dump(mode="json", by_alias=True, exclude=own, exclude_defaults=True)
    stated = entry.model_dump(include=own - {"text", "texts", "list"})
    return CodeView(**stated, text=entry.text_in(language), properties=properties)


def _unknown_list(name: str) -> Refused:
    detail = f"no code list {name!r}; there are {', '.join(NAMES)}"
    return Refused.unknown(
        Finding("LIST_UNKNOWN", "design rule 11", "the exchange's own contract", "", detail)
    )

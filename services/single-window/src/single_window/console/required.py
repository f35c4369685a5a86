"""The console's page that tells what a load needs before it moves, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pic_law.countries import countries
from pic_schemas.refusal import Finding, Refused, pointer
from single_window.api.law import required
from single_window.api.law_views import RequirementsView
from single_window.console.rendering import page
from single_window.console.route import ConsoleRoute
from single_window.console.session import PATH
from single_window.console.visit import TheVisit

router = APIRouter(prefix=PATH, route_class=ConsoleRoute, include_in_schema=False)
Part = Annotated[str, Query(max_length=40)]
MOST_TRANSITS = 20


@router.get("/worlds/{world}/required")
async def required_page(
    visit: TheVisit,
    origin: Part = "",
    destination: Part = "",
    transits: Annotated[str, Query(max_length=100)] = "",
    code: Part = "Y48",
    operation: Part = "R3",
    on: Part = "",
) -> Response:
    """Origin, destination, waste and day; the procedure, the papers, the reasons."""
    asked = {
        "origin": origin,
        "destination": destination,
        "transits": transits,
        "code": code.strip(),
        "operation": operation.strip(),
        "on": on or f"{visit.world.now:%Y-%m-%d}",
    }
    answer, problems = _answer(asked) if origin and destination else (None, ())
    return page(
        "required.html",
        visit=visit,
        visitor=visit.visitor,
        world=visit.world,
        here="required",
        asked=asked,
        answer=answer,
        problems=problems,
        countries=sorted(countries().values(), key=lambda country: country.name),
    )


def _answer(asked: dict[str, str]) -> tuple[RequirementsView | None, tuple[Finding, ...]]:
    try:
        day = date.fromisoformat(asked["on"])
    except ValueError:
        shape = Finding("SHAPE", "-", "this page", pointer(("on",)), "the day is written 2026-06-30")
        return None, (shape,)
    through = asked["transits"].replace(",", " ").upper().split()[:MOST_TRANSITS]
    try:
        found = required(
            asked["origin"], asked["destination"], through, asked["code"], asked["operation"], day
        )
    except Refused as refused:
        return None, refused.findings
    return found, ()

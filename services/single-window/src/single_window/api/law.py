"""What the law asks of a load, open to everybody: procedure, papers and entry, each with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from pic_kit.problems import problems
from pic_law import classifier
from pic_law.codes import code_findings, list_of, waste
from pic_law.control import Load, View, control
from pic_law.countries import countries
from pic_law.requirements import requirements
from pic_law.rules import rule
from pic_schemas.refusal import Refused
from single_window.api.law_views import (
    COUNTRY,
    ControlView,
    Country,
    DisputeBody,
    EntryView,
    LoadBody,
    ReasonView,
    RequirementsView,
    RequirementView,
)

router = APIRouter(prefix="/v1/law", tags=["law"])
State = Annotated[str, Query(pattern=COUNTRY, description="ISO 3166-1 alpha-2", examples=["JP", "TH"])]
Code = Annotated[str, Query(min_length=1, max_length=40, description="one waste code", examples=["Y48"])]
Operation = Annotated[str, Query(min_length=1, max_length=40, description="D- or R-code", examples=["R3"])]
Day = Annotated[date, Query(description="the day of the act: the law is dated", examples=["2026-06-01"])]
Kilograms = Annotated[
    int | None, Query(ge=1, le=1_000_000_000, description="one shipment: small ones may need less")
]
Analysis = Annotated[bool, Query(description="it is a sample for laboratory analysis")]
Transits = Annotated[
    list[Country], Query(max_length=20, description="in the order of travel", default_factory=list)
]


@router.get("/control", responses=problems(422))
async def read_control(
    origin: State,
    destination: State,
    code: Code,
    operation: Operation,
    on: Day,
    transit: Transits,
    kg: Kilograms = None,
    analysis: Analysis = False,
) -> ControlView:
    """Which control procedure a movement needs on a day, with the trail of reasons."""
    known_states(_route(origin, destination, transit))
    _known_codes("/query/", code, operation, on)
    load = Load(kg, for_analysis=analysis) if kg is not None else None
    return ControlView.of(control(origin, destination, transit, code, operation, on, load=load))


@router.post("/control", responses=problems(422))
async def dispute_control(body: DisputeBody) -> ControlView:
    """The procedure where authorities see the load differently: the stricter view counts (Article 28)."""
    known_states(_route(body.origin, body.destination, body.transits, "/"))
    _known_codes("/", body.code, body.operation, body.on)
    known_states({f"/views/{n}/state": view.state for n, view in enumerate(body.views)})
    views = [View(**view.model_dump()) for view in body.views]
    return ControlView.of(
        control(body.origin, body.destination, body.transits, body.code, body.operation, body.on, views=views)
    )


@router.get("/requirements", responses=problems(422))
async def read_requirements(
    origin: State,
    destination: State,
    code: Code,
    on: Day,
    transit: Transits,
    operation: Operation = "R3",
) -> RequirementsView:
    """What a trader must present and an officer may ask for."""
    return required(origin, destination, transit, code, operation, on)


@router.post("/classification", responses=problems(422))
async def classify_load(body: LoadBody) -> EntryView:
    """Which plastic-waste entry a load is: A3210, B3011 or Y48, with the reasons and the limits asked."""
    known_states(_route(body.origin, body.destination, [], "/"))
    found = classifier.classify(
        body.composition,
        body.contamination,
        body.operation,
        on=body.on,
        origin=body.origin,
        destination=body.destination,
        constituents=body.constituents,
        characteristics=body.characteristics,
        post_consumer=body.post_consumer,
        separate_recycling=body.separate_recycling,
    )
    return EntryView(
        code=found.code,
        parallel=dict(found.parallel),
        trail=[ReasonView.model_validate(reason) for reason in found.trail],
        thresholds=[limit.id for limit in found.thresholds],
        verified=found.verified,
    )


def required(
    origin: str, destination: str, transits: list[str], code: str, operation: str, on: date
) -> RequirementsView:
    """Procedure and papers of one movement. Raises Refused for a country or a code that is not known."""
    known_states(_route(origin, destination, transits))
    _known_codes("/query/", code, operation, on)
    found = control(origin, destination, transits, code, operation, on)
    asked = requirements(origin, destination, code, on, transits=transits, operation=operation)
    return RequirementsView(
        control=ControlView.of(found),
        requirements=[RequirementView.model_validate(one) for one in asked],
    )


def _known_codes(at: str, code: str, operation: str, on: date) -> None:
    """Raises Refused with everything that is wrong with the two codes, each at its place."""
    stated = [] if waste(code, on) else [(list_of(code), code, f"{at}code")]
    if findings := code_findings([*stated, ("operation", operation, f"{at}operation")], on):
        raise Refused.invalid(*findings)


def known_states(stated: Mapping[str, str]) -> None:
    """Raises Refused for a country that is not in the table, at its place in what was sent."""
    unknown = [(at, state) for at, state in stated.items() if state not in countries()]
    if unknown:
        asked = rule("COUNTRY_UNKNOWN")
        raise Refused.invalid(
            *(asked.finding(at, f"{state} is not in the table of countries") for at, state in unknown)
        )


def _route(origin: str, destination: str, transits: list[str], at: str = "/query/") -> dict[str, str]:
    stated = {f"{at}origin": origin, f"{at}destination": destination}
    name = "transit" if at == "/query/" else "transits"
    return stated | {f"{at}{name}/{place}": state for place, state in enumerate(transits)}

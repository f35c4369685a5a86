"""What customs select loads by, how often it was right, and how many are drawn by chance; officials only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from customs_gateway import queries, sampling
from customs_gateway.domain.selectivity.draw import OwnRate, Sampling
from customs_gateway.domain.selectivity.hits import Group, HitRate, hit_rate
from pic_kit.access import Caller
from pic_kit.commands import Answer, Command, acts, seat
from pic_kit.problems import problems
from pic_kit.transaction import Work
from pic_law.indicators import Channels, Indicator, Price, all_indicators, channels, indicators, prices
from pic_schemas.documents.base import Strict, Text

router = APIRouter(prefix="/v1/selectivity", tags=["selectivity"])

Office = Annotated[Command, acts("customs")]
Official = Annotated[Caller, seat("customs", "competent-authority")]


class IndicatorsView(BaseModel):
    """The indicators, thresholds and prices that hold on a day."""

    on: date
    channels: Channels
    indicators: tuple[Indicator, ...]
    prices: tuple[Price, ...]


class RateView(BaseModel):
    """How often something was right; no rate where nothing was looked into. Wilson's interval at 95 %."""

    fired: int
    inspected: int
    confirmed: int
    rate: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, found: HitRate) -> RateView:
        low, high = found.interval or (None, None)
        return cls(
            fired=found.fired,
            inspected=found.inspected,
            confirmed=found.confirmed,
            rate=found.rate,
            low=low,
            high=high,
        )


class IndicatorRates(BaseModel):
    """One indicator: over all loads, and over those that were drawn by chance with it and without it."""

    id: str
    title: str
    points: int
    source: str
    all: RateView
    drawn_with: RateView
    drawn_without: RateView


class HitRates(BaseModel):
    """The hit rates of one State. Loads that were drawn by chance stand for all loads."""

    state: str
    drawn: RateView
    by_channel: RateView
    by_officer: RateView
    by_audit: RateView
    indicators: list[IndicatorRates]

    @classmethod
    def of(cls, state: str, groups: Sequence[Group], known: Sequence[Indicator]) -> HitRates:
        drawn = [one for one in groups if one.stratum == "random"]
        freely = [one for one in groups if not one.stratum and one.found]
        return cls(
            state=state,
            drawn=RateView.of(hit_rate(drawn)),
            by_channel=RateView.of(hit_rate(one for one in groups if one.stratum == "channel")),
            by_officer=RateView.of(hit_rate(freely)),
            by_audit=RateView.of(hit_rate(one for one in groups if one.stratum == "audit")),
            indicators=[_rates(one, groups, drawn) for one in known],
        )


class RandomRateBody(Strict):
    """How many of a hundred loads are drawn, whatever they score. Without a seed one is made."""

    percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
    asks_for: Literal["documents", "scan", "physical", "sample"] = "physical"
    valid_from: date | None = Field(default=None, description="today if nothing is said")
    valid_to: date | None = None
    seed: Annotated[Text, Field(max_length=200)] | None = None
    reason: Text


class RandomRate(BaseModel):
    """One rate of the caller's State, without its seed: who knows the seed knows who is drawn."""

    percent: Decimal
    asks_for: str
    valid_from: date
    valid_to: date | None
    set_by: str
    reason: str

    @classmethod
    def of(cls, rate: OwnRate) -> RandomRate:
        return cls(**{name: getattr(rate, name) for name in cls.model_fields})


class RandomRates(BaseModel):
    """What a State draws, the rate set last first."""

    state: str
    rates: list[RandomRate]

    @classmethod
    def of(cls, state: str, known: Sampling | None) -> RandomRates:
        rates = known.rates if known else []
        return cls(state=state, rates=[RandomRate.of(one) for one in reversed(rates)])


@router.get("/indicators", responses=problems())
async def list_indicators(
    request: Request,
    caller: Official,
    on: Annotated[date | None, Query(description="today if left out")] = None,
) -> IndicatorsView:
    """Every indicator with its source, what it weighs and how long; the thresholds of the channels."""
    day = on or await request.app.state.runtime.read(lambda connection: queries.today(connection, caller))
    return IndicatorsView(on=day, channels=channels(day), indicators=indicators(day), prices=prices(day))


@router.get("/hit-rates", responses=problems())
async def read_hit_rates(request: Request, caller: Official) -> HitRates:
    """How often each indicator was right at the offices of the caller's State, measured from inspections."""
    runtime = request.app.state.runtime
    groups = await runtime.read(lambda connection: queries.hits(connection, caller))
    known = [all_indicators().line(name)[-1] for name in all_indicators().keys]
    return HitRates.of(caller.state, groups, known)


@router.get("/random-rates", responses=problems())
async def list_random_rates(request: Request, caller: Annotated[Caller, seat("customs")]) -> RandomRates:
    """How many loads the customs of the caller's State draw by chance, and since when."""
    runtime = request.app.state.runtime
    known = await runtime.read(lambda connection: queries.sampling(connection, caller))
    return RandomRates.of(caller.state, known)


@router.post("/random-rates", status_code=201, response_model=RandomRates, responses=problems())
async def set_random_rate(body: RandomRateBody, command: Office) -> Response:
    """Set how many loads the caller's State draws by chance from a day on; drawn when lodged."""

    async def act(work: Work) -> Answer:
        rate = OwnRate(
            percent=body.percent,
            asks_for=body.asks_for,
            valid_from=body.valid_from or work.now.date(),
            valid_to=body.valid_to,
            seed=body.seed or str(command.id),
            set_by=command.caller.agency,
            reason=body.reason,
        )
        known = await sampling.set_rate(work, command.caller, command.runtime, rate)
        return Answer(RandomRates.of(command.caller.state, known), 201)

    return await command.run(act)


def _rates(by: Indicator, groups: Sequence[Group], drawn: Sequence[Group]) -> IndicatorRates:
    return IndicatorRates(
        id=by.id,
        title=by.title,
        points=by.points,
        source=by.source,
        all=RateView.of(hit_rate(one for one in groups if by.id in one.fired)),
        drawn_with=RateView.of(hit_rate(one for one in drawn if by.id in one.fired)),
        drawn_without=RateView.of(hit_rate(one for one in drawn if by.id not in one.fired)),
    )

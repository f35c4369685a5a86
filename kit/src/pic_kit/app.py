"""Makes a service's web application: its routers, problems, health and what the single window asks of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import text

from pic_kit import metrics, set_aside
from pic_kit.access import Caller, OtherWorld, Verifier
from pic_kit.activity import Activity, activity, clock_set, holds_ordered, timers_fired
from pic_kit.body_limit import LimitBodies
from pic_kit.commands import seat
from pic_kit.entrance import show_entrances
from pic_kit.holding import HoldOrder
from pic_kit.problems import Explain, install, problems, shape_problem
from pic_kit.requests import Requests, WatchRequests
from pic_kit.runtime import Runtime

health = APIRouter(tags=["health"])
# Whatever an operation names itself: unreadable, no token, malformed, not read that far, the store away.
EVERYWHERE = (400, 401, 403, 409, 410, 422, 503)


class ClockSetting(BaseModel):
    """Where the single window sets a sandbox world's clock; `moving` makes commands answer 423."""

    now: AwareDatetime | None = None
    moving: bool


class Fired(BaseModel):
    """How many timers came due."""

    fired: int


class Health(BaseModel):
    """`ready` is true when this process can do its work now."""

    ready: bool
    database: bool
    bus: bool
    relay: bool
    behind: int
    working: bool


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


def exchange_within_world(world: str, caller: Annotated[Caller, seat("exchange")]) -> None:
    """Another service of the exchange; a token that names a world opens only that one."""
    if caller.world not in ("", world):
        raise OtherWorld(f"the token is for {caller.world}")


internal = APIRouter(prefix="/internal", tags=["internal"], dependencies=[Depends(exchange_within_world)])


@internal.get("/worlds/{world}/activity", responses=problems(401, 403))
async def read_activity(request: Request, world: str) -> Activity:
    """What this service still has to do in a world."""
    return await activity(_runtime(request), world)


@internal.put("/worlds/{world}/clock", responses=problems(401, 403, 503))
async def put_clock(request: Request, world: str, setting: ClockSetting) -> Activity:
    """Set a sandbox clock. Nothing fires before every service knows the time."""
    return await clock_set(_runtime(request), world, setting.now, moving=setting.moving)


@internal.put("/worlds/{world}/holds", responses=problems(401, 403, 503))
async def put_holds(request: Request, world: str, order: HoldOrder) -> Activity:
    """Let messages of a sandbox leave late; an empty order ends it."""
    return await holds_ordered(_runtime(request), world, order)


@internal.post("/worlds/{world}/timers", responses=problems(401, 403, 503))
async def fire_timers(request: Request, world: str) -> Fired:
    """Fire what is due at the world's time."""
    return Fired(fired=await timers_fired(_runtime(request), world))


@health.get("/livez", include_in_schema=False)
async def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@health.get("/readyz", include_in_schema=False)
async def ready(request: Request, response: Response) -> Health:
    """The process can do its work: its database answers, its relay runs, the bus is in touch."""
    found = await health_of(_runtime(request))
    response.status_code = 200 if found.ready else 503
    return found


async def health_of(runtime: Runtime) -> Health:
    """Health of one store."""
    try:
        async with runtime.database.reading() as connection:
            await connection.execute(text("SELECT 1"))
        database = True
    except Exception:
        database = False
    consumer = runtime.consumer
    bus = consumer is None or consumer.seconds_since_contact() < runtime.settings.stale_after
    behind = consumer.behind if consumer else 0
    # A second process of a service stands by without the relay's lock; that is healthy.
    return Health(
        ready=database and bus and runtime.working,
        database=database,
        bus=bus,
        relay=runtime.relay.active,
        behind=behind,
        working=runtime.working,
    )


def build_app(
    runtime: Runtime,
    verifier: Verifier,
    routers: Sequence[APIRouter],
    *,
    title: str,
    explain: Explain = shape_problem,
    companions: Sequence[Runtime] = (),
    set_aside: APIRouter = set_aside.router,
) -> FastAPI:
    """One service as an ASGI application. Its lifespan starts and stops its runtimes.

    `set_aside`: what waits or was parked here; the single window has its own, over all services.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await start_all(runtime, *companions)
        try:
            yield
        finally:
            await stop_all(runtime, *companions)

    app = FastAPI(
        title=title,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        responses=problems(*EVERYWHERE),
    )
    app.state.runtime = runtime
    app.state.verifier = verifier
    app.state.runtimes = (runtime, *companions)
    # What /metrics tells of; a process that hosts several services adds theirs to its front door's.
    app.state.watched, app.state.requests = [runtime, *companions], [Requests(runtime.service)]
    app.add_middleware(LimitBodies)
    app.add_middleware(WatchRequests, requests=app.state.requests[0])
    install(app, explain)
    # Routes are tried in this order, and the window asks for activity more often than anybody for anything.
    for router in (internal, *routers, set_aside, health, metrics.router):
        app.include_router(router)
    show_entrances(app)
    return app


async def start_all(*runtimes: Runtime) -> None:
    """Start stores in order; the bus they share is started by whoever opened it."""
    for runtime in runtimes:
        await runtime.start()


async def stop_all(*runtimes: Runtime) -> None:
    for runtime in reversed(runtimes):
        await runtime.stop()

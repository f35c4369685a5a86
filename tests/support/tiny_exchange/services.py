"""The lodging service takes a command and says so; the desk approves, and reviews after thirty days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pic_kit.access import Caller, Verifier
from pic_kit.app import build_app
from pic_kit.bus.base import Bus
from pic_kit.commands import Answer, Command, acts, seat
from pic_kit.inbox import NotYet, Reactions
from pic_kit.runtime import Runtime
from pic_kit.settings import Settings
from pic_kit.timers import Deadlines, Timer
from pic_kit.transaction import Work
from pic_schemas.address import Address, Role
from pic_schemas.envelope import Event
from pic_schemas.messages import GuaranteeApproved, GuaranteeCover, GuaranteeLodged, GuaranteeReleased
from pic_schemas.refusal import Finding, Refused
from tests.support.tiny_exchange.tables import Guarantee, repository

MIGRATIONS = "tests.support.tiny_exchange.migrations"
EXPORTER = Address("CA", Role.EXPORTER, "CA-PLASTIX")
AUTHORITY = Address("BE", Role.COMPETENT_AUTHORITY, "BE001")
REVIEW = timedelta(days=30)
router = APIRouter(prefix="/cases", tags=["cases"])


class Lodge(BaseModel):
    """What is sent."""

    amount: int = Field(gt=0)


class Seen(BaseModel):
    """What is shown."""

    case: str
    amount: int
    state: str
    changes: int


def lodged(amount: int) -> GuaranteeLodged:
    cover = GuaranteeCover(transport=True, treatment=True, storage_days=90)
    return GuaranteeLodged(
        guarantee_id="G-1", kind="bond", amount=Decimal(amount), currency="EUR", covers=cover
    )


def refusal(rule: str, detail: str, *, pointer: str = "") -> Finding:
    return Finding(rule, "Basel Art. 6(11)", "Basel Convention", pointer, detail)


async def lodge(work: Work, case: str, amount: int) -> Guarantee:
    """Only one guarantee a case, of at most a thousand."""
    shelf = work.shelf(repository)
    if await shelf.get(work.world.id, case) is not None:
        raise Refused.conflict(refusal("ONE_GUARANTEE", "this case has its guarantee"))
    if amount > 1000:
        raise Refused.invalid(
            refusal("TOO_MUCH", "more than a thousand", pointer="/amount"), refusal("ASK_FIRST", "ask first")
        )
    guarantee = shelf.add(Guarantee(work.world.id, case, amount))
    work.emit(lodged(amount), case=case, sender=EXPORTER, recipients=[AUTHORITY])
    return guarantee


async def change(work: Work, case: str) -> Guarantee:
    """Says the guarantee again, with the number of the change as its amount."""
    guarantee = await work.shelf(repository).get(work.world.id, case)
    if guarantee is None:
        raise Refused.unknown(refusal("NO_GUARANTEE", "no such case"))
    guarantee.changes += 1
    work.emit(lodged(guarantee.changes), case=case, sender=EXPORTER, recipients=[AUTHORITY])
    return guarantee


def seen(guarantee: Guarantee) -> Seen:
    return Seen.model_validate(guarantee, from_attributes=True)


@router.post("/{case}/guarantee")
async def post_guarantee(case: str, body: Lodge, command: Annotated[Command, acts("exporter")]) -> Response:
    """Lodge."""

    async def act(work: Work) -> Answer:
        return Answer(seen(await lodge(work, case, body.amount)), 201, {"Location": f"/cases/{case}"})

    return await command.run(act)


@router.post("/{case}/changes")
async def post_change(case: str, command: Annotated[Command, acts("exporter")]) -> Response:
    """Change."""

    async def act(work: Work) -> Answer:
        return Answer(seen(await change(work, case)))

    return await command.run(act)


@router.get("/{case}")
async def get_case(
    request: Request, case: str, caller: Annotated[Caller, seat("exporter", "competent-authority")]
) -> Seen:
    """Look."""
    found = await find(request.app.state.runtime, caller.world, case)
    if found is None:
        raise Refused.unknown(refusal("NO_GUARANTEE", "no such case"))
    return seen(found)


def lodging_reactions() -> Reactions:
    reactions = Reactions()

    @reactions.on(GuaranteeApproved)
    async def approved(work: Work, event: Event, message: GuaranteeApproved) -> None:
        guarantee = await work.shelf(repository).get(event.world, event.case or "")
        if guarantee is None:
            raise NotYet("nothing was lodged here", [GuaranteeLodged.type])
        guarantee.state = "approved"

    return reactions


def desk_reactions() -> Reactions:
    reactions = Reactions()

    @reactions.on(GuaranteeLodged)
    async def approve(work: Work, event: Event, message: GuaranteeLodged) -> None:
        case = event.case or ""
        shelf = work.shelf(repository)
        known = await shelf.get(event.world, case)
        guarantee = known or shelf.add(Guarantee(event.world, case, int(message.amount)))
        guarantee.changes += 1
        today = work.now.date()
        approval = GuaranteeApproved(guarantee_id="G-1", approved_on=today, approved_by=AUTHORITY.agency)
        work.emit(approval, case=case, sender=AUTHORITY, recipients=[EXPORTER])
        work.timers.schedule(Timer(event.world, case, "review", work.now + REVIEW, AUTHORITY.agency))

    return reactions


def desk_deadlines() -> Deadlines:
    deadlines = Deadlines()

    @deadlines.on("review")
    async def review(work: Work, timer: Timer) -> None:
        released = GuaranteeReleased(guarantee_id="G-1", released_on=work.now.date())
        work.emit(released, case=timer.case, sender=AUTHORITY, recipients=[EXPORTER])

    return deadlines


def register_reactions() -> Reactions:
    """Writes down that something was heard, as a window would; says nothing."""
    reactions = Reactions()

    async def write_down(work: Work, event: Event, message: Any) -> None:
        shelf = work.shelf(repository)
        known = await shelf.get(event.world, event.case or "")
        (known or shelf.add(Guarantee(event.world, event.case or "", 0))).changes += 1

    for kind in (GuaranteeLodged, GuaranteeApproved, GuaranteeReleased):
        reactions.on(kind)(write_down)
    return reactions


def lodging(settings: Settings, bus: Bus, reactions: Reactions | None = None) -> Runtime:
    return Runtime(
        "lodging", settings, bus, migrations=MIGRATIONS, reactions=reactions or lodging_reactions()
    )


def desk(
    settings: Settings, bus: Bus, reactions: Reactions | None = None, deadlines: Deadlines | None = None
) -> Runtime:
    return Runtime(
        "desk",
        settings,
        bus,
        migrations=MIGRATIONS,
        reactions=reactions or desk_reactions(),
        deadlines=deadlines or desk_deadlines(),
    )


def register(settings: Settings, bus: Bus) -> Runtime:
    return Runtime("register", settings, bus, migrations=MIGRATIONS, reactions=register_reactions())


def application(runtime: Runtime, verifier: Verifier) -> FastAPI:
    return build_app(runtime, verifier, [router], title=runtime.name)


async def find(runtime: Runtime, world: str, case: str) -> Guarantee | None:
    found: list[Any] = await runtime.read(
        lambda connection: repository.fetch(connection, repository.matches([(world, case)]))
    )
    return found[0][0] if found else None

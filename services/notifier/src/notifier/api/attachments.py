"""Attachments: sent as they are, shown to the exporter and the authorities concerned."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from notifier import queries
from notifier.api.notifications import shown
from notifier.api.views import NotificationView
from notifier.commands.attachments import attach
from notifier.domain.attachments import Kind
from notifier.store import CONTENTS
from pic_kit.access import Caller
from pic_kit.attachments import Received, Sender, TooLarge, received, sends
from pic_kit.commands import Answer, seat
from pic_kit.problems import problems
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.attachments import ACCEPTED, AT_MOST, mind_the_type, too_large

router = APIRouter(prefix="/v1/notifications/{ref}/attachments", tags=["attachments"])

Attaching = Annotated[Sender, sends("exporter", "competent-authority")]
# Open to every seat, so that whom the case does not concern is not told that there is something.
Anybody = Annotated[
    Caller, seat("exporter", "competent-authority", "customs", "facility", "carrier", "observer")
]
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the content")]
BINARY: dict[str, Any] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ACCEPTED}


@router.post(
    "",
    response_model=NotificationView,
    status_code=201,
    responses=problems(),
    openapi_extra={"requestBody": {"required": True, "content": BINARY}},
)
async def add(
    request: Request,
    ref: str,
    sender: Attaching,
    kind: Annotated[Kind, Query(description="`answer`: of an authority that is not on the exchange")],
    block: Annotated[int, Query(ge=1, le=21, description="the block of the form that it belongs to")],
    content_type: Annotated[str, Header(max_length=100)] = "",
) -> Response:
    """Attach a pdf or jpeg of at most 32 MB: the body is the file itself."""
    try:
        async with received(request.stream(), AT_MOST) as content:
            return await _attached(sender, ref, content, content_type, kind, block)
    except TooLarge as error:
        raise too_large() from error


async def _attached(
    sender: Sender, ref: str, content: Received, claimed: str, kind: Kind, block: int
) -> Response:
    media_type = mind_the_type(claimed, content.media_type)

    async def act(work: Work) -> Answer:
        kept = await attach(work, sender.caller, ref, content, media_type=media_type, kind=kind, block=block)
        return shown(kept, 201)

    return await sender.command(content).run(act)


@router.get(
    "/{sha256}",
    response_class=StreamingResponse,
    responses={200: {"content": BINARY}, **problems(401, 403, 404, 409, 422)},
)
async def read(request: Request, ref: str, sha256: Digest, caller: Anybody) -> Response:
    """The document itself; for the exporter and the authorities concerned, and for nobody else."""
    runtime: Runtime = request.app.state.runtime
    annex = await runtime.read(lambda connection: queries.attachment(connection, caller, ref, sha256))
    headers = {
        "Content-Length": str(annex.size),
        "Content-Disposition": f'attachment; filename="{annex.kind}-{sha256[:12]}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    parts = CONTENTS.parts(runtime, caller.world, sha256)
    return StreamingResponse(parts, media_type=annex.media_type, headers=headers)

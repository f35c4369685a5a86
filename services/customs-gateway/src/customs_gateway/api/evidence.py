"""Photos and documents of an inspection: sent as they are, shown to officials concerned only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from customs_gateway import commands, queries
from customs_gateway.api.declarations import DeclarationId, Reader, declared
from customs_gateway.api.enforcement import InspectionNumber
from customs_gateway.api.views import DeclarationView
from customs_gateway.store import CONTENTS
from pic_kit.attachments import Received, Sender, TooLarge, received, sends
from pic_kit.commands import Answer
from pic_kit.problems import problems
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work
from pic_law.attachments import ACCEPTED, AT_MOST, mind_the_type, too_large
from pic_schemas.messages.enforcement import EvidenceKind

router = APIRouter(
    prefix="/v1/declarations/{declaration_id}/inspections/{inspection}/attachments", tags=["enforcement"]
)

Attaching = Annotated[Sender, sends("customs")]
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the content")]
BINARY: dict[str, Any] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ACCEPTED}


@router.post(
    "",
    response_model=DeclarationView,
    status_code=201,
    responses=problems(),
    openapi_extra={"requestBody": {"required": True, "content": BINARY}},
)
async def attach(
    request: Request,
    declaration_id: DeclarationId,
    inspection: InspectionNumber,
    sender: Attaching,
    kind: Annotated[EvidenceKind, Query()] = "photo",
    content_type: Annotated[str, Header(max_length=100)] = "",
) -> Response:
    """Attach a jpeg or pdf of at most 32 MB to an inspection that has no result yet: the body is the file."""
    try:
        async with received(request.stream(), AT_MOST) as content:
            return await _attached(sender, declaration_id, inspection, content, content_type, kind)
    except TooLarge as error:
        raise too_large() from error


async def _attached(
    sender: Sender, declaration: str, inspection: int, content: Received, claimed: str, kind: EvidenceKind
) -> Response:
    media_type = mind_the_type(claimed, content.media_type)
    command = sender.command(content)

    async def act(work: Work) -> Answer:
        asked = (command.caller, command.runtime, declaration, inspection)
        kept = await commands.attach_evidence(work, *asked, content, media_type=media_type, kind=kind)
        return declared(work, kept, 201)

    return await command.run(act)


@router.get(
    "/{sha256}",
    response_class=StreamingResponse,
    responses={200: {"content": BINARY}, **problems(401, 403, 404, 409, 422)},
)
async def read(
    request: Request,
    declaration_id: DeclarationId,
    inspection: InspectionNumber,
    sha256: Digest,
    caller: Reader,
) -> Response:
    """The photo or document itself."""
    runtime: Runtime = request.app.state.runtime
    asked = (caller, declaration_id, inspection, sha256)
    found = await runtime.read(lambda connection: queries.evidence(connection, *asked))
    headers = {
        "Content-Length": str(found.size),
        "Content-Disposition": f'attachment; filename="{found.kind}-{sha256[:12]}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    parts = CONTENTS.parts(runtime, caller.world, sha256)
    return StreamingResponse(parts, media_type=found.media_type, headers=headers)

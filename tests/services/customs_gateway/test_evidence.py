"""Photos and documents of an inspection: kept by digest, named by the result, and refused when they lie."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from customs_gateway.tables import attachment_parts
from tests.services.customs_gateway.border import OFFICES, Border
from tests.services.customs_gateway.test_enforcement import DIRTY

PHOTO = b"\xff\xd8\xff\xe0" + b"bales of film" * 30_000
REPORT = b"%PDF-1.7\nlaboratory"


@pytest.fixture
async def path(border: Border) -> str:
    lodged = (await border.lodge("import", **DIRTY)).json()
    found = f"/v1/declarations/{lodged['declaration_id']}/inspections"
    await border.post(found, "import", {"kind": "sample"})
    return f"{found}/1"


async def send(
    border: Border, path: str, content: bytes = PHOTO, media_type: str = "image/jpeg", kind: str = "photo"
) -> httpx.Response:
    state, office = OFFICES["import"]
    headers = border.headers(state, office, "customs")
    headers |= {"Idempotency-Key": str(uuid4()), "Content-Type": media_type}
    return await border.http.post(f"{path}/attachments?kind={kind}", content=content, headers=headers)


async def stored(border: Border) -> int:
    async def count(connection: Any) -> int:
        query = select(func.count()).select_from(attachment_parts)
        return int((await connection.execute(query)).scalar_one())

    return int(await border.app.state.runtime.read(count))


async def test_a_photo_and_a_laboratory_report_are_named_by_the_result_and_read_by_the_authority(
    border: Border, path: str
) -> None:
    assert (await send(border, path)).status_code == 201
    assert (await send(border, path)).status_code == 201
    await send(border, path, REPORT, "application/pdf", "laboratory")
    found = {"findings": "Film", "composition": {"contaminants": [{"kind": "food", "percent": "9"}]}}
    view = (await border.post(f"{path}/result", "import", found)).json()
    (inspection,) = view["inspections"]
    assert [one["kind"] for one in inspection["attachments"]] == ["photo", "laboratory"]
    recorded = next(event for event in await border.said() if event.type == "pic.inspection.recorded.v1")
    digest = sha256(PHOTO).hexdigest()
    assert recorded.data["attachments"][0] == {
        "kind": "photo",
        "sha256": digest,
        "media_type": "image/jpeg",
        "size": len(PHOTO),
    }
    back = await border.get(f"{path}/attachments/{digest}")
    assert (back.content, back.headers["X-Content-Type-Options"]) == (PHOTO, "nosniff")
    late = await send(border, path, b"\xff\xd8\xffanother")
    assert (late.status_code, late.json()["rule"]) == (409, "STATE_FORBIDS")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (REPORT, "image/jpeg"),
        (PHOTO, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<script>", "image/jpeg"),
        (b"", "image/jpeg"),
    ],
)
async def test_what_lies_about_its_type_is_refused_and_no_byte_of_it_is_kept(
    border: Border, path: str, content: bytes, media_type: str
) -> None:
    answer = await send(border, path, content, media_type)
    assert (answer.status_code, answer.json()["rule"]) == (422, "ATTACHMENT_TYPE")
    assert await stored(border) == 0


async def test_more_than_the_limit_is_refused_before_it_is_stored(
    border: Border, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("customs_gateway.api.evidence.AT_MOST", len(PHOTO) - 1)
    answer = await send(border, path)
    assert (answer.status_code, answer.json()["rule"]) == (422, "ATTACHMENT_TOO_LARGE")
    assert await stored(border) == 0


async def test_whom_the_load_does_not_concern_is_not_told_that_there_is_a_photo(
    border: Border, path: str
) -> None:
    await send(border, path)
    asked = f"{path}/attachments/{sha256(PHOTO).hexdigest()}"
    assert (await border.get(asked, state="JP", agency="JP001")).status_code == 404
    assert (await border.get(asked, role="facility")).status_code == 403
    missing = await border.get(f"{path}/attachments/{'0' * 64}")
    assert (missing.status_code, missing.json()["rule"]) == (404, "ATTACHMENT_UNKNOWN")
    elsewhere = border.headers("CA", "CAMTR001", "customs") | {
        "Idempotency-Key": "x",
        "Content-Type": "image/jpeg",
    }
    other = await border.http.post(f"{path}/attachments", content=PHOTO, headers=elsewhere)
    assert other.json()["rule"] == "SEAT_FORBIDS"

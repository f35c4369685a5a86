"""Attachments: what they are is looked at, not believed; who reads them follows from the case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from notifier.tables import attachment_parts
from pic_law.attachments import AT_MOST
from tests.services.notifier.desk import (
    CARRIER,
    EXPORT_AUTHORITY,
    EXPORTER,
    IMPORT_AUTHORITY,
    WORLD,
    Desk,
    Seat,
    open_desk,
)
from tests.services.notifier.test_desk import drafted, transmitted, wire
from tests.support.tokens import test_issuer

PDF = b"%PDF-1.7\n" + b"contract " * 100_000
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as opened:
        yield opened


async def send(
    desk: Desk,
    case: str,
    content: Any = PDF,
    *,
    seat: Seat = EXPORTER,
    kind: str = "contract",
    media_type: str = "application/pdf",
    query: str = "",
    key: str = "",
    world: str = WORLD,
) -> httpx.Response:
    agency, state, role = seat
    token = test_issuer().token(agency=agency, state=state, roles=[role], world=world)
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": key or str(uuid4()),
        "Content-Type": media_type,
    }
    path = f"/v1/notifications/{case}/attachments?kind={kind}&block=17{query}"
    return await desk.client.post(path, content=content, headers=headers)


async def stored(desk: Desk) -> int:
    count = select(func.count()).select_from(attachment_parts)
    return int(await desk.runtime.read(lambda c: _scalar(c, count)))


async def _scalar(connection: Any, query: Any) -> int:
    return int((await connection.execute(query)).scalar_one())


async def listed(desk: Desk, case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.call(EXPORTER, "GET", f"/{case}")).json()["attachments"]
    return found


async def test_a_document_is_kept_by_its_digest_and_given_back_as_it_was(desk: Desk) -> None:
    case = await drafted(desk)
    answer = await send(desk, case)
    assert answer.status_code == 201, answer.text
    digest = sha256(PDF).hexdigest()
    (view,) = answer.json()["attachments"]
    assert (view["sha256"], view["size"], view["media_type"]) == (digest, len(PDF), "application/pdf")
    assert (view["kind"], view["block"], view["added_on"]) == ("contract", 17, "2026-06-01")
    back = await desk.call(EXPORTER, "GET", f"/{case}/attachments/{digest}")
    assert (back.content, back.headers["content-type"]) == (PDF, "application/pdf")
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert await stored(desk) > 1


async def test_block_18_lists_what_is_really_attached(desk: Desk) -> None:
    claimed = {
        "block": 17,
        "kind": "contract",
        "sha256": "0" * 64,
        "media_type": "application/pdf",
        "size": 1,
    }
    body = wire() | {"block_18": {"total": 1, "attached": [claimed]}}
    view = await desk.post(EXPORTER, "", body, expect=201)
    case = view["case"]
    assert view["document"]["block_18"] == {"total": 1, "attached": []}
    refusal = await desk.call(EXPORTER, "POST", f"/{case}/submission")
    assert (refusal.status_code, refusal.json()["rule"]) == (422, "ANNEX_MISSING")
    await send(desk, case)
    submitted = await desk.post(EXPORTER, f"/{case}/submission")
    (annex,) = submitted["document"]["block_18"]["attached"]
    assert annex["sha256"] == sha256(PDF).hexdigest()


LIES = [
    (PDF, "image/jpeg"),
    (JPEG, "application/pdf"),
    (b"MZ" + b"\0" * 64, "application/pdf"),
    (b"<html>" + PDF, "application/pdf"),
    (PNG, "image/png"),
    (PDF, ""),
    (b"", "application/pdf"),
]


@pytest.mark.parametrize(("content", "media_type"), LIES)
async def test_an_attachment_that_lies_about_its_type_is_refused_and_nothing_is_stored(
    desk: Desk, content: bytes, media_type: str
) -> None:
    case = await drafted(desk)
    answer = await send(desk, case, content, media_type=media_type)
    problem = answer.json()
    assert (answer.status_code, problem["rule"], problem["article"]) == (422, "ATTACHMENT_TYPE", "Art. 13")
    assert problem["errors"][0]["needs"]
    assert (await stored(desk), await listed(desk, case)) == (0, [])


async def test_an_attachment_over_the_limit_is_refused_before_the_rest_is_read(desk: Desk) -> None:
    case = await drafted(desk)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield PDF[:9]
        while True:
            sent += 1
            yield b"\0" * 2**20

    answer = await send(desk, case, endless())
    assert (answer.status_code, answer.json()["rule"]) == (422, "ATTACHMENT_TOO_LARGE")
    assert sent <= AT_MOST // 2**20 + 2
    assert (await stored(desk), await listed(desk, case)) == (0, [])


async def test_the_last_byte_that_is_allowed_is_accepted(desk: Desk) -> None:
    case = await drafted(desk)
    answer = await send(desk, case, b"%PDF-1.7\n" + b"\0" * (AT_MOST - 9))
    assert answer.status_code == 201, answer.text


async def test_only_exporter_and_authorities_concerned_read_it_and_nobody_is_told_more(desk: Desk) -> None:
    case = await drafted(desk)
    await send(desk, case)
    path = f"/{case}/attachments/{sha256(PDF).hexdigest()}"
    everybody: list[Seat] = [
        EXPORT_AUTHORITY,
        IMPORT_AUTHORITY,
        CARRIER,
        ("BE-F7", "BE", "facility"),
        ("BEANR001", "BE", "customs"),
        ("FR001", "FR", "competent-authority"),
        ("CA-OTHER", "CA", "exporter"),
        ("x", "XX", "observer"),
    ]
    for seat in everybody:
        assert (await desk.call(seat, "GET", path)).status_code == 404, seat
    await desk.post(EXPORTER, f"/{case}/submission")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/carried-out")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/transmission")
    readers = [seat for seat in everybody if (await desk.call(seat, "GET", path)).status_code == 200]
    assert readers == [EXPORT_AUTHORITY, IMPORT_AUTHORITY]


async def test_a_digest_known_from_one_case_opens_no_other(desk: Desk) -> None:
    case, other = await drafted(desk), await drafted(desk)
    await send(desk, case)
    answer = await desk.call(EXPORTER, "GET", f"/{other}/attachments/{sha256(PDF).hexdigest()}")
    assert (answer.status_code, answer.json()["rule"]) == (404, "ATTACHMENT_UNKNOWN")


async def test_nobody_attaches_to_the_draft_of_another_company(desk: Desk) -> None:
    case = await drafted(desk)
    for seat in (("CA-OTHER", "CA", "exporter"), EXPORT_AUTHORITY):
        assert (await send(desk, case, seat=seat)).status_code == 404
    assert await stored(desk) == 0


async def test_messages_carry_digest_type_size_kind_and_block_and_never_the_bytes(desk: Desk) -> None:
    case = await drafted(desk)
    await send(desk, case)
    await desk.post(EXPORTER, f"/{case}/submission")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/carried-out")
    await desk.post(EXPORT_AUTHORITY, f"/{case}/transmission")
    await send(desk, case, JPEG, kind="analysis", media_type="image/jpeg")
    events = {event.type: event for event in await desk.said()}
    (sent,) = events["pic.notification.transmitted.v1"].data["attachments"]
    assert set(sent) == {"block", "kind", "sha256", "media_type", "size"}
    added = events["pic.attachment.added.v1"]
    assert added.data["attachment"]["sha256"] == sha256(JPEG).hexdigest()
    assert {party.split("/")[1] for party in added.recipients} == {"exporter", "competent-authority"}


async def test_a_dry_run_looks_at_the_document_and_keeps_nothing(desk: Desk) -> None:
    case = await drafted(desk)
    answer = await send(desk, case, query="&dry_run=true")
    assert (answer.status_code, answer.headers["Pic-Dry-Run"]) == (201, "1")
    assert (await stored(desk), await listed(desk, case)) == (0, [])


async def test_a_repeated_request_attaches_once_and_a_key_stands_for_one_document(desk: Desk) -> None:
    case = await drafted(desk)
    first = await send(desk, case, key="k1")
    again = await send(desk, case, key="k1")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    other = await send(desk, case, JPEG, media_type="image/jpeg", key="k1")
    assert other.json()["rule"] == "IDEMPOTENCY_KEY_REUSED"
    assert len(await listed(desk, case)) == 1


async def test_a_closed_door_stays_closed_for_documents(desk: Desk) -> None:
    case = await transmitted(desk)
    answer = await send(desk, case, seat=IMPORT_AUTHORITY)
    assert (answer.status_code, answer.json()["rule"]) == (403, "SEAT_FORBIDS")

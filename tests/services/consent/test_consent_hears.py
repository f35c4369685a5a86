"""What a desk learns from the State of export beside the form itself."""

from __future__ import annotations

from datetime import date

from consent.domain.authority_file import AuthorityFile
from pic_schemas.documents.declaration import Annex
from pic_schemas.messages import AttachmentAdded
from tests.services.consent.case import CASE, NUMBER, transmitted
from tests.services.consent.conftest import House
from tests.services.consent.test_consent_api import BE, NOTIFIER, PATH, transmitted_to

PERMIT = Annex(block=10, kind="permits", sha256="a" * 64, media_type="application/pdf", size=900)


def governing(submitted_on: date | None, carried_out_on: date) -> str:
    message = transmitted().model_copy(
        update={"submitted_on": submitted_on, "carried_out_on": carried_out_on}
    )
    return AuthorityFile.open("test", CASE, message.authorities[0], message).duty("decision").profile


def test_the_day_of_submission_decides_which_law_governs() -> None:
    assert governing(date(2026, 5, 20), date(2026, 5, 22)) == "EU_2006"
    assert governing(date(2026, 5, 21), date(2026, 5, 22)) == "EU_2024"


def test_a_message_that_does_not_name_the_day_of_submission_is_read_as_before() -> None:
    assert governing(None, date(2026, 5, 22)) == "EU_2024"


async def test_a_document_that_joins_later_is_listed_on_the_desk(house: House) -> None:
    process = await house.start()
    await transmitted_to(house, process)
    added = AttachmentAdded(number=NUMBER, attachment=PERMIT)
    process.position["last"] = await house.neighbours.say(NOTIFIER, added)
    (file,) = (await process.get(PATH, process.as_(*BE))).json()["files"]
    assert file["attachments"] == [PERMIT.payload()]


async def test_no_file_is_opened_for_an_authority_that_answers_on_paper(house: House) -> None:
    process = await house.start()
    await house.neighbours.open_world()
    message = transmitted()
    (asked,) = message.authorities
    on_paper = message.model_copy(update={"authorities": (asked.model_copy(update={"channel": "paper"}),)})
    process.position["last"] = await house.neighbours.say(NOTIFIER, on_paper)
    assert (await process.get(PATH, process.as_(*BE))).status_code == 404

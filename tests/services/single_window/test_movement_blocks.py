"""What happens to a shipment stands in the block that the form has for it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pic_schemas import messages as said
from pic_schemas.envelope import Event
from pic_schemas.messages import Message
from single_window.domain.blocks import filled_in
from single_window.domain.documents import fill_in

EXAMPLES = Path(__file__).resolve().parents[3] / "schemas" / "examples"


def example(kind: type[Message], **changed: Any) -> tuple[Event, Any]:
    content = json.loads((EXAMPLES / f"{kind.type}.json").read_text(encoding="utf-8"))
    event = Event.model_construct(**{**content, "sender": content["sender"]})
    return event, kind.read({**content["data"], **changed})


def test_each_carrier_dates_its_own_part_of_block_8() -> None:
    _, announced = example(said.MovementPrenotified)
    blocks = filled_in(announced.document)
    last = announced.document.block_8.last.registration_no
    fill_in(blocks, *example(said.MovementHandedOver, to_carrier=last))
    assert blocks["block_8"].last.transferred_on == date(2026, 8, 3)
    assert blocks["block_8"].first.transferred_on is None


def test_another_day_another_weight_and_a_corrected_receipt_are_what_the_form_shows() -> None:
    _, announced = example(said.MovementPrenotified)
    blocks = filled_in(announced.document)
    fill_in(blocks, *example(said.MovementRescheduled))
    assert blocks["block_6"].start_date == date(2026, 7, 24)
    event, updated = example(said.MovementUpdated)
    lighter = updated.document.block_5.model_copy(update={"weighbridge_tickets": ("WB-2",)})
    document = updated.document.model_copy(update={"block_5": lighter})
    fill_in(blocks, event, updated.model_copy(update={"document": document}))
    assert blocks["block_5"].weighbridge_tickets == ("WB-2",)
    fill_in(blocks, *example(said.MovementReceived))
    fill_in(blocks, *example(said.ReceiptCorrected))
    assert len(blocks["block_18"]) == 2
    assert "24.9 t" in blocks["block_18"][-1]

"""The facts of S01, and a way to say them on the bus as the other services would."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from pic_kit.bus.base import Bus, Record
from pic_schemas.documents.movement import MovementDocument
from pic_schemas.documents.notification import NotificationDocument
from pic_schemas.envelope import Event, to_binary
from pic_schemas.messages import (
    AuthorityConcerned,
    CustomsEntered,
    CustomsExited,
    Message,
    MovementDeparted,
    MovementPrenotified,
    NotificationTransmitted,
    WorldOpened,
)

DOCUMENTS = Path(__file__).parents[3] / "scenarios" / "documents"
CASE = "0b9fd4ac-5d9e-4a30-9a0c-53a5a0f7a001"
NUMBER = "CA 0000 000001"
MOVEMENT = f"{NUMBER}.000001"
CARRIED_OUT = date(2026, 6, 3)
TRANSMITTED = date(2026, 6, 4)
FACILITY = "BE/facility/BE-F7"


def notification(name: str = "s01-notification", **blocks: Any) -> NotificationDocument:
    content = yaml.safe_load((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return NotificationDocument.model_validate(content | blocks)


def movement() -> MovementDocument:
    content = yaml.safe_load((DOCUMENTS / "s01-movement.yaml").read_text(encoding="utf-8"))
    return MovementDocument.model_validate(content | {"block_1": NUMBER})


def transmitted(document: NotificationDocument | None = None) -> NotificationTransmitted:
    """Sent to the authority of every transit State and of the State of import."""
    said = document or notification()
    route = said.block_15
    asked = [(stop.country, stop.authority, "transit") for stop in route.transit]
    asked.append((route.import_.country, route.import_.authority, "import"))
    return NotificationTransmitted(
        number=NUMBER,
        notification_version=1,
        carried_out_on=CARRIED_OUT,
        transmitted_on=TRANSMITTED,
        document=said,
        authorities=tuple(
            AuthorityConcerned(state=state, authority=authority, role=role, voting=True)
            for state, authority, role in asked
        ),
    )


def _shipment() -> dict[str, Any]:
    return {"number": NUMBER, "movement_number": MOVEMENT, "shipment": 1}


def prenotified() -> MovementPrenotified:
    start = date(2026, 7, 20)
    return MovementPrenotified(**_shipment(), of=1, document=movement(), start_date=start, quantity_kg=25_000)


def departed() -> MovementDeparted:
    return MovementDeparted(
        **_shipment(),
        carrier="CA-ALPHA",
        departed_on=date(2026, 7, 20),
        place="Montreal",
        actual_quantity_kg=25_000,
    )


def exited() -> CustomsExited:
    return CustomsExited(**_shipment(), declaration_id="D-1", office="CAMTR001", exited_on=date(2026, 7, 21))


def entered() -> CustomsEntered:
    return CustomsEntered(**_shipment(), declaration_id="D-2", office="BEANR001", entered_on=date(2026, 8, 4))


class Neighbours:
    """What notifier, customs and single window say, each with its own sequence."""

    def __init__(self, bus: Bus, world: str) -> None:
        self.bus = bus
        self.world = world
        self.now = datetime(2026, 6, 8, 8, tzinfo=UTC)
        self._last: Counter[tuple[str, str]] = Counter()

    async def say(
        self,
        source: str,
        message: Message,
        *,
        case: str | None = CASE,
        sender: str = "CA/competent-authority/CA001",
        recipients: tuple[str, ...] = (FACILITY, "BE/competent-authority/BE001"),
    ) -> str:
        """Publish; returns the position after it."""
        key = (case or "", source)
        self._last[key] += 1
        identity = uuid5(NAMESPACE_URL, f"{self.world}{key}{self._last[key]}")
        event = Event(
            id=identity,
            source=source,
            type=message.type,
            time=self.now,
            world=self.world,
            case=case,
            sequence=self._last[key],
            sender=sender,
            recipients=recipients,
            recordedtime=self.now,
            causationid=identity,
            data=message.payload(),
        )
        record = to_binary(event)
        assert await self.bus.publish([Record(message.topic, *record)]) == [None]
        return f"{key[0]}={source}:{self._last[key]}"

    async def open_world(self) -> str:
        message = WorldOpened(mode="sandbox", now=self.now, label="consent")
        return await self.say(
            "/single-window/exchange", message, case=None, sender="exchange/operator/exchange", recipients=()
        )

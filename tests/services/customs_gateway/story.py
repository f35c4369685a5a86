"""The case of the first scenario, told in messages: what customs hear, one fact after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from customs_gateway.domain.registry import RegistryEntry
from pic_schemas.documents import MovementDocument, NotificationDocument
from pic_schemas.messages import (
    AuthorityConcerned,
    DecisionScope,
    DecisionTaken,
    DeclarationLodged,
    GuaranteeApproved,
    GuaranteeCover,
    GuaranteeLodged,
    MovementPrenotified,
    MovementReceived,
    NotificationAuthorised,
    NotificationObjected,
    NotificationTransmitted,
    RestsOn,
)

DOCUMENTS = Path(__file__).parents[3] / "scenarios" / "documents"
NUMBER = "CA 0000 000001"
MOVEMENT = "CA 0000 000001.000001"
CASE = "11111111-1111-4111-8111-111111111111"
OTHER_CASE = "22222222-2222-4222-8222-222222222222"
WORLD = "border"
CLEARED_AT = datetime(2026, 7, 20, 12, tzinfo=UTC)


@cache
def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DOCUMENTS / name).read_text(encoding="utf-8")))


def notification_document(name: str = "s01-notification.yaml", **blocks: Any) -> NotificationDocument:
    return NotificationDocument.model_validate(_read(name) | blocks)


def many_shipments(total: int, tonnes: int) -> NotificationDocument:
    return notification_document(
        block_3={"shipments": "multiple", "operation": "recovery", "preconsented": False},
        block_4={"total": total},
        block_5={"quantity": {"value": str(tonnes), "unit": "t"}},
    )


def movement_document(shipment: int = 1, total: int = 1) -> MovementDocument:
    return MovementDocument.model_validate(
        _read("s01-movement.yaml") | {"block_2": {"shipment": shipment, "total": total}}
    )


def transmitted(document: NotificationDocument | None = None) -> NotificationTransmitted:
    found = document or notification_document()
    route = found.block_15
    asked = [(route.import_.country, route.import_.authority, "import")]
    asked += [(one.country, one.authority, "transit") for one in route.transit]
    return NotificationTransmitted(
        number=NUMBER,
        notification_version=1,
        carried_out_on=date(2026, 6, 3),
        transmitted_on=date(2026, 6, 4),
        document=found,
        authorities=tuple(
            AuthorityConcerned(state=state, authority=code, role=role, voting=True)
            for state, code, role in asked
        ),
    )


def decision(
    authority: str = "BE001", version: int = 1, verdict: str = "consent", quantity_kg: int | None = None
) -> DecisionTaken:
    return DecisionTaken(
        number=NUMBER,
        authority=authority,
        role="import",
        version=version,
        verdict=verdict,
        decided_on=date(2026, 6, 26),
        valid_from=date(2026, 6, 26),
        valid_to=date(2027, 6, 25),
        scope=DecisionScope(quantity_kg=quantity_kg) if quantity_kg else None,
        signatory="Els Wouters",
        profile="EU_2024",
        article="Art. 9",
    )


def objected(authority: str = "BE001", version: int = 1) -> NotificationObjected:
    return NotificationObjected(number=NUMBER, authority=authority, decision_version=version, grounds=())


def authorised(quantity_kg: int = 25_000, shipments: int = 1, version: int = 1) -> NotificationAuthorised:
    return NotificationAuthorised(
        number=NUMBER,
        authorisation_no="CA-P-1",
        how="permit",
        issued_on=date(2026, 6, 29),
        valid_from=date(2026, 6, 29),
        valid_to=date(2026, 12, 15),
        quantity_kg=quantity_kg,
        shipments=shipments,
        rests_on=(RestsOn(authority="BE001", decision_version=version),),
        document_version=1,
        article="s. 10",
    )


def guarantee_lodged() -> GuaranteeLodged:
    return GuaranteeLodged(
        guarantee_id="G-1",
        kind="insurance",
        amount="40000.00",
        currency="CAD",
        covers=GuaranteeCover(transport=True, treatment=True, storage_days=90),
        valid_to=date(2027, 12, 31),
    )


def guarantee_approved() -> GuaranteeApproved:
    return GuaranteeApproved(guarantee_id="G-1", approved_on=date(2026, 6, 3), approved_by="CA001")


def prenotified(shipment: int = 1, of: int = 1) -> MovementPrenotified:
    return MovementPrenotified(
        number=NUMBER,
        movement_number=f"{NUMBER}.{shipment:06d}",
        shipment=shipment,
        of=of,
        document=movement_document(shipment, of),
        start_date=date(2026, 7, 20),
        quantity_kg=25_000,
    )


def declared(direction: str = "export", **changes: Any) -> DeclarationLodged:
    office = {"export": "CAMTR001", "import": "BEANR001", "transit": "NLRTM001"}[direction]
    fields: dict[str, Any] = {
        "declaration_id": f"{direction}-1",
        "direction": direction,
        "office": office,
        "ucr": "6CA-PLASTIX-0001",
        "number": NUMBER,
        "movement_number": MOVEMENT,
        "shipment": 1,
        "hs": "3915.90",
        "basel_code": "Y48",
        "net_kg": 25_000,
        "border_date": date(2026, 7, 21),
        "exporter": "CA-PLASTIX",
        "consignee": "BE-RECYCLA",
        "description": "Mixed polyethylene film for recycling, 48 bales",
        "origin": "CA",
        "destination": "BE",
    }
    return DeclarationLodged(**fields | changes)


def stamps(entered: str, left: str | None = None) -> dict[str, Any]:
    """A line of block 22, as the declarant presents it."""
    line: dict[str, Any] = {"country": "NL", "entry": {"office": "NLRTM001", "on": entered}}
    return line | ({"exit": {"office": "NLVEN001", "on": left}} if left else {})


def announce(entry: RegistryEntry, shipment: int = 1) -> None:
    """What the gateway does when it hears of a movement."""
    movement = entry.movement(shipment, f"{NUMBER}.{shipment:06d}")
    movement.prenotified_on, movement.start_date = date(2026, 7, 14), date(2026, 7, 20)
    movement.declared_complete = True


def ready(document: NotificationDocument | None = None, quantity_kg: int = 25_000) -> RegistryEntry:
    """Transmitted, consented, authorised, guaranteed and announced: a load that may pass."""
    entry = RegistryEntry(WORLD, CASE)
    entry.guarantee_lodged(guarantee_lodged())
    entry.guarantee_approved(guarantee_approved())
    entry.transmitted(transmitted(document))
    entry.decided(decision())
    entry.authorised(authorised(quantity_kg, entry.document.shipments if entry.document else 1))
    announce(entry)
    return entry


def received(kg: int) -> MovementReceived:
    return MovementReceived(
        number=NUMBER,
        movement_number=MOVEMENT,
        shipment=1,
        facility="BE-F7",
        received_on=date(2026, 8, 5),
        quantity_kg=kg,
        outcome="accepted",
        operation="R3",
    )

"""Steps of a case, in the words of the procedure, for the tests of the State of export."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from notifier.domain.authorisation import Wish, authorise
from notifier.domain.notification import Notification
from notifier.domain.prenotification import Load
from notifier.domain.verdicts import hear_acknowledgement, hear_contract, hear_decision
from pic_schemas.address import Address, Role
from pic_schemas.documents import DraftNotification
from pic_schemas.messages import (
    ContractConfirmed,
    DecisionTaken,
    Ground,
    GuaranteeCover,
    GuaranteeLodged,
    InformationRequested,
    NotificationAcknowledged,
    Question,
)

DOCUMENTS = Path(__file__).resolve().parents[3] / "scenarios" / "documents"
EXPORTER = Address("CA", Role.EXPORTER, "CA-PLASTIX")
NUMBER = "CA 0000 000001"
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 14)
LOAD_BLOCKS = ("block_5", "block_6", "block_7", "block_8", "block_15", "block_16")


def form(name: str = "s01-notification", **blocks: Any) -> dict[str, Any]:
    """The blocks of a document as a caller sends them; keyword arguments replace whole blocks."""
    content: dict[str, Any] = yaml.safe_load((DOCUMENTS / f"{name}.yaml").read_text(encoding="utf-8"))
    return content | blocks


def load(**blocks: Any) -> Load:
    filled = {name: form("s01-movement")[name] for name in LOAD_BLOCKS}
    filled["block_15"]["notifier"]["signed_on"] = JULY
    return Load.model_validate(filled | blocks)


def drafted(name: str = "s01-notification", **blocks: Any) -> Notification:
    draft = DraftNotification.model_validate(form(name, **blocks))
    return Notification("test", "case-1", EXPORTER, draft)


def submitted(name: str = "s01-notification", **blocks: Any) -> Notification:
    notification = drafted(name, **blocks)
    notification.submit(NUMBER, JUNE)
    return notification


def transmitted(name: str = "s01-notification", **blocks: Any) -> Notification:
    notification = submitted(name, **blocks)
    notification.carry_out(JUNE)
    notification.transmit(JUNE)
    return notification


def contract(authority: str = "BE001") -> ContractConfirmed:
    return ContractConfirmed(
        number=NUMBER, authority=authority, confirmed_on=JUNE, contract_reference="C-2026-118"
    )


def request(authority: str = "BE001", number: int = 1, **more: Any) -> InformationRequested:
    return InformationRequested(
        number=NUMBER,
        authority=authority,
        role="import" if authority == "BE001" else "transit",
        request=number,
        requested_on=JUNE,
        questions=(Question(item=1, question="Which share of the residue is landfilled?"),),
        profile="EU_2024",
        article="Art. 8",
        **more,
    )


def acknowledgement(authority: str = "BE001", role: str = "import") -> NotificationAcknowledged:
    return NotificationAcknowledged(
        number=NUMBER,
        authority=authority,
        role=role,  # type: ignore[arg-type]
        received_on=JUNE,
        ack_sent_on=JUNE,
        profile="EU_2024",
        rule="EU_2024.decision",
        article="Art. 9(1)",
    )


def decision(
    verdict: str = "consent", *, authority: str = "BE001", role: str = "import", version: int = 1, **more: Any
) -> DecisionTaken:
    if verdict == "objection":
        more.setdefault("grounds", (Ground(letter="12(1)(j)", article="Art. 12(1)(j)"),))
    else:
        more = {"valid_from": date(2026, 6, 26), "valid_to": date(2027, 6, 25)} | more
    return DecisionTaken(
        number=NUMBER,
        authority=authority,
        role=role,  # type: ignore[arg-type]
        version=version,
        verdict=verdict,  # type: ignore[arg-type]
        decided_on=date(2026, 6, 26),
        signatory="Els Wouters",
        profile="EU_2024",
        article="Art. 9(1)",
        **more,
    )


def consented(name: str = "s01-notification", *, scope: Any = None, **blocks: Any) -> Notification:
    notification = transmitted(name, **blocks)
    hear_acknowledgement(notification, acknowledgement())
    hear_contract(notification, contract(), JUNE)
    hear_decision(notification, decision(scope=scope), date(2026, 6, 26))
    return notification


def guaranteed(notification: Notification, active_loads: int = 1) -> Notification:
    lodged = GuaranteeLodged(
        guarantee_id=notification.next_guarantee_id(),
        kind="insurance",
        amount=Decimal("40000.00"),
        currency="CAD",
        covers=GuaranteeCover(transport=True, treatment=True, storage_days=90),
        active_loads_permitted=active_loads,
        valid_to=date(2027, 12, 31),
    )
    notification.lodge_guarantee(lodged, JUNE)
    notification.approve_guarantee(JUNE)
    return notification


def authorised(
    name: str = "s01-notification", *, active_loads: int = 1, scope: Any = None, **blocks: Any
) -> Notification:
    notification = guaranteed(consented(name, scope=scope, **blocks), active_loads)
    authorise(notification, date(2026, 6, 29), Wish())
    return notification


def rules_of(error: Any) -> list[str]:
    """The rule ids of a refusal caught by pytest.raises."""
    return [found.rule for found in error.value.findings]

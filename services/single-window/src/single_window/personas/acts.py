"""What a persona can do: for every act the request that its seat would send, made from the case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pic_law.duties import Role
from pic_law.grounds import grounds
from pic_law.library import statute
from pic_schemas.address import ANY, Address
from single_window.domain.case import CaseFile
from single_window.domain.shipment import MovementEntry


@dataclass(frozen=True, slots=True)
class Scene:
    """A seat before a task: the case, the document as it stands, the shipment, the world's time."""

    seat: Address
    case: CaseFile
    document: Mapping[str, Any]
    shipment: int | None
    now: datetime
    subject: str = ""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def movement(self) -> MovementEntry | None:
        return self.case.movements.get(self.shipment or 0)

    def at(self, rest: str = "") -> str:
        return f"/v1/notifications/{self.case.number or self.case.case}{rest}"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: to which service, where, with what."""

    service: str
    path: str
    body: Mapping[str, Any]


class CannotPlay(Exception):
    """The case file does not say enough for this act."""


Act = Callable[[Scene], Asked]


def _plain(service: str, rest: str) -> Act:
    return lambda scene: Asked(service, scene.at(rest), {})


def _lodge_guarantee(scene: Scene) -> Asked:
    covers = {"transport": True, "treatment": True, "storage_days": 90}
    body = {"kind": "bank-guarantee", "amount": "100000.00", "currency": "EUR", "covers": covers}
    until = scene.today + timedelta(days=3 * 366)
    return Asked(
        "notifier",
        scene.at("/guarantee"),
        body | {"active_loads_permitted": 5, "valid_to": until.isoformat()},
    )


def _confirm_contract(scene: Scene) -> Asked:
    reference = f"C-{(scene.case.number or '').replace(' ', '')}"
    return Asked("consent", scene.at("/contract-confirmation"), {"contract_reference": reference})


def _consent(scene: Scene) -> Asked:
    return Asked("consent", scene.at("/decisions"), {"verdict": "consent", "signatory": _name(scene)})


def _consent_with_conditions(scene: Scene) -> Asked:
    conditions = [{"id": "C1", "text": "Every load is photographed before it is closed"}]
    body = {"verdict": "consent-with-conditions", "conditions": conditions, "signatory": _name(scene)}
    return Asked("consent", scene.at("/decisions"), body)


def _object(scene: Scene) -> Asked:
    entry = scene.case.authorities.get(scene.seat.agency)
    role: Role = "transit" if entry is not None and entry.role == "transit" else "import"
    recovery = scene.document["block_3"]["operation"] == "recovery"
    listed = grounds(_profile(entry.due_article if entry else ""), role, recovery)
    ground = {"letter": listed[0].letter if listed else "other", "text": "As the persona sees it"}
    body = {"verdict": "objection", "grounds": [ground], "signatory": _name(scene)}
    return Asked("consent", scene.at("/decisions"), body)


def _profile(article: str) -> str:
    """The case file writes `Art. 9(1) (EU_2024)`."""
    return article.rpartition("(")[2].rstrip(")")


def _ask(scene: Scene) -> Asked:
    question = {"item": 1, "block": 12, "question": "Which share of the load is not polyethylene?"}
    return Asked("consent", scene.at("/information-requests"), {"questions": [question]})


def _answer(scene: Scene) -> Asked:
    waits = [one for one in scene.case.requests if one.answered_on is None]
    if not waits:
        raise CannotPlay("no question waits for an answer")
    one = waits[0]
    replies = [{"item": item, "answer": "As block 12 says"} for item in range(1, len(one.questions) + 1)]
    path = scene.at(f"/information-requests/{one.authority}/{one.request}/answer")
    return Asked("notifier", path, {"answers": replies})


def _agree(scene: Scene) -> Asked:
    change = scene.case.open_change
    if change is None:
        raise CannotPlay("no change waits for an answer")
    service = "notifier" if scene.seat.state == scene.case.export_state else "consent"
    return Asked(service, scene.at(f"/changes/{change.change}/answer"), {"agrees": True})


def _announce(scene: Scene) -> Asked:
    form, case = scene.document, scene.case
    permit, consignment = case.authorisation, case.consignment
    if permit is None or consignment is None:
        raise CannotPlay("there is no authorisation")
    kg = permit.quantity_kg // max(permit.shipments, 1)
    carriers = form["block_8"]["carriers"]
    start = min(max(scene.today + timedelta(days=7), permit.valid_from), permit.valid_to)
    conditions = [f"{entry.authority}/C1" for entry in case.voting if entry.conditions]
    body = {
        "block_5": {"quantity": {"value": f"{kg / 1000:g}", "unit": "t"}},
        "block_6": {"start_date": start.isoformat()},
        "block_7": {**form["block_7"], "packages": 40},
        "block_8": {"first": _carrier(carriers[0]), "last": _carrier(carriers[-1])},
        "block_15": {"notifier": _signed(scene), "all_consents_received": True},
    }
    confirmed = {"conditions_confirmed": conditions} if conditions else {}
    return Asked("notifier", scene.at("/movements"), body | confirmed)


def _carrier(carrier: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "registration_no": carrier["registration_no"],
        "name": carrier["name"],
        "means": carrier["means"][0],
    }


def _signed(scene: Scene) -> dict[str, str]:
    name = scene.document["block_1"]["contact_person"]
    return {"name": name, "signed_on": scene.today.isoformat(), "signature": f"signed: {name}"}


def _declare(scene: Scene) -> Asked:
    form, movement, states = scene.document, scene.movement, scene.document["block_15"]
    if movement is None:
        raise CannotPlay("there is no such shipment")
    direction = "export" if scene.seat.state == states["export"]["country"] else "import"
    codes = form["block_14"]
    body = {
        "direction": direction,
        "office": office_of(scene),
        "ucr": f"{scene.case.number}-{movement.shipment}".replace(" ", ""),
        "number": scene.case.number,
        "movement_number": movement.movement_number,
        "shipment": movement.shipment,
        "hs": codes["hs_code"][0],
        "basel_code": scene.case.consignment.code if scene.case.consignment else None,
        "net_kg": movement.prenotified_kg,
        "border_date": scene.today.isoformat(),
        "exporter": form["block_1"]["registration_no"],
        "consignee": form["block_2"]["registration_no"],
        "carrier": movement.carrier,
        "documents": [
            {"category": "C", "type": "669", "id": scene.case.number},
            {"category": "C", "type": "670", "id": movement.movement_number},
        ],
        "description": form["block_12"]["name"],
        "origin": states["export"]["country"],
        "destination": states["import"]["country"],
    }
    return Asked("customs", "/v1/declarations", body)


def office_of(scene: Scene) -> str:
    """The office that sits there; for `any office` of a State the first at its place of crossing."""
    if scene.seat.agency != ANY:
        return scene.seat.agency
    route = scene.document["block_15"]
    exports = scene.seat.state == route["export"]["country"]
    place = route["export"]["exit_point"] if exports else route["import"]["entry_point"]
    own = [item["code"] for item in statute("offices")["offices"] if item["state"] == scene.seat.state]
    near = [code for code in own if code.startswith(place)]
    if not (near or own):
        raise CannotPlay(f"no customs office of {scene.seat.state} is known")
    return str((near or own)[0])


def _on_declaration(rest: str) -> Act:
    return lambda scene: Asked("customs", f"/v1/declarations/{scene.subject}{rest}", {})


def _grant_cancellation(scene: Scene) -> Asked:
    answer = {"granted": True, "reason": "The load has not left"}
    return Asked("customs", f"/v1/declarations/{scene.subject}/cancellation-answer", answer)


def _depart(scene: Scene) -> Asked:
    body = {
        "place": scene.document["block_15"]["export"]["exit_point"],
        "signature": f"signed: {_name(scene)}",
    }
    return Asked("notifier", scene.at(f"/movements/{scene.shipment}/departure"), body)


def _receive(scene: Scene) -> Asked:
    kg = scene.movement.prenotified_kg if scene.movement else 0
    expected = (scene.today + timedelta(days=60)).isoformat()
    body = {"quantity": {"value": f"{kg / 1000:g}", "unit": "t"}, "expected_completion": expected}
    return Asked("consent", scene.at(f"/movements/{scene.shipment}/receipt"), body)


def _certify(scene: Scene) -> Asked:
    return Asked("consent", scene.at(f"/movements/{scene.shipment}/certificate"), {})


def _name(scene: Scene) -> str:
    return f"for {scene.seat.agency}"


ACTS: Mapping[str, Act] = {
    "submit": _plain("notifier", "/submission"),
    "lodge guarantee": _lodge_guarantee,
    "approve guarantee": _plain("notifier", "/guarantee/approval"),
    "carry out": _plain("notifier", "/carried-out"),
    "transmit": _plain("notifier", "/transmission"),
    "acknowledge": _plain("consent", "/acknowledgement"),
    "confirm contract": _confirm_contract,
    "consent": _consent,
    "consent with conditions": _consent_with_conditions,
    "object": _object,
    "ask": _ask,
    "answer": _answer,
    "agree": _agree,
    "authorise": _plain("notifier", "/authorisation"),
    "announce": _announce,
    "declare": _declare,
    "reassess": _on_declaration("/reassessment"),
    "depart": _depart,
    "exit": _on_declaration("/exit"),
    "enter": _on_declaration("/entry"),
    "grant cancellation": _grant_cancellation,
    "receive": _receive,
    "certify": _certify,
    "release guarantee": _plain("notifier", "/guarantee/release"),
    "close": _plain("notifier", "/closing"),
}
USUAL: Mapping[str, str] = {
    "notification.submitted": "submit",
    "guarantee.lodged": "lodge guarantee",
    "guarantee.approved": "approve guarantee",
    "notification.carried-out": "carry out",
    "notification.transmitted": "transmit",
    "notification.acknowledged": "acknowledge",
    "contract.confirmed": "confirm contract",
    "decision.taken": "consent",
    "information.provided": "answer",
    "change.answered": "agree",
    "notification.authorised": "authorise",
    "movement.prenotified": "announce",
    "declaration.lodged": "declare",
    "customs.released": "reassess",
    "movement.departed": "depart",
    "customs.exited": "exit",
    "customs.entered": "enter",
    "cancellation.granted": "grant cancellation",
    "movement.received": "receive",
    "movement.completed": "certify",
    "guarantee.released": "release guarantee",
    "notification.closed": "close",
}

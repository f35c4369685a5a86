"""Cases are played, each from draft to closing."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from bench.cases import MIX, Case, Load, container
from bench.ground import Harbour
from bench.wire import Answer
from pic_exchange.places import ROOT
from pic_replay.scenario import load_scenario

LOAD_KG = 24_000
# Seconds for which a gateway may be behind before the load gives up.
PATIENCE = 60.0
TRANSIT = {"country": "NL", "authority": "NL001", "entry_point": "NLRTM", "exit_point": "NLRTM"}


@dataclass
class Timed:
    """How long each kind of request took, in seconds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, began: float) -> None:
        self.seconds.setdefault(what, []).append(monotonic() - began)


def story() -> dict[str, Any]:
    """The bodies of S01's requests, by the end of their path."""
    steps = load_scenario(ROOT / "scenarios" / "s01-single-shipment.yaml").steps
    bodies = [(step.send.path, step.send.body) for step in steps if step.send is not None]
    declarations = [body for path, body in bodies if path.endswith("/declarations")]
    named = {path.rpartition("/")[2]: body for path, body in bodies if body is not None}
    return named | {"export": declarations[0], "import": declarations[1]}


class Procession:
    """Every case of a share goes through the procedure in step, so that one clock serves them all."""

    def __init__(self, harbour: Harbour, cases: Sequence[Case], *, at_once: int = 16) -> None:
        self.harbour = harbour
        self.cases = cases
        self.timed = Timed()
        self.sent = 0
        self.looked_again = 0
        """How often a declaration was held because the gateway was behind the log, and looked at again."""
        self.doing = "drafts"
        self._bodies = story()
        self._gate = asyncio.Semaphore(at_once)

    async def _post(self, what: str, service: str, seat: str, path: str, body: Any = None) -> Answer:
        async with self._gate:
            began = monotonic()
            answer = await self.harbour.wire(service).ask("POST", path, self.harbour.tokens[seat], body)
            self.timed.note(what, began)
            self.sent += 1
            self.doing = what
            return answer

    @property
    def expected(self) -> int:
        """How many requests the whole procession takes."""
        desks = sum(len(self._desks(case)) for case in self.cases)
        loads = sum(len(case.loads) * (12 if case.transit else 8) for case in self.cases)
        return 10 * len(self.cases) + 2 * desks + loads

    async def _each(self, act: Callable[[Case], Awaitable[None]]) -> None:
        await asyncio.gather(*(act(case) for case in self.cases))

    async def _each_load(self, act: Callable[[Case, Load], Awaitable[None]]) -> None:
        """The loads of one case one after the other, as its documents are numbered; cases side by side."""

        async def loads(case: Case) -> None:
            for load in case.loads:
                await act(case, load)

        await self._each(loads)

    async def run(self) -> None:
        """From draft to closing."""
        await self.until_consented()
        await self.until_declared()
        await self.until_completed()

    # --- the notification ---

    async def until_carried_out(self) -> None:
        await self._each(self._submit)
        await self.harbour.move_clock("2026-06-02T00:00:00Z")
        await self._each(self._secure)

    async def until_acknowledged(self) -> None:
        await self.until_carried_out()
        await self._each(lambda case: self._at_export(case, "transmission"))
        await self.harbour.move_clock("2026-06-08T00:00:00Z")
        await self._each(self._acknowledge)
        await self.harbour.move_clock("2026-06-26T00:00:00Z")

    async def decide(self) -> None:
        await self._each(self._consent)

    async def until_consented(self) -> None:
        await self.until_acknowledged()
        await self.decide()
        await self.harbour.settle()
        await self._each(lambda case: self._at_export(case, "authorisation"))

    def document(self, case: Case) -> Any:
        body = copy.deepcopy(self._bodies["notifications"])
        loads, tonnes = len(case.loads), len(case.loads) * LOAD_KG // 1000
        body["block_3"]["shipments"] = "individual" if loads == 1 else "multiple"
        body["block_4"] = {"total": loads}
        body["block_5"] = {"quantity": {"value": str(tonnes), "unit": "t"}}
        body["block_15"]["transit"] = [TRANSIT] if case.transit else []
        return body

    async def _submit(self, case: Case) -> None:
        drafted = await self._post("draft", "notifier", "exporter", "/v1/notifications", self.document(case))
        case.ref = drafted.json()["case"]
        submitted = await self._post(
            "submission", "notifier", "exporter", f"/v1/notifications/{case.ref}/submission"
        )
        case.number = submitted.json()["number"]

    async def _secure(self, case: Case) -> None:
        body = self._bodies["guarantee"] | {"active_loads_permitted": len(case.loads), "amount": "9000000.00"}
        await self._post("guarantee", "notifier", "exporter", f"/v1/notifications/{case.ref}/guarantee", body)
        await self._at_export(case, "guarantee/approval")
        await self._at_export(case, "carried-out")

    async def _at_export(self, case: Case, step: str) -> None:
        await self._post(step, "notifier", "export-authority", f"/v1/notifications/{case.ref}/{step}")

    def _desks(self, case: Case) -> list[tuple[str, str]]:
        transit = [("consent-b", "transit-authority")] if case.transit else []
        return [("consent-a", "import-authority"), *transit]

    async def _acknowledge(self, case: Case) -> None:
        for service, seat in self._desks(case):
            await self._post(
                "acknowledgement", service, seat, f"/v1/notifications/{case.ref}/acknowledgement"
            )

    async def _consent(self, case: Case) -> None:
        path = f"/v1/notifications/{case.ref}"
        reference = {"contract_reference": f"C-2026-{case.index}"}
        await self._post(
            "contract", "consent-a", "import-authority", f"{path}/contract-confirmation", reference
        )
        for service, seat in self._desks(case):
            await self._post("decision", service, seat, f"{path}/decisions", self._bodies["decisions"])

    # --- the loads ---

    async def until_declared(self) -> None:
        await self.until_prenotified()
        await self.declare_exports()
        await self._each_load(self._depart)

    async def declare_exports(self) -> None:
        await self._each_load(self._declare_export)

    async def until_prenotified(self) -> None:
        await self.harbour.move_clock("2026-07-14T00:00:00Z")
        await self._each_load(self._prenotify)
        await self.harbour.move_clock("2026-07-20T00:00:00Z")

    async def _prenotify(self, case: Case, load: Load) -> None:
        body = copy.deepcopy(self._bodies["movements"])
        body["block_5"]["quantity"] = {"value": str(LOAD_KG // 1000), "unit": "t"}
        body["block_16"]["equipment"] = self.equipment(case, load)
        path = f"/v1/notifications/{case.ref}/movements"
        load.movement = (await self._post("prenotification", "notifier", "exporter", path, body)).json()[
            "movement_number"
        ]

    def declaration(self, direction: str, case: Case, load: Load) -> Any:
        body = copy.deepcopy(self._bodies["export" if direction == "export" else "import"])
        kilograms = {"writeoff_kg": LOAD_KG} if direction == "export" else {}
        papers = [{"category": "C", "type": "669", "id": case.number, **kilograms}]
        papers += [{"category": "C", "type": "670", "id": load.movement}] if direction == "import" else []
        own = {"number": case.number, "movement_number": load.movement, "shipment": load.number}
        value = {"value": f"{case.value}.00"} if direction == "export" else {}
        reference = {"ucr": f"6CA-{case.index}-{load.number}", "net_kg": LOAD_KG, "documents": papers}
        through = {"direction": "transit", "office": "NLRTM001", "transits": ["NL"]}
        special = through if direction == "transit" else {}
        return body | own | reference | value | special | {"equipment": self.equipment(case, load)}

    def equipment(self, case: Case, load: Load) -> list[dict[str, Any]]:
        number = case.index * MIX["loads_at_most"] + load.number
        return [{"id": container(number), "seals": [f"CA-{number}"]}]

    async def declare(self, direction: str, case: Case, load: Load) -> Answer:
        seat = f"{direction}-customs"
        body = self.declaration(direction, case, load)
        answer = await self._post("declaration", "customs", seat, "/v1/declarations", body)
        decision, until = answer.json(), monotonic() + PATIENCE
        while decision["reasons"] == ["REGISTRY_STALE"] and monotonic() < until:
            # A gateway that is behind the log releases nothing by itself: its officer looks again.
            self.looked_again += 1
            await asyncio.sleep(1)
            again = f"/v1/declarations/{decision['declaration_id']}/reassessment"
            answer = await self._post("reassessment", "customs", seat, again)
            decision = answer.json()
        if decision["outcome"] != "released":
            against = [one for one in decision["checks"] if one["outcome"] in ("fail", "not-yet-known")]
            why = [*decision["reasons"], *(f"{one['id']}: {one['detail']}" for one in against)]
            raise RuntimeError(f"the load was {decision['outcome']}: {'; '.join(why)}")
        return answer

    async def _declare_export(self, case: Case, load: Load) -> None:
        load.export_id = (await self.declare("export", case, load)).json()["declaration_id"]

    async def _depart(self, case: Case, load: Load) -> None:
        path = f"/v1/notifications/{case.ref}/movements/{load.number}/departure"
        await self._post("departure", "notifier", "carrier", path, self._bodies["departure"])

    async def until_completed(self) -> None:
        await self.harbour.move_clock("2026-07-21T00:00:00Z")
        await self._each_load(self._leave)
        await self.harbour.move_clock("2026-07-31T00:00:00Z")
        await self._each_load(self._cross)
        await self.harbour.move_clock("2026-08-03T00:00:00Z")
        await self._each_load(self._enter)
        await self.harbour.move_clock("2026-08-05T00:00:00Z")
        await self._each_load(self._receive)
        await self.harbour.move_clock("2026-09-10T00:00:00Z")
        await self._each_load(self._certify)
        await self.harbour.move_clock("2026-09-14T00:00:00Z")
        await self._each(lambda case: self._at_export(case, "guarantee/release"))
        await self._each(lambda case: self._at_export(case, "closing"))
        await self.harbour.settle()

    async def _leave(self, case: Case, load: Load) -> None:
        await self._post("exit", "customs", "export-customs", f"/v1/declarations/{load.export_id}/exit")

    async def _cross(self, case: Case, load: Load) -> None:
        """Customs of the State of transit open it, stamp the load in and out, and discharge it."""
        if case.transit:
            opened = (await self.declare("transit", case, load)).json()["declaration_id"]
            for step in ("transit-entry", "transit-exit", "discharge"):
                await self._post(step, "customs", "transit-customs", f"/v1/declarations/{opened}/{step}")

    async def _enter(self, case: Case, load: Load) -> None:
        load.import_id = (await self.declare("import", case, load)).json()["declaration_id"]
        await self._post("entry", "customs", "import-customs", f"/v1/declarations/{load.import_id}/entry")

    async def _receive(self, case: Case, load: Load) -> None:
        path = f"/v1/notifications/{case.ref}/movements/{load.number}/receipt"
        body = {"quantity": {"value": "23.9", "unit": "t"}, "expected_completion": "2026-09-15"}
        await self._post("receipt", "consent-a", "facility", path, body)

    async def _certify(self, case: Case, load: Load) -> None:
        path = f"/v1/notifications/{case.ref}/movements/{load.number}/certificate"
        await self._post("certificate", "consent-a", "facility", path)

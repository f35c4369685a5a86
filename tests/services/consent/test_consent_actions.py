"""What a desk or a gate offers is what it accepts."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from consent.domain.actions import at_desk, at_gate
from consent.domain.authority_file import AuthorityFile
from consent.domain.correspondence import answer_change, ask
from consent.domain.facility_file import RECEIPTS, FacilityFile
from consent.domain.shipment import Shipment
from consent.domain.states import VERDICTS, Act, FileState, ShipmentState, Step
from consent.domain.withdrawal import Reason, reinstate, suspend, withdraw
from pic_law.ruling import GroundCited
from pic_schemas.messages import ChangedPlace, ChangeRequested, Question
from pic_schemas.refusal import Refused
from tests.services.consent.conftest import House
from tests.services.consent.test_authority_file import TODAY, on_the_desk, ruling
from tests.services.consent.test_consent_api import BE, GATE, NL, PATH, let_in, transmitted_to
from tests.services.consent.test_facility_file import ACCEPTED, announced, at_the_gate

DAY = date(2026, 8, 5)
QUESTIONS = (Question(item=1, block=11, question="Which share of the residue is landfilled?"),)


def a_change(file: AuthorityFile) -> ChangeRequested:
    """The line calls elsewhere: everybody concerned is asked."""
    place = ChangedPlace(at="/block_15/import/entry_point", old="BEANR", new="BEZEE", article="Art. 17(1)")
    return ChangeRequested(
        number=file.number,
        change=1,
        kind="essential",
        reason="The line calls at Zeebrugge",
        requested_on=TODAY,
        changes=(place,),
        document=file.document,
        article="Art. 17(1)",
    )


REASON = Reason(signatory="Els Wouters", ground="composition", text="other than notified")
TAKING_BACK: dict[Act, Callable[[AuthorityFile], object]] = {
    Act.WITHDRAW: lambda file: withdraw(file, REASON, TODAY),
    Act.SUSPEND: lambda file: suspend(file, REASON, TODAY),
    Act.REINSTATE: lambda file: reinstate(file, "Els Wouters", "", TODAY),
}


def perform(act: Act, file: AuthorityFile) -> None:
    if act is Act.ACKNOWLEDGE:
        file.acknowledge(TODAY, TODAY)
    elif act is Act.ASK:
        ask(file, QUESTIONS, TODAY)
    elif act is Act.ANSWER_CHANGE:
        answer_change(file, 1, True, None, TODAY)
    elif act is Act.CONFIRM_CONTRACT:
        file.confirm_contract("C-2026-118", TODAY)
    elif act in TAKING_BACK:
        TAKING_BACK[act](file)
    else:
        # The grounds open to a State of transit are others than those of the State of import.
        grounds = {"grounds": (GroundCited("c"),)} if act is Act.OBJECTION and file.role == "transit" else {}
        file.decide(ruling(act, **grounds), TODAY)


@pytest.mark.parametrize("state", FileState)
@pytest.mark.parametrize("desk", ["BE001", "NL001"])
def test_every_act_of_the_desk_is_offered_exactly_when_it_is_accepted(state: FileState, desk: str) -> None:
    file = on_the_desk(desk, "s01-transit-notification")
    file.state, file.change = state, a_change(file)
    offered = {Act(action.act): action for action in at_desk(file, TODAY)}
    assert set(offered) == set(Act) - {Act.HEAR_ANSWER}
    for act, action in offered.items():
        trial = deepcopy(file)
        if action.offered:
            perform(act, trial)
            continue
        with pytest.raises(Refused) as refusal:
            perform(act, trial)
        assert refusal.value.findings == action.against
    assert file.state is state


def perform_at_gate(step: str, file: FacilityFile, shipment: Shipment) -> None:
    if step == Step.COMPLETE:
        file.certify(shipment, DAY, None, DAY)
        return
    if step == "correction of the receipt":
        file.correct(shipment, ACCEPTED.kg, "as said", DAY)
        return
    outcome = next(name for name, made in RECEIPTS.items() if made == step)
    kg = 0 if outcome == "rejected" else ACCEPTED.kg
    file.receive(shipment, replace(ACCEPTED, outcome=outcome, reason="wet", kg=kg), DAY)


@pytest.mark.parametrize("state", ShipmentState)
@pytest.mark.parametrize("received", [False, True])
def test_every_step_at_the_gate_is_offered_exactly_when_it_is_accepted(
    state: ShipmentState, received: bool
) -> None:
    file, shipment = at_the_gate() if received else announced()
    if received:
        file.receive(shipment, ACCEPTED, DAY)
    shipment.state = state
    for action in at_gate(file, "BE-F7"):
        trial = deepcopy(file)
        if action.offered:
            perform_at_gate(action.act, trial, trial.shipments[0])
            continue
        with pytest.raises(Refused) as refusal:
            perform_at_gate(action.act, trial, trial.shipments[0])
        assert refusal.value.findings == action.against


def test_the_importer_is_told_that_it_does_not_sign_for_the_facility() -> None:
    file, _ = at_the_gate()
    rules = {found.rule for action in at_gate(file, file.importer) for found in action.against}
    assert rules == {"FACILITY_IS_CALLER"}


def test_a_decision_before_the_acknowledgement_says_what_comes_first() -> None:
    found = {action.act: action for action in at_desk(on_the_desk(), TODAY)}
    assert found["consent"].against[0].needs == "first: acknowledge"
    assert all(found[verdict].against[0].article for verdict in VERDICTS)


async def test_the_desk_and_the_gate_see_their_own_actions_over_http(house: House) -> None:
    process = await house.start()
    await transmitted_to(house, process)
    await let_in(house, process)
    at_be = (await process.get(f"{PATH}/actions", process.as_(*BE))).json()
    assert at_be["state"] == "RECEIVED"
    assert [action["act"] for action in at_be["actions"] if action["offered"]] == ["ask", "acknowledge"]
    at_f7 = (await process.get(f"{PATH}/actions", process.as_(*GATE))).json()
    offered = [action["path"] for action in at_f7["actions"] if action["offered"]]
    assert offered == [f"/v1/notifications/{at_f7['case']}/movements/1/receipt"] * 3
    assert (await process.get(f"{PATH}/actions", process.as_(*NL))).status_code == 404


async def test_a_dry_run_at_the_desk_answers_and_stores_nothing(house: House) -> None:
    process = await house.start()
    await transmitted_to(house, process)
    for _ in range(2):
        tried = await process.post(f"{PATH}/acknowledgement?dry_run=true", process.as_(*BE))
        assert (tried.status_code, tried.headers["Pic-Dry-Run"]) == (200, "1")
        assert tried.json()["state"] == "IN_REVIEW"
    seen = (await process.get(PATH, process.as_(*BE))).json()
    assert seen["files"][0]["state"] == "RECEIVED"

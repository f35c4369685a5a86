"""What an authority or a facility may do now: the commands' own checks, asked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date

from consent.domain.authority_file import AuthorityFile
from consent.domain.correspondence import mind_the_change, mind_the_question
from consent.domain.facility_file import RECEIPTS, FacilityFile
from consent.domain.shipment import Outcome, Shipment
from consent.domain.states import Act, Step
from consent.domain.withdrawal import mind_the_interruption, reinstate
from pic_schemas.action import Action, standing_against
from pic_schemas.address import Role

Trial = Callable[[AuthorityFile, date], object]


def _verdict(act: Act) -> Trial:
    return lambda file, today: file.mind_the_verdict(act)


# Each act of the desk's table: its path below the notification, and what the command does or minds first.
DESK_ACTS: dict[Act, tuple[str, Trial]] = {
    Act.ASK: ("/information-requests", mind_the_question),
    Act.ACKNOWLEDGE: ("/acknowledgement", lambda file, today: file.acknowledge(today, today)),
    Act.CONFIRM_CONTRACT: ("/contract-confirmation", lambda file, today: file.confirm_contract("-", today)),
    Act.CONSENT: ("/decisions", _verdict(Act.CONSENT)),
    Act.CONSENT_WITH_CONDITIONS: ("/decisions", _verdict(Act.CONSENT_WITH_CONDITIONS)),
    Act.OBJECTION: ("/decisions", _verdict(Act.OBJECTION)),
    Act.NOT_CONSENT: ("/decisions", _verdict(Act.NOT_CONSENT)),
    Act.WITHDRAW: ("/withdrawal", lambda file, today: mind_the_interruption(file, "withdraw", today)),
    Act.SUSPEND: ("/suspension", lambda file, today: mind_the_interruption(file, "suspend", today)),
    Act.REINSTATE: ("/reinstatement", lambda file, today: reinstate(file, "-", "", today)),
}


def at_desk(file: AuthorityFile, today: date) -> Iterator[Action]:
    """Every act of the authority, each tried on a copy of its file."""
    for act, (path, trial) in DESK_ACTS.items():
        # mypy infers no type for a default that binds the loop variable.
        against = standing_against(lambda trial=trial: trial(deepcopy(file), today))  # type: ignore[misc]
        yield Action(act.value, Role.COMPETENT_AUTHORITY, "POST", path, against)
    if (change := file.change) is not None:
        against = standing_against(lambda: mind_the_change(file, change.change))
        path = f"/changes/{change.change}/answer"
        yield Action(Act.ANSWER_CHANGE.value, Role.COMPETENT_AUTHORITY, "POST", path, against)


def at_gate(file: FacilityFile, company: str) -> Iterator[Action]:
    """Receipts and certificates of every shipment that was announced."""
    for shipment in file.shipments:
        path = f"/movements/{shipment.shipment}"
        for outcome, step in RECEIPTS.items():
            against = standing_against(_receipt(file, company, shipment, outcome))
            yield Action(step.value, Role.FACILITY, "POST", f"{path}/receipt", against)
        against = standing_against(_correction(file, company, shipment))
        yield Action(
            "correction of the receipt", Role.FACILITY, "POST", f"{path}/receipt/correction", against
        )
        against = standing_against(_certificate(file, company, shipment))
        yield Action(Step.COMPLETE.value, Role.FACILITY, "POST", f"{path}/certificate", against)


def _receipt(file: FacilityFile, company: str, shipment: Shipment, outcome: Outcome) -> Callable[[], object]:
    def attempt() -> None:
        file.mind_the_caller(company)
        file.mind_the_receipt(shipment, outcome)

    return attempt


def _correction(file: FacilityFile, company: str, shipment: Shipment) -> Callable[[], object]:
    def attempt() -> None:
        file.mind_the_caller(company)
        file.mind_the_correction(shipment)

    return attempt


def _certificate(file: FacilityFile, company: str, shipment: Shipment) -> Callable[[], object]:
    def attempt() -> None:
        file.mind_the_caller(company)
        file.mind_the_certificate(shipment)

    return attempt

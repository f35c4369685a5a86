"""CH01 and CH19: what the control procedure of a movement asks for, and whether it may take place at all."""

from __future__ import annotations

from customs_gateway.domain.checks.examination import Examination, failed, not_applicable, passed
from pic_law.border_papers import Demand, Exemption, Paper, demand, paper, sample_claim
from pic_law.codes import hs_entry
from pic_law.control import Control, Load
from pic_law.disputes import Stated, prevailing, treated
from pic_law.views import disagreement
from pic_schemas.messages import CheckResult, ControlProcedure, DeclarationDocument
from pic_schemas.refusal import Refused


def procedure(examination: Examination) -> Control | None:
    """None where it is not said what the waste is or what becomes of it. Raises `Refused` for a dead code."""
    operation = examination.operations[0] if examination.operations else None
    load = Load(examination.declared.net_kg, for_analysis=_claims_sample(examination))
    stated = Stated(*examination.route, examination.code, operation, load)
    return treated(stated, examination.views, examination.declared.border_date)


def procedure_said(examination: Examination) -> ControlProcedure | None:
    """The procedure as a decision names it."""
    try:
        found = procedure(examination)
    except Refused:
        return None
    if found is None:
        return None
    step = found.deciding
    return ControlProcedure(
        outcome=found.outcome,
        rule=step.rule,
        article=step.article,
        source=step.source,
        verified=step.verified,
        detail="; ".join((step.detail, *(one.detail for one in prevailing(found)))),
    )


def what_the_procedure_asks_is_presented(examination: Examination) -> CheckResult:
    declared = examination.declared
    if declared.number is not None:
        return passed("CH01", f"{declared.number} is cited")
    claim, waste = _not_waste(examination), seen_as_waste(examination)
    if claim is not None and not waste:
        return _is_it_waste(examination, *claim)
    if examination.code is None and not waste:
        return _without_code(examination)
    try:
        found = procedure(examination)
    except Refused as refusal:
        return failed("CH01", str(refusal), "/basel_code")
    if found is None:
        return failed("CH01", f"{examination.code} is declared and no operation", "/operations")
    if found.prohibited:
        return not_applicable("CH01", "the movement is prohibited: nothing that is presented allows it")
    return _presented(examination, found, demand(found, declared.border_date))


def seen_as_waste(examination: Examination) -> bool:
    """Whether goods that are declared without a waste code are waste to an authority of the route."""
    stated = disagreement("waste", examination.declared.border_date) is not None
    return stated and examination.code is None and any(view.code for view in examination.views)


def movement_is_not_prohibited(examination: Examination) -> CheckResult:
    if (told := _told(examination)) is not None:
        return told
    try:
        found = procedure(examination)
    except Refused as refusal:
        return not_applicable("CH19", str(refusal))
    if found is None:
        return not_applicable("CH19", "it is not declared what the waste is or what becomes of it")
    origin, destination, _ = examination.route
    if found.prohibited:
        reasons = "; ".join(f"{step.rule}: {step.detail}" for step in found.forbidding)
        return failed("CH19", reasons, "/destination", basis=found.deciding)
    how = f"{found.outcome} by {found.deciding.rule}"
    return passed("CH19", f"{origin} to {destination} is not prohibited: {how}", found.deciding)


def _told(examination: Examination) -> CheckResult | None:
    """The State of export said that the notification is under a prohibition, which no table may hold."""
    said = examination.entry.prohibition if examination.entry else None
    if said is None:
        return None
    reasons = "; ".join(f"{one.rule}: {one.detail}" for one in said.reasons)
    since = f"under prohibition since {said.prohibited_on}"
    return failed("CH19", f"{since}: {reasons}", "/number", basis=said.reasons[0])


def _presented(examination: Examination, found: Control, asked: Demand) -> CheckResult:
    if asked.exemption is not None:
        return _exempt(examination, asked, asked.exemption)
    if asked.paper is None:
        return passed("CH01", f"{asked.step.detail}: nothing is asked for", asked.step)
    if asked.paper.kind == "general-information":
        return _general_information(examination, asked, asked.paper)
    seen = "".join(f"; {one.detail} ({one.article})" for one in prevailing(found))
    detail = f"{asked.step.detail}: {asked.paper.title} ({asked.paper.code}) is asked for"
    if _claims_sample(examination):
        seen += f"; {examination.declared.net_kg} kg are no sample to every State of the route"
    return failed("CH01", f"{detail}, and no notification is cited{seen}", "/number", basis=asked.step)


def _general_information(examination: Examination, asked: Demand, form: Paper) -> CheckResult:
    cited, stated = cites(examination, form.code), examination.declared.general_information
    what = f"{asked.step.detail}: {form.title} ({form.code})"
    if cited is None:
        return failed("CH01", f"{what} is asked for and not cited", "/documents", basis=asked.step)
    if stated is None:
        return failed(
            "CH01", f"{what} is cited, its fields are missing", "/general_information", basis=asked.step
        )
    if stated.form_number != cited.id:
        detail = f"{what}: {cited.id} is cited, {stated.form_number} is filled in"
        return failed("CH01", detail, "/general_information/form_number", basis=asked.step)
    who = f"arranged by {stated.arranged_by}, for {', '.join(examination.operations)} at {stated.facility}"
    return passed("CH01", f"{what} {cited.id} is presented: {who}; no consent is needed", asked.step)


def _exempt(examination: Examination, asked: Demand, exemption: Exemption) -> CheckResult:
    claimed = [one.exemption_code for one in examination.declared.documents if one.exemption_code]
    if exemption.code in claimed:
        detail = f"exempt under {exemption.title} ({exemption.code}): no consent is needed"
        return passed("CH01", detail, asked.step)
    detail = f"neither a notification nor the exemption {exemption.code} ({exemption.title}) is named"
    if claimed:
        detail = f"{', '.join(claimed)} is claimed, {exemption.code} is the exemption that applies"
    return failed("CH01", detail, "/documents", basis=asked.step)


def _claims_sample(examination: Examination) -> bool:
    claim = sample_claim(examination.declared.border_date)
    claimed = {one.exemption_code for one in examination.declared.documents}
    return claim is not None and claim.code in claimed


def _without_code(examination: Examination) -> CheckResult:
    hs = examination.declared.hs
    line = hs_entry(hs, examination.declared.border_date)
    if line is not None and line.watched:
        return failed(
            "CH01", f"{hs} is watched: neither notification nor waste code is declared", "/basel_code"
        )
    return not_applicable("CH01", f"{hs} is not watched and no waste code is declared")


def _not_waste(examination: Examination) -> tuple[Paper, DeclarationDocument] | None:
    claim = paper("not-waste", examination.declared.border_date)
    cited = cites(examination, claim.code)
    return (claim, cited) if cited is not None else None


def _is_it_waste(examination: Examination, claim: Paper, cited: DeclarationDocument) -> CheckResult:
    declared = examination.declared
    at = f"/documents/{declared.documents.index(cited)}"
    if cited.reason is None:
        return failed(
            "CH01", f"{claim.code}, {claim.title.lower()}: no reason is given", f"{at}/reason", basis=claim
        )
    if declared.basel_code is not None:
        detail = f"{claim.code} says that it is no waste, {declared.basel_code} that it is"
        return failed("CH01", detail, "/basel_code", basis=claim)
    line = hs_entry(declared.hs, declared.border_date)
    if line is not None and line.watched:
        # Where it is in dispute whether it is waste, it is treated as waste (WSR 1013/2006 Art. 28(1)).
        detail = f"{declared.hs} is a line for waste, {claim.code} denies it: {cited.reason}"
        return failed("CH01", detail, at, "HOLD", basis=claim)
    return passed("CH01", f"not waste ({claim.code}): {cited.reason}", claim)


def cites(examination: Examination, code: str) -> DeclarationDocument | None:
    """The document cited under this code, written `C` and `672` or `C` and `C672`."""
    for one in examination.declared.documents:
        if code in (one.type, one.category + one.type) and one.exemption_code is None:
            return one
    return None

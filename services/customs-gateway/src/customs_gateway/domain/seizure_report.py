"""The report of a seizure, field by field, in the manner of the WCO's Customs Enforcement Network."""

from __future__ import annotations

from collections.abc import Mapping

from customs_gateway.domain.declaration import Declaration
from pic_law.detentions import Form, ReportField, fields_of
from pic_law.rules import rule

Value = str | int | None
DIRECTIONS: Mapping[str, str] = {"export": "leaving", "import": "entering", "transit": "in transit"}
KILOGRAM = "KGM"


def seizure_report(declaration: Declaration, form: Form, *, nominal: bool) -> list[tuple[ReportField, Value]]:
    """The fields of the form with their values; refused for a load that was not seized."""
    values = _values(declaration)
    return [(one, values[one.id]) for one in fields_of(form, nominal=nominal)]


def _values(declaration: Declaration) -> dict[str, Value]:
    said, lodged, report = declaration.seizure, declaration.lodged, declaration.report
    if said is None:
        raise rule("STATE_FORBIDS").refused("", f"the load of declaration {declaration.id} was not seized")
    done = [one for one in declaration.inspections if one.done]
    return {
        "case_no": declaration.id,
        "seized_on": str(said.seized_on),
        "office": said.office,
        "direction": DIRECTIONS[lodged.direction],
        "procedure": lodged.direction,
        "transport_mode": lodged.means,
        "hs": lodged.hs,
        "declared_code": lodged.basel_code,
        "waste_code": report.waste_code if report else lodged.basel_code,
        "description": lodged.description,
        "quantity": said.net_kg,
        "unit": KILOGRAM,
        "origin": lodged.origin,
        "departure": lodged.origin,
        "transit": " ".join(lodged.transits),
        "destination": lodged.destination,
        "consignor": lodged.exporter,
        "consignee": lodged.consignee,
        "carrier": lodged.carrier,
        "notification": lodged.number,
        "art9_letters": " ".join(report.art9_letters) if report else "",
        "concealment": said.concealment,
        "detection": said.detection,
        "legal_basis": said.legal_basis,
        "containers": " ".join(one.id for one in lodged.equipment),
        "found": "; ".join(one.findings or "" for one in done),
        "photos": " ".join(each.sha256 for one in done for each in one.attachments),
        "disposal": said.disposal,
        "operation": said.operation,
    }

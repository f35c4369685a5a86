"""Every duty of a profile is asked for by some code, or stands here with its reason."""

from __future__ import annotations

import re
from pathlib import Path

from pic_law.duties import profiles

SOURCES = Path(__file__).resolve().parents[2]
ROOMS = ("law/src", "services/notifier/src", "services/consent/src", "services/customs-gateway/src")
ROOMS += ("services/single-window/src",)

PAPERS = "said to traders by requirements.yaml, not counted by a clock"
RECORDS = "records are kept for one audit period that is longer than any of these"
REPORT = "national reports are not made by this exchange"
PERMITS = "the State of export has no decision here beside its permit"
SHORTER = "pre-consented shipments are asked by the general duty; the shorter time is not counted"
OECD_OWN = "an OECD State outside the Union is asked under the OECD Decision, which has the same"
THIRD_STATE = "a State outside the Union decides under its own law or the Convention"
EXPLAIN = "no message carries an explanation, and nothing in the procedure follows from it"

UNASKED: dict[str, str] = {
    "BASEL.annual_report": REPORT,
    "CANADA.liability_insurance_min_cad": PAPERS,
    "CANADA.movement_partA_to_minister": "the movement document reaches every authority when it is announced",
    "CANADA.record_retention": RECORDS,
    "EU_2006.explain_if_not_transmitted": EXPLAIN,
    "EU_2006.export_ca_decision_not_before": PERMITS,
    "EU_2006.export_ca_refuse_to_proceed": PERMITS,
    "EU_2006.fg_storage_days_covered": PAPERS,
    "EU_2006.record_retention": RECORDS,
    "EU_2006.third_country_transit_decision": THIRD_STATE,
    "EU_2024.decision_outcomes": "the verdicts are those of the desk's table",
    "EU_2024.explain_if_import_or_transit_ca_silent": EXPLAIN,
    "EU_2024.export_ca_decision_not_before": PERMITS,
    "EU_2024.facility_audit_evidence_required_for_export": PAPERS,
    "EU_2024.fg_storage_days_covered": PAPERS,
    "EU_2024.max_sync_interval": "of systems beside the central one; messages here travel at once",
    "EU_2024.notifier_uploads_third_country_docs": "every State concerned hears receipts by message",
    "EU_2024.preconsented_further_request": SHORTER,
    "EU_2024.preconsented_info_request": SHORTER,
    "EU_2024.preconsented_more_time_notice": SHORTER,
    "EU_2024.preconsented_total_max": SHORTER,
    "EU_2024.receipt_copies_export_efta_disposal": "every State concerned hears receipts by message",
    "EU_2024.record_retention": RECORDS,
    "EU_2024.record_retention_without_certificate": RECORDS,
    "EU_2024.tacit_outside_union_oecd_destination": OECD_OWN,
    "EU_2024.tacit_outside_union_oecd_dispatch": OECD_OWN,
    "EU_2024.takeback_illegal_consignee": "Art. 9(3) of the Convention is asked, with the same thirty days",
    "EU_2024.third_country_transit_decision": THIRD_STATE,
    "UK_IWS_IMPL.fg_decision": "a default of one deployed system; no law asks it of others",
    "UK_IWS_IMPL.prenotify_max_ahead": "a default of one deployed system; no law asks it of others",
    "UK_IWS_IMPL.prenotify_qty_max_decimals": "a default of one deployed system; no law asks it of others",
    "USA.annual_report": REPORT,
    "USA.exception_no_departure_manifest": "the manifest of the initial transporter is not on this exchange",
}
"""What no code asks for, and why."""


def asked_for() -> set[str]:
    """Every name that stands between quotes in the code, or that a statute file gives as a duty."""
    text = "".join(path.read_text("utf-8") for room in ROOMS for path in (SOURCES / room).rglob("*.py"))
    files = (SOURCES / "law/src/pic_law/statutes").glob("*.yaml")
    said = "".join(path.read_text("utf-8") for path in files if path.name != "profiles.yaml")
    return {*re.findall(r"\"([a-zA-Z0-9_]+)\"", text), *re.findall(r"duty: ([a-zA-Z0-9_]+)", said)}


def unasked() -> set[str]:
    """Duties that neither their own id nor their common name nor a variant leads to."""
    names = asked_for()
    found = set()
    for profile in profiles().values():
        used = {v.use for duty in profile.duties.values() for v in duty.variants}
        for duty in profile.duties.values():
            if not names & {duty.id, duty.answers or duty.id} and duty.id not in used:
                found.add(duty.rule)
    return found


def test_every_duty_of_a_profile_is_asked_for_or_its_reason_stands_here() -> None:
    assert sorted(unasked() - set(UNASKED)) == []


def test_no_reason_stands_here_for_a_duty_that_is_asked_for() -> None:
    assert sorted(set(UNASKED) - unasked()) == []

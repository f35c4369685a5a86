"""Each authority and duty has its law: its own, an Article 11 agreement, or Basel where they are silent."""

from datetime import date
from typing import Any

import pytest

from pic_law.countries import waived_transit_consent
from pic_law.governing import Governing, allows_silence, governing, has_vote, own_law

S01: dict[str, Any] = {"origin": "CA", "destination": "BE", "waste_code": "Y48", "recovery": True}


def law(duty: str, state: str, role: Any, lodged: str = "2026-06-01", **case: Any) -> Governing:
    return governing(duty, state=state, role=role, lodged_on=date.fromisoformat(lodged), **{**S01, **case})


@pytest.mark.parametrize(
    ("duty", "state", "role", "lodged", "profile", "found"),
    [
        ("authorisation", "CA", "export", "2026-06-01", "CANADA", "authorisation"),
        ("notification_window", "CA", "export", "2026-06-01", "CANADA", "notification_window"),
        ("permit_validity_max", "CA", "export", "2026-06-01", "CANADA", "permit_validity_max"),
        ("movement_partA_to_minister", "CA", "export", "2026-06-01", "CANADA", "movement_partA_to_minister"),
        ("movement_prenotice", "CA", "export", "2026-06-01", "BASEL", "movement_prenotice"),
        ("decision", "BE", "import", "2026-05-20", "EU_2006", "decision"),
        ("decision", "BE", "import", "2026-05-21", "EU_2024", "decision"),
        ("decision", "BE", "import", "2026-04-01", "EU_2006", "decision"),
        ("import_ack", "BE", "import", "2026-04-01", "EU_2006", "import_ack"),
        ("import_ack", "BE", "import", "2026-06-01", "BASEL", "import_ack"),
        ("contract_confirmation", "BE", "import", "2026-06-01", "BASEL", "contract_confirmation"),
        ("authorisation", "BE", "export", "2026-06-01", "BASEL", "authorisation"),
        ("export_ca_check", "BE", "export", "2026-04-01", "EU_2006", "export_ca_check_or_transmit"),
        ("export_ca_check", "BE", "export", "2026-06-01", "EU_2024", "export_ca_info_request"),
        ("consent_validity_written", "BE", "import", "2026-06-01", "EU_2024", "consent_validity_written"),
        ("movement_prenotice", "BE", "import", "2026-06-01", "EU_2024", "movement_prenotice"),
        ("receipt_confirm", "BE", "facility", "2026-06-01", "EU_2024", "receipt_confirm_import_from_oecd"),
        ("receipt_confirm", "BE", "facility", "2026-04-01", "EU_2006", "receipt_confirm"),
        ("completion_certificate", "BE", "facility", "2026-06-01", "EU_2024", "completion_certificate"),
        ("decision", "NL", "transit", "2026-06-01", "EU_2024", "decision"),
        ("decision", "GB", "transit", "2026-06-01", "EU_2006", "decision"),
        ("decision", "JP", "transit", "2026-06-01", "BASEL", "transit_decision"),
        ("import_ack", "JP", "transit", "2026-06-01", "BASEL", "transit_ack"),
        ("takeback_illegal", "CA", "export", "2026-06-01", "BASEL", "takeback_illegal_exporter"),
        (
            "takeback_not_completed",
            "CA",
            "export",
            "2026-06-01",
            "CANADA",
            "refused_load_alternative_or_return",
        ),
    ],
)
def test_the_law_of_canada_to_belgium(
    duty: str, state: str, role: str, lodged: str, profile: str, found: str
) -> None:
    answer = law(duty, state, role, lodged)
    assert answer.duty is not None
    assert (answer.profile, answer.duty.id) == (profile, found)
    assert answer.article == answer.duty.article
    assert answer.reason


def test_canada_issues_a_permit_and_others_let_the_consents_release() -> None:
    values = {state: law("authorisation", state, "export").duty for state in ("CA", "JP", "BE")}
    assert {s: d.value for s, d in values.items() if d} == {
        "CA": "permit",
        "JP": "automatic",
        "BE": "automatic",
    }


def test_a_load_from_another_member_state_has_two_days_for_its_receipt() -> None:
    found = law("receipt_confirm", "BE", "facility", origin="NL")
    assert found.duty is not None
    assert (found.duty.amount, found.duty.unit) == (2, "wd")


def test_where_no_law_speaks_there_is_no_duty() -> None:
    found = law("no_receipt_alert", "CA", "export")
    assert found.duty is None
    assert found.reason == "CANADA and BASEL set no no_receipt_alert"


def test_an_agreement_stands_in_for_basel_but_not_for_the_own_law() -> None:
    oecd = {"origin": "US", "destination": "JP", "waste_code": "AC300"}
    assert law("decision", "JP", "import", **oecd).profile == "OECD_AMBER"
    assert law("decision", "DE", "import", destination="DE", waste_code="AC300").profile == "EU_2024"


def test_the_agreement_of_1986_covers_hazardous_waste_and_not_plastic_scrap() -> None:
    found = law("decision", "CA", "import", origin="US", destination="CA", waste_code="A3210")
    assert found.duty is not None
    assert found.duty.rule == "CA_US_1986_AGREEMENT.importing_country_response"
    scrap = law("decision", "CA", "import", origin="US", destination="CA", waste_code="Y48")
    assert scrap.profile == "BASEL"


def test_a_preconsented_facility_has_seven_working_days_under_the_oecd_decision() -> None:
    oecd: dict[str, Any] = {"origin": "US", "destination": "JP", "waste_code": "AC300", "preconsented": True}
    found = law("decision", "JP", "import", **oecd)
    assert found.duty is not None
    assert (found.duty.amount, found.duty.unit) == (7, "wd")


def test_the_law_of_the_united_states_is_for_hazardous_waste_only() -> None:
    day = date(2026, 6, 1)
    hazardous = own_law("US", "A3210", day)
    assert hazardous is not None
    assert hazardous.profile == "USA"
    assert own_law("US", "Y48", day) is None


def test_silence_of_the_importing_state_is_never_consent_under_basel_or_in_the_union() -> None:
    assert not allows_silence(law("tacit", "JP", "import"), "import", waived=True)
    assert not allows_silence(law("tacit", "BE", "import"), "import")
    assert not allows_silence(law("tacit", "BE", "import", "2026-04-01"), "import")


def test_silence_in_transit_is_consent_where_the_law_says_so() -> None:
    assert allows_silence(law("tacit", "NL", "transit"), "transit")
    assert allows_silence(law("tacit", "JP", "transit"), "transit", waived=True)
    assert not allows_silence(law("tacit", "JP", "transit"), "transit")


def test_silence_of_an_oecd_destination_is_consent_for_amber_waste() -> None:
    oecd = {"origin": "US", "destination": "JP", "waste_code": "AC300"}
    assert allows_silence(law("tacit", "JP", "import", **oecd), "import")
    assert not allows_silence(law("tacit", "DE", "import", destination="DE", waste_code="AC300"), "import")


def test_the_audit_duty_begins_in_2027() -> None:
    name = "facility_audit_evidence_required_for_export"
    assert law(name, "BE", "export", "2027-05-20").duty is None
    assert law(name, "BE", "export", "2027-05-21").duty is not None


def test_an_agreement_does_not_bind_a_transit_state_outside_it() -> None:
    oecd = {"origin": "US", "destination": "JP", "waste_code": "AC300"}
    assert law("decision", "KR", "transit", **oecd).profile == "OECD_AMBER"
    assert allows_silence(law("tacit", "KR", "transit", **oecd), "transit")
    outside = law("tacit", "SG", "transit", **oecd)
    assert outside.profile == "BASEL"
    assert not allows_silence(outside, "transit")


@pytest.mark.parametrize(
    ("case", "state", "role", "lodged", "route", "counts"),
    [
        ("S05 a Party that waived", "XT", "transit", "2026-06-01", {"destination": "MY"}, True),
        ("S05 a Party that did not", "JP", "transit", "2026-06-01", {"destination": "MY"}, False),
        (
            "S05 the State of import, waiver or not",
            "XT",
            "import",
            "2026-06-01",
            {"destination": "XT"},
            False,
        ),
        ("S05 transit in the Union", "NL", "transit", "2026-06-01", {}, True),
        ("S05 transit in the Union before", "NL", "transit", "2026-05-20", {}, True),
        ("S06 OECD destination", "JP", "import", "2026-06-01", {"origin": "US", "destination": "JP"}, True),
        ("S06 OECD transit", "KR", "transit", "2026-06-01", {"origin": "US", "destination": "JP"}, True),
        ("S06 OECD transit in the Union", "NL", "transit", "2026-06-01", {"destination": "JP"}, True),
        ("S06 destination in the Union", "DE", "import", "2026-06-01", {"destination": "DE"}, False),
        ("S06 destination in the Union before", "DE", "import", "2026-05-20", {"destination": "DE"}, False),
        ("S06 disposal is outside the Decision", "JP", "import", "2026-06-01", {"recovery": False}, False),
        (
            "S07 pre-consented",
            "JP",
            "import",
            "2026-06-01",
            {"destination": "JP", "preconsented": True},
            True,
        ),
        (
            "the Agreement of 1986",
            "CA",
            "import",
            "2026-06-01",
            {"origin": "US", "destination": "CA", "recovery": False},
            True,
        ),
        ("La Paz", "MX", "import", "2026-06-01", {"origin": "US", "destination": "MX"}, False),
    ],
)
def test_whose_silence_is_consent(
    case: str, state: str, role: Any, lodged: str, route: dict[str, Any], counts: bool
) -> None:
    amber = {"origin": "CA", "destination": "JP", "waste_code": "A3210", **route}
    waived = waived_transit_consent(state, date.fromisoformat(lodged))
    assert allows_silence(law("tacit", state, role, lodged, **amber), role, waived=waived) is counts, case


def test_the_sixty_days_of_a_party_that_waived_begin_when_it_receives_the_notice() -> None:
    waived, other = law("decision", "XT", "transit").duty, law("decision", "JP", "transit").duty
    assert waived is not None
    assert other is not None
    assert (waived.amount, waived.unit, waived.start) == (60, "d", "transit_receipt")
    assert (other.amount, other.unit, other.start) == (60, "d", None)


def test_a_preconsented_facility_is_consented_to_for_three_years_under_the_oecd_decision() -> None:
    oecd: dict[str, Any] = {"origin": "US", "destination": "JP", "waste_code": "AC300"}
    plain = law("consent_validity_written", "JP", "import", **oecd).duty
    known = law("consent_validity_written", "JP", "import", **oecd, preconsented=True).duty
    assert plain is not None
    assert known is not None
    assert (plain.amount, plain.unit, known.amount, known.unit) == (1, "y", 36, "m")


def test_a_facility_that_only_stores_is_not_preconsented_in_the_union() -> None:
    found = law("r13_only_facility_eligible_for_preconsent", "BE", "import").duty
    assert found is not None
    assert found.value is False


def test_a_non_party_in_transit_votes_only_where_an_agreement_binds_it() -> None:
    amber: dict[str, Any] = {"waste_code": "A3210", "recovery": True, "on": date(2026, 6, 1)}
    assert not has_vote("US", origin="CA", destination="PH", **amber)
    assert has_vote("US", origin="CA", destination="MX", **amber)
    assert has_vote("SG", origin="CA", destination="MX", **amber)

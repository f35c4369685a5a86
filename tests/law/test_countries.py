"""The table of countries: the projects' members, waivers, unions, rules for plastic waste."""

from datetime import date

import pytest

from pic_law import library
from pic_law.countries import Country, countries, in_group, projects, unions, waived_transit_consent

TODAY = date(2026, 11, 23)


def test_the_countries_of_both_projects_are_in_the_table() -> None:
    members = {project.id: set(project.members) for project in projects()}
    assert members["WCO_PLASTIC_WASTE"] == {"VN", "ID", "PH", "LK", "TH", "LA", "KH", "MY", "AU"}
    assert members["NCEDE"] == {"US", "CA", "MX"}


def test_every_rule_for_plastic_waste_says_where_it_stands() -> None:
    rules = {iso: found.plastic_rule for iso, found in countries().items() if found.plastic_rule}
    wanted = {"US", "CA", "MX", "AU", "JP", "ID", "MY", "VN", "PH", "TH", "LK", "KH", "SG", "CN", "HK", "BE"}
    assert wanted <= set(rules)
    assert [iso for iso, rule in rules.items() if not (rule.text and rule.source)] == []
    assert not rules["ID"].verified


def test_what_is_not_established_is_left_blank() -> None:
    laos = countries()["LA"]
    assert laos.plastic_rule is None
    assert "not established" in laos.note
    assert [iso for iso in countries() if waived_transit_consent(iso, TODAY)] == ["XT"]
    assert countries()["XT"].invented
    assert not any(found.plastics_refused for found in countries().values())


@pytest.mark.parametrize(("scope", "waived"), [("general", True), ("conditional", False)])
def test_only_a_general_waiver_speaks_for_itself(scope: str, waived: bool) -> None:
    waiver = {"scope": scope, "source": "test", "verified": False, "valid_from": "2026-01-01"}
    content = {"iso": "QQ", "name": "A Party", "waiver": waiver, "source": "test", "verified": False}
    entry = library.entry(Country, content, "test")
    assert entry.waives_transit_consent(TODAY) is waived
    assert not entry.waives_transit_consent(date(2025, 12, 31))


def test_the_union_is_a_party_and_not_a_place() -> None:
    (union,) = unions()
    assert union.iso == "EU"
    assert "EU" not in countries()


def test_efta_is_a_group_of_its_own() -> None:
    assert [iso for iso in countries() if in_group(iso, "EFTA", TODAY)] == ["NO", "CH", "IS", "LI"]

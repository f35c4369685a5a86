"""The alert rules ask for metrics that exist, and the guide explains every one of them."""

from __future__ import annotations

import re
from typing import Any

import yaml

from pic_kit.metrics import MEASURES
from tests.support.composed import ROOT

GUIDE = (ROOT / "docs" / "operations.md").read_text("utf-8")
TOLD = {*MEASURES, "pic_request_seconds_count"}


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_asks_for_metrics_that_are_told() -> None:
    for rule in rules():
        asked = set(re.findall(r"pic_[a-z_]+", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= TOLD, rule["alert"]


def test_every_alert_has_a_line_in_the_guide_and_a_severity() -> None:
    assert [rule["alert"] for rule in rules() if f"| {rule['alert']} |" not in GUIDE] == []
    assert {rule["labels"]["severity"] for rule in rules()} == {"page", "warn"}


def test_every_metric_is_in_the_guide_and_the_guide_names_no_other() -> None:
    named = set(re.findall(r"`(pic_[a-z_]+)`", GUIDE))
    assert named == {*MEASURES, "pic_request_seconds"}

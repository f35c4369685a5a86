"""Conditions of the consents against one load: what a machine checks, and what the exporter confirms."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from notifier.domain.notification import Notification
from notifier.domain.refusals import finding
from pic_law.conditions import allowed, for_a_person
from pic_schemas.documents import MovementDocument
from pic_schemas.messages import DecisionTaken
from pic_schemas.refusal import Finding


def against(
    notification: Notification, document: MovementDocument, confirmed: Collection[str]
) -> Iterator[Finding]:
    """Every condition that this load does not meet, and every one that nobody confirmed."""
    for each in notification.authorities:
        if each.consents and each.decision is not None:
            yield from _not_met(each.decision, document)
            yield from _not_confirmed(each.decision, confirmed)


def carriers_against(notification: Notification, document: MovementDocument) -> Iterator[Finding]:
    """Carriers that a consent does not allow."""
    for each in notification.authorities:
        if each.consents and each.decision is not None:
            yield from _not_met(each.decision, document)


def _not_met(decision: DecisionTaken, document: MovementDocument) -> Iterator[Finding]:
    carriers = allowed("carriers", decision.conditions)
    strangers = {leg.registration_no for leg in document.block_8.in_order} - (carriers or set())
    if carriers is not None and strangers:
        detail = (
            f"{decision.authority} allows {', '.join(sorted(carriers))}, not {', '.join(sorted(strangers))}"
        )
        yield finding("CONDITION_NOT_MET", detail, "/block_8")


def _not_confirmed(decision: DecisionTaken, confirmed: Collection[str]) -> Iterator[Finding]:
    for condition in for_a_person(decision.conditions):
        if (name := f"{decision.authority}/{condition.id}") not in confirmed:
            yield finding("CONDITION_NOT_CONFIRMED", f"{name}: {condition.text}", "/conditions_confirmed")

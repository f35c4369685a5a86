"""Many shipments announced in one request: all of them, or none and every reason with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from notifier.domain.movement import Movement
from notifier.domain.notification import Notification
from notifier.domain.prenotification import Load, mind_the_start, prenotify
from notifier.domain.refusals import refuse_if_any
from pic_schemas.messages import Message
from pic_schemas.refusal import Finding, Refused


def prenotify_all(
    notification: Notification, loads: Sequence[Load], on: date
) -> tuple[list[Movement], list[Message]]:
    """In the order given, each load beside those before it. Raises Refused with what is against any of them.

    All or nothing: serial numbers follow one another, and a limit that the last load breaks is broken by
    the plan, so the exporter mends the plan and sends it again.
    """
    mind_the_start(notification, on)
    before = list(notification.movements)
    said: list[Message] = []
    found: list[Finding] = []
    for place, load in enumerate(loads):
        try:
            said += prenotify(notification, load, on)[1]
        except Refused as refused:
            found += [replace(each, pointer=f"/loads/{place}{each.pointer}") for each in refused.findings]
    announced = notification.movements[len(before) :]
    if found:
        notification.movements = before
    refuse_if_any(found)
    return announced, said

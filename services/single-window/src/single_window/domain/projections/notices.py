"""Two notices of one movement: the importer's own, and how it compares with the exporter's."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import CaseLinked, NoticesCompared
from single_window.domain.case import CaseFile, DifferenceEntry, NoticesEntry
from single_window.domain.projections.register import projects


@projects(CaseLinked)
def link(case: CaseFile, event: Event, message: CaseLinked) -> None:
    case.notices = NoticesEntry(message.reference, message.importer, message.notice_version, message.filed_on)


@projects(NoticesCompared)
def compare(case: CaseFile, event: Event, message: NoticesCompared) -> None:
    found = case.notices
    if found is None or found.notice_version != message.notice_version:
        return
    found.policy, found.agree, found.compared_on = message.policy, message.agree, message.compared_on
    found.article = message.article
    found.differences = [
        DifferenceEntry(one.field, one.pointer, one.export_notice, one.import_notice)
        for one in message.differences
    ]

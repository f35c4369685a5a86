"""How authorities see the load where they differ from what was stated."""

from __future__ import annotations

from pic_schemas.envelope import Event
from pic_schemas.messages import ClassificationStated
from single_window.domain.case import CaseFile, ViewEntry
from single_window.domain.projections.register import projects


@projects(ClassificationStated)
def see(case: CaseFile, event: Event, message: ClassificationStated) -> None:
    """The latest of each authority."""
    known = case.views.get(message.authority)
    if known is not None and known.version >= message.version:
        return
    case.views[message.authority] = ViewEntry(
        authority=message.authority,
        part=message.part,
        version=message.version,
        stated_on=message.stated_on,
        seen=seen(message),
        reason=message.reason,
        treated_as=message.treated_as,
        because=[f"{one.detail} ({one.article}, {one.source})" for one in message.prevailing],
    )


def seen(message: ClassificationStated) -> str:
    """What the authority would state, in words."""
    if not message.waste:
        return "no waste"
    code = message.code or message.stated_code or "waste"
    operation = message.operation or message.stated_operation
    return f"{code}, {operation}" if operation else code

"""The command after a release: an audit is recorded, and the next loads of the companies know of it."""

from __future__ import annotations

from customs_gateway import store
from customs_gateway.clearing import own, say_to_officials
from customs_gateway.domain.audit import Record, audited
from customs_gateway.domain.declaration import Declaration
from pic_kit.access import Caller
from pic_kit.runtime import Runtime
from pic_kit.transaction import Work


async def record_audit(
    work: Work, caller: Caller, runtime: Runtime, declaration: str, record: Record
) -> Declaration:
    """Who audited, when, and whether the load was what was declared."""
    found, entry = await own(work, caller, runtime, declaration)
    said = audited(found, record, work.now.date())
    say_to_officials(work, found, entry, said)
    if said.irregular:
        facility = entry.document.facility.registration_no if entry and entry.document else None
        why = f"{found.office} found on {said.audited_on}, by audit: {said.findings}"
        await store.load_was_irregular(work, found.lodged, facility, why)
    return found

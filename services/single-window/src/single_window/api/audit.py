"""The audit log of a case with its proof, for those whom the case concerns."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pic_kit.problems import problems
from single_window.api.cases import unknown_case
from single_window.api.context import TheReader, TheRooms
from single_window.domain.audit import Fault, faults_in
from single_window.window.store import audit_of, find_case

router = APIRouter(prefix="/v1/cases", tags=["audit"])


class AuditEntry(BaseModel):
    """One event at its place; `chain` is the SHA-256 of the entry before it and of this event."""

    position: int
    chain: str
    event: dict[str, Any]


class AuditFault(BaseModel):
    """An entry that was altered, removed, inserted or moved in the store."""

    what: str
    position: int
    event: str
    detail: str

    @classmethod
    def of(cls, fault: Fault) -> AuditFault:
        return cls(what=fault.what, position=fault.position, event=fault.event, detail=fault.detail)


class AuditLog(BaseModel):
    """`pic audit verify` checks it without the exchange. `faults`: what the store itself finds wrong now."""

    world: str
    case: str
    number: str | None
    length: int = Field(description="how many entries were ever chained in this case")
    entries: list[AuditEntry]
    faults: list[AuditFault]
    proof: str = Field(description="JWS of the issuer over world, case, length, ids and hashes")
    keys: dict[str, Any] = Field(description="the issuer's public keys (JWKS)")


@router.get("/{ref}/audit", responses=problems(401, 403, 404))
async def read_audit(ref: str, house: TheRooms, reader: TheReader) -> AuditLog:
    """Everything that happened in a case, chained by hashes and signed."""
    found = await house.window.read(lambda c: find_case(c, reader.world, ref, reader.parties))
    if found is None:
        raise unknown_case(ref)
    case = found[0]
    entries = await house.window.read(lambda c: audit_of(c, reader.world, case.case))
    signed = [[entry.id, entry.chain] for entry in entries]
    claims = {"world": case.world, "case": case.case, "length": case.audited, "entries": signed}
    return AuditLog(
        world=case.world,
        case=case.case,
        number=case.number,
        length=case.audited,
        entries=[AuditEntry(position=e.position, chain=e.chain, event=dict(e.event)) for e in entries],
        faults=[
            AuditFault.of(fault) for fault in faults_in(case.world, case.case, entries, (), case.audited)
        ],
        proof=await house.issuer.sign(claims),
        keys=await house.issuer.fetch_keys(),
    )

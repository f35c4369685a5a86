"""Where files are kept and found; all SQL of this service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Table, and_, bindparam, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from consent.domain.authority_file import AuthorityFile
from consent.domain.classified_load import ClassifiedLoad
from consent.domain.facility_file import FacilityFile
from consent.domain.facility_record import FacilityRecord, Mark
from consent.domain.notice_pair import NoticePair
from consent.tables import (
    AUTHORITY_FILES,
    CLASSIFIED_LOADS,
    FACILITY_FILES,
    FACILITY_RECORDS,
    NOTICE_PAIRS,
)
from pic_kit.prepared import Prepared
from pic_kit.repository import Repository
from pic_schemas.numbers import UnreadableNumber, normalise

Found = list[tuple[AuthorityFile, int]]
FoundAtGate = list[tuple[FacilityFile, int]]


def _authority_columns(file: AuthorityFile) -> Mapping[str, Any]:
    return {"country": file.country, "number": file.number, "state": file.state.value}


def _facility_columns(file: FacilityFile) -> Mapping[str, Any]:
    return {
        "country": file.country,
        "facility": file.facility,
        "importer": file.importer,
        "number": file.number,
    }


authority_files = Repository(
    AUTHORITY_FILES, AuthorityFile, key=lambda f: (f.world, f.case, f.authority), columns=_authority_columns
)
facility_files = Repository(
    FACILITY_FILES, FacilityFile, key=lambda f: (f.world, f.case), columns=_facility_columns
)

notice_pairs = Repository(NOTICE_PAIRS, NoticePair, key=lambda p: (p.world, p.number), columns=lambda p: {})

classified_loads = Repository(
    CLASSIFIED_LOADS, ClassifiedLoad, key=lambda c: (c.world, c.case), columns=lambda c: {}
)


facility_records = Repository(
    FACILITY_RECORDS, FacilityRecord, key=lambda r: (r.world, r.authority, r.facility), columns=lambda r: {}
)


_MARKS = facility_records.reading(
    and_(*(column == bindparam(column.name) for column in FACILITY_RECORDS.primary_key.columns))
)


async def marks_against(connection: AsyncConnection, world: str, authority: str, facility: str) -> list[Mark]:
    """What this authority was told of a facility, for reading."""
    named = {"world": world, "authority": authority, "facility": facility}
    found = await facility_records.fetch_by(connection, _MARKS, named)
    return found[0][0].marks if found else []


async def notice_pair(connection: AsyncConnection, world: str, number: str) -> NoticePair | None:
    """The two notices under this number, for reading."""
    found = await notice_pairs.fetch(connection, notice_pairs.matches([(world, number)]))
    return found[0][0] if found else None


async def case_of(connection: AsyncConnection, world: str, ref: str) -> str | None:
    """The case of a reference, which is the case id or the notification number with or without blanks."""
    try:
        return str(UUID(ref))
    except ValueError:
        pass
    try:
        number = normalise(ref)
    except UnreadableNumber:
        return None
    for table in (AUTHORITY_FILES, FACILITY_FILES):
        query = select(table.c.case_id).where(table.c.world == world, table.c.number == number)
        if (case := (await connection.execute(query.limit(1))).scalar_one_or_none()) is not None:
            return str(case)
    return None


def _asked(table: Table, **special: Any) -> Mapping[str, Any]:
    """What a reader may ask of a table of files, by the parameter that asks it."""
    columns = {column.name: column == bindparam(column.name) for column in table.columns}
    return columns | special


def _after(table: Table, *columns: str) -> Any:
    return tuple_(*(table.c[name] for name in columns)) > tuple_(*(bindparam(f"after_{n}") for n in columns))


_FIRM: BindParameter[str] = bindparam("company")
_OF_DESKS = _asked(AUTHORITY_FILES, after_case_id=_after(AUTHORITY_FILES, "case_id", "authority"))
_OF_GATES = _asked(
    FACILITY_FILES,
    company=or_(FACILITY_FILES.c.facility == _FIRM, FACILITY_FILES.c.importer == _FIRM),
    after_case_id=_after(FACILITY_FILES, "case_id"),
)


# Each combination that is asked for is put together once.
@cache
def _desks(asked: tuple[str, ...]) -> Prepared:
    return authority_files.reading(and_(*(_OF_DESKS[name] for name in asked if name in _OF_DESKS)))


@cache
def _gates(asked: tuple[str, ...]) -> Prepared:
    return facility_files.reading(and_(*(_OF_GATES[name] for name in asked)))


async def desk(
    connection: AsyncConnection,
    world: str,
    *,
    case: str | None = None,
    authority: tuple[str, str] | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> Found:
    """Files of one authority (country, code), or of all; of one case, or of all; by key."""
    values = {"world": world}
    values |= {"case_id": case} if case is not None else {}
    values |= {"country": authority[0], "authority": authority[1]} if authority else {}
    values |= {"after_case_id": after[0], "after_authority": after[1]} if after else {}
    return await authority_files.fetch_by(connection, _desks(tuple(values)), values, limit=limit)


async def gate(
    connection: AsyncConnection,
    world: str,
    *,
    case: str | None = None,
    country: str | None = None,
    company: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> FoundAtGate:
    """Files that concern a company as facility or importer, or of a State, or all; by key."""
    asked = {"world": world, "case_id": case, "country": country, "company": company, "after_case_id": after}
    values = {name: value for name, value in asked.items() if value is not None}
    return await facility_files.fetch_by(connection, _gates(tuple(values)), values, limit=limit)

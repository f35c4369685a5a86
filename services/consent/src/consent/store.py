"""Where files are kept and found; all SQL of this service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, or_, select, tuple_
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


async def marks_against(connection: AsyncConnection, world: str, authority: str, facility: str) -> list[Mark]:
    """What this authority was told of a facility, for reading."""
    here = facility_records.matches([(world, authority, facility)])
    found = await facility_records.fetch(connection, here)
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


def _after(table: Table, after: tuple[str, ...]) -> Any:
    columns = [table.c.case_id, table.c.authority] if "authority" in table.c else [table.c.case_id]
    return tuple_(*columns) > after


async def desk(
    connection: AsyncConnection,
    world: str,
    *,
    case: str | None = None,
    authority: tuple[str, str] | None = None,
    after: tuple[str, ...] | None = None,
    limit: int | None = None,
) -> Found:
    """Files of one authority (country, code), or of all; of one case, or of all; by key."""
    table = AUTHORITY_FILES
    where = [table.c.world == world]
    where += [table.c.case_id == case] if case is not None else []
    where += [table.c.country == authority[0], table.c.authority == authority[1]] if authority else []
    where += [_after(table, after)] if after else []
    return await authority_files.fetch(connection, and_(*where), limit=limit)


async def gate(
    connection: AsyncConnection,
    world: str,
    *,
    case: str | None = None,
    country: str | None = None,
    company: str | None = None,
    after: tuple[str, ...] | None = None,
    limit: int | None = None,
) -> FoundAtGate:
    """Files that concern a company as facility or importer, or of a State, or all; by key."""
    table = FACILITY_FILES
    where = [table.c.world == world]
    where += [table.c.case_id == case] if case is not None else []
    where += [table.c.country == country] if country is not None else []
    where += [or_(table.c.facility == company, table.c.importer == company)] if company is not None else []
    where += [_after(table, after)] if after else []
    return await facility_files.fetch(connection, and_(*where), limit=limit)

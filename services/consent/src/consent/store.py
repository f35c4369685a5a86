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
    and_(
        FACILITY_RECORDS.c.world == bindparam("world"),
        FACILITY_RECORDS.c.authority == bindparam("authority"),
        FACILITY_RECORDS.c.facility == bindparam("facility"),
    )
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


def _named(table: Table, *columns: str) -> list[Any]:
    return [table.c[name] == bindparam(name) for name in columns]


def _behind(table: Table, *columns: str) -> Any:
    return tuple_(*(table.c[name] for name in columns)) > tuple_(*(bindparam(f"after_{n}") for n in columns))


# Each question is put together once: which of its parts are asked for decides.
@cache
def _desks(case: bool, authority: bool, after: bool) -> Prepared:
    table = AUTHORITY_FILES
    where = _named(table, "world")
    where += _named(table, "case_id") if case else []
    where += _named(table, "country", "authority") if authority else []
    where += [_behind(table, "case_id", "authority")] if after else []
    return authority_files.reading(and_(*where))


@cache
def _gates(case: bool, country: bool, company: bool, after: bool) -> Prepared:
    table = FACILITY_FILES
    firm: BindParameter[str] = bindparam("company")
    where = _named(table, "world")
    where += _named(table, "case_id") if case else []
    where += _named(table, "country") if country else []
    where += [or_(table.c.facility == firm, table.c.importer == firm)] if company else []
    where += [_behind(table, "case_id")] if after else []
    return facility_files.reading(and_(*where))


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
    question = _desks(case is not None, bool(authority), bool(after))
    return await authority_files.fetch_by(connection, question, values, limit=limit)


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
    values = {"world": world}
    values |= {"case_id": case} if case is not None else {}
    values |= {"country": country} if country is not None else {}
    values |= {"company": company} if company is not None else {}
    values |= {"after_case_id": after} if after is not None else {}
    question = _gates(case is not None, country is not None, company is not None, after is not None)
    return await facility_files.fetch_by(connection, question, values, limit=limit)

"""A data folder that was copied: files of different instants are found, and mended or refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import structlog

from pic_exchange.republish import republish_all
from pic_kit.bus.base import Received
from pic_kit.bus.embedded import SCHEMA, read_headers
from pic_kit.settings import Settings
from pic_schemas.envelope import Event, UnreadableRecord, from_binary

log = structlog.get_logger("copied")
BUS, MARK = "bus.sqlite3", "folder-known"
ADVICE = "stop the exchange and copy the folder again, or copy it with `pic copy` while the exchange works"
Stream = tuple[str, str, str]


class FolderTorn(Exception):
    """The files of the folder contradict each other; nothing was changed."""


async def mend_if_copied(settings: Settings) -> None:
    """Looks once at every folder that is new here. Raises FolderTorn.

    The outboxes hold all that was ever said. So whatever the log has too little or too much can be built
    again from them; only what somebody heard and nobody remembers to have said cannot.
    """
    folder, bus = settings.data, settings.data / BUS
    if settings.database_urls or not bus.exists() or _is_known(folder):
        return
    stores = sorted(file for file in folder.glob("*.sqlite3") if file != bus)
    if wrong := [*_damaged([*stores, bus]), *_heard_but_not_said(stores)]:
        raise FolderTorn(f"{folder} was copied while an exchange worked in it: {'; '.join(wrong)}. {ADVICE}")
    if not _log_is_whole(stores, bus):
        log.warning("the log is older or newer than the stores; it is built again", folder=str(folder))
        with closing(sqlite3.connect(bus)) as connection, connection:
            connection.executescript(SCHEMA)
            connection.execute("DELETE FROM log")
            connection.execute("DELETE FROM offsets")
        own = {f"PIC_{s.stem.upper().replace('-', '_')}_DATABASE_URL": _url(s) for s in stores}
        await republish_all(Settings.from_environment({**settings.environment, **own}), log_lost=True)
    note_known(folder)


def note_known(folder: Path) -> None:
    """From now on it is this folder; a copy of it has another file in its place."""
    if (folder / BUS).exists():
        (folder / MARK).write_text(_identity(folder))


def _is_known(folder: Path) -> bool:
    mark = folder / MARK
    return mark.exists() and mark.read_text() == _identity(folder)


def _identity(folder: Path) -> str:
    found = (folder / BUS).stat()
    return f"{found.st_dev}:{found.st_ino}"


def _url(store: Path) -> str:
    return f"sqlite+aiosqlite:///{store}"


def _damaged(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        try:
            found = _rows(file, "PRAGMA quick_check(1)")[0][0]
        except sqlite3.DatabaseError as error:
            found = str(error)
        if found != "ok":
            yield f"{file.name} is damaged ({found})"


def _heard_but_not_said(stores: Sequence[Path]) -> Iterator[str]:
    said: dict[Stream, int] = {}
    for store in stores:
        said |= {(w, c, s): last for w, c, s, last in _table(store, "streams", "last")}
    sources = {stream[2] for stream in said}
    for store in stores:
        for world, case, source, last in _table(store, "heard", "last"):
            known = said.get((world, case, source), 0)
            if source in sources and last > known:
                of = f"{source} in {case or world}"
                yield f"{store.stem} has heard message {last} of {of}, whose own file knows {known}"
                break


def _log_is_whole(stores: Sequence[Path], bus: Path) -> bool:
    """All that was marked as published is there, nothing else, and no group has passed over a message."""
    published = {
        row[0]
        for store in stores
        for row in _rows(store, "SELECT event_id FROM outbox WHERE published_at IS NOT NULL")
    }
    unpublished = {row[0] for store in stores for row in _rows(store, "SELECT event_id FROM outbox")}
    unpublished -= published
    records = [*_records(bus)]
    logged = {str(event.id) for _, event in records}
    # A record whose row is not marked yet is published twice, which every hearer knows how to take.
    return published <= logged <= published | unpublished and all(
        _has_heard(store, bus, records) for store in stores
    )


def _has_heard(store: Path, bus: Path, records: Sequence[tuple[Received, Event]]) -> bool:
    database = _rows(store, "SELECT value FROM about WHERE name = 'database_id'")
    groups = dict(
        _rows(bus, "SELECT topic, next_offset FROM offsets WHERE grp LIKE ?", f"%.{database[0][0]}")
        if database
        else []
    )
    heard = {(w, c, s): last for w, c, s, last in _table(store, "heard", "last")}
    aside = {(w, c, s, n) for t in ("waiting", "parked") for w, c, s, n in _table(store, t, "sequence")}
    deleted = {row[0] for row in _rows(store, "SELECT world FROM worlds WHERE state = 'deleted'")}
    for record, event in records:
        stream = (event.world, event.case or "", event.source)
        passed = record.offset < groups.get(record.topic, 0) and stream[0] not in deleted
        if passed and heard.get(stream, 0) < event.sequence and (*stream, event.sequence) not in aside:
            return False
    return True


def _records(bus: Path) -> Iterator[tuple[Received, Event]]:
    for topic, offset, key, headers, value in _rows(
        bus, 'SELECT topic, "offset", key, headers, value FROM log ORDER BY topic, "offset"'
    ):
        record = Received(topic, 0, offset, key, read_headers(headers), value)
        try:
            yield record, from_binary(record.headers, record.value)
        except UnreadableRecord:
            continue


def _table(store: Path, table: str, column: str) -> list[tuple[str, str, str, int]]:
    # Both names are of our own tables; no parameter can stand for a name.
    query = f"SELECT world, case_id, source, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
    return [(row[0], row[1], row[2], row[3]) for row in _rows(store, query)]


def _rows(file: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        try:
            return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            # A first start that was cut short had not made the table yet: nothing was said or heard.
            if "no such table" in str(error):
                return []
            raise

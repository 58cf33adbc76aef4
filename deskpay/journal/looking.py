"""Looking into a journal without touching it: for verifying, exporting, backing up, and when it is damaged.

All of it is copied into memory first. The desk that has the journal open is kept waiting only for the copy, and a
damaged file is read page by page, so that what can still be read is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, NullPool, Table, create_engine, select
from sqlalchemy.exc import DBAPIError

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalTooNew
from deskpay.domain.intent import IllegalMoveError, IntentEvent, IntentRecord
from deskpay.journal import file
from deskpay.journal.chain import Row
from deskpay.journal.coding import event_of, intent_of
from deskpay.journal.failures import told_apart
from deskpay.journal.reading import check_all, meta
from deskpay.journal.tables import events, intents


@dataclass(frozen=True, slots=True)
class Look:
    """What a journal holds.

    Args:
        told: its `journal_meta`; empty where that cannot be read.
        intents: the rows of the intents that can be read, by id, in the order of writing.
        events: the rows of the events that can be read, in the order of writing.
        records: the stories that can be read, in the order of writing.
        problem: why the journal cannot be believed, None when it can.
    """

    told: dict[str, str]
    intents: dict[str, Row]
    events: tuple[Row, ...]
    records: tuple[IntentRecord, ...]
    problem: JournalError | None

    @property
    def unreadable(self) -> int:
        """How many intents stand in the journal whose story cannot be read."""
        return len(self.intents) - len(self.records)


def look(path: Path) -> Look:
    """Return what the journal at `path` holds and whether it can be believed; nothing of it is changed.

    Raises:
        JournalUnavailable: it is not there, or cannot be read now.
        JournalTooNew: a newer DeskPay wrote it.
        JournalCorrupt: not even its first page can be read.
    """
    with copied(path) as connection:
        return look_through(connection, complaint(connection))


def look_through(connection: Connection, problem: JournalError | None) -> Look:
    """Return what `connection` reads.

    Args:
        connection: reads one state of a journal, of either engine.
        problem: why that cannot be believed, None when it can.
    """
    told: dict[str, str] = {}
    with suppress(DBAPIError, sqlite3.Error):  # the complaint has said so
        told = meta(connection)
    found = {str(row["id"]): row for row in _readable(connection, intents)}
    steps = _readable(connection, events)
    stories: dict[str, list[Row]] = {}
    for row in steps:
        stories.setdefault(str(row["intent_id"]), []).append(row)
    records = (_record(row, stories.get(intent_id, [])) for intent_id, row in found.items())
    return Look(told, found, tuple(steps), tuple(record for record in records if record is not None), problem)


@contextmanager
def copied(path: Path) -> Generator[Connection]:
    """Open a copy of the journal at `path`, in memory; the file is only read.

    Raises:
        JournalUnavailable: it is not there, or cannot be read now.
        JournalTooNew: a newer DeskPay wrote it.
        JournalCorrupt: it is no journal of DeskPay.
    """
    with told_apart(), create_engine("sqlite://", creator=lambda: _copy(path), poolclass=NullPool).connect() as copy:
        yield copy


def complaint(connection: Connection) -> JournalError | None:
    """Return why what `connection` reads cannot be believed, None when it can."""
    try:
        with told_apart():
            check_all(connection)
    except JournalError as problem:
        return problem
    except (DBAPIError, sqlite3.Error) as problem:
        return JournalCorrupt(f"the journal cannot be read: {problem}")
    return None


def _copy(path: Path) -> sqlite3.Connection:
    # Writable, for what a killed process left half done must be rolled back before anyone can read; never written to.
    address = f"{path.absolute().as_uri()}?mode=rw"
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=file.BUSY_TIMEOUT_S, isolation_level=None)) as source:
            source.execute("PRAGMA query_only=1")
            source.execute("PRAGMA trusted_schema=0")
            # The lock for reading comes first: waiting for it has an end here, while a copy would wait for ever.
            source.execute("BEGIN")
            file.check_mark(source)
            source.backup(copy)
        copy.execute("PRAGMA trusted_schema=0")
        copy.execute("PRAGMA query_only=1")
    except BaseException:
        copy.close()
        raise
    return copy


def _readable(connection: Connection, table: Table) -> list[Row]:
    """Return the rows up to the first that cannot be read."""
    rows: list[Row] = []
    try:
        for row in connection.execute(select(table).order_by(table.c.number)).mappings():
            rows.append(dict(row))  # noqa: PERF401 - what came before a failure is kept
    except (DBAPIError, sqlite3.Error):
        pass  # the complaint has said so
    return rows


def _record(row: Row, steps: list[Row]) -> IntentRecord | None:
    try:
        story: list[IntentEvent] = [event_of(step) for step in steps]
        return IntentRecord(intent_of(row), tuple(story))
    except (ValueError, IllegalMoveError, JournalTooNew):
        return None

"""Failures of SQLite, told apart by one table: the machine's fault, a damaged journal, or a bug of ours.

What the table does not name is a bug and passes as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalUnavailable

CLASSES: dict[int, type[JournalError]] = {
    sqlite3.SQLITE_PERM: JournalUnavailable,
    sqlite3.SQLITE_BUSY: JournalUnavailable,
    sqlite3.SQLITE_LOCKED: JournalUnavailable,
    sqlite3.SQLITE_NOMEM: JournalUnavailable,
    sqlite3.SQLITE_READONLY: JournalUnavailable,
    sqlite3.SQLITE_IOERR: JournalUnavailable,
    sqlite3.SQLITE_FULL: JournalUnavailable,
    sqlite3.SQLITE_CANTOPEN: JournalUnavailable,
    sqlite3.SQLITE_NOLFS: JournalUnavailable,
    sqlite3.SQLITE_CORRUPT: JournalCorrupt,
    sqlite3.SQLITE_SCHEMA: JournalCorrupt,
    sqlite3.SQLITE_FORMAT: JournalCorrupt,
    sqlite3.SQLITE_NOTADB: JournalCorrupt,
}
"""Classes by primary result code. Source: SQLite, "Result and Error Codes"."""

_PRIMARY = 0xFF


def primary_code(problem: BaseException | None) -> int | None:
    """Return SQLite's primary result code behind `problem`, None where there is none."""
    origin = problem.orig if isinstance(problem, DBAPIError) else problem
    code = getattr(origin, "sqlite_errorcode", None)
    return code & _PRIMARY if isinstance(code, int) else None


@contextmanager
def told_apart() -> Generator[None]:
    """Turn what the body raises from SQLite into the journal's errors.

    Raises:
        JournalUnavailable: locked, full, read-only, unreadable: this machine's fault.
        JournalCorrupt: the file is damaged or is no database.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as problem:
        kind = CLASSES.get(primary_code(problem) or sqlite3.SQLITE_OK)
        if kind is None:
            raise
        raise kind(f"SQLite: {problem.orig if isinstance(problem, DBAPIError) else problem}") from problem

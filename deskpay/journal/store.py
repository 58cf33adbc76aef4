"""The journal in one SQLite file. Several processes may share the file; `BEGIN IMMEDIATE` lets one write at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalUnavailable
from deskpay.journal.failures import primary_code, told_apart
from deskpay.journal.file import connect, driver_of, make_sure_of
from deskpay.journal.reading import Driver, check_all
from deskpay.journal.statements import statements_for
from deskpay.journal.stories import Stories

_STATEMENTS = statements_for(sqlite.dialect(paramstyle="named"))


class Store(Stories):
    """An open journal file. Made by `open_store`; used and closed by the thread that opened it.

    Args:
        connection: to the file.
        path: where the file stands.
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        super().__init__(_STATEMENTS)
        self._connection = connection
        self._driver = driver_of(connection)
        self._path = path
        self._place = _place_of(path)
        self._failure: JournalError | None = None

    @override
    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @override
    def check(self) -> None:
        with self._reading() as (connection, _):
            check_all(connection)

    @override
    @contextmanager
    def _reading(self) -> Generator[tuple[Connection, Driver]]:
        with self._noticing_failure(), self._connection.begin():
            self._connection.exec_driver_sql("BEGIN")
            yield self._connection, self._driver

    @override
    @contextmanager
    def _writing(self) -> Generator[Driver]:
        # The driver itself: a charge waits for these statements, and SQLAlchemy's way to each costs as much as they do.
        with self._noticing_failure():
            self._driver.execute("BEGIN IMMEDIATE")
            try:
                self._check_place()
                yield self._driver
                self._driver.execute("COMMIT")
            except BaseException:
                self._driver.rollback()
                raise

    def _check_place(self) -> None:
        # Written to a file that was moved away, a commit would be durable where nobody looks for it.
        if _place_of(self._path) != self._place:
            raise JournalUnavailable("the journal's file was moved away")

    @contextmanager
    def _noticing_failure(self) -> Generator[None]:
        if self._failure is not None:
            raise type(self._failure)(f"the journal must be opened again, it failed: {self._failure.detail}")
        try:
            with told_apart():
                yield
        except JournalError as failure:
            # What a failed sync left on the disk cannot be known from here (PostgreSQL stops too, since 2019).
            if isinstance(failure, JournalCorrupt) or primary_code(failure.__cause__) == sqlite3.SQLITE_IOERR:
                self._failure = failure
            raise


def open_store(path: Path) -> Store:
    """Open the journal at `path`, made new where there is none, and check all of it.

    Raises:
        JournalUnavailable: it cannot be made, opened or read on this machine now.
        JournalCorrupt: it is damaged or is no journal of DeskPay.
        JournalTooNew: a newer DeskPay wrote it.
    """
    try:
        with told_apart():
            make_sure_of(path)
            store = Store(connect(path), path)
        try:
            store.check()
        except BaseException:
            store.close()
            raise
    except (DBAPIError, sqlite3.Error) as problem:
        # Only known statements run here, so what the table of failures does not name is damage, not a bug.
        raise JournalCorrupt(f"the journal cannot be read: {problem}") from problem
    return store


def _place_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

"""The journal's file: how it is made and how it is opened so that a commit survives a power cut.

It stays on a local disk, never on a share: SQLite's locks need one host (SQLite, "How To Corrupt").
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, NullPool, create_engine, insert

from deskpay.domain.errors import JournalCorrupt, JournalTooNew, JournalUnavailable
from deskpay.journal.chain import genesis
from deskpay.journal.tables import APPLICATION_ID, SCHEMA_VERSION, TRIGGERS, journal_meta, schema

BUSY_TIMEOUT_S = 5.0
"""How long to wait for another process before the journal counts as unavailable."""

_OLDEST_SQLITE = (3, 37, 0)
"""First release with STRICT tables."""

DURABILITY = {
    "journal_mode": "delete",  # before SQLite 3.51.3 a WAL file could be damaged by its reset
    "synchronous": 3,  # EXTRA also syncs the folder once the rollback journal is gone
    "fullfsync": 1,  # macOS: through the drive's own cache; nothing elsewhere
    "checkpoint_fullfsync": 1,
    "foreign_keys": 1,
    "recursive_triggers": 1,  # or REPLACE would remove rows behind the triggers' back
    "trusted_schema": 0,
    "cell_size_check": 1,
}
"""Pragmas, each set and read back. Source: SQLite, "Pragma statements"."""


def make_sure_of(path: Path) -> None:
    """Make a new journal at `path` unless there is one.

    It is written aside and linked into place when complete: a file under this name is never half made, so an empty one
    was emptied and is not taken for a new desk.

    Args:
        path: of the file; its folder is made, for this user alone.

    Raises:
        JournalUnavailable: the folder or file cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            # By name and never through a descriptor: closing one would drop the locks of this whole process.
            path.chmod(0o600)
            return
        aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _write_empty(aside)
            os.link(aside, path)
        except FileExistsError:
            return  # another process was first, and its journal is complete
        finally:
            aside.unlink()
    except OSError as problem:
        raise JournalUnavailable(f"the journal's file cannot be made: {problem.strerror}") from problem


def connect(path: Path) -> Connection:
    """Open the journal at `path` with every commit durable; the caller closes the connection.

    Raises:
        JournalUnavailable: it cannot be opened safely on this machine.
        JournalCorrupt: it is no journal of DeskPay.
        JournalTooNew: a newer DeskPay wrote it.
        sqlalchemy.exc.DBAPIError: SQLite's own failures, told apart by the caller.
    """
    # Transactions begin by the store's own statement; Python's implicit BEGIN would be a deferred one.
    engine = create_engine("sqlite://", creator=lambda: _opened(path, mark_checked=True), poolclass=NullPool)
    return engine.connect()


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return what SQLAlchemy's `connection` drives."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def schema_digest(rows: list[tuple[str, str, str]]) -> str:
    """Return the digest of a schema.

    Args:
        rows: type, name and SQL of each object, sorted, as they stand in the file.
    """
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


SCHEMA_ROWS = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
"""Reads what `schema_digest` takes."""


def _opened(path: Path, *, mark_checked: bool) -> sqlite3.Connection:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise JournalUnavailable(f"SQLite {sqlite3.sqlite_version} is too old")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None
    )
    try:
        if mark_checked:
            check_mark(connection)
        _harden(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _harden(connection: sqlite3.Connection) -> None:
    for pragma, wanted in DURABILITY.items():
        connection.execute(f"PRAGMA {pragma}={wanted}")
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0] != wanted:
            raise JournalUnavailable(f"SQLite does not keep {pragma}={wanted}")


def check_mark(connection: sqlite3.Connection) -> None:
    """Refuse a file that is no journal which this DeskPay can read.

    Raises:
        JournalCorrupt: it is no journal of DeskPay.
        JournalTooNew: a newer DeskPay wrote it.
    """
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application_id != APPLICATION_ID or version < 1:
        raise JournalCorrupt("the file is no journal of DeskPay")
    if version > SCHEMA_VERSION:
        raise JournalTooNew(f"the journal has version {version}, this DeskPay knows {SCHEMA_VERSION}")


def _write_empty(path: Path) -> None:
    journal_id = secrets.token_hex(16)
    engine = create_engine("sqlite://", creator=lambda: _opened(path, mark_checked=False), poolclass=NullPool)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        schema.create_all(connection)
        for trigger in TRIGGERS:
            connection.exec_driver_sql(trigger)
        rows = [(str(kind), str(name), str(sql)) for kind, name, sql in connection.exec_driver_sql(SCHEMA_ROWS)]
        meta = {"journal_id": journal_id, "schema": schema_digest(rows), "head": genesis(journal_id)}
        connection.execute(insert(journal_meta), [{"key": key, "value": value} for key, value in meta.items()])
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")

"""One DeskPay at a time may write a journal.

The claims in the journal already keep two processes from acting for one guest, but a second one would take up what the
first is carrying out and call it lost. The lock is one of the operating system's, taken through SQLite on a small file
beside the journal: it works alike on every system and ends with the process, however that ends. Who only looks takes
none.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from deskpay.domain.errors import JournalInUse, JournalUnavailable
from deskpay.journal.failures import primary_code


def take(path: Path) -> sqlite3.Connection:
    """Lock the journal at `path` for this process; closing what is returned lets go.

    Args:
        path: of the journal; its folder exists. Two names for one file mean one lock.

    Raises:
        JournalInUse: another DeskPay has it open.
        JournalUnavailable: the lock's file cannot be made here.
    """
    place = path.resolve()
    beside = place.with_name(f"{place.name}.lock")
    try:
        lock = sqlite3.connect(f"{beside.as_uri()}?mode=rwc", uri=True, timeout=0, isolation_level=None)
        try:
            # In memory, or a killed process would leave a rollback journal of nothing behind.
            lock.execute("PRAGMA journal_mode=MEMORY")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            lock.close()
            raise
    except sqlite3.Error as problem:
        if primary_code(problem) == sqlite3.SQLITE_BUSY:
            raise JournalInUse("another DeskPay has this journal open") from problem
        raise JournalUnavailable(f"the journal's lock cannot be taken: {problem}") from problem
    return lock

"""A copy of the journal that can take its place."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from deskpay.domain.errors import JournalUnavailable
from deskpay.journal.failures import told_apart
from deskpay.journal.file import driver_of
from deskpay.journal.looking import complaint, copied


def back_up(path: Path, target: Path) -> None:
    """Copy the journal at `path` to `target`, and check all of the copy as it stands on the disk.

    DeskPay may have the journal open meanwhile. A journal that cannot be believed is not backed up, and nothing is
    overwritten: a good backup must not make room for a bad one. To restore, close DeskPay and put the copy in the
    journal's place.

    Raises:
        JournalUnavailable: the journal cannot be read now, or `target` exists or cannot be written.
        JournalCorrupt: the journal cannot be believed.
        JournalTooNew: a newer DeskPay wrote it.
    """
    aside = target.with_name(f"{target.name}.{secrets.token_hex(8)}.new")
    try:
        _write(path, aside)
        with copied(aside) as connection:
            problem = complaint(connection)
        if problem is not None:
            raise problem
        os.link(aside, target)  # fails where something stands there already, at the very moment too
    except FileExistsError as problem:
        raise JournalUnavailable(f"{target.name} exists already") from problem
    except OSError as problem:
        raise JournalUnavailable(f"{target.name} cannot be written: {problem.strerror}") from problem
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, aside: Path) -> None:
    with told_apart(), copied(path) as connection:
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(aside, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous=3")
            copy.execute("PRAGMA fullfsync=1")
            driver_of(connection).backup(copy)

"""The journal as blocking calls, for one thread: each act is one durable commit or nothing.

Several processes may share the file. Whatever a move depends on is read again inside the write lock, so the one that
comes second sees what the first one did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.exc import DBAPIError

from deskpay.domain.errors import GuestBeingChecked, JournalCorrupt, JournalError, JournalUnavailable, NotAllowed
from deskpay.domain.intent import IllegalMoveError, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.journal import statements
from deskpay.journal.chain import link
from deskpay.journal.coding import event_row, intent_row
from deskpay.journal.failures import primary_code, told_apart
from deskpay.journal.file import connect, driver_of, make_sure_of
from deskpay.journal.reading import check_all, record_of, records_where
from deskpay.journal.tables import events, intents

_ENDS = [state.value for state in IntentState if state.final]


class Store:
    """An open journal. Made by `open_store`; used and closed by the thread that opened it.

    Args:
        connection: to the file.
        path: where the file stands.
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._driver = driver_of(connection)
        self._path = path
        self._place = _place_of(path)
        self._failure: JournalError | None = None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def check(self) -> None:
        """Prove that the whole journal can be believed.

        Raises:
            JournalCorrupt: it contradicts itself.
            JournalUnavailable: it cannot be read now.
        """
        with self._reading() as connection:
            check_all(connection)

    def draft(self, record: IntentRecord) -> None:
        """Write an intent that has only its first event, and take its claim, in one commit.

        Raises:
            GuestBeingChecked: another unresolved intent holds the claim.
            NotAllowed: an intent with this reference was written before; one form makes one intent.
            IllegalMoveError: the record has a story already.
            JournalError: nothing was written.
        """
        if len(record.events) != 1:
            raise IllegalMoveError("a draft has no story yet")
        intent = record.intent
        with self._writing() as connection:
            taken = {"enterprise_id": intent.enterprise_id, "claim": intent.claim, "intent_id": intent.id}
            holder = connection.execute(statements.HOLDER, taken).fetchone()
            if holder is not None:
                raise GuestBeingChecked(str(holder[0]))
            if connection.execute(statements.USED, {"reference": intent.reference}).fetchone() is not None:
                raise NotAllowed(f"{intent.reference} was used before")
            row = intent_row(intent, (connection.execute(statements.LAST_INTENT).fetchone()[0] or 0) + 1)
            connection.execute(statements.ADD_INTENT, row)
            _write_event(connection, intent.id, record.events[0], row)
            connection.execute(statements.ADD_CLAIM, taken)

    def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add `event` and, where the record no longer holds its claim, give that up in the same commit.

        Raises:
            IllegalMoveError: the state may not follow.
            KeyError: there is no such intent.
            JournalError: nothing was written, or it cannot be told; the journal says so at the next opening.
        """
        with self._writing() as connection:
            before = record_of(connection, intent_id)
            if before is None:
                raise KeyError(intent_id)
            record = before.moved(event)
            _write_event(connection, intent_id, event, None)
            if not record.holds_claim:
                connection.execute(statements.GIVE_UP, {"id": intent_id})
        return record

    def find(self, intent_id: str) -> IntentRecord | None:
        """Return the intent, None when there is none."""
        with self._reading():
            return record_of(self._driver, intent_id)

    def unfinished(self) -> list[IntentRecord]:
        """Return the intents whose story has not ended, oldest first."""
        latest = select(func.max(events.c.number)).group_by(events.c.intent_id)
        going_on = select(events.c.intent_id).where(events.c.number.in_(latest), events.c.state.not_in(_ENDS))
        return self._read(intents.c.id.in_(going_on))

    def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        return self._read(intents.c.customer_id == customer_id, newest_first=True)

    def refunds_of(self, payment_ids: Collection[str]) -> list[IntentRecord]:
        """Return the intents to refund these payments, oldest first."""
        refund = intents.c.kind == IntentKind.REFUND.value
        return self._read(refund & intents.c.payment_id.in_(payment_ids))

    def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, both included, newest first."""
        day = func.substr(intents.c.drafted_utc, 1, 10)
        return self._read(day.between(first.isoformat(), last.isoformat()), newest_first=True)

    def _read(self, condition: ColumnElement[bool], *, newest_first: bool = False) -> list[IntentRecord]:
        with self._reading() as connection:
            return records_where(connection, condition, newest_first=newest_first)

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        with self._noticing_failure(), self._connection.begin():
            self._connection.exec_driver_sql("BEGIN")
            yield self._connection

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
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


def _write_event(
    connection: sqlite3.Connection, intent_id: str, event: IntentEvent, new_intent: dict[str, object] | None
) -> None:
    end = connection.execute(statements.END_OF_CHAIN).fetchone()
    head, last, digest = end or (None, None, None)
    if head is None or digest not in {None, head}:
        raise JournalCorrupt("the chain does not reach its head")
    row = event_row(event, intent_id, (last or 0) + 1)
    row["digest"] = link(head, row, new_intent)
    connection.execute(statements.ADD_EVENT, row)
    connection.execute(statements.MOVE_HEAD, row)

"""The journal that several desks share, on PostgreSQL.

One row, the head of the chain, is locked by whoever writes, so that writes come one after the other and the chain is
one. A desk is opened by one DeskPay at a time: a lock of its session says so at once, and the desk's epoch, counted up
at every opening and read again in every write, holds where that lock was lost with its session. A desk drafts and sends
only its own intents.

A link that breaks is dialled anew. One that breaks in the midst of a commit leaves a doubt, which reading settles: the
head's lock cannot be had before the lost session has come to its end, and then its row is there or never will be.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, LiteralString, cast

import psycopg
from sqlalchemy import Connection, make_url, select
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from deskpay.domain.errors import DeskInUse, JournalCorrupt, JournalUnavailable, NotAllowed
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.journal.looking import Look, look_through
from deskpay.journal.reading import Driver, check_rows, meta
from deskpay.journal.server import ONLY_GROW, Place, connect, driver_of, hang_up, names, sendings, told_apart
from deskpay.journal.statements import statements_for
from deskpay.journal.stories import Stories

_STATEMENTS = statements_for(make_url("postgresql+psycopg://").get_dialect()())

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN"

_TAKE_TURN = "SELECT 1 FROM journal_meta WHERE key = 'head' FOR UPDATE"
_HOLD = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_WAIT_FOR = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
_OPEN_DESK = (
    "INSERT INTO desks VALUES (%s, 1) ON CONFLICT (desk_id) DO UPDATE SET epoch = desks.epoch + 1 RETURNING epoch"
)
_EPOCH = "SELECT epoch FROM desks WHERE desk_id = %s"
_ADD_SENDING = "INSERT INTO sendings VALUES (%s, %s, %s)"
_STANDS = "SELECT 1 FROM events WHERE digest = %s"

_RULES_KEPT = """
SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
"""
_ALWAYS = "A"


class SharedStore(Stories):
    """An open desk at a shared journal. Made by `open_shared_store`.

    Args:
        place: of the journal.
        desk_id: in whose name is written.
    """

    def __init__(self, place: Place, desk_id: str) -> None:
        super().__init__(_STATEMENTS)
        self._place = place
        self._desk_id = desk_id
        self._lock = f"{place.name} {desk_id}"
        self._link: Connection | None = None
        self._journal_id = ""
        self._epoch = 0
        self._digest = ""
        self._committed = ""
        self._failure: JournalCorrupt | None = None

    @override
    def close(self) -> None:
        """Hang up, which frees the desk's name."""
        link, self._link = self._link, None
        if link is not None:
            hang_up(link)

    @override
    def check(self) -> None:
        with self._reading() as (connection, _):
            check_shared(connection)

    @override
    @contextmanager
    def _reading(self) -> Generator[tuple[Connection, Driver]]:
        with self._noticing_failure(), self._begun(_READ) as link:
            yield link, cast("Driver", driver_of(link))

    @override
    @contextmanager
    def _writing(self) -> Generator[Driver]:
        with self._noticing_failure(), self._begun(_WRITE) as link:
            driver = driver_of(link)
            driver.execute(_TAKE_TURN)
            if driver.execute(_EPOCH, [self._desk_id]).fetchone() != (self._epoch,):
                raise DeskInUse(f"{self._desk_id} was opened by another DeskPay")
            yield cast("Driver", driver)
            self._commit(driver)
            self._committed = self._digest

    @override
    def _write_event(self, driver: Driver, moved: IntentRecord, new_intent: dict[str, object] | None) -> str:
        sent = moved.state is IntentState.SENDING
        if (sent or new_intent is not None) and moved.intent.desk_id != self._desk_id:
            raise NotAllowed(f"{moved.intent.reference} belongs to {moved.intent.desk_id}")
        self._digest = super()._write_event(driver, moved, new_intent)
        if sent:
            cast("psycopg.Connection[Any]", driver).execute(_ADD_SENDING, [moved.intent.id, self._desk_id, self._epoch])
        return self._digest

    def _commit(self, driver: psycopg.Connection[Any]) -> None:
        try:
            driver.execute("COMMIT")
        except psycopg.Error:
            self.close()
            with self._begun(_WRITE) as link:
                again = driver_of(link)
                again.execute(_TAKE_TURN)
                if again.execute(_STANDS, [self._digest]).fetchone() is None:
                    raise

    @contextmanager
    def _begun(self, begin: LiteralString) -> Generator[Connection]:
        link = self._begin(begin)
        driver = driver_of(link)
        try:
            yield link
        finally:
            with suppress(psycopg.Error, DBAPIError):
                link.rollback()
                driver.rollback()
            if driver.closed and self._link is link:
                self.close()

    def _begin(self, begin: LiteralString) -> Connection:
        if self._link is not None:
            try:
                driver_of(self._link).execute(begin)
            except psycopg.Error:
                self.close()  # it died unnoticed, and nothing was asked of it yet
            else:
                return self._link
        self._link = self._dial()
        driver_of(self._link).execute(begin)
        return self._link

    def _dial(self) -> Connection:
        link = connect(self._place)
        try:
            with link.begin():
                journal_id = meta(link).get("journal_id", "")
            if self._epoch:
                self._recognize(driver_of(link), journal_id)
            else:
                self._journal_id, self._epoch = journal_id, self._open_desk(driver_of(link))
        except BaseException:
            hang_up(link)
            raise
        return link

    def _open_desk(self, driver: psycopg.Connection[Any]) -> int:
        if driver.execute(_HOLD, [self._lock]).fetchone() != (True,):
            raise DeskInUse(f"{self._desk_id} is open elsewhere")
        return int(driver.execute(_OPEN_DESK, [self._desk_id]).fetchall()[0][0])

    def _recognize(self, driver: psycopg.Connection[Any], journal_id: str) -> None:
        """Make sure that behind a new link stands what stood behind the old one."""
        lost = self._committed and driver.execute(_STANDS, [self._committed]).fetchone() is None
        if lost or journal_id != self._journal_id:
            raise JournalCorrupt("the server lost what it had confirmed")
        if driver.execute(_EPOCH, [self._desk_id]).fetchone() != (self._epoch,):
            raise DeskInUse(f"{self._desk_id} was opened by another DeskPay")
        driver.execute(_WAIT_FOR, [self._lock])  # until the server has noticed that the old link is no more

    @contextmanager
    def _noticing_failure(self) -> Generator[None]:
        if self._failure is not None:
            raise JournalCorrupt(f"the journal must be opened again, it failed: {self._failure.detail}")
        try:
            with told_apart():
                yield
        except JournalCorrupt as failure:
            self._failure = failure
            raise


def open_shared_store(place: Place, desk_id: str) -> SharedStore:
    """Open the journal at `place` in the name of a desk, made new where there is none, and check all of it.

    Raises:
        JournalAway: the server cannot be reached.
        DeskInUse: another DeskPay has this desk open.
        JournalUnavailable: the server does not allow it, or would not keep what it confirms.
        JournalCorrupt: it contradicts itself or is no journal of DeskPay.
        JournalTooNew: a newer DeskPay made it.
    """
    store = SharedStore(place, desk_id)
    try:
        store.check()
    except BaseException as problem:
        store.close()
        if isinstance(problem, (DBAPIError, psycopg.Error)):
            # Only known statements run here, so what the table of failures does not name is damage, not a bug.
            raise JournalCorrupt(f"the journal cannot be read: {problem}") from problem
        raise
    return store


def look_at_shared(place: Place) -> Look:
    """Return what the journal at `place` holds and whether it can be believed; the desks go on meanwhile.

    Raises:
        JournalUnavailable: it is not there, or cannot be read now.
        JournalTooNew: a newer DeskPay made it.
        JournalCorrupt: what stands there is no journal of DeskPay.
    """
    if place.name not in names(place.address):
        raise JournalUnavailable(f"there is no journal {place.name}")
    with told_apart():
        link = connect(place)
        try:
            with link.begin():
                link.exec_driver_sql(_READ)
                return look_through(link, _complaint(link))
        finally:
            hang_up(link)


def _complaint(connection: Connection) -> JournalCorrupt | None:
    try:
        with told_apart():
            check_shared(connection)
    except JournalCorrupt as problem:
        return problem
    return None


def check_shared(connection: Connection) -> None:
    """Prove that the journal is whole: its rules, the chain, every story, every claim and who sent what.

    Raises:
        JournalCorrupt: it is not.
    """
    kept = {tuple(row) for row in connection.exec_driver_sql(_RULES_KEPT)}
    if kept != {(table, f"{table}_keep", _ALWAYS) for table in ONLY_GROW}:
        raise JournalCorrupt("the rules that keep its rows were changed")
    told = meta(connection)
    if not {"journal_id", "head"} <= told.keys():
        raise JournalCorrupt("the head of the chain is gone")
    records = check_rows(connection, told)
    sent = {(one.intent.id, one.intent.desk_id) for one in records if one.sent_utc is not None}
    if sent != {tuple(row) for row in connection.execute(select(sendings.c.intent_id, sendings.c.desk_id))}:
        raise JournalCorrupt("who sent what does not follow from the stories")

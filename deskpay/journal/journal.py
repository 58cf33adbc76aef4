"""The journal as the services see it (`deskpay.services.ports.IntentJournal`), on one desk's own disk.

Cheap to import: SQLAlchemy is loaded by `open_journal`, in the worker's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay.domain.intent import IntentEvent, IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund
from deskpay.journal.worker import Worker

if TYPE_CHECKING:
    from sqlite3 import Connection

    from deskpay.journal.store import Store

_DID_NOTHING = frozenset({IntentState.DECLINED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.ABANDONED})


class SqliteJournal:
    """A journal in one SQLite file. Made by `open_journal`, ended by `aclose`.

    Args:
        store: the open file.
        instance: what keeps a second DeskPay out.
        worker: the thread that opened both.
    """

    def __init__(self, store: Store, instance: Connection, worker: Worker) -> None:
        self._store = store
        self._instance = instance
        self._worker = worker

    async def draft(self, record: IntentRecord) -> None:
        """Write a new intent with its first event and take its claim.

        Raises:
            GuestBeingChecked: another unresolved intent holds the claim.
            IllegalMoveError: the record has a story already.
            JournalError: nothing was written; send nothing.
        """
        await self._worker.run(partial(self._store.draft, record))

    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add `event` to the story, give up the claim where the record no longer holds it, and return the record.

        Raises:
            IllegalMoveError: the state may not follow.
            KeyError: there is no such intent.
            JournalError: the event is not known to be on the disk.
        """
        return await self._worker.run(partial(self._store.append, intent_id, event))

    async def find(self, intent_id: str) -> IntentRecord | None:
        """Return an intent, None when there is none."""
        return await self._worker.run(partial(self._store.find, intent_id))

    async def unfinished(self) -> list[IntentRecord]:
        """Return every intent that has not ended, oldest first."""
        return await self._worker.run(self._store.unfinished)

    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        return await self._worker.run(partial(self._store.of_customer, customer_id))

    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        """Return our refunds of these payments that did not fail; one whose outcome is open counts."""
        records = await self._worker.run(partial(self._store.refunds_of, tuple(payment_ids)))
        return [refund for record in records if (refund := own_refund(record)) is not None]

    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, both included, newest first."""
        return await self._worker.run(partial(self._store.drafted_on, first, last))

    async def aclose(self) -> None:
        """Finish what was asked for and close the file."""
        try:
            await self._worker.run(partial(_close, self._store, self._instance))
        finally:
            self._worker.close()


async def open_journal(path: Path) -> SqliteJournal:
    """Open the journal at `path`, made new where there is none, and check all of it.

    Args:
        path: of the file, on a local disk.

    Raises:
        JournalInUse: another DeskPay has it open.
        JournalUnavailable: it cannot be made, opened or read on this machine now.
        JournalCorrupt: it is damaged or is no journal of DeskPay.
        JournalTooNew: a newer DeskPay wrote it.
    """
    worker, opened = Worker(), list[tuple["Store", "Connection"]]()
    try:
        await worker.run(partial(_open, path, opened))
    except BaseException:
        # A caller that was cancelled meanwhile gets no journal, and the file must not stay open behind its back.
        for store, instance in opened:
            await worker.run(partial(_close, store, instance))
        worker.close()
        raise
    store, instance = opened[0]
    return SqliteJournal(store, instance, worker)


def _open(path: Path, opened: list[tuple[Store, Connection]]) -> None:
    from deskpay.journal.file import make_sure_of
    from deskpay.journal.instance import take
    from deskpay.journal.store import open_store

    make_sure_of(path)
    instance = take(path)
    try:
        opened.append((open_store(path), instance))
    except BaseException:
        instance.close()
        raise


def _close(store: Store, instance: Connection) -> None:
    """Close the file before letting the next one in."""
    try:
        store.close()
    finally:
        instance.close()


def own_refund(record: IntentRecord) -> OwnRefund | None:
    """Return what `record` gave back or may have, None when it certainly gave nothing."""
    """Return the refund that `record` made or may have made, None when it gave nothing back."""
    intent, refund_id = record.intent, record.outcome_id
    # Two people resolve an unknown refund: with the row they found, or without one when it did nothing.
    nothing_given = record.state in _DID_NOTHING or (record.state is IntentState.RESOLVED and refund_id is None)
    if nothing_given or intent.payment_id is None or intent.amount is None:
        return None
    return OwnRefund(intent.payment_id, refund_id, intent.amount)

"""The journal as the services see it (`deskpay.services.ports.IntentJournal`), on either engine.

Cheap to import: SQLAlchemy and the engine's driver are loaded when a journal is opened, in the worker's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay.domain.intent import IntentEvent, IntentRecord
from deskpay.domain.own_refund import own_refund
from deskpay.domain.payment import OwnRefund
from deskpay.journal.worker import Worker

if TYPE_CHECKING:
    from deskpay.journal.server import Place
    from deskpay.journal.stories import Stories

    Opened = tuple[Stories, Callable[[], None]]
    """An open journal and what closes it."""


class StoredJournal:
    """A journal in a file or on a server. Made by `open_journal` or `open_shared_journal`, ended by `aclose`.

    Args:
        store: the open journal.
        close: closes it.
        worker: the thread that opened it.
    """

    def __init__(self, store: Stories, close: Callable[[], None], worker: Worker) -> None:
        self._store = store
        self._close = close
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

    async def head(self) -> tuple[str, int, str]:
        """Return the journal's own id, how many events it has, and the digest that stands for all of them.

        Raises:
            JournalError: it cannot be read now.
        """
        return await self._worker.run(self._store.head)

    async def aclose(self) -> None:
        """Finish what was asked for and close the journal."""
        try:
            await self._worker.run(self._close)
        finally:
            self._worker.close()


async def open_journal(path: Path) -> StoredJournal:
    """Open the journal at `path`, made new where there is none, and check all of it.

    Args:
        path: of the file, on a local disk.

    Raises:
        JournalInUse: another DeskPay has it open.
        JournalUnavailable: it cannot be made, opened or read on this machine now.
        JournalCorrupt: it is damaged or is no journal of DeskPay.
        JournalTooNew: a newer DeskPay wrote it.
    """
    return await _open(partial(_open_file, path))


async def open_shared_journal(place: Place, desk_id: str) -> StoredJournal:
    """Open the journal at `place` in the name of a desk, made new where there is none, and check all of it.

    Args:
        place: on a server.
        desk_id: the only one whose intents are drafted and sent from here.

    Raises:
        DeskInUse: another DeskPay has this desk open.
        JournalAway: the server cannot be reached.
        JournalUnavailable: the server does not allow it, or would not keep what it confirms.
        JournalCorrupt: it is damaged or is no journal of DeskPay.
        JournalTooNew: a newer DeskPay made it.
    """
    return await _open(partial(_open_on_server, place, desk_id))


async def _open(opening: Callable[[], Opened]) -> StoredJournal:
    worker, opened = Worker(), list["Opened"]()
    try:
        await worker.run(lambda: opened.append(opening()))
    except BaseException:
        # A caller that was cancelled meanwhile gets no journal, and it must not stay open behind its back.
        for _, close in opened:
            await worker.run(close)
        worker.close()
        raise
    store, close = opened[0]
    return StoredJournal(store, close, worker)


def _open_file(path: Path) -> Opened:
    from deskpay.journal.file import make_sure_of
    from deskpay.journal.instance import take
    from deskpay.journal.store import open_store

    make_sure_of(path)
    instance = take(path)
    try:
        store = open_store(path)
    except BaseException:
        instance.close()
        raise

    def close() -> None:
        """Close the file before letting the next one in."""
        try:
            store.close()
        finally:
            instance.close()

    return store, close


def _open_on_server(place: Place, desk_id: str) -> Opened:
    from deskpay.journal.shared import open_shared_store

    store = open_shared_store(place, desk_id)
    return store, store.close

"""A journal that cannot be believed: what can still be read of it is shown, and nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay.domain.errors import JournalCorrupt, JournalError
from deskpay.domain.intent import IntentEvent, IntentKind, IntentRecord
from deskpay.domain.own_refund import own_refund
from deskpay.domain.payment import OwnRefund

if TYPE_CHECKING:
    from deskpay.journal.looking import Look
    from deskpay.journal.server import Place


class DamagedJournal:
    """The readable stories of a damaged journal, for looking. Made by `open_damaged`.

    Args:
        records: the stories, in the order of writing.
        trouble: what is wrong.
    """

    def __init__(self, records: Sequence[IntentRecord], trouble: JournalError) -> None:
        self._records = tuple(records)
        self.trouble = trouble

    async def draft(self, record: IntentRecord) -> None:
        """Refuse.

        Raises:
            JournalCorrupt: always; send nothing.
        """
        raise JournalCorrupt(f"{record.intent.reference} is not written: {self.trouble.detail}")

    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Refuse.

        Raises:
            JournalCorrupt: always.
        """
        raise JournalCorrupt(f"{event.state.value} of {intent_id} is not written: {self.trouble.detail}")

    async def find(self, intent_id: str) -> IntentRecord | None:
        """Return an intent, None when there is none or it cannot be read."""
        return next((record for record in self._records if record.intent.id == intent_id), None)

    async def unfinished(self) -> list[IntentRecord]:
        """Return every readable intent that has not ended, oldest first."""
        return [record for record in self._records if not record.state.final]

    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's readable intents, newest first."""
        return [record for record in reversed(self._records) if record.intent.customer_id == customer_id]

    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        """Return our readable refunds of these payments that did not fail."""
        wanted = [r for r in self._records if r.intent.kind is IntentKind.REFUND and r.intent.payment_id in payment_ids]
        return [refund for record in wanted if (refund := own_refund(record)) is not None]

    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the readable intents drafted on these UTC days, both included, newest first."""
        return [
            record
            for record in reversed(self._records)
            if first <= record.intent.drafted_utc.astimezone(UTC).date() <= last
        ]

    async def aclose(self) -> None:
        """Do nothing: the file is not open."""


async def open_damaged(path: Path, trouble: JournalCorrupt) -> DamagedJournal:
    """Read what can be read of the journal at `path`, which could not be opened because of `trouble`.

    Raises:
        JournalUnavailable: it cannot be read now.
    """

    def seen() -> Look:
        from deskpay.journal.looking import look

        return look(path)

    return await _opened(seen, trouble)


async def open_damaged_shared(place: Place, trouble: JournalCorrupt) -> DamagedJournal:
    """Read what can be read of the journal at `place`, which could not be opened because of `trouble`.

    Raises:
        JournalUnavailable: it cannot be read now.
    """

    def seen() -> Look:
        from deskpay.journal.shared import look_at_shared

        return look_at_shared(place)

    return await _opened(seen, trouble)


async def _opened(seen: Callable[[], Look], trouble: JournalCorrupt) -> DamagedJournal:
    try:
        records = (await asyncio.to_thread(seen)).records
    except JournalCorrupt:
        records = ()
    return DamagedJournal(records, trouble)

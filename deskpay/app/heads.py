"""Keeping the head of a desk's journals elsewhere whenever somebody leaves the desk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from deskpay.domain.errors import HeadNotKept, JournalError
from deskpay.domain.head import JournalHead
from deskpay.domain.security import SecurityKind
from deskpay.journal.damaged import DamagedJournal
from deskpay.journal.heads import keep_head
from deskpay.journal.journal import StoredJournal
from deskpay.journal.security import FileSecurityLog
from deskpay.services.ports import Clock
from deskpay.services.staff import Staff

PATIENCE_S = 10.0
"""A share that is away may hold a write for minutes; the shift does not wait for it."""


@dataclass(frozen=True, slots=True)
class HeadReader:
    """Reads where the records of a hotel at one desk end.

    Args:
        journal: of intents.
        log: of security events.
        hotel_id: whose they are.
        desk_id: which desk it is.
        clock: time.
    """

    journal: StoredJournal | DamagedJournal
    log: FileSecurityLog
    hotel_id: str
    desk_id: str
    clock: Clock

    async def read(self) -> JournalHead:
        """Return the head as of now.

        Raises:
            JournalError: a record cannot be believed or read.
        """
        if isinstance(self.journal, DamagedJournal):
            raise self.journal.trouble
        journal_id, events, digest = await self.journal.head()
        lines, seal = await self.log.head()
        return JournalHead(journal_id, events, digest, lines, seal, self.hotel_id, self.desk_id, self.clock.now())


class HeadKeeper:
    """Keeps heads in one folder. What does not work is said and put on record, and holds up nothing.

    Args:
        folder: where they go; empty keeps none.
        reader: reads them.
        staff: keeps on record what became of it.
        patience_s: how long one may take.
    """

    def __init__(self, folder: str, reader: HeadReader, staff: Staff, patience_s: float = PATIENCE_S) -> None:
        self._folder = folder
        self._reader = reader
        self._staff = staff
        self._patience_s = patience_s

    async def keep(self) -> bool:
        """Keep the head as of now; False where that was wanted and did not work.

        Raises:
            JournalError: what became of it cannot be put on record.
        """
        if not self._folder:
            return True
        try:
            async with asyncio.timeout(self._patience_s):
                name = await asyncio.to_thread(keep_head, Path(self._folder), await self._reader.read())
        except (HeadNotKept, JournalError, TimeoutError) as problem:
            await self._staff.note(SecurityKind.HEAD_MISSED, "", "", str(problem) or "the folder does not answer")
            return False
        await self._staff.note(SecurityKind.HEAD_KEPT, "", name)
        return True

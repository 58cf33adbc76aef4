"""A journal in memory, as strict as the one on the disk, for speed and for failing at a chosen append.

It survives the desk that writes it: a test closes one desk and opens the next on the same journal.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from typing_extensions import override

from deskpay.domain.errors import GuestBeingChecked, NotAllowed
from deskpay.domain.intent import IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund
from deskpay.services.ports import IntentJournal

_DID_NOTHING = {IntentState.DECLINED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.ABANDONED}


@dataclass(eq=False)
class MemoryJournal(IntentJournal):
    """The journal.

    Attributes:
        stories: What is written, in order.
        failures: What the n-th write from the beginning raises (the first is 1), and whether it was written all the
            same.
        writes: How many writes were asked for.
        unreadable: What every reading raises.
        slow_s: How long each write takes.
    """

    stories: dict[str, IntentRecord] = field(default_factory=dict)
    failures: dict[int, tuple[Exception, bool]] = field(default_factory=dict)
    writes: int = 0
    unreadable: Exception | None = None
    slow_s: float = 0
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @override
    async def draft(self, record: IntentRecord) -> None:
        async with self._writing:
            for other in self.stories.values():
                if other.holds_claim and other.intent.claim == record.intent.claim:
                    raise GuestBeingChecked(other.intent.reference)
                if other.intent.reference == record.intent.reference:
                    raise NotAllowed(f"{record.intent.reference} was used before")
            await self._write(record)

    @override
    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        async with self._writing:
            record = self.stories[intent_id].moved(event)
            await self._write(record)
        return record

    @override
    async def find(self, intent_id: str) -> IntentRecord | None:
        return next(iter(await self._read([r for r in self.stories.values() if r.intent.id == intent_id])), None)

    @override
    async def unfinished(self) -> list[IntentRecord]:
        return await self._read([record for record in self.stories.values() if not record.state.final])

    @override
    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        records = [record for record in self.stories.values() if record.intent.customer_id == customer_id]
        return await self._read(records[::-1])

    @override
    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        found = []
        for record in await self._read(list(self.stories.values())):
            intent = record.intent
            if intent.kind is IntentKind.REFUND and record.state not in _DID_NOTHING and intent.payment_id:
                assert intent.amount is not None
                if intent.payment_id in payment_ids:
                    found.append(OwnRefund(intent.payment_id, record.outcome_id, intent.amount))
        return found

    @override
    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        records = self.stories.values()
        return await self._read([r for r in records if first <= r.intent.drafted_utc.date() <= last])

    async def _read(self, records: list[IntentRecord]) -> list[IntentRecord]:
        await asyncio.sleep(0)
        if self.unreadable is not None:
            raise self.unreadable
        return records

    async def _write(self, record: IntentRecord) -> None:
        self.writes += 1
        failure, written = self.failures.get(self.writes, (None, True))
        try:
            await asyncio.sleep(self.slow_s)
        finally:
            # As on the disk, a caller that is cancelled meanwhile does not undo what was asked for.
            if written:
                self.stories[record.intent.id] = record
        if failure is not None:
            raise failure

"""The simulated disk: a journal in memory under the real rules, and commits that fail, hang or stand all the same.

It stands for a shared journal's server too, which may be out of reach for a while, of one desk or of all.

The rows are the real ones (`deskpay.journal.coding`), the stories are read back from them, the legal moves and claims
are the domain's. A test holds this store and the one on SQLite to the same answers, row by row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from typing_extensions import override

from deskpay.domain.errors import GuestBeingChecked, JournalAway, NotAllowed
from deskpay.domain.intent import IllegalMoveError, IntentEvent, IntentKind, IntentRecord
from deskpay.domain.own_refund import own_refund
from deskpay.domain.payment import OwnRefund
from deskpay.journal.chain import Row
from deskpay.journal.coding import event_of, event_row, intent_of, intent_row
from deskpay.services.ports import IntentJournal
from deskpay.simulation.faults import WRITE_FAULTS
from deskpay.simulation.loop import turns
from deskpay.simulation.process import Process

if TYPE_CHECKING:
    from deskpay.simulation.watch import Watch

T = TypeVar("T")


class Shelf(Protocol):
    """Where stories are kept, as blocking calls: the store on SQLite, or the one in memory."""

    def draft(self, record: IntentRecord) -> None:
        """Write an intent that has only its first event, and take its claim."""
        ...

    def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add an event, and give up the claim where the record no longer holds it."""
        ...

    def find(self, intent_id: str) -> IntentRecord | None:
        """Return the intent, None when there is none."""
        ...

    def unfinished(self) -> list[IntentRecord]:
        """Return the intents whose story has not ended, oldest first."""
        ...

    def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        ...

    def refunds_of(self, payment_ids: Collection[str]) -> list[IntentRecord]:
        """Return the intents to refund these payments, oldest first."""
        ...

    def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, newest first."""
        ...


class MemoryShelf:
    """Stories in memory, as rows and as what was read back from them.

    Attributes:
        intents: rows, in the order of writing.
        events: rows, in the order of writing, without digests.
    """

    def __init__(self) -> None:
        self.intents: list[Row] = []
        self.events: list[Row] = []
        self._records: dict[str, IntentRecord] = {}
        self._claims: dict[tuple[str, str], str] = {}

    def draft(self, record: IntentRecord) -> None:
        """Write an intent that has only its first event, and take its claim.

        Raises:
            GuestBeingChecked: another unresolved intent holds the claim.
            NotAllowed: an intent with this reference was written before.
            IllegalMoveError: the record has a story already.
        """
        if len(record.events) != 1:
            raise IllegalMoveError("a draft has no story yet")
        intent = record.intent
        claim = (intent.enterprise_id, intent.claim)
        if claim in self._claims:
            raise GuestBeingChecked(self._records[self._claims[claim]].intent.reference)
        if any(row["reference"] == intent.reference for row in self.intents):
            raise NotAllowed(f"{intent.reference} was used before")
        row = intent_row(intent, len(self.intents) + 1)
        step = event_row(record.events[0], intent.id, len(self.events) + 1)
        self._records[intent.id] = IntentRecord(intent_of(row), (event_of(step),))
        self.intents.append(row)
        self.events.append(step)
        self._claims[claim] = intent.id

    def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add an event and, where the record no longer holds its claim, give that up.

        Raises:
            IllegalMoveError: the state may not follow.
            KeyError: there is no such intent.
        """
        step = event_row(event, intent_id, len(self.events) + 1)
        record = self._records[intent_id].moved(event_of(step))
        self._records[intent_id] = record
        self.events.append(step)
        if not record.holds_claim:
            claim = (record.intent.enterprise_id, record.intent.claim)
            if self._claims.get(claim) == intent_id:
                del self._claims[claim]
        return record

    def find(self, intent_id: str) -> IntentRecord | None:
        """Return the intent, None when there is none."""
        return self._records.get(intent_id)

    def unfinished(self) -> list[IntentRecord]:
        """Return the intents whose story has not ended, oldest first."""
        return [record for record in self._records.values() if not record.state.final]

    def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        return [record for record in reversed(self._records.values()) if record.intent.customer_id == customer_id]

    def refunds_of(self, payment_ids: Collection[str]) -> list[IntentRecord]:
        """Return the intents to refund these payments, oldest first."""
        return [
            record
            for record in self._records.values()
            if record.intent.kind is IntentKind.REFUND and record.intent.payment_id in payment_ids
        ]

    def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, newest first."""
        return [r for r in reversed(self._records.values()) if first <= r.intent.drafted_utc.date() <= last]


class Disk:
    """The one disk of the run, shared by all desks.

    Args:
        shelf: where stories are kept.
        faults: which commits fail, by number, and how.
        write_s: how long a commit takes.
        watch: sees every commit that stands.
        met: called with the name of each fault that is met.
    """

    def __init__(
        self,
        shelf: Shelf,
        faults: dict[int, str],
        write_s: float,
        watch: Watch,
        met: Callable[[str], None],
    ) -> None:
        self.shelf = shelf
        self._faults = faults
        self._watch = watch
        self._met = met
        self._writes = 0
        self._away: set[Process | None] = set()
        self.write_s = write_s

    def heal(self) -> None:
        """Fail no more, and be within reach."""
        self._faults = {}
        self._away.clear()

    def check_reach(self, process: Process) -> None:
        """Let a desk reach the journal.

        Raises:
            JournalAway: it cannot now.
        """
        if self._away and (None in self._away or process in self._away):
            raise JournalAway("out of reach")

    def commit(self, process: Process, write: Callable[[], T]) -> T:
        """Carry out one commit of a desk, unless it fails before.

        Raises:
            JournalUnavailable: it failed, and perhaps stands all the same.
        """
        self.check_reach(process)
        self._writes += 1
        fault = self._faults.get(self._writes)
        if fault is None:
            return write()
        self._met(fault)
        failing = WRITE_FAULTS[fault]
        if failing.stands:
            write()
        if failing.away_s:
            whose = None if failing.everywhere else process
            self._away.add(whose)
            asyncio.get_running_loop().call_later(failing.away_s, self._away.discard, whose)
        raise failing.error(fault)

    def written(self, intent_id: str) -> None:
        """Show the watch what stands."""
        record = self.shelf.find(intent_id)
        if record is not None:
            self._watch.committed(record)


class DeskJournal(IntentJournal):
    """The journal as one desk reaches it.

    Args:
        disk: the one disk.
        process: the desk; when it dies before a commit, there is none.
    """

    def __init__(self, disk: Disk, process: Process) -> None:
        self._disk = disk
        self._process = process

    @override
    async def draft(self, record: IntentRecord) -> None:
        await self._write(record.intent.id, lambda: self._disk.shelf.draft(record))

    @override
    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        return await self._write(intent_id, lambda: self._disk.shelf.append(intent_id, event))

    @override
    async def find(self, intent_id: str) -> IntentRecord | None:
        return await self._read(lambda: self._disk.shelf.find(intent_id))

    @override
    async def unfinished(self) -> list[IntentRecord]:
        return await self._read(self._disk.shelf.unfinished)

    @override
    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        return await self._read(lambda: self._disk.shelf.of_customer(customer_id))

    @override
    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        records = await self._read(lambda: self._disk.shelf.refunds_of(payment_ids))
        return [refund for record in records if (refund := own_refund(record)) is not None]

    @override
    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        return await self._read(lambda: self._disk.shelf.drafted_on(first, last))

    async def _read(self, read: Callable[[], T]) -> T:
        await turns(1)
        self._process.check()
        self._disk.check_reach(self._process)
        return read()

    async def _write(self, intent_id: str, write: Callable[[], T]) -> T:
        """Commit once, and to its end: a caller that is cancelled hears of it only then, as in the real worker."""
        cancelled: asyncio.CancelledError | None = None
        if self._disk.write_s:
            try:
                await asyncio.sleep(self._disk.write_s)
            except asyncio.CancelledError as cancellation:
                cancelled = cancellation
        self._process.check()
        try:
            result = self._disk.commit(self._process, write)
        except Exception as failure:
            if cancelled is not None:
                raise cancelled from failure
            raise
        finally:
            self._disk.written(intent_id)
        if cancelled is not None:
            raise cancelled
        await turns(1)  # a crash may come between a commit and what follows from it
        self._process.check()
        return result

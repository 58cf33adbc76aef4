"""The stories of this desk's intents as they go on: written first, then told; and the waiting between two looks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from deskpay.domain.entry import without_long_numbers
from deskpay.domain.errors import DeskPayError, HotelUnavailable, JournalCorrupt, JournalError
from deskpay.domain.intent import Evidence, IntentEvent, IntentRecord, IntentState
from deskpay.services.announcer import Announcer
from deskpay.services.intent_news import IntentNews
from deskpay.services.ports import Clock, IntentJournal
from deskpay.services.scope import TaskScope, being_cancelled
from deskpay.services.standstill import Standstill

T = TypeVar("T")


class Stories:
    """Moves intents from state to state, on record before anybody hears of it.

    Args:
        journal: the durable record.
        clock: time.
        server_now: the property system's UTC time, for events.
        scope: the application's scope, to report what no look may swallow.
        standstill: what stops acts when the journal fails.
    """

    def __init__(
        self,
        journal: IntentJournal,
        clock: Clock,
        server_now: Callable[[], datetime],
        scope: TaskScope,
        standstill: Standstill,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._scope = scope
        self._nudges: dict[str, asyncio.Event] = {}
        self._latest: dict[str, IntentNews] = {}
        self.server_now = server_now
        self._standstill = standstill
        self.changed: Announcer[IntentNews] = Announcer(scope.report)

    @property
    def told(self) -> tuple[IntentNews, ...]:
        """The latest news of every intent that ran since the start, oldest first."""
        return tuple(self._latest.values())

    def latest(self, intent_id: str) -> IntentNews | None:
        """Return the latest news of an intent that ran since the start, None otherwise."""
        return self._latest.get(intent_id)

    def record(self, intent_id: str) -> IntentRecord:
        """Return the story so far of an intent that ran since the start."""
        return self._latest[intent_id].record

    async def move(
        self,
        record: IntentRecord,
        state: IntentState,
        evidence: Evidence,
        *,
        problem: DeskPayError | None = None,
        outcome_id: str | None = None,
        told: str = "",
    ) -> IntentRecord:
        """Write that `record` came to `state`, tell it, and return the record.

        Args:
            record: the story so far.
            state: where it leads.
            evidence: what that rests on.
            problem: what the property system said, where it said something.
            outcome_id: what came of it.
            told: words of our own, where there is no problem.

        Raises:
            IllegalMoveError: the state may not follow.
            JournalError: it could not be written; no act begins any more.
        """
        event = IntentEvent(
            state=state,
            at_utc=self.server_now(),
            evidence=evidence,
            outcome_id=outcome_id,
            request_id=problem.request_id if problem else None,
            message=without_long_numbers((problem and problem.server_message) or told),
        )
        return await self.put(record, event)

    async def put(self, record: IntentRecord, event: IntentEvent) -> IntentRecord:
        """Write `event`, tell it, and return the record. Raises as `move`."""
        moved = record.moved(event)
        try:
            await self._journal.append(record.intent.id, event)
        except Exception as failure:
            # A failure of another class says that memory and disk disagree; its text may quote a guest, its name not.
            trouble = failure if isinstance(failure, JournalError) else JournalCorrupt(type(failure).__name__)
            self._standstill.keep(record, event)
            self._standstill.begin(trouble)
            self.tell(moved if record.state is IntentState.SENDING else record, trouble=trouble)
            raise
        self.tell(moved)
        return moved

    def tell(
        self,
        record: IntentRecord,
        *,
        next_look_at_s: float | None = None,
        trouble: JournalError | None = None,
        late_id: str | None = None,
    ) -> None:
        """Tell every listener how it stands."""
        news = IntentNews(record, next_look_at_s, trouble, late_id)
        self._latest[record.intent.id] = news
        self.changed.announce(news)

    async def next_change(self) -> None:
        """Wait until the next news of any intent."""
        moved = asyncio.Event()
        stop = self.changed.listen(lambda _news: moved.set())
        try:
            await moved.wait()
        finally:
            stop()

    @contextmanager
    def followed(self, intent_id: str) -> Generator[None, None, None]:
        """Let an intent be waited for and asked about for as long as the context lasts."""
        self._nudges[intent_id] = asyncio.Event()
        try:
            yield
        finally:
            del self._nudges[intent_id]

    def follows(self, intent_id: str) -> bool:
        """Tell whether an intent is waited for now."""
        return intent_id in self._nudges

    def check_now(self, intent_id: str) -> None:
        """End the wait for the next look at once."""
        nudge = self._nudges.get(intent_id)
        if nudge is not None:
            nudge.set()

    async def wait(self, record: IntentRecord, delay_s: float) -> bool:
        """Wait, at most until somebody asks to look now; tell whether the whole time went by."""
        nudge = self._nudges[record.intent.id]
        self.tell(record, next_look_at_s=self._clock.monotonic_s() + delay_s)
        due = asyncio.Event()

        def wake() -> None:
            due.set()
            nudge.set()

        timer = asyncio.get_running_loop().call_later(delay_s, wake)
        try:
            await nudge.wait()
        finally:
            timer.cancel()
        nudge.clear()
        self.tell(self.record(record.intent.id))  # people may have decided meanwhile
        return due.is_set()

    async def read(self, reading: Awaitable[T]) -> T:
        """Await a reading of the books; a failure of any kind is a reading that proves nothing, and another follows.

        Raises:
            DeskPayError: there is no usable answer.
        """
        try:
            return await reading
        except DeskPayError:
            raise
        except asyncio.CancelledError:
            if being_cancelled():
                raise
            raise HotelUnavailable("the reading was broken off") from None
        except Exception as bug:
            self._scope.report(bug)
            raise HotelUnavailable("the reading failed in DeskPay itself") from bug

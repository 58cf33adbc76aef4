"""Carrying out a confirmed queue of charges, one guest after the other. This takes money.

Each row is an ordinary charge, with every check of `take_payment` and one more: what a guest paid since the list that
was reviewed had been read stops the row. A decline is told and the next row follows. Where an answer was lost, the
queue holds at that guest until it is known, or until a person lets it go on with the others. Where the property system
cannot be reached, nothing was sent, and the queue waits. How far it has come is read from the journal, after a crash as
after a pause.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from deskpay.domain.customer import Customer
from deskpay.domain.errors import (
    DeskPayError,
    GuestBeingChecked,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    LooksRepeated,
    NeedsApproval,
    NotAllowed,
    NotSignedIn,
    NotYourRight,
    RateLimited,
    Rejected,
)
from deskpay.domain.errors import Field as FormField
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.night_queue import QueuePlan, QueueRow, RowState, row_state
from deskpay.domain.operator import Right
from deskpay.services.announcer import Announcer
from deskpay.services.checks import check_amount
from deskpay.services.intent_news import IntentNews
from deskpay.services.night_desk import NightDesk
from deskpay.services.take_payment import ChargeOrder, take_payment

MOST_ROWS = 1000

TRIES = 3
"""How often a row is tried of which every try provably left nothing."""

AGAIN_S = (5.0, 15.0, 30.0)
"""Waits while the property system cannot be reached; the last one goes on."""

_SKEW = timedelta(minutes=1)
"""How far two clocks of the property system may lie apart."""

_MAY_TRY_AGAIN = frozenset({IntentState.NOT_SENT, IntentState.ABANDONED})


async def confirm_queue(night: NightDesk, day: date, rows: Sequence[QueueRow], seen_utc: datetime) -> QueuePlan:
    """Make durable what a person reviewed and confirmed; nothing is sent yet.

    Args:
        night: the desk.
        day: the business day.
        rows: in order.
        seen_utc: before what guests owe was read, by the property system's clock. A review takes its time, and what is
            paid meanwhile is not in the amounts.

    Raises:
        NotAllowed: another queue is not over, there is nothing to do or too much, a stay is in it twice, or whoever is
            at the desk may not run it alone.
        InputRefused: an amount cannot be taken.
        JournalError: the queue could not be written.
    """
    if not 0 < len(rows) <= MOST_ROWS:
        raise NotAllowed(f"a queue has 1 to {MOST_ROWS} charges")
    if len({row.reservation_id for row in rows}) < len(rows):
        raise NotAllowed("a stay is in the queue twice")
    for row in rows:
        check_amount(row.amount, night.front.hotel)
        night.front.desk.seat.check(Right.BATCH, row.amount)
    if await night.queues.unfinished() is not None:
        raise NotAllowed("another queue is not over")
    plan = QueuePlan(
        id=str(uuid.uuid4()),
        enterprise_id=night.front.hotel.id,
        operator=night.front.desk.seat.operator.name,
        day=day,
        seen_utc=seen_utc,
        confirmed_utc=night.front.records.server_now(),
        rows=tuple(replace(row, number=number) for number, row in enumerate(rows, start=1)),
    )
    await night.queues.keep(plan)
    return plan


@dataclass(frozen=True, slots=True)
class RowNews:
    """What is known of a row.

    Args:
        row: the row.
        state: where it stands.
        record: its latest act, None while there is none.
        problem: why it was skipped, or what keeps it waiting.
    """

    row: QueueRow
    state: RowState
    record: IntentRecord | None = None
    problem: DeskPayError | None = None


class NightQueue:
    """A confirmed queue, before, while and after it is carried out.

    Args:
        night: the desk.
        plan: what was confirmed.
        again_s: waits in seconds while the property system cannot be reached; the last one goes on.

    `changed` announces each row that moved.
    """

    def __init__(self, night: NightDesk, plan: QueuePlan, again_s: Sequence[float] = AGAIN_S) -> None:
        self._night = night
        self._again_s = again_s
        self._front = night.front
        self.plan = plan
        self.changed: Announcer[RowNews] = Announcer()
        self._news = {row.number: RowNews(row, RowState.WAITING) for row in plan.rows}
        self._customers: dict[str, Customer] = {}
        self._moved = asyncio.Event()
        self._may_go = asyncio.Event()
        self._may_go.set()
        self._stop_asked = asyncio.Event()
        self._passed: set[int] = set()
        self._of_reference = {plan.reference(row, attempt): row for row in plan.rows for attempt in range(TRIES)}
        self._stop_listening = self._front.runner.changed.listen(self._on_news)
        self._stop_seat = self._front.desk.seat.changed.listen(lambda _operator: self._moved.set())

    @property
    def rows(self) -> tuple[RowNews, ...]:
        """What is known of every row, in order."""
        return tuple(self._news.values())

    @property
    def paused(self) -> bool:
        """True while no further row begins."""
        return not self._may_go.is_set()

    @property
    def stopping(self) -> bool:
        """True once the queue is to end after the row under way."""
        return self._stop_asked.is_set()

    def pause(self) -> None:
        """Begin no further row until `go_on`; what was sent is followed all the same."""
        self._may_go.clear()

    def go_on(self) -> None:
        """Begin rows again, and no longer hold at guests whose outcome is not known yet."""
        self._passed |= {news.row.number for news in self.rows if news.state is RowState.NOT_KNOWN}
        self._may_go.set()
        self._moved.set()

    def stop(self) -> None:
        """End the queue after the row under way; the rest stays untouched for good."""
        self._stop_asked.set()
        self._may_go.set()
        self._moved.set()

    def leave(self) -> None:
        """Hear no more of what becomes of its acts."""
        self._stop_listening()
        self._stop_seat()

    async def recall(self) -> None:
        """Read from the journal how far the queue has come.

        Raises:
            JournalError: the journal cannot be read.
        """
        for row in self.plan.rows:
            records = await self._tries(row)
            if records:
                self._tell(RowNews(row, row_state(records[-1]), records[-1]))

    async def run(self) -> None:
        """Carry out what is left, and take note that the queue is over.

        Raises:
            Unauthorized: the books may not be read any more; the queue is not over.
            NotAllowed: DeskPay is closing; the queue is not over.
            JournalError: the journal failed; the queue is not over.
        """
        await self.recall()
        await self._read_customers()
        for row in self.plan.rows:
            await self._may_go.wait()
            if self.stopping:
                break
            if not self._news[row.number].state.ended:
                await self._carry_out(row)
        await self._night.queues.finish()

    async def _read_customers(self) -> None:
        ids = sorted({row.customer_id for row in self.plan.rows})
        while not self.stopping:
            try:
                found = await self._front.records.customers(ids)
            except (HotelUnavailable, RateLimited):
                await self._rest(self._again_s[0])
            else:
                self._customers = {customer.id: customer for customer in found}
                return

    async def _carry_out(self, row: QueueRow) -> None:
        """Try a row until its end is known, or nothing more may be done about it."""
        tries = await self._tries(row)
        while True:
            if tries:
                record = await self._answered(row, tries[-1])
                if record.state not in _MAY_TRY_AGAIN or len(tries) >= TRIES or self.stopping:
                    return
                await self._rest(self._again_s[0])
            begun = await self._begun(row, len(tries))
            if begun is None:
                return
            tries.append(begun)

    async def _begun(self, row: QueueRow, attempt: int) -> IntentRecord | None:
        """Begin a charge, waiting while the property system is away; None where the row is skipped or left."""
        waits = iter(self._again_s)
        while not self.stopping:
            try:
                self._front.desk.seat.check(Right.BATCH, row.amount)
            except (NotSignedIn, NotYourRight) as gone:
                self._tell(RowNews(row, RowState.WAITING, problem=gone))
                await self._another_sits()
                continue
            self._tell(RowNews(row, RowState.CHARGING))
            try:
                return await take_payment(self._front, self._order(row, attempt))
            except (HotelUnavailable, RateLimited) as away:
                told_s = away.retry_after_s if isinstance(away, RateLimited) else None
                self._tell(RowNews(row, RowState.WAITING, problem=away))
                await self._rest(told_s if told_s is not None else next(waits, self._again_s[-1]))
            except NotSignedIn:
                continue  # they left in between
            except (LooksRepeated, GuestBeingChecked, InputRefused, Rejected, NotYourRight, NeedsApproval) as problem:
                self._tell(RowNews(row, RowState.SKIPPED, problem=problem))
                return None
        return None

    async def _another_sits(self) -> None:
        """Wait while the desk is locked, or whoever is at it may not run a queue: no row is skipped for that."""
        before = self._front.desk.seat.taken_by
        while self._front.desk.seat.taken_by is before and not self.stopping:
            self._moved.clear()
            await self._moved.wait()

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop_asked.wait()

    def _order(self, row: QueueRow, attempt: int) -> ChargeOrder:
        customer = self._customers.get(row.customer_id)
        if customer is None:
            raise InputRefused(FormField.CARD, InputProblem.GONE)
        return ChargeOrder(
            reference=self.plan.reference(row, attempt),
            customer=customer,
            reservation_id=row.reservation_id,
            credit_card_id=row.credit_card_id,
            amount=row.amount,
            unpaid_since=self.plan.seen_utc - _SKEW,
        )

    async def _answered(self, row: QueueRow, begun: IntentRecord) -> IntentRecord:
        """Wait until the act's outcome is known, or a person lets the queue go on without it."""
        while True:
            self._moved.clear()
            news = self._front.runner.latest(begun.intent.id)
            record = news.record if news is not None else begun
            if news is not None and news.trouble is not None:
                raise news.trouble
            if not record.awaits_answer and record.state is not IntentState.UNKNOWN:
                return record
            if record.state is IntentState.UNKNOWN and (self.stopping or row.number in self._passed):
                return record
            await self._moved.wait()

    async def _tries(self, row: QueueRow) -> list[IntentRecord]:
        """Return the acts of a row, oldest first."""
        known = {r.intent.reference: r for r in await self._front.journal.of_customer(row.customer_id)}
        references = (self.plan.reference(row, attempt) for attempt in range(TRIES))
        return [known[reference] for reference in references if reference in known]

    def _on_news(self, news: IntentNews) -> None:
        row = self._of_reference.get(news.record.intent.reference)
        if row is not None:
            self._tell(RowNews(row, row_state(news.record), news.record, news.trouble))
            self._moved.set()

    def _tell(self, news: RowNews) -> None:
        if self._news[news.row.number] != news:
            self._news[news.row.number] = news
            self.changed.announce(news)

"""Writing money that an acquirer took down in the hotel's books: once, looked for before every repeat.

The property system has no idempotency key here either. What was sent without an answer is sent again only when looks
have found nothing for longer than any request may take, and never once an answer said that it is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from deskpay.domain.acquirer import AcquirerPayment
from deskpay.domain.adoption import Finding, Verdict, find_written_down
from deskpay.domain.errors import DeskPayError, HotelUnavailable, JournalError, NotSent, Refused
from deskpay.domain.intent import CardSlip, Evidence, Intent, IntentKind, IntentRecord, IntentState
from deskpay.services.acquirer import Acquirer
from deskpay.services.intent_news import Timings
from deskpay.services.look_up import SKEW
from deskpay.services.ports import HotelRecords, PaymentGateway
from deskpay.services.stories import Stories

AGAIN = timedelta(minutes=15)
"""How long looks must have found nothing before an unanswered record is made anew; the same span after which people may
decide that an act left no trace."""

REACH = timedelta(days=85)
"""How long after the charge an entry may be made; the books are read over three months at most. An entry's moment is
not that of the charge's sending, and right after a start nobody knows the hotel's time."""


class WriteDown:
    """The second step of an acquirer's charge.

    Args:
        records: the hotel's books.
        gateway: writes them.
        acquirer: who took the money.
        server_now: the property system's UTC time.
        timings: when to look.
    """

    def __init__(
        self,
        records: HotelRecords,
        gateway: PaymentGateway,
        acquirer: Acquirer,
        server_now: Callable[[], datetime],
        timings: Timings | None = None,
    ) -> None:
        self._timings = timings or Timings()
        self._records = records
        self._gateway = gateway
        self._acquirer = acquirer
        self._server_now = server_now

    async def follow(self, record: IntentRecord, stories: Stories, lock: asyncio.Lock) -> None:
        """Write it down, and look until it stands in the books or people have ended it.

        What an acquirer gave back is written down by nobody but people: whether the property system would send such an
        entry's money through a gateway that never took it, its documents do not say.

        Args:
            record: the story so far.
            stories: moves it.
            lock: held while something is looked for or sent, so that people end it in between.

        Raises:
            JournalError: a step could not be written; nothing goes on then.
        """
        waits: Iterator[float] = chain((0.0,), self._timings.entry_waits())
        while not record.state.final and record.intent.kind is IntentKind.REFUND:
            await stories.wait(record, self._timings.later_looks_s)
            record = stories.record(record.intent.id)
        while not record.state.final:
            await stories.wait(record, next(waits))
            async with lock:
                before = stories.record(record.intent.id)
                record = await self._step(before, stories)
            sent = record.events[-1].evidence in {Evidence.ANSWERED, Evidence.NO_ANSWER}
            if sent and record.events != before.events:
                waits = self._timings.entry_waits()  # it may show soon

    async def _step(self, record: IntentRecord, stories: Stories) -> IntentRecord:
        if record.state.final:
            return record  # people have ended it while this waited
        try:
            verdict = await stories.read(self._found(record))
            if verdict.finding is Finding.ONE:
                return await self._stands(record, verdict, stories)
            if verdict.finding is Finding.UNCLEAR:
                return await stories.move(record, IntentState.RECORDING, Evidence.SEVERAL_FOUND)
            if record.state is IntentState.RECORDING:
                if not _may_repeat(record, self._server_now()):
                    return await stories.move(record, IntentState.RECORDING, Evidence.NOT_FOUND)
                record = await stories.move(record, IntentState.TAKEN, Evidence.NOT_FOUND)
            entry = await stories.read(self._entry(record))
        except JournalError:
            raise
        except DeskPayError:
            return record  # a look that fails proves nothing; the next one follows
        return await self._send(record, entry, stories)

    async def _stands(self, record: IntentRecord, verdict: Verdict, stories: Stories) -> IntentRecord:
        """End it once the entry is final; one found before it was sent from here was made by another desk or hand."""
        if record.events[-1].evidence is not Evidence.FOUND:
            record = await stories.move(record, IntentState.RECORDING, Evidence.FOUND)
        if verdict.payment is None or not verdict.payment.state.final:
            return record
        return await stories.move(record, IntentState.CONFIRMED, Evidence.READ_BACK, outcome_id=verdict.outcome_id)

    async def _found(self, record: IntentRecord) -> Verdict:
        since = record.sent_utc or record.intent.drafted_utc
        payments = await self._records.payments(
            [record.intent.customer_id],
            created_from_utc=since - SKEW,
            created_to_utc=since + REACH,
        )
        return find_written_down(record.intent, payments)

    async def _entry(self, record: IntentRecord) -> Intent:
        """Return what is to be written down: the card as the acquirer charged it, its payment's id as the receipt."""
        if record.charge_id is None:
            raise AssertionError("a charge has its id before it is sent")
        charge = await self._acquirer.charge(record.charge_id)
        if charge.payment is None:
            raise HotelUnavailable("the acquirer does not show the payment now")
        refused = any(event.evidence is Evidence.REFUSED for event in record.events)
        return written_down(record.intent, charge.payment, on_the_bill=not refused)

    async def _send(self, record: IntentRecord, entry: Intent, stories: Stories) -> IntentRecord:
        send = self._gateway.record_external if entry.tender else self._gateway.record_card
        record = await stories.move(record, IntentState.RECORDING, Evidence.ABOUT_TO_SEND)
        try:
            await stories.read(send(entry))
        except NotSent as problem:
            return await stories.move(record, IntentState.TAKEN, Evidence.NOTHING_LEFT, problem=problem)
        except Refused as problem:
            return await stories.move(record, IntentState.TAKEN, Evidence.REFUSED, problem=problem)
        except DeskPayError as problem:
            return await stories.move(record, IntentState.RECORDING, Evidence.NO_ANSWER, problem=problem)
        return await stories.move(record, IntentState.RECORDING, Evidence.ANSWERED)


_IS_THERE = frozenset({Evidence.ANSWERED, Evidence.FOUND, Evidence.SEVERAL_FOUND})
"""After these an entry is never made anew by itself: it was there."""


def written_down(intent: Intent, payment: AcquirerPayment, *, on_the_bill: bool = True) -> Intent:
    """Return the entry for the hotel's books of what `payment` took.

    Args:
        intent: of the charge; its `tender` tells an external type, where the hotel's books take it as one.
        payment: what the acquirer took.
        on_the_bill: False where the entry was refused with its bill, which may be closed by now; it then goes to the
            guest's open one.
    """
    known = intent.slip or CardSlip("", "", "", None)
    slip = CardSlip(payment.brand or known.brand, payment.last_four or known.last_four, known.holder, known.expiry)
    kind = IntentKind.RECORD_EXTERNAL if intent.tender else IntentKind.RECORD_CARD
    return replace(
        intent,
        kind=kind,
        slip=None if intent.tender else slip,
        external_identifier=payment.id,
        credit_card_id=None,
        bill_id=intent.bill_id if on_the_bill else None,
    )


def _may_repeat(record: IntentRecord, now_utc: datetime) -> bool:
    """Tell whether a record without an answer may be made anew."""
    last = max(place for place, event in enumerate(record.events) if event.evidence is Evidence.ABOUT_TO_SEND)
    since = record.events[last:]
    if any(event.evidence in _IS_THERE for event in since):
        return False
    return now_utc - since[0].at_utc >= AGAIN

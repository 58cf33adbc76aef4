"""Comparing our journal with the hotel's books and its acquirer's payments for a span, both ways. It only reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from deskpay.domain.business_day import Span
from deskpay.domain.comparison import Comparison, compare, compare_taken
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.services.night_desk import NightDesk

_AROUND = timedelta(days=2)
"""How far an act and its payment may lie apart, by clocks that differ and by looks that took a day."""


async def reconcile(night: NightDesk, span: Span) -> Comparison:
    """Return where the journal and the payments of `span` differ.

    Raises:
        HotelUnavailable: the books, or what the acquirer took, could not be read whole.
        Refused: they may not be read.
        JournalError: the journal cannot be read.
    """
    front = night.front
    around = await front.journal.drafted_on((span.start_utc - _AROUND).date(), (span.end_utc + _AROUND).date())
    payments = [payment async for page in night.books.payment_pages(span) for payment in page]
    there = {payment.id for payment in payments}
    acts = [record for record in around if span.holds(_moment(record)) or record.outcome_id in there]
    missing = sorted({booked_id for record in acts if (booked_id := _booked_id(record)) is not None} - there)
    further = await front.records.payments_by_id(missing) if missing else []
    known = frozenset(record.intent.reference for record in around)
    found = compare(acts, payments, further, known)
    if front.acquirer is None:
        return found
    taken = await front.acquirer.payments_since(span.start_utc - _AROUND)
    return replace(found, disagreements=found.disagreements + compare_taken(around, taken, span.holds))


def _moment(record: IntentRecord) -> datetime:
    return record.sent_utc or record.intent.drafted_utc


def _booked_id(record: IntentRecord) -> str | None:
    """Return the id of an act's row in the books; until it is read there, an act at an acquirer has ids of others."""
    elsewhere = record.intent.in_two_steps and record.state is not IntentState.CONFIRMED
    return None if elsewhere else record.outcome_id

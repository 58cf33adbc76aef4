"""Comparing our journal with the hotel's books for a span, both ways. It only reads."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskpay.domain.business_day import Span
from deskpay.domain.comparison import Comparison, compare
from deskpay.domain.intent import IntentRecord
from deskpay.services.night_desk import NightDesk

_AROUND = timedelta(days=2)
"""How far an act and its payment may lie apart, by clocks that differ and by looks that took a day."""


async def reconcile(night: NightDesk, span: Span) -> Comparison:
    """Return where the journal and the payments of `span` differ.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
        JournalError: the journal cannot be read.
    """
    front = night.front
    around = await front.journal.drafted_on((span.start_utc - _AROUND).date(), (span.end_utc + _AROUND).date())
    payments = [payment async for page in night.books.payment_pages(span) for payment in page]
    there = {payment.id for payment in payments}
    acts = [record for record in around if span.holds(_moment(record)) or record.outcome_id in there]
    missing = sorted({record.outcome_id for record in acts if record.outcome_id is not None} - there)
    further = await front.records.payments_by_id(missing) if missing else []
    known = frozenset(record.intent.reference for record in around)
    return compare(acts, payments, further, known)


def _moment(record: IntentRecord) -> datetime:
    return record.sent_utc or record.intent.drafted_utc

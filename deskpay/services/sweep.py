"""Looking in the hotel's books for acts that the journal has lost, after it was damaged or restored from a backup."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskpay.domain.payment import Payment
from deskpay.domain.reference import references_in
from deskpay.services.front_desk import FrontDesk

_AROUND = timedelta(days=2)
"""How much earlier an act may have been drafted than its payment was made, by clocks that differ."""


async def sweep(front: FrontDesk, since_utc: datetime) -> list[Payment]:
    """Return the payments that bear a reference of ours which the journal does not know, newest first.

    They are payments that this journal lost, or acts of another desk with a journal of its own: a person judges. Looked
    through are the guests who had a stay since then; refunds carry no reference back and cannot be found so.

    Args:
        front: the desk.
        since_utc: from when on, at most three months ago.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
        JournalError: the journal cannot be read.
    """
    now = front.records.server_now()
    stays = await front.records.stays_touching(since_utc, now + _AROUND)
    guests = sorted({stay.customer_id for stay in stays})
    payments = await front.records.payments(guests, created_from_utc=since_utc, created_to_utc=now + _AROUND)
    ours = await front.journal.drafted_on((since_utc - _AROUND).date(), (now + _AROUND).date())
    known = {record.intent.reference for record in ours}
    strays = [payment for payment in payments if not known.issuperset(_references(payment))]
    return sorted(strays, key=lambda payment: payment.created_utc, reverse=True)


def _references(payment: Payment) -> tuple[str, ...]:
    return references_in(payment.notes) + references_in(payment.external_identifier)

"""Does this look like money that was taken already?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from deskpay.domain.errors import Repeat
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.domain.reference import references_in

WINDOW = timedelta(hours=24)
"""How far back an equal payment counts as a possible repeat; a 3-D Secure check may take a day (Mews help, PSD2)."""


def find_repeat(amount: Money, payments: Iterable[Payment], now_utc: datetime) -> Repeat | None:
    """Return the latest payment that the same amount seems to repeat, None when there is none.

    Any hand counts: a colleague in the property system, a robot, a link, a terminal, a record of cash.

    Args:
        amount: about to be taken.
        payments: of the guest's account.
        now_utc: by the property system's clock.
    """
    alike = [
        payment
        for payment in payments
        if payment.state.live
        and payment.original_amount == amount
        and timedelta(0) <= now_utc - payment.created_utc + timedelta(minutes=10)
        and now_utc - payment.created_utc <= WINDOW
    ]
    if not alike:
        return None
    latest = max(alike, key=lambda payment: payment.created_utc)
    minutes = max(int((now_utc - latest.created_utc).total_seconds() // 60), 0)
    return Repeat(latest.id, next(iter(references_in(latest.notes)), ""), minutes)

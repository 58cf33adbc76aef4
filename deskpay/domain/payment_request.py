"""Requests to pay: what a guest was asked for by a link or at a terminal, and may pay at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.money import Money


class PaymentRequestState(Enum):
    """How far the guest has come. A word not known yet counts as open: it may still be paid."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def open(self) -> bool:
        """True unless it is certain that nobody will pay by it any more."""
        return self in {PaymentRequestState.PENDING, PaymentRequestState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One request.

    Args:
        id: request id.
        customer_id: account that is asked.
        reservation_id: stay that it belongs to.
        amount: positive.
        state: how far it has come.
        takes_money: False where it only holds an amount on the card.
        notes: the hotel's own words, plain; may be empty.
        created_utc: when it was made.
    """

    id: str
    customer_id: str
    reservation_id: str | None
    amount: Money
    state: PaymentRequestState
    takes_money: bool
    notes: str
    created_utc: datetime

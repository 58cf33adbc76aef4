"""Requests to pay: what a guest was asked for by a link or at a terminal, and may pay at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.money import Money


class PayReason(Enum):
    """Why a guest is asked to pay. Source: Mews Connector API, payment requests, "Payment request reason"."""

    OTHER = "other"
    CARD_MISSING = "card_missing"
    CARD_DECLINED = "card_declined"
    DEPOSIT = "deposit"
    PREPAYMENT = "prepayment"
    FEE = "fee"


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
        expires_utc: until when the guest can pay by it.
        description: what the guest reads, plain; may be empty.
    """

    id: str
    customer_id: str
    reservation_id: str | None
    amount: Money
    state: PaymentRequestState
    takes_money: bool
    notes: str
    created_utc: datetime
    expires_utc: datetime
    description: str = ""


@dataclass(frozen=True, slots=True)
class LinkTerms:
    """What a request to pay says beside its amount.

    Args:
        reason: why the guest is asked.
        expires_utc: until when it can be paid by.
        description: what the guest reads.
        by_email: True where the property system mails it to the guest.
        language: of the mail, such as ``de-DE``; empty for the hotel's own.
    """

    reason: PayReason
    expires_utc: datetime
    description: str
    by_email: bool
    language: str = ""

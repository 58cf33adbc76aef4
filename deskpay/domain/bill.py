"""Bills, what stands on them, and what the guest owes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deskpay.domain.money import Currency, Money, total
from deskpay.domain.payment import Payment, PaymentState


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill of an account.

    Args:
        id: bill id.
        customer_id: account that owns it.
        name: may be empty.
        number: fiscal number, empty until closed.
        is_open: False once it was closed.
        created_utc: when it was opened.
    """

    id: str
    customer_id: str
    name: str
    number: str
    is_open: bool
    created_utc: datetime


@dataclass(frozen=True, slots=True)
class OrderItem:
    """Something sold to the guest.

    Args:
        id: item id.
        customer_id: account that owes it.
        bill_id: bill that it stands on.
        reservation_id: order that it came from; a stay's id for nights and extras of the stay.
        name: as printed on the bill; may be empty.
        amount: positive when owed, negative for a rebate.
        unit_count: how many.
        consumed_utc: when it was or will be used up.
        is_open: True while it stands on no closed bill and was not canceled.
    """

    id: str
    customer_id: str
    bill_id: str | None
    reservation_id: str | None
    name: str
    amount: Money
    unit_count: int
    consumed_utc: datetime
    is_open: bool


def charges_total(items: Iterable[OrderItem], currency: Currency) -> Money:
    """Return the sum of the open items in `currency`."""
    return total([item.amount for item in items if item.is_open and item.amount.currency == currency], currency)


def paid_total(payments: Iterable[Payment], currency: Currency) -> Money:
    """Return what counts as paid on open bills in `currency`, refunds taken off.

    Only charged payments count: a pending or verifying one is no money yet (Mews Connector API, payment states).
    """
    counted = [
        payment.amount
        for payment in payments
        if payment.state is PaymentState.CHARGED and payment.open_on_bill and payment.amount.currency == currency
    ]
    return total(counted, currency)


def balance(items: Iterable[OrderItem], payments: Iterable[Payment], currency: Currency) -> Money:
    """Return what the guest owes in `currency`: positive when money is due, negative when too much was paid."""
    return charges_total(items, currency) - paid_total(payments, currency)

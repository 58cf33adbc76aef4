"""Bills, what stands on them, and what the guest owes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

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
        associated_ids: further accounts that it names, such as the company that a guest travels for.
    """

    id: str
    customer_id: str
    name: str
    number: str
    is_open: bool
    created_utc: datetime
    associated_ids: tuple[str, ...] = ()


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
        service_id: which of the hotel's services sold it, empty where it is not told.
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
    service_id: str = ""


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


class BillKind(Enum):
    """As what a bill is closed. Source: Mews Connector API, bills/close: a receipt demands a balance of nothing."""

    RECEIPT = "receipt"
    INVOICE = "invoice"


class NotClosable(Enum):
    """Why an open bill cannot be closed from here."""

    UNFINISHED = "unfinished"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True)
class BillSheet:
    """A bill with what stands on it.

    Args:
        bill: the bill.
        items: open items on it; none for a closed bill, whose items are on its print.
        payments: payments on it, in every state.
        owed: what is open on it in the accounting currency.
    """

    bill: Bill
    items: tuple[OrderItem, ...]
    payments: tuple[Payment, ...]
    owed: Money

    @property
    def closes_as(self) -> BillKind:
        """A receipt where nothing is open, else an invoice that is paid later."""
        return BillKind.INVOICE if self.owed.minor else BillKind.RECEIPT

    @property
    def not_closable(self) -> NotClosable | None:
        """Why it cannot be closed, None where it can.

        Source: Mews help: a bill with a payment that waits for the guest's bank cannot be closed. Other currencies are
        converted by the property system alone, so what is owed cannot be told here.
        """
        if any(payment.state.live and not payment.state.final for payment in self.payments):
            return NotClosable.UNFINISHED
        amounts = [*(item.amount for item in self.items), *(p.amount for p in self.payments if p.state.live)]
        if any(amount.currency != self.owed.currency for amount in amounts):
            return NotClosable.OTHER_CURRENCY
        return None


def sheets_of(
    bills: Sequence[Bill], items: Sequence[OrderItem], payments: Sequence[Payment], currency: Currency
) -> tuple[BillSheet, ...]:
    """Return the bills with what stands on them: open ones first, oldest first, then closed ones as they come.

    What names no bill stands on the guest's default bill, which is the oldest open one.
    """
    oldest_first = sorted((bill for bill in bills if bill.is_open), key=lambda bill: bill.created_utc)
    default = oldest_first[0].id if oldest_first else None
    sheets: list[BillSheet] = []
    for bill in (*oldest_first, *(bill for bill in bills if not bill.is_open)):
        paid = tuple(payment for payment in payments if (payment.bill_id or default) == bill.id)
        sold = tuple(item for item in items if item.is_open and (item.bill_id or default) == bill.id)
        owed = charges_total(sold, currency) - paid_total(paid, currency) if bill.is_open else Money.zero(currency)
        sheets.append(BillSheet(bill, sold, paid, owed))
    return tuple(sheets)

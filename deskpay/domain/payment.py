"""Payments as the hotel's books hold them, and what can still be given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.card import CardKind, CreditCard
from deskpay.domain.money import Money


class PaymentState(Enum):
    """Where the money is. A word not known yet counts as not final and never as success."""

    CHARGED = "charged"
    PENDING = "pending"
    VERIFYING = "verifying"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"

    @property
    def final(self) -> bool:
        """True when the state will not change any more."""
        return self in {PaymentState.CHARGED, PaymentState.FAILED, PaymentState.CANCELED}

    @property
    def live(self) -> bool:
        """True unless it is certain that no money moves."""
        return self not in {PaymentState.FAILED, PaymentState.CANCELED}


class PaymentKind(Enum):
    """Direction and cause; told only for payments that the property system processed itself."""

    PAYMENT = "payment"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSAL = "chargeback_reversal"
    UNTOLD = "untold"


class PaymentMethod(Enum):
    """How the guest paid."""

    CREDIT_CARD = "credit_card"
    ALTERNATIVE = "alternative"
    CASH = "cash"
    INVOICE = "invoice"
    EXTERNAL = "external"
    OTHER = "other"


_GIVEN_BACK = frozenset({PaymentKind.REFUND, PaymentKind.CHARGEBACK, PaymentKind.CHARGEBACK_REVERSAL})


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment or refund.

    Args:
        id: payment id.
        customer_id: account that paid.
        amount: positive for money received, negative for money given back.
        original_amount: the same before any conversion of currency.
        state: where the money is.
        kind: direction and cause.
        method: how it was paid.
        credit_card_id: the card, for card payments.
        bill_id: bill that it stands on.
        reservation_id: stay that it belongs to.
        tender: code of the external type; empty for others.
        external_identifier: number of a slip or voucher; may be empty.
        notes: free text, plain; may be empty.
        origin: where in the property system it was made; may be empty.
        created_utc: when the row was made.
        charged_utc: when the money was taken, None until then.
        open_on_bill: True while it counts on an open bill.
    """

    id: str
    customer_id: str
    amount: Money
    original_amount: Money
    state: PaymentState
    kind: PaymentKind
    method: PaymentMethod
    credit_card_id: str | None
    bill_id: str | None
    reservation_id: str | None
    tender: str
    external_identifier: str
    notes: str
    origin: str
    created_utc: datetime
    charged_utc: datetime | None
    open_on_bill: bool

    @property
    def refundable_method(self) -> bool:
        """True for the two methods that can be refunded through the property system.

        Source: Mews Connector API, payments/refund: CreditCardPayment and AlternativePayment only.
        """
        return self.method in {PaymentMethod.CREDIT_CARD, PaymentMethod.ALTERNATIVE}


def is_recorded(payment: Payment, card: CreditCard | None) -> bool:
    """Tell whether the row only writes down money that was taken elsewhere.

    Args:
        payment: the row.
        card: its card, where it has one and the card could be read.
    """
    if payment.method is PaymentMethod.CREDIT_CARD:
        return card is not None and card.kind is CardKind.TERMINAL
    return payment.method is not PaymentMethod.ALTERNATIVE


class NotRefundable(Enum):
    """Why a payment cannot be refunded here."""

    RECORDED = "recorded"
    NOT_CHARGED = "not_charged"
    IS_REFUND = "is_refund"
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class OwnRefund:
    """A refund that this journal made and that did not fail.

    Args:
        payment_id: the payment given back.
        refund_id: the property system's row, None while unknown.
        amount: positive.
    """

    payment_id: str
    refund_id: str | None
    amount: Money


def refundable_remainder(
    payment: Payment, account_payments: Iterable[Payment], own_refunds: Iterable[OwnRefund]
) -> Money:
    """Return how much of `payment` can still be given back, never below nothing, in the currency it was taken in.

    The property system has no link from a refund to its payment. Refunds that the journal knows are taken from their
    own payment; a refund or chargeback of unknown target may belong to any payment of the account, so it is taken from
    each of them: rather refuse a refund than give money back twice. For the same reason a chargeback's reversal counts
    only once it is charged, and only against what was given back unknown to us.

    Args:
        payment: the payment to give back.
        account_payments: every payment of the same account.
        own_refunds: our refunds of payments of that account.
    """
    own = tuple(own_refunds)
    left = payment.original_amount
    for refund in own:
        if refund.payment_id == payment.id:
            left -= refund.amount
    known = {refund.refund_id for refund in own}
    given_back = Money.zero(left.currency)
    for other in account_payments:
        if other.id in known or not other.state.live or other.original_amount.currency != left.currency:
            continue
        certain = other.state is PaymentState.CHARGED or not other.original_amount.positive
        if other.kind in _GIVEN_BACK and certain:
            given_back += other.original_amount
    left += min(given_back, Money.zero(left.currency))
    return max(left, Money.zero(left.currency))


def not_refundable(payment: Payment, card: CreditCard | None, remainder: Money) -> NotRefundable | None:
    """Return why `payment` cannot be refunded here, None when it can.

    Args:
        payment: the payment.
        card: its card, where it has one.
        remainder: what `refundable_remainder` tells.
    """
    if payment.kind in _GIVEN_BACK:
        return NotRefundable.IS_REFUND
    if not payment.refundable_method or is_recorded(payment, card):
        return NotRefundable.RECORDED
    if payment.state is not PaymentState.CHARGED or not payment.amount.positive:
        return NotRefundable.NOT_CHARGED
    if not remainder.positive:
        return NotRefundable.NOTHING_LEFT
    return None

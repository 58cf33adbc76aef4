"""Open matters: what the night leaves to the morning, each with what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from deskpay.domain.card import CreditCard, not_chargeable
from deskpay.domain.day_sheet import Means, means_of
from deskpay.domain.errors import Hand
from deskpay.domain.hotel import Hotel
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentState
from deskpay.domain.repeat import hand_of

CHARGEBACK_REPLY = timedelta(days=7)
"""How long a hotel may answer a chargeback. A guess on the careful side: the bank's letter tells the true day."""


class MatterKind(Enum):
    """What is open, the most pressing first."""

    NOT_KNOWN = "not_known"
    NOT_IN_BOOKS = "not_in_books"
    CHARGEBACK = "chargeback"
    REFUND_FAILED = "refund_failed"
    AUTOMATION_FAILED = "automation_failed"
    BILL_UNEVEN = "bill_uneven"
    WAITING = "waiting"
    REFUND_UNDER_WAY = "refund_under_way"
    LINK_OPEN = "link_open"
    NO_PROOF = "no_proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that is open.

    Args:
        kind: what.
        id: of the payment, intent, request or guest that it is about.
        customer_id: whose account.
        amount: how much it is about.
        since_utc: since when.
        days_left: whole days until it is too late, None where there is no such day.
        reference: ours; empty where there is none.
        subject: the card or tender; may be empty.
    """

    kind: MatterKind
    id: str
    customer_id: str
    amount: Money
    since_utc: datetime
    days_left: int | None = None
    reference: str = ""
    subject: str = ""


_KINDS = list(MatterKind)


def in_order(matters: Iterable[Matter]) -> tuple[Matter, ...]:
    """Return the matters, the most pressing kind first, each kind oldest first."""
    return tuple(sorted(matters, key=lambda matter: (_KINDS.index(matter.kind), matter.since_utc)))


def matters_of_payments(payments: Sequence[Payment], now_utc: datetime) -> list[Matter]:
    """Return what is open about these payments, apart from what needs a look at the guest's cards.

    Args:
        payments: all of the last weeks; a chargeback is over once as much was reversed for the same account.
        now_utc: by the property system's clock.
    """
    reversed_minor: dict[str, int] = {}
    for payment in payments:
        if payment.kind is PaymentKind.CHARGEBACK_REVERSAL and payment.state is PaymentState.CHARGED:
            already = reversed_minor.get(payment.customer_id, 0)
            reversed_minor[payment.customer_id] = already + payment.original_amount.minor
    found: list[Matter] = []
    for payment in payments:
        kind = _kind_of(payment)
        if kind is MatterKind.CHARGEBACK:
            covered = reversed_minor.get(payment.customer_id, 0)
            if covered >= -payment.original_amount.minor:
                reversed_minor[payment.customer_id] = covered + payment.original_amount.minor
                continue
        if kind is not None:
            left = payment.created_utc + CHARGEBACK_REPLY - now_utc
            days_left = max(left.days, 0) if kind is MatterKind.CHARGEBACK else None
            found.append(_matter(kind, payment, days_left))
    return found


def _kind_of(payment: Payment) -> MatterKind | None:
    if payment.kind is PaymentKind.CHARGEBACK:
        return MatterKind.CHARGEBACK if payment.state.live else None
    back = payment.kind is PaymentKind.REFUND or payment.original_amount.minor < 0
    if back and payment.state is PaymentState.FAILED:
        return MatterKind.REFUND_FAILED
    if not payment.state.final:
        return MatterKind.REFUND_UNDER_WAY if back else MatterKind.WAITING
    return None


def without_proof(payments: Iterable[Payment]) -> list[Matter]:
    """Return the payments taken elsewhere that name no slip or voucher; cash and invoices have none."""
    return [
        _matter(MatterKind.NO_PROOF, payment, None)
        for payment in payments
        if payment.state is PaymentState.CHARGED
        and payment.tender
        and payment.original_amount.positive
        and not payment.external_identifier
        and means_of(payment, None) is not Means.CASH
    ]


def failed_automation(
    payments: Iterable[Payment], cards: Sequence[CreditCard], hotel: Hotel, now_utc: datetime
) -> list[Matter]:
    """Return the failed automatic payments whose guest has a card now that can be charged, the latest of each guest."""
    latest: dict[str, Payment] = {}
    for payment in payments:
        failed = payment.state is PaymentState.FAILED and hand_of(payment) is Hand.AUTOMATION
        before = latest.get(payment.customer_id)
        if failed and (before is None or before.created_utc < payment.created_utc):
            latest[payment.customer_id] = payment
    today = hotel.today(now_utc)
    usable = {card.customer_id: card for card in reversed(cards) if not_chargeable(card, today) is None}
    return [
        _matter(MatterKind.AUTOMATION_FAILED, payment, None, usable[customer_id].label)
        for customer_id, payment in latest.items()
        if customer_id in usable
    ]


def _matter(kind: MatterKind, payment: Payment, days_left: int | None, subject: str = "") -> Matter:
    return Matter(
        kind=kind,
        id=payment.id,
        customer_id=payment.customer_id,
        amount=payment.original_amount,
        since_utc=payment.created_utc,
        days_left=days_left,
        subject=subject or payment.tender,
    )

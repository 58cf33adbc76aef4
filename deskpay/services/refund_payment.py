"""Giving money back to the card it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import NotRefundable, not_refundable
from deskpay.services.checks import baseline_of, check_amount, check_not_waiting
from deskpay.services.front_desk import FrontDesk
from deskpay.services.read_guest import read_guest

_PROBLEMS = {
    NotRefundable.RECORDED: InputProblem.RECORDED,
    NotRefundable.NOT_CHARGED: InputProblem.NOT_ALLOWED,
    NotRefundable.IS_REFUND: InputProblem.NOT_ALLOWED,
    NotRefundable.NOTHING_LEFT: InputProblem.MORE_THAN_LEFT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """What the clerk confirmed.

    Args:
        reference: drawn when the form opened.
        customer: whose money.
        payment_id: the payment to give back.
        amount: how much of it.
        reason: required, sent to the property system.
    """

    reference: str
    customer: Customer
    payment_id: str
    amount: Money
    reason: str


async def refund_payment(front: FrontDesk, order: RefundOrder) -> IntentRecord:
    """Check everything afresh, make the intent durable and start it; return before the answer is there.

    Raises:
        InputRefused: amount, reason or payment cannot be used; nothing was sent.
        GuestBeingChecked: an earlier act for this guest has no known outcome, or another came first; nothing was sent.
        NotAllowed: the form was used already, DeskPay is closing, or whoever is at the desk may not do this, or not
            alone; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        Refused: the books may not be read; nothing was sent.
        JournalError: the intent could not be written; nothing was sent.
    """
    check_amount(order.amount, front.hotel)
    reason = check_text(order.reason, Field.REASON, required=True)
    known = await front.journal.of_customer(order.customer.id)
    check_not_waiting(known)
    file = await read_guest(front, order.customer, None)
    payment = next((payment for payment in file.payments if payment.id == order.payment_id), None)
    if payment is None:
        raise InputRefused(Field.PAYMENT, InputProblem.GONE)
    if payment.original_amount.currency != order.amount.currency:
        raise InputRefused(Field.CURRENCY, InputProblem.NOT_TAKEN)
    card, left = file.card_of(payment), file.refundable(payment)
    problem = not_refundable(payment, card, left)
    if problem is not None:
        raise InputRefused(Field.PAYMENT, _PROBLEMS[problem])
    if order.amount > left:
        raise InputRefused(Field.AMOUNT, InputProblem.MORE_THAN_LEFT)
    intent = replace(
        front.intent(
            IntentKind.REFUND,
            order.reference,
            order.customer,
            card.label if card else payment.method.value,
            order.amount,
        ),
        credit_card_id=payment.credit_card_id,
        reservation_id=payment.reservation_id,
        payment_id=payment.id,
        reason=reason,
        baseline=baseline_of((existing.id for existing in file.payments), known),
    )
    return await front.begin(intent, lambda: front.gateway.refund(intent), known)

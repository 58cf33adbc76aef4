"""Giving money back to the card it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskpay.domain.acquirer import RefundState
from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused, NotAllowed
from deskpay.domain.intent import Intent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import NotRefundable
from deskpay.services.acquirer import Acquirer
from deskpay.services.checks import baseline_of, check_amount, check_not_waiting
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import Send
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
    problem = file.why_not_refundable(payment)
    if problem is not None:
        raise InputRefused(Field.PAYMENT, _PROBLEMS[problem])
    taken_id = file.acquirer_payment(payment)
    if taken_id:
        left = min(left, await _left_there(front, taken_id, payment.original_amount))
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
        external_identifier=taken_id,
        reason=reason,
        baseline=baseline_of((existing.id for existing in file.payments), known),
    )
    send = _at_acquirer(front, intent) if taken_id else lambda: front.gateway.refund(intent)
    return await front.begin(intent, send, known)


def _at_acquirer(front: FrontDesk, intent: Intent) -> Send:
    """Return what gives money back at the acquirer. Its key is made of the intent's id, which is on record before."""

    async def send() -> str:
        return (await _acquirer(front).refund(intent)).id

    return send


async def _left_there(front: FrontDesk, taken_id: str, taken: Money) -> Money:
    """Return how much of what an acquirer took can still be given back there."""
    refunds = await _acquirer(front).refunds(taken_id)
    for refund in refunds:
        if refund.state is not RefundState.FAILED:
            taken -= refund.amount
    return taken


def _acquirer(front: FrontDesk) -> Acquirer:
    if front.acquirer is None:
        raise NotAllowed("this connection has no acquirer")
    return front.acquirer

"""Does this look like money that was taken already, or is about to be taken, by whatever hand?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from deskpay.domain.errors import Hand, Repeat
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.reference import references_in

WINDOW = timedelta(hours=24)
"""How far back an equal payment counts as a possible repeat; a 3-D Secure check may take a day (Mews help, PSD2)."""

SKEW = timedelta(minutes=10)
"""How far a payment's time may lie ahead of ours: the clocks of two computers differ."""

TOLERANCE_PERCENT = 4
"""How far two amounts may be apart and still be the same money.

A property may add a card surcharge to what was asked for (Mews configuration, `SurchargeConfiguration`), and the
highest one that a card network lets a merchant add is 4 % (Mastercard's rule for the United States). A warning too many
costs a look, one too few costs a guest the money twice.
"""

_HANDS = {
    "Operations": Hand.COLLEAGUE,
    "PointOfSales": Hand.COLLEAGUE,
    "AutomaticPayment": Hand.AUTOMATION,
    "System": Hand.AUTOMATION,
    "BillBalancing": Hand.AUTOMATION,
    "PaymentToInvoiceLinking": Hand.AUTOMATION,
    "PaymentRequest": Hand.LINK,
    "OnlineCheckin": Hand.GUEST,
    "OnlineCheckout": Hand.GUEST,
    "BookingEngine": Hand.GUEST,
    "Terminal": Hand.TERMINAL,
    "ChannelManager": Hand.CHANNEL,
    "Api": Hand.PROGRAM,
}
"""Source: Mews Connector API, payments, "Payment origin". What is not named there is told as of unknown origin."""

Row = TypeVar("Row", Payment, PaymentRequest)


def similar(one: Money, other: Money) -> bool:
    """Tell whether two positive amounts of one currency may be the same money, a surcharge apart."""
    if one.currency != other.currency:
        return False
    small, large = sorted((one.minor, other.minor))
    return small > 0 and (large - small) * 100 <= small * TOLERANCE_PERCENT


def find_repeats(
    amount: Money,
    payments: Iterable[Payment],
    requests: Iterable[PaymentRequest],
    own: Sequence[IntentRecord],
    customer_id: str,
    now_utc: datetime,
) -> tuple[Repeat, ...]:
    """Return what the same money seems to be taken by already, newest first.

    Any hand counts: a colleague in the property system, a robot, a link, a terminal, a booking site, a record of cash.
    A request counts as long as it is open, however old, for the guest may pay by it at any moment.

    Args:
        amount: about to be taken.
        payments: of the guest's account and of the stay.
        requests: to pay, of the same.
        own: our intents for this guest, which tell who took a payment, and what the guest was asked for.
        customer_id: the guest.
        now_utc: by the property system's clock.
    """
    operators = {record.intent.reference: record.intent.operator for record in own}
    paid = [
        payment
        for payment in payments
        if payment.state.live
        and similar(payment.original_amount, amount)
        and -SKEW <= now_utc - payment.created_utc <= WINDOW
    ]
    asked = [r for r in requests if r.state.open and r.takes_money and similar(r.amount, amount)]
    found = [(p.created_utc, _of_payment(p, operators, customer_id, now_utc)) for p in _once(paid)]
    found += [(r.created_utc, _of_request(r, operators, customer_id, now_utc)) for r in _once(asked)]
    told = {repeat.payment_id for _, repeat in found}
    waiting = (r for r in own if _waits_for(r, amount, customer_id) and r.outcome_id not in told)
    alike = (r for r in own if r.intent.amount is not None and similar(r.intent.amount, amount))
    found += _taken_beside(alike, {repeat.reference for _, repeat in found}, now_utc)
    found += [(record.intent.drafted_utc, _of_ours(record, now_utc)) for record in waiting]
    return _newest_first(found)


def made_since(
    since_utc: datetime, payments: Iterable[Payment], own: Iterable[IntentRecord], customer_id: str, now_utc: datetime
) -> tuple[Repeat, ...]:
    """Return what was paid since `since_utc`, whatever the amount, newest first.

    That is living payments, and whatever an acquirer took that the books do not show: nobody can have seen it there.

    Args:
        since_utc: when a person last saw what the guest had paid.
        payments: of the guest's account and of the stay.
        own: our intents for this guest, which tell who took a payment and what waits to be written down.
        customer_id: the guest.
        now_utc: by the property system's clock.
    """
    operators = {record.intent.reference: record.intent.operator for record in own}
    live = [payment for payment in _once(payments) if payment.state.live]
    borne = {reference for payment in live for reference in references_in(payment.notes)}
    later = [payment for payment in live if payment.created_utc >= since_utc]
    found = [(p.created_utc, _of_payment(p, operators, customer_id, now_utc)) for p in later]
    found += _taken_beside(own, borne, now_utc)
    return _newest_first(found)


def hand_of(payment: Payment) -> Hand:
    """Return who made `payment`, or what."""
    return Hand.DESKPAY if references_in(payment.notes) else _HANDS.get(payment.origin, Hand.UNTOLD)


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row.id: row for row in rows}.values())


def _of_payment(payment: Payment, operators: dict[str, str], customer_id: str, now_utc: datetime) -> Repeat:
    reference = next(iter(references_in(payment.notes)), "")
    return Repeat(
        payment.id,
        reference,
        _minutes(payment.created_utc, now_utc),
        amount=payment.original_amount,
        hand=hand_of(payment),
        operator=operators.get(reference, ""),
        final=payment.state.final,
        same_guest=payment.customer_id == customer_id,
    )


def _of_request(request: PaymentRequest, operators: dict[str, str], customer_id: str, now_utc: datetime) -> Repeat:
    reference = next(iter(references_in(request.notes)), "")
    return Repeat(
        request.id,
        reference,
        _minutes(request.created_utc, now_utc),
        amount=request.amount,
        hand=Hand.LINK,
        operator=operators.get(reference, ""),
        open_request=True,
        final=False,
        same_guest=request.customer_id == customer_id,
    )


def _waits_for(record: IntentRecord, amount: Money, customer_id: str) -> bool:
    """Tell whether the guest was asked for this money and may pay at any moment.

    The books hold nothing of an order to a terminal before it is paid, and may show a new link with some delay.
    """
    intent = record.intent
    asked = intent.kind.asks_guest and record.state is IntentState.ACCEPTED and intent.customer_id == customer_id
    return asked and intent.amount is not None and similar(intent.amount, amount)


def _taken_beside(
    own: Iterable[IntentRecord], borne: Collection[str], now_utc: datetime
) -> list[tuple[datetime, Repeat]]:
    """Return what an acquirer took of which no row bears the reference yet, however long ago that was."""
    return [
        (record.intent.drafted_utc, _of_taken(record, now_utc))
        for record in own
        if record.owes_entry and record.intent.reference not in borne
    ]


def _newest_first(found: Iterable[tuple[datetime, Repeat]]) -> tuple[Repeat, ...]:
    return tuple(repeat for _, repeat in sorted(found, key=lambda pair: pair[0], reverse=True))


def _of_taken(record: IntentRecord, now_utc: datetime) -> Repeat:
    intent = record.intent
    return Repeat(
        record.outcome_id or intent.id,
        intent.reference,
        _minutes(intent.drafted_utc, now_utc),
        amount=intent.amount,
        hand=Hand.DESKPAY,
        operator=intent.operator,
    )


def _of_ours(record: IntentRecord, now_utc: datetime) -> Repeat:
    intent = record.intent
    return Repeat(
        record.outcome_id or intent.id,
        intent.reference,
        _minutes(intent.drafted_utc, now_utc),
        amount=intent.amount,
        hand=Hand.TERMINAL if intent.kind is IntentKind.TERMINAL else Hand.LINK,
        operator=intent.operator,
        open_request=True,
        final=False,
    )


def _minutes(since_utc: datetime, now_utc: datetime) -> int:
    return max(int((now_utc - since_utc).total_seconds() // 60), 0)

"""Payment intents and payments: charging a card, and what came of it."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.acquirer import AcquirerCharge, AcquirerPayment, ChargeState
from deskpay.domain.intent import Intent
from deskpay.domain.reference import with_reference
from deskpay.gateways.mews.wire.base import Fields, Page, Text, WireError
from deskpay.gateways.paymongo.wire.base import (
    PESO,
    Centavos,
    Resource,
    Seconds,
    Thing,
    money,
    read_many,
    read_one,
    read_resource,
)
from deskpay.gateways.paymongo.wire.customers import home_brand

_STATES = {
    "awaiting_payment_method": ChargeState.WAITS_FOR_CARD,
    "awaiting_next_action": ChargeState.WAITS_FOR_GUEST,
    "processing": ChargeState.UNDER_WAY,
    "awaiting_capture": ChargeState.HELD,
    "succeeded": ChargeState.TAKEN,
    "cancelled": ChargeState.CANCELLED,
}

_TAKEN = frozenset({"paid", "refunded", "partially_refunded"})
"""What a payment is called whose money came. One that was given back since, by whatever hand, was taken all the same;
PayMongo's page names the first alone, a client of its API the others too."""


class _Source(Thing):
    brand: StrictStr | None = None
    last4: StrictStr | None = None


class _Payment(Resource):
    amount: Centavos
    currency: StrictStr
    status: StrictStr
    source: _Source | None = None
    payment_intent_id: StrictStr | None = None
    description: Text | None = None
    created_at: Seconds


def _payment(row: _Payment) -> AcquirerPayment:
    source = row.source or _Source()
    return AcquirerPayment(
        id=row.id,
        amount=money(row.amount, row.currency),
        paid=row.status in _TAKEN,
        brand=home_brand(source.brand),
        last_four=source.last4 or "",
        charge_id=row.payment_intent_id or "",
        description=row.description or "",
        created_utc=row.created_at,
    )


def decode_payments(body: bytes) -> Page[AcquirerPayment]:
    """Return the payments of an answer that are in pesos; others are none of ours."""
    return read_many(_Payment, body, lambda row: _payment(row) if row.currency.upper() == PESO.code else None)


class _Redirect(Thing):
    url: StrictStr


class _NextAction(Thing):
    type: StrictStr
    redirect: _Redirect | None = None


class _Failure(Thing):
    failed_code: StrictStr | None = None


class _Charge(Resource):
    amount: Centavos
    currency: StrictStr
    status: StrictStr
    payments: tuple[object, ...] = ()
    next_action: _NextAction | None = None
    last_payment_error: _Failure | None = None


def decode_charge(body: bytes) -> AcquirerCharge:
    """Return the payment intent of an answer.

    Raises:
        WireError: it is not what the contract says, or says that it succeeded and shows not exactly one payment
            that did.
    """
    row = read_one(_Charge, body)
    state = _STATES.get(row.status, ChargeState.UNKNOWN)
    payment = None
    if state is ChargeState.TAKEN:
        paid = [found for found in (_payment(read_resource(_Payment, entry)) for entry in row.payments) if found.paid]
        if len(paid) != 1:
            raise WireError("not exactly one paid payment")
        payment = paid[0]
    failure = row.last_payment_error.failed_code or "untold" if row.last_payment_error is not None else ""
    action = row.next_action
    return AcquirerCharge(
        id=row.id,
        amount=money(row.amount, row.currency),
        state=state,
        payment=payment,
        bank_page=action.redirect.url if action is not None and action.redirect is not None else "",
        failure=failure,
    )


def encode_charge(intent: Intent, *, saved_for: str | None) -> Fields:
    """Return the attributes of a new payment intent. Making it takes nothing yet.

    Args:
        intent: the decision; its reference goes into the description, which comes back with the payment.
        saved_for: customer to save the card for; None where it is not to be saved, or is saved already.

    Raises:
        ValueError: the intent has no amount, or one in another currency.
    """
    if intent.amount is None or intent.amount.currency != PESO:
        raise ValueError("a charge is in pesos")
    attributes: dict[str, object] = {
        "amount": intent.amount.minor,
        "currency": PESO.code,
        "payment_method_allowed": ["card"],
        "payment_method_options": {"card": {"request_three_d_secure": "any"}},
        "capture_type": "automatic",
        "description": with_reference(intent.note, intent.reference),
        "metadata": {"reference": intent.reference, "hotel": intent.enterprise_id, "customer": intent.customer_id},
    }
    if saved_for is not None:
        attributes["setup_future_usage"] = {"session_type": "on_session", "customer_id": saved_for}
    return attributes


def encode_attach(card_id: str, return_address: str) -> Fields:
    """Return the attributes that charge a card for a payment intent.

    Args:
        card_id: the payment method.
        return_address: where the bank sends the guest afterwards; reaching it proves nothing.
    """
    return {"payment_method": card_id, "return_url": return_address}

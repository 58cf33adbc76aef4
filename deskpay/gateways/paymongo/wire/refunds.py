"""Refunds."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.acquirer import AcquirerRefund, RefundState
from deskpay.domain.intent import Intent
from deskpay.domain.reference import with_reference
from deskpay.gateways.mews.wire.base import Fields, Page, Text
from deskpay.gateways.paymongo.wire.base import PESO, Centavos, Id, Resource, money, read_many, read_one

_STATES = {"succeeded": RefundState.LANDED, "failed": RefundState.FAILED}

_WORDS_LENGTH = 220
"""Of the 255 that PayMongo keeps ("Refund resource"); the rest is for our reference."""


class _Refund(Resource):
    amount: Centavos
    currency: StrictStr
    payment_id: Id
    status: StrictStr
    notes: Text | None = None


def _refund(row: _Refund) -> AcquirerRefund:
    state = _STATES.get(row.status, RefundState.UNDER_WAY)
    return AcquirerRefund(row.id, row.payment_id, money(row.amount, row.currency), state, row.notes or "")


def decode_refund(body: bytes) -> AcquirerRefund:
    """Return the refund of an answer. Raises WireError as every decoder."""
    return _refund(read_one(_Refund, body))


def decode_refunds(body: bytes) -> Page[AcquirerRefund]:
    """Return the refunds of an answer."""
    return read_many(_Refund, body, _refund)


def encode_refund(intent: Intent) -> Fields:
    """Return the attributes of a refund of the acquirer's payment that `intent` names.

    Raises:
        ValueError: the intent names no payment, or no amount in pesos.
    """
    if not intent.external_identifier or intent.amount is None or intent.amount.currency != PESO:
        raise ValueError("a refund gives pesos of a payment back")
    return {
        "amount": intent.amount.minor,
        "payment_id": intent.external_identifier,
        "reason": "others",
        "notes": with_reference(intent.reason[:_WORDS_LENGTH], intent.reference),
        "metadata": {"reference": intent.reference},
    }

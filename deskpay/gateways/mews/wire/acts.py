"""Requests and answers of the acts. Each request carries our reference, so that a lost answer can be looked for."""

from __future__ import annotations

from typing import TypeVar

from deskpay.domain.card import Expiry
from deskpay.domain.intent import Intent
from deskpay.domain.reference import with_reference
from deskpay.gateways.mews.wire.base import Fields, Id, Row, given, read_body
from deskpay.gateways.mews.wire.brands import wire_brand
from deskpay.gateways.mews.wire.money import amount_fields

T = TypeVar("T")


def _needed(value: T | None, name: str) -> T:
    if value is None or value == "":
        raise ValueError(f"the intent has no {name}")
    return value


def encode_charge(intent: Intent, *, gross_pricing: bool) -> Fields:
    """Return the fields of creditCards/charge.

    Raises:
        ValueError: the intent lacks what a charge needs.
    """
    return given(
        credit_card_id=_needed(intent.credit_card_id, "credit_card_id"),
        amount=amount_fields(_needed(intent.amount, "amount"), gross_pricing=gross_pricing),
        reservation_id=intent.reservation_id,
        accounting_category_id=intent.accounting_category_id,
        notes=with_reference(intent.note, intent.reference),
        receipt_identifier=intent.external_identifier or intent.reference,
    )


def encode_refund(intent: Intent) -> Fields:
    """Return the fields of payments/refund: a bare value, in the currency of the payment.

    Raises:
        ValueError: the intent lacks what a refund needs.
    """
    return given(
        enterprise_id=intent.enterprise_id,
        payment_id=_needed(intent.payment_id, "payment_id"),
        account_id=intent.customer_id,
        reason=with_reference(intent.reason, intent.reference),
        value_to_refund=_needed(intent.amount, "amount").to_decimal(),
    )


def encode_record_card(intent: Intent, *, gross_pricing: bool) -> Fields:
    """Return the fields of payments/addCreditCard.

    Raises:
        ValueError: the intent lacks the slip or the amount.
    """
    slip = _needed(intent.slip, "slip")
    expiration = f"{slip.expiry.month:02d}/{slip.expiry.year}" if slip.expiry else None
    return given(
        customer_id=intent.customer_id,
        amount=amount_fields(_needed(intent.amount, "amount"), gross_pricing=gross_pricing),
        credit_card=given(type=wire_brand(slip.brand), number=slip.last_four, expiration=expiration, name=slip.holder),
        bill_id=intent.bill_id,
        reservation_id=intent.reservation_id,
        accounting_category_id=intent.accounting_category_id,
        notes=with_reference(intent.note, intent.reference),
        receipt_identifier=intent.external_identifier or intent.reference,
    )


def encode_record_external(intent: Intent, *, gross_pricing: bool) -> Fields:
    """Return the fields of payments/addExternal.

    Raises:
        ValueError: the intent lacks the amount.
    """
    return given(
        enterprise_id=intent.enterprise_id,
        account_id=intent.customer_id,
        amount=amount_fields(_needed(intent.amount, "amount"), gross_pricing=gross_pricing),
        type=intent.tender,
        bill_id=intent.bill_id,
        reservation_id=intent.reservation_id,
        accounting_category_id=intent.accounting_category_id,
        notes=with_reference(intent.note, intent.reference),
        external_identifier=intent.external_identifier or intent.reference,
    )


def encode_save_card(intent: Intent, transaction_id: str, expiry: Expiry) -> Fields:
    """Return the fields of creditCards/addTokenized.

    Raises:
        ValueError: no transaction id.
    """
    return given(
        enterprise_id=intent.enterprise_id,
        customer_id=intent.customer_id,
        credit_card_data={
            "StorageData": _needed(transaction_id, "transaction_id"),
            "Expiration": f"{expiry.year:04d}-{expiry.month:02d}",
        },
    )


def encode_disable_card(enterprise_id: str, credit_card_id: str) -> Fields:
    """Return the fields of creditCards/disable."""
    return given(enterprise_id=enterprise_id, credit_card_id=credit_card_id)


class _Charged(Row):
    payment_id: Id


class _Refunded(Row):
    refund_id: Id


class _Recorded(Row):
    external_payment_id: Id


class _CardAdded(Row):
    credit_card_id: Id


def decode_charge(body: bytes) -> str:
    """Return the payment's id. Raises WireError when there is none."""
    return read_body(_Charged, body).payment_id


def decode_refund(body: bytes) -> str:
    """Return the refund's id. Raises WireError when there is none."""
    return read_body(_Refunded, body).refund_id


def decode_record_external(body: bytes) -> str:
    """Return the payment's id. Raises WireError when there is none."""
    return read_body(_Recorded, body).external_payment_id


def decode_card_added(body: bytes) -> str:
    """Return the card's id, of addTokenized and of addCreditCard. Raises WireError when there is none."""
    return read_body(_CardAdded, body).credit_card_id


def decode_nothing(body: bytes) -> None:
    """Accept an empty object or an empty body. Raises WireError for anything that is no JSON object."""
    if body:
        read_body(Row, body)

"""Requests to pay. Unlike payments, their amounts are positive in the API too."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.intent import Intent
from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState, PayReason
from deskpay.domain.reference import with_reference
from deskpay.gateways.mews.wire.base import (
    Fields,
    Id,
    IdentifiedRow,
    Page,
    Row,
    Text,
    Utc,
    WireError,
    given,
    read_body,
    read_page,
    utc_text,
)
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, currency_value, money_of

_STATES = {
    "Pending": PaymentRequestState.PENDING,
    "Completed": PaymentRequestState.COMPLETED,
    "Canceled": PaymentRequestState.CANCELED,
    "Expired": PaymentRequestState.EXPIRED,
}
_REASONS = {
    PayReason.OTHER: "Other",
    PayReason.CARD_MISSING: "PaymentCardMissing",
    PayReason.CARD_DECLINED: "PaymentCardDeclined",
    PayReason.DEPOSIT: "Deposit",
    PayReason.PREPAYMENT: "Prepayment",
    PayReason.FEE: "Fee",
}


class _PaymentRequestRow(IdentifiedRow):
    account_id: Id
    reservation_id: Id | None = None
    state: StrictStr
    amount: AmountRow
    type: StrictStr
    expiration_utc: Utc
    description: Text | None = None
    notes: Text | None = None
    created_utc: Utc


def decode_payment_requests(body: bytes, currencies: Currencies) -> Page[PaymentRequest]:
    """Return the requests of an answer of paymentRequests/getAll.

    Raises:
        WireError: the answer is not what the contract says, or an amount does not fit its currency.
    """
    return read_page(body, "PaymentRequests", _PaymentRequestRow, lambda row: _request(row, currencies))


def _request(row: _PaymentRequestRow, currencies: Currencies) -> PaymentRequest:
    return PaymentRequest(
        id=row.id,
        customer_id=row.account_id,
        reservation_id=row.reservation_id,
        amount=money_of(row.amount, currencies),
        state=_STATES.get(row.state, PaymentRequestState.UNKNOWN),
        takes_money=row.type != "Preauthorization",
        notes=row.notes or "",
        created_utc=row.created_utc,
        expires_utc=row.expiration_utc,
        description=row.description or "",
    )


def encode_pay_link(intent: Intent) -> Fields:
    """Return the fields of paymentRequests/add: one request, our reference in its notes.

    Raises:
        ValueError: the intent lacks the amount or what the link says.
    """
    if intent.link is None or intent.amount is None:
        raise ValueError("the intent has no link or no amount")
    link = intent.link
    request = given(
        account_id=intent.customer_id,
        amount=currency_value(intent.amount),
        type="Payment",
        reason=_REASONS[link.reason],
        expiration_utc=utc_text(link.expires_utc),
        description=link.description,
        notes=with_reference(intent.note, intent.reference),
        reservation_id=intent.reservation_id,
        bill_id=intent.bill_id,
    )
    return given(
        enterprise_id=intent.enterprise_id,
        payment_requests=[request],
        send_payment_request_emails=link.by_email,
        # Both codes or neither; source: Connector API guidelines, "Requests".
        language_code=link.language,
        culture_code=link.language,
    )


class _Added(Row):
    payment_requests: list[IdentifiedRow]


def decode_pay_link(body: bytes) -> str:
    """Return the id of the one request that was made.

    Raises:
        WireError: there is none, or several.
    """
    made = read_body(_Added, body).payment_requests
    if len(made) != 1:
        raise WireError("not exactly one payment request")
    return made[0].id


def encode_cancel(request_id: str) -> Fields:
    """Return the fields of paymentRequests/cancel."""
    return given(payment_request_ids=[request_id])

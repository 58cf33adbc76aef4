"""Requests to pay. Unlike payments, their amounts are positive in the API too."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, Page, Text, Utc, read_page
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, money_of

_STATES = {
    "Pending": PaymentRequestState.PENDING,
    "Completed": PaymentRequestState.COMPLETED,
    "Canceled": PaymentRequestState.CANCELED,
    "Expired": PaymentRequestState.EXPIRED,
}


class _PaymentRequestRow(IdentifiedRow):
    account_id: Id
    reservation_id: Id | None = None
    state: StrictStr
    amount: AmountRow
    type: StrictStr
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
    )

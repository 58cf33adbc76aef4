"""Payments and refunds. Only here the sign is turned: received money is negative in the API, positive at home."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, Page, Row, Text, Utc, read_page
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, money_of

_STATES = {
    "Charged": PaymentState.CHARGED,
    "Pending": PaymentState.PENDING,
    "Verifying": PaymentState.VERIFYING,
    "Failed": PaymentState.FAILED,
    "Canceled": PaymentState.CANCELED,
}
_KINDS = {
    "Payment": PaymentKind.PAYMENT,
    "Refund": PaymentKind.REFUND,
    "Chargeback": PaymentKind.CHARGEBACK,
    "ChargebackReversal": PaymentKind.CHARGEBACK_REVERSAL,
}
_METHODS = {
    "CreditCardPayment": PaymentMethod.CREDIT_CARD,
    "AlternativePayment": PaymentMethod.ALTERNATIVE,
    "CashPayment": PaymentMethod.CASH,
    "InvoicePayment": PaymentMethod.INVOICE,
    "ExternalPayment": PaymentMethod.EXTERNAL,
}
_NO_STATE, _NO_KIND, _NO_METHOD = PaymentState.UNKNOWN, PaymentKind.UNTOLD, PaymentMethod.OTHER
"""Of words that are not known. Looking a member up in its class takes longer than the word in its table."""


class _CardPart(Row):
    credit_card_id: Id | None = None


class _ExternalPart(Row):
    type: Text
    external_identifier: Text | None = None


class _Details(Row):
    credit_card: _CardPart | None = None
    external: _ExternalPart | None = None


class _PaymentRow(IdentifiedRow):
    account_id: Id
    bill_id: Id | None = None
    reservation_id: Id | None = None
    amount: AmountRow
    original_amount: AmountRow
    notes: Text | None = None
    charged_utc: Utc | None = None
    created_utc: Utc
    accounting_state: StrictStr
    state: StrictStr
    type: StrictStr
    kind: StrictStr | None = None
    data: _Details | None = None
    payment_origin: Text | None = None


def decode_payments(body: bytes, currencies: Currencies) -> Page[Payment]:
    """Return the payments of an answer of payments/getAll.

    Raises:
        WireError: the answer is not what the contract says, or an amount does not fit its currency.
    """
    return read_page(body, "Payments", _PaymentRow, lambda row: _payment(row, currencies))


def _payment(row: _PaymentRow, currencies: Currencies) -> Payment:
    details = row.data
    card = details.credit_card if details is not None else None
    external = details.external if details is not None else None
    here, there = row.amount, row.original_amount
    amount = original = money_of(here, currencies, turned=True)
    if there.gross_value != here.gross_value or there.currency != here.currency:
        original = money_of(there, currencies, turned=True)
    # In the order of the fields: naming seventeen takes a sixth of the whole, a thousand times a page.
    return Payment(
        row.id,
        row.account_id,
        amount,
        original,
        _STATES.get(row.state, _NO_STATE),
        _KINDS.get(row.kind or "", _NO_KIND),
        _METHODS.get(row.type, _NO_METHOD),
        card.credit_card_id if card is not None else None,
        row.bill_id,
        row.reservation_id,
        external.type if external is not None else "",
        (external.external_identifier or "") if external is not None else "",
        row.notes or "",
        row.payment_origin or "",
        row.created_utc,
        row.charged_utc,
        row.accounting_state == "Open",
    )

"""Bills and the items on them."""

from __future__ import annotations

from pydantic import StrictInt, StrictStr

from deskpay.domain.bill import Bill, OrderItem
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, Page, Text, Utc, read_page
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, money_of


class _BillRow(IdentifiedRow):
    account_id: Id
    name: Text | None = None
    number: Text | None = None
    state: StrictStr
    created_utc: Utc


def _bill(row: _BillRow) -> Bill:
    return Bill(
        id=row.id,
        customer_id=row.account_id,
        name=row.name or "",
        number=row.number or "",
        is_open=row.state == "Open",
        created_utc=row.created_utc,
    )


def decode_bills(body: bytes) -> Page[Bill]:
    """Return the bills of an answer of bills/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "Bills", _BillRow, _bill)


class _OrderItemRow(IdentifiedRow):
    account_id: Id | None = None
    bill_id: Id | None = None
    service_order_id: Id | None = None
    billing_name: Text | None = None
    unit_count: StrictInt
    amount: AmountRow
    consumed_utc: Utc
    canceled_utc: Utc | None = None
    accounting_state: StrictStr


def decode_order_items(body: bytes, currencies: Currencies) -> Page[OrderItem]:
    """Return the items of an answer of orderItems/getAll.

    Raises:
        WireError: the answer is not what the contract says.
    """
    return read_page(body, "OrderItems", _OrderItemRow, lambda row: _item(row, currencies))


def _item(row: _OrderItemRow, currencies: Currencies) -> OrderItem:
    return OrderItem(
        id=row.id,
        customer_id=row.account_id or "",
        bill_id=row.bill_id,
        reservation_id=row.service_order_id,
        name=row.billing_name or "",
        amount=money_of(row.amount, currencies, rounded=True),
        unit_count=row.unit_count,
        consumed_utc=row.consumed_utc,
        is_open=row.accounting_state == "Open" and row.canceled_utc is None,
    )

"""Bills and the items on them."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pydantic import StrictInt, StrictStr

from deskpay.domain.bill import Bill, BillKind, OrderItem
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
    read,
    read_body,
    read_page,
)
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, money_of


class _BillRow(IdentifiedRow):
    account_id: Id
    name: Text | None = None
    number: Text | None = None
    state: StrictStr
    created_utc: Utc
    associated_account_ids: list[Id] | None = None


def _bill(row: _BillRow) -> Bill:
    return Bill(
        id=row.id,
        customer_id=row.account_id,
        name=row.name or "",
        number=row.number or "",
        is_open=row.state == "Open",
        created_utc=row.created_utc,
        associated_ids=tuple(row.associated_account_ids or ()),
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
    service_id: Id | None = None
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
        service_id=row.service_id or "",
    )


_KINDS = {BillKind.RECEIPT: "Receipt", BillKind.INVOICE: "Invoice"}


def encode_close_bill(enterprise_id: str, bill_id: str, kind: BillKind, note: str) -> Fields:
    """Return the fields of bills/close."""
    return given(
        enterprise_id=enterprise_id,
        bill_id=bill_id,
        type=_KINDS[kind],
        notes={"Value": note} if note else None,
    )


class _Printing(Row):
    discriminator: StrictStr
    value: dict[str, Any]


class _Printed(Row):
    result: _Printing


class _File(Row):
    base64_data: StrictStr


class _Event(Row):
    bill_print_event_id: Id


def decode_bill_pdf(body: bytes) -> bytes | str:
    """Return the file of an answer of bills/getPdf, or the id of its printing.

    Raises:
        WireError: it is neither.
    """
    result = read_body(_Printed, body).result
    if result.discriminator == "BillPrintEvent":
        return read(_Event, result.value).bill_print_event_id
    if result.discriminator != "BillPdfFile":
        raise WireError("neither a file nor a printing")
    try:
        return base64.b64decode(read(_File, result.value).base64_data, validate=True)
    except binascii.Error:
        raise WireError("a file that is no base64") from None

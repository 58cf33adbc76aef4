"""Bills and what is on them."""

from typing import Any

from deskpay.sandbox.errors import invalid
from deskpay.sandbox.money import RATES, converted
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.paging import page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_BILL_WINDOWS = {
    "IssuedUtc": "IssuedUtc",
    "PaidUtc": "PaidUtc",
    "DueUtc": "DueUtc",
    "CreatedUtc": "CreatedUtc",
    "UpdatedUtc": "UpdatedUtc",
    "ClosedUtc": "IssuedUtc",  # deprecated name of the moment a bill is closed
}
_BILLS = Filters(
    {
        "EnterpriseIds": "EnterpriseId",
        "BillIds": "Id",
        "CustomerIds": "AccountId",
        "State": "State",
        "Type": "Type",
        "CorrectionState": "CorrectionState",
    },
    _BILL_WINDOWS,
    frozenset({"BillIds", "CustomerIds", *_BILL_WINDOWS}),
)
_ITEM_WINDOWS = ("CreatedUtc", "UpdatedUtc", "ConsumedUtc", "CanceledUtc", "ClosedUtc")
_ITEM_IDS = {
    "OrderItemIds": "Id",
    "AccountIds": "AccountId",
    "ServiceOrderIds": "ServiceOrderId",
    "ServiceIds": "ServiceId",
    "BillIds": "BillId",
}
_ORDER_ITEMS = Filters(
    {"EnterpriseIds": "EnterpriseId", **_ITEM_IDS, "AccountingStates": "AccountingState", "Types": "Type"},
    {name: name for name in _ITEM_WINDOWS},
    frozenset({*_ITEM_IDS, *_ITEM_WINDOWS}),
)


def get_bills(world: World, body: Row) -> Row:
    """bills/getAll."""
    table = world.hotel.bills
    found, cursor = page(table, _BILLS.select(table, body), body["Limitation"])
    return {"Bills": found, "Cursor": cursor}


def get_order_items(world: World, body: Row) -> Row:
    """orderItems/getAll."""
    table = world.hotel.order_items
    found, cursor = page(table, _ORDER_ITEMS.select(table, body), body["Limitation"])
    return {"OrderItems": in_currency(found, body.get("Currency"), ("UnitAmount", "Amount")), "Cursor": cursor}


def in_currency(rows: list[Row], currency: str | None, fields: tuple[str, ...]) -> list[Row]:
    """`rows` with `fields` converted where a currency is asked for; ``OriginalAmount`` never is.

    Raises:
        Rejected: 400 for a currency the hotel does not take.
    """
    if currency is None:
        return rows
    if currency not in RATES:
        raise invalid("Currency")
    return [row | {name: converted(row[name], currency) for name in fields} for row in rows]

"""What is on bills, in the older form: move it between bills, and list what is open."""

from typing import Any

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.operations.books import in_currency
from deskpay.sandbox.world import World

Row = dict[str, Any]

_ITEM_KINDS = contract().enums["accountingitems.md#order-item-data-discriminator"]
_REBATES = frozenset({"NightRebate", "ProductOrderRebate", "AdditionalExpenseRebate"})
_EXTERNAL_KINDS = contract().enums["accountingitems.md#payment-item-data-discriminator"]
_PAYMENT_KINDS = {"CreditCardPayment": "CreditCard", "CashPayment": "Cash", "InvoicePayment": "Invoice"}


def update_items(world: World, body: Row) -> Row:
    """accountingItems/update: move open items and pending payments to other open bills, all or none."""
    hotel, now = world.hotel, world.clock.now()
    hotel.settle(now)
    planned = [(_movable(hotel, given["AccountingItemId"]), given) for given in body["AccountingItemUpdates"]]
    targets = [_target(hotel, row, given) for row, given in planned]
    for (row, _), bill in zip(planned, targets, strict=True):
        row |= {name: bill[name] for name in ("AccountId", "AccountType")}
        row |= {"BillId": bill["Id"], "UpdatedUtc": utc_text(now)}
    moved = {row["Id"]: row for row, _ in planned}.values()
    return {
        "OrderItems": [order_item(row) for row in moved if "UnitCount" in row],
        "PaymentItems": [payment_item(row) for row in moved if "UnitCount" not in row],
    }


def get_open_items(world: World, body: Row) -> Row:
    """customers/getOpenItems: what each of these customers owes, and what counts against it."""
    hotel = world.hotel
    hotel.settle(world.clock.now())
    customers = [hotel.customers.get(customer_id) for customer_id in body["CustomerIds"]]
    if any(customer is None for customer in customers):
        raise invalid("CustomerIds")
    found: dict[str, tuple[list[Row], list[Row]]] = {row["Id"]: ([], []) for row in customers if row}
    for row in hotel.order_items.where("AccountingState", "Open"):
        if row["AccountId"] in found:
            found[row["AccountId"]][0].append(row)
    for row in hotel.payments.where("AccountingState", "Open"):
        if row["AccountId"] in found and row["State"] == "Charged":
            found[row["AccountId"]][1].append(row)
    return {"Customers": [_open_items(customer_id, *rows, body) for customer_id, rows in found.items()]}


def _open_items(customer_id: str, sold: list[Row], paid: list[Row], body: Row) -> Row:
    currency = body.get("Currency")
    order_items = [order_item(row) for row in in_currency(sold, currency, ("UnitAmount", "Amount"))]
    payment_items = [payment_item(row) for row in in_currency(paid, currency, ("Amount",))]
    return {
        "CustomerId": customer_id,
        "OrderItems": order_items,
        "PaymentItems": payment_items,
        "Items": [*order_items, *payment_items],  # deprecated, but still required by the table
    }


def order_item(row: Row) -> Row:
    """An order item in the form of this resource."""
    kind = "Rebate" if row["Type"] in _REBATES else row["Type"]
    product = (row["Data"] or {}).get("Product")
    return contract().shown("accountingitems.md#order-item", row) | {
        "OrderId": row["ServiceOrderId"],
        "Data": {
            "Discriminator": kind if kind in _ITEM_KINDS else "Other",
            "Value": {"ProductId": product["ProductId"]} if product else None,
        },
    }


def payment_item(row: Row) -> Row:
    """A payment in the form of this resource."""
    data = row["Data"] or {}
    external = (data.get("External") or {}).get("Type")
    kind = _PAYMENT_KINDS.get(row["Type"], external if external in _EXTERNAL_KINDS else "Other")
    by_card = data.get("CreditCard")
    return contract().shown("accountingitems.md#payment-item", row) | {
        "ConsumedUtc": row["ConsumedUtc"] or row["CreatedUtc"],
        "Data": {
            "Discriminator": kind,
            "Value": {"CreditCardId": by_card["CreditCardId"]} if kind == "CreditCard" and by_card else None,
        },
    }


def _movable(hotel: Hotel, item_id: str) -> Row:
    item, payment = hotel.order_items.get(item_id), hotel.payments.get(item_id)
    if item is not None and item["AccountingState"] == "Open":
        return item
    if payment is not None and payment["State"] == "Pending":
        return payment
    raise invalid("AccountingItemId")


def _target(hotel: Hotel, row: Row, given: Row) -> Row:
    bill = hotel.bills.get(given["BillId"].get("Value"))
    if bill is None or bill["State"] != "Open":
        raise invalid("BillId")
    account = (given.get("AccountId") or {}).get("Value")
    if bill["AccountId"] != (row["AccountId"] if account is None else account.lower()):
        raise invalid("BillId" if account is None else "AccountId")
    return bill

"""bills/getPdf: an open bill is previewed at once; a closed one is fetched by the event of its printing."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import text
from deskpay.sandbox.operations.bills import balance
from deskpay.sandbox.pdf import pdf
from deskpay.sandbox.world import World

Row = dict[str, Any]

# Mews prints or previews a bill so often in so long; fetching by the event does not count (docs, "Get bill PDF").
MOST_PRINTS, QUOTA_WINDOW = 30, timedelta(days=7)
_NAME_WIDTH, _MONEY_WIDTH = 58, 14


def get_pdf(world: World, body: Row) -> Row:
    """bills/getPdf."""
    hotel, now = world.hotel, world.clock.now()
    bill = hotel.bills.get(body["BillId"])
    if bill is None:
        raise invalid("BillId")
    event_id = body.get("BillPrintEventId")
    if event_id is not None:
        if hotel.print_events.get(event_id.lower()) != bill["Id"]:
            raise invalid("BillPrintEventId")
        return _file(hotel, bill, body)
    _count(hotel, bill, now)
    if bill["State"] == "Open":
        return _file(hotel, bill, body)
    event_id = str(uuid4())
    hotel.print_events[event_id] = bill["Id"]
    return {
        "BillId": bill["Id"],
        "Result": {"Discriminator": "BillPrintEvent", "Value": {"BillPrintEventId": event_id}},
    }


def _count(hotel: Hotel, bill: Row, now: datetime) -> None:
    recent = [moment for moment in hotel.prints.get(bill["Id"], ()) if now - moment < QUOTA_WINDOW]
    if len(recent) >= MOST_PRINTS:
        raise refused("The bill has been printed too often in the last 7 days.")
    hotel.prints[bill["Id"]] = [*recent, now]


def _file(hotel: Hotel, bill: Row, body: Row) -> Row:
    printed = pdf(list(_lines(hotel, bill, body.get("PdfTemplate") or "Detailed")), f"Bill {bill['Number'] or ''}")
    value = {"Base64Data": b64encode(printed).decode()}
    return {"BillId": bill["Id"], "Result": {"Discriminator": "BillPdfFile", "Value": value}}


def _lines(hotel: Hotel, bill: Row, template: str) -> Iterator[str]:
    items = hotel.order_items.where("BillId", bill["Id"])
    if template == "Consumption":
        items.sort(key=lambda row: row["ConsumedUtc"])
    paid = [row for row in hotel.payments.where("BillId", bill["Id"]) if row["State"] == "Charged"]
    enterprise = hotel.enterprise
    yield enterprise["Name"]
    yield " ".join(filter(None, (enterprise["Address"][name] for name in ("Line1", "City", "PostalCode"))))
    yield ""
    yield f"{bill['Type']} {bill['Number']}" if bill["State"] == "Closed" else "Preview, not a receipt"
    yield _owner(hotel, bill)
    yield f"Issued {bill['IssuedUtc']}" if bill["IssuedUtc"] else ""
    yield ""
    for row in items:
        yield _line(f"{row['UnitCount']} x {row['BillingName'] or row['Type']}", row["Amount"])
    yield ""
    for row in paid:
        yield _line(f"Paid, {row['Type']}", row["Amount"])
    yield ""
    currency = hotel.currency
    yield f"{'Balance':<{_NAME_WIDTH}}{text(balance(hotel, bill), currency):>{_MONEY_WIDTH}} {currency}"
    if bill["Notes"]:
        yield ""
        yield from bill["Notes"].splitlines()


def _owner(hotel: Hotel, bill: Row) -> str:
    found = hotel.account(bill["AccountId"])
    profile = found[1] if found else {}
    names = (profile.get(name) for name in ("FirstName", "LastName", "SecondLastName", "Name"))
    return " ".join(name for name in names if name)


def _line(name: str, amount: Row) -> str:
    value = text(amount["GrossValue"], amount["Currency"])
    return f"{name[:_NAME_WIDTH]:<{_NAME_WIDTH}}{value:>{_MONEY_WIDTH}} {amount['Currency']}"

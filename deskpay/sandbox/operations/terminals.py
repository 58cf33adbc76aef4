"""Card terminals: which there are, orders to them, and what became of those."""

from functools import partial
from typing import Any

from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import amount, check_accepted, positive
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.operations.targets import bill_of, details_of
from deskpay.sandbox.paging import page
from deskpay.sandbox.terminals import send
from deskpay.sandbox.world import World

Row = dict[str, Any]

_COMMANDS = Filters({"CommandIds": "Id"})
# Their page is optional and no page of the API says how many come without it; as many as may be asked for.
_ALL = {"Count": 1000}


def get_devices(world: World, _body: Row) -> Row:
    """devices/getAll."""
    return {"Devices": list(world.hotel.devices)}


def add_payment_terminal(world: World, body: Row) -> Row:
    """commands/addPaymentTerminal: have a terminal ask the guest for a card. Answers before anybody has one in hand."""
    hotel, now = world.hotel, world.clock.now()
    hotel.settle(now)
    terminal = hotel.devices.get(body["TerminalId"])
    if terminal is None or terminal["Type"] != "PaymentTerminal":
        raise invalid("TerminalId")
    customer = hotel.customers.get(body["CustomerId"])
    if customer is None:
        raise invalid("CustomerId")
    currency, value = body["Amount"]["Currency"], body["Amount"].get("Value")
    check_accepted(currency, hotel.enterprise)
    if value is None:  # the table of the object lets it be left out
        raise invalid("Amount.Value")
    asked = {
        "Type": body["Type"],
        "CustomerId": customer["Id"],
        "FullName": " ".join(filter(None, (customer["FirstName"], customer["LastName"]))),
        "Amount": amount(positive(value, currency, "Amount.Value"), currency),
        "BillId": bill_of(hotel, body.get("BillId"), customer["Id"]),
        "PaymentRequestId": _request_of(hotel, body, customer["Id"]),
        "ReservationId": details_of(hotel, body, customer["Id"])["ReservationId"],
    }
    taken = partial(world.ledger.paid_elsewhere, "terminal")
    return {"CommandId": send(hotel, terminal, asked, now, taken)["Id"]}


def get_commands(world: World, body: Row) -> Row:
    """commands/getAllByIds; reading moves what is due."""
    world.hotel.settle(world.clock.now())
    table = world.hotel.commands
    found, cursor = page(table, _COMMANDS.select(table, body), body.get("Limitation") or _ALL)
    return {"Commands": [contract().shown("commands.md#command", row) for row in found], "Cursor": cursor}


def _request_of(hotel: Hotel, body: Row, account_id: str) -> str | None:
    if body.get("PaymentRequestId") is None:
        return None
    request = hotel.payment_requests.get(body["PaymentRequestId"])
    if request is None or request["State"] != "Pending" or request["AccountId"] != account_id:
        raise invalid("PaymentRequestId")
    return str(request["Id"])

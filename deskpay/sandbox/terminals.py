"""Card terminals that the hotel drives: an order travels to one, waits for the guest, and ends.

| by itself after | the order is |
|---|---|
| at once | Pending |
| 1 s | Received |
| 2 s | Processing: the terminal asks for a card |
| 15 s | Processed: the guest held a card to it |

A trainer or a test can let it end sooner and otherwise, see `life.happenings`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.events import of_order
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import amount
from deskpay.sandbox.payments import open_bill

Row = dict[str, Any]

RECEIVED_AFTER = timedelta(seconds=1)
ASKS_AFTER = timedelta(seconds=2)
TAPPED_AFTER = timedelta(seconds=15)

_UNDER_WAY = frozenset({"Pending", "Received", "Processing"})


def send(hotel: Hotel, terminal: Row, asked: Row, now: datetime, taken: Callable[[str], None]) -> Row:
    """Send an order to a terminal.

    Args:
        hotel: Where.
        terminal: Its device row.
        asked: ``Type``, ``Amount``, ``CustomerId``, ``BillId``, ``ReservationId``, ``PaymentRequestId``.
        now: When.
        taken: Told the id of the payment, once the guest has paid.
    """
    command_id = str(uuid4())
    command = {
        "Id": command_id,
        "State": "Pending",
        "CreatedUtc": utc_text(now),
        "Creator": None,
        "Device": terminal,
        "Data": asked,
    }
    hotel.commands.add(command)
    hotel.tell(of_order(command))

    def pay(moment: datetime) -> None:
        payment_id = take(hotel, command, moment)
        if payment_id is not None:
            taken(payment_id)

    def ask(_moment: datetime) -> None:
        _reach(hotel, command, "Processing")
        hotel.agenda.put(command_id, now + TAPPED_AFTER, pay)

    def receive(_moment: datetime) -> None:
        _reach(hotel, command, "Received")
        hotel.agenda.put(command_id, now + ASKS_AFTER, ask)

    hotel.agenda.put(command_id, now + RECEIVED_AFTER, receive)
    return command


def under_way(hotel: Hotel, customer_id: str | None) -> Iterator[Row]:
    """The orders that wait for a guest, or for that guest."""
    for command in hotel.commands:
        if command["State"] in _UNDER_WAY and customer_id in {None, command["Data"]["CustomerId"]}:
            yield command


def take(hotel: Hotel, command: Row, moment: datetime) -> str | None:
    """Let the guest's card be accepted; return the payment's id, None where money is only held."""
    card, payment_id = _read_card(hotel, command, moment), None
    if command["Data"]["Type"] == "Preauthorization":
        _hold(hotel, card, command["Data"])
    else:
        payment_id = _add_payment(hotel, command, card, "Charged", moment)
    _reach(hotel, command, "Processed")
    return payment_id


def refuse(hotel: Hotel, command: Row, moment: datetime) -> str:
    """Let the guest's bank refuse; return the id of the payment that failed."""
    payment_id = _add_payment(hotel, command, _read_card(hotel, command, moment), "Failed", moment)
    _reach(hotel, command, "Error")
    return payment_id


def cancel(hotel: Hotel, command: Row) -> None:
    """Let the guest press the red key."""
    _reach(hotel, command, "Cancelled")


def _reach(hotel: Hotel, command: Row, state: str) -> None:
    hotel.agenda.forget(command["Id"])
    command["State"] = state
    hotel.tell(of_order(command))


def _read_card(hotel: Hotel, command: Row, moment: datetime) -> Row:
    """The same card, whoever stands before the terminal."""
    return hotel.cards.add(
        rows.card(
            str(uuid4()),
            hotel.enterprise_id,
            command["Data"]["CustomerId"],
            brand="Visa",
            number="************7318",
            expiration="09/2031",
            created=utc_text(moment),
            kind="Terminal",
        )
    )


def _add_payment(hotel: Hotel, command: Row, card: Row, state: str, moment: datetime) -> str:
    asked = command["Data"]
    named = hotel.bills.get(asked["BillId"])
    bill_id = asked["BillId"] if named is not None and named["State"] == "Open" else None
    bill = open_bill(hotel, asked["CustomerId"], bill_id, moment)
    value, currency = asked["Amount"]["Value"], asked["Amount"]["Currency"]
    payment = rows.payment(
        str(uuid4()), bill, wire_value=-value, currency=currency, state=state, created=utc_text(moment)
    )
    payment |= {
        "Identifier": f"pos_{uuid4()}",
        "Kind": "Payment",
        "PaymentOrigin": "Terminal",
        "Data": rows.card_paid(card["Id"]),
        "ReservationId": asked["ReservationId"],
        "PaymentRequestId": asked["PaymentRequestId"],
    }
    hotel.payments.add(payment)
    request = hotel.payment_requests.get(asked["PaymentRequestId"])
    if state == "Charged" and request is not None and request["State"] == "Pending":
        hotel.answer(request, "Completed", moment)
    return str(payment["Id"])


def _hold(hotel: Hotel, card: Row, asked: Row) -> None:
    hotel.preauthorizations.add(
        {
            "Id": str(uuid4()),
            "CreditCardId": card["Id"],
            "Amount": amount(asked["Amount"]["Value"], asked["Amount"]["Currency"]),
            "State": "Chargeable",
            "ReservationId": asked["ReservationId"],
            "Code": f"{uuid4().int % 10**6:06}",
            "CustomerId": card["CustomerId"],
            "IsActive": True,
        }
    )

"""Card terminals that the hotel drives: an order travels to one, waits for the guest, and ends.

| by itself after | the order is |
|---|---|
| at once | Pending |
| 1 s | Received |
| 2 s | Processing: the terminal asks for a card |
| 15 s | Processed: the guest held a card to it; before the lobby's terminal nobody does |
| 120 s | Cancelled: nobody has |

A trainer or a test can let it end sooner and otherwise, see `life.happenings`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.events import of_order
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.house import WAITING
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.payments import open_bill, reserve

Row = dict[str, Any]

RECEIVED_AFTER = timedelta(seconds=1)
ASKS_AFTER = timedelta(seconds=2)
TAPPED_AFTER = timedelta(seconds=15)
GIVEN_UP_AFTER = timedelta(seconds=120)

_UNDER_WAY = frozenset({"Pending", "Received", "Processing"})


def send(hotel: Hotel, terminal: Row, asked: Row, now: datetime, taken: Callable[[str], None]) -> Row:
    """Send an order to a terminal.

    Args:
        hotel: Where.
        terminal: Its device row.
        asked: ``Type``, ``Amount`` as answers carry it, ``CustomerId`` and ``FullName``, ``BillId``, ``ReservationId``,
            ``PaymentRequestId``.
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
        "Data": _data(terminal, asked),
        "Asked": asked,
    }
    hotel.commands.add(command)
    hotel.tell(of_order(command))

    def pay(moment: datetime) -> None:
        payment_id = take(hotel, command, moment)
        if payment_id is not None:
            taken(payment_id)

    def ask(_moment: datetime) -> None:
        _reach(hotel, command, "Processing")
        if terminal["Name"] == WAITING:
            hotel.agenda.put(command_id, now + GIVEN_UP_AFTER, lambda _then: cancel(hotel, command))
        else:
            hotel.agenda.put(command_id, now + TAPPED_AFTER, pay)

    def receive(_moment: datetime) -> None:
        _reach(hotel, command, "Received")
        hotel.agenda.put(command_id, now + ASKS_AFTER, ask)

    hotel.agenda.put(command_id, now + RECEIVED_AFTER, receive)
    return command


def under_way(hotel: Hotel, customer_id: str | None) -> Iterator[Row]:
    """The orders that wait for a guest, or for that guest."""
    for command in hotel.commands:
        if command["State"] in _UNDER_WAY and customer_id in {None, command["Asked"]["CustomerId"]}:
            yield command


def take(hotel: Hotel, command: Row, moment: datetime) -> str | None:
    """Let the guest's card be accepted; return the payment's id, None where money is only held.

    For a request that was withdrawn or paid meanwhile nothing is taken, and the order ends in an error.
    """
    asked, payment_id = command["Asked"], None
    request = hotel.payment_requests.get(asked["PaymentRequestId"])
    if request is not None and request["State"] != "Pending":
        _reach(hotel, command, "Error")
        return None
    card = _read_card(hotel, command, moment)
    if asked["Type"] == "Preauthorization":
        held = reserve(hotel, card, asked["Amount"], asked["ReservationId"])
        command["Data"] |= {"PreauthorizationId": held["Id"]}
    else:
        payment_id = _add_payment(hotel, command, card, "Charged", moment)
        command["Data"] |= {"PaymentId": payment_id}
    if request is not None:
        hotel.answer(request, "Completed", moment)
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
            command["Asked"]["CustomerId"],
            brand="Visa",
            number="************7318",
            expiration="09/2031",
            created=utc_text(moment),
            kind="Terminal",
        )
    )


def _add_payment(hotel: Hotel, command: Row, card: Row, state: str, moment: datetime) -> str:
    asked = command["Asked"]
    named = hotel.bills.get(asked["BillId"])
    bill_id = asked["BillId"] if named is not None and named["State"] == "Open" else None
    bill = open_bill(hotel, asked["CustomerId"], bill_id, moment)
    value, currency = asked["Amount"]["GrossValue"], asked["Amount"]["Currency"]
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
    return str(payment["Id"])


def _data(terminal: Row, asked: Row) -> Row:
    """What a command tells of its payment. Source: commands, "Payment terminal command data"."""
    return {
        "PaymentTerminalId": terminal["Id"],
        "AccountId": asked["CustomerId"],
        "BillId": asked["BillId"],
        "PaymentId": None,
        "PreauthorizationId": None,
        "Amount": asked["Amount"],
        "Fee": None,
        "PaymentTerminalData": None,
        "AccountData": {"Discriminator": "Customer", "Customer": {"FullName": asked["FullName"]}, "Company": None},
        "CustomerId": asked["CustomerId"],  # deprecated, as the name below, but still told
        "FullName": asked["FullName"],
    }

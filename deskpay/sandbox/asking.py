"""What becomes of a request to pay: the guest pays it, once; or it is withdrawn; or its time runs out."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.errors import refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.payments import charge, open_bill, reserve, start_alternative

Row = dict[str, Any]

_UNDER_WAY = frozenset({"Pending", "Verifying"})


def request_page(request_id: str) -> str:
    """Path of the page where the guest pays; the API itself tells no link."""
    return f"/guest/requests/{request_id}"


def ask(hotel: Hotel, request: Row, *, bill_id: str | None, mailed: bool, now: datetime) -> Row:
    """Put a new request before the guest.

    Args:
        hotel: Where.
        request: The row of the request.
        bill_id: The bill its payment is to go to, or None.
        mailed: Whether the guest gets a mail with the link.
        now: When.
    """
    hotel.payment_requests.add(request)
    if bill_id is not None:
        hotel.asked_bills[request["Id"]] = bill_id
    ends = utc_time(request["ExpirationUtc"])
    hotel.agenda.put(request["Id"], ends, lambda then: hotel.answer(request, "Expired", then))
    customer = hotel.customers.get(request["AccountId"])
    if mailed and customer is not None:
        hotel.mail(customer, f"{hotel.enterprise['Name']}: {request['Description']}", request_page(request["Id"]), now)
    return request


def under_way(hotel: Hotel, request: Row) -> Row | None:
    """The payment of this request that is not finished, or None."""
    paid = hotel.payments.where("PaymentRequestId", request["Id"])
    return next((row for row in paid if row["State"] in _UNDER_WAY), None)


def pay_by_card(hotel: Hotel, request: Row, brand: str, number: str, now: datetime) -> Row:
    """Pay a request with a card the guest types in; the card stays on the guest's profile.

    Args:
        hotel: Where.
        request: A pending request.
        brand: The card's type.
        number: The card's obfuscated number; its last digits decide, see `gateway`.
        now: When.

    Returns:
        The payment, or the preauthorisation where the request asked for one.

    Raises:
        Rejected: 403 when the request is no longer pending, or a payment for it is under way.
        Declined: when the bank refuses; the request stays pending.
    """
    _check_payable(hotel, request)
    card = rows.card(
        str(uuid4()),
        hotel.enterprise_id,
        request["AccountId"],
        brand=brand,
        number=number,
        expiration=f"12/{now.year + 3}",
        created=utc_text(now),
    )
    hotel.cards.add(card)
    if request["Type"] == "Preauthorization":
        return _preauthorize(hotel, request, card, now)
    value, currency = _wanted(request)
    payment = charge(hotel, card, value, currency, now, _details(request), _bill_id(hotel, request))
    if payment["State"] == "Charged":
        hotel.answer(request, "Completed", now)
    return payment


def pay_otherwise(hotel: Hotel, request: Row, method: str, now: datetime) -> Row:
    """Begin to pay a request by another method than a card.

    Raises:
        Rejected: 403 when the request is no longer pending, or a payment for it is under way, or it is no payment.
    """
    _check_payable(hotel, request)
    if request["Type"] != "Payment":
        raise refused("An amount can be reserved on a payment card only.")
    value, currency = _wanted(request)
    bill = open_bill(hotel, request["AccountId"], _bill_id(hotel, request), now)
    return start_alternative(hotel, method, bill, value, currency, now, _details(request))


def _check_payable(hotel: Hotel, request: Row) -> None:
    if request["State"] != "Pending":
        raise refused("This request can no longer be paid.")
    if under_way(hotel, request) is not None:
        raise refused("A payment for this request is already under way.")


def _wanted(request: Row) -> tuple[Decimal, str]:
    return request["Amount"]["GrossValue"], request["Amount"]["Currency"]


def _details(request: Row) -> Row:
    return {
        "PaymentRequestId": request["Id"],
        "ReservationId": request["ReservationId"],
        "PaymentOrigin": "PaymentRequest",
    }


def _bill_id(hotel: Hotel, request: Row) -> str | None:
    """The bill that was asked for, unless it was closed since."""
    bill = hotel.bills.get(hotel.asked_bills.get(request["Id"]))
    return bill["Id"] if bill is not None and bill["State"] == "Open" else None


def _preauthorize(hotel: Hotel, request: Row, card: Row, now: datetime) -> Row:
    held = reserve(hotel, card, request["Amount"], request["ReservationId"])
    hotel.answer(request, "Completed", now)
    return held

"""Requests to pay: list, ask, withdraw. They move no money by themselves."""

from typing import Any
from uuid import uuid4

from deskpay.sandbox.asking import ask
from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.money import amount, check_accepted, positive
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.operations.targets import bill_of
from deskpay.sandbox.paging import page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_REQUESTS = Filters(
    {
        "EnterpriseIds": "EnterpriseId",
        "PaymentRequestIds": "Id",
        "AccountIds": "AccountId",
        "ReservationIds": "ReservationId",
        "States": "State",
    },
    {"UpdatedUtc": "UpdatedUtc"},
)


def get_payment_requests(world: World, body: Row) -> Row:
    """paymentRequests/getAll; reading lets those expire whose time is over."""
    world.hotel.settle(world.clock.now())
    table = world.hotel.payment_requests
    found, cursor = page(table, _REQUESTS.select(table, body), body["Limitation"])
    return {"PaymentRequests": found, "Cursor": cursor}


def add_payment_requests(world: World, body: Row) -> Row:
    """paymentRequests/add: all of them, or none when one is refused."""
    now = world.clock.now()
    made = [
        (_asked(world, given), bill_of(world.hotel, given.get("BillId"), given["AccountId"]))
        for given in body["PaymentRequests"]
    ]
    mailed = body.get("SendPaymentRequestEmails") is not False
    return {"PaymentRequests": [ask(world.hotel, row, bill_id=bill, mailed=mailed, now=now) for row, bill in made]}


def cancel_payment_requests(world: World, body: Row) -> Row:
    """paymentRequests/cancel: only pending ones, all or none."""
    hotel, now = world.hotel, world.clock.now()
    hotel.settle(now)
    table = hotel.payment_requests
    found = [table.get(request_id) for request_id in body["PaymentRequestIds"]]
    wanted = [row for row in found if row is not None]
    if len(wanted) < len(found):
        raise invalid("PaymentRequestIds")
    if any(row["State"] != "Pending" for row in wanted):
        raise refused("Only pending payment requests can be canceled.")
    for row in wanted:
        hotel.answer(row, "Canceled", now)
    return {"PaymentRequests": wanted}


def add_method_request(world: World, body: Row) -> Row:
    """paymentMethodRequests/add: ask a customer to leave a card or a mandate, without charging."""
    hotel, now = world.hotel, world.clock.now()
    customer = hotel.customers.get(body["AccountId"])
    if customer is None:
        raise invalid("AccountId")
    if utc_time(body["ExpirationUtc"]) <= now:
        raise invalid("ExpirationUtc")
    if body.get("EmailsToSend") != [] and not (body.get("Email") or customer["Email"]):
        raise refused("The customer has no email address to send the request to.")
    kept = ("ExpirationUtc", "Description", "Notes", "PaymentMethods", "Email")
    row = {"Id": str(uuid4()), "AccountId": customer["Id"], "State": "Pending", "CreatedUtc": utc_text(now)}
    hotel.method_requests.add(row | {name: body.get(name) for name in kept})
    return {"PaymentMethodRequestId": row["Id"]}


def _asked(world: World, given: Row) -> Row:
    hotel, now = world.hotel, world.clock.now()
    customer = hotel.customers.get(given["AccountId"])
    if customer is None:
        raise invalid("AccountId")
    stay = None
    if given.get("ReservationId") is not None:
        stay = hotel.reservations.get(given["ReservationId"])
        if stay is None or stay["AccountId"] != customer["Id"]:
            raise invalid("ReservationId")
    if utc_time(given["ExpirationUtc"]) <= now:
        raise invalid("ExpirationUtc")
    currency = given["Amount"]["Currency"]
    check_accepted(currency, hotel.enterprise)
    return rows.payment_request(
        str(uuid4()),
        hotel.enterprise_id,
        customer["Id"],
        stay,
        {name: given.get(name) for name in ("Type", "Reason", "Description", "Notes")}
        | {"ExpirationUtc": utc_text(utc_time(given["ExpirationUtc"]))}
        | {"Amount": amount(positive(given["Amount"]["Value"], currency, "Amount.Value"), currency)},
        created=utc_text(now),
    )

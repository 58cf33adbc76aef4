"""Requests to pay: asked, listed, withdrawn, expired; all or none."""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.sandbox.door import PAGE, Door
from tests.contract.sandbox.schema import disagreements

UNKNOWN = "98753f51-5b8b-4e8f-a3af-5b8476865983"
LATER = "2099-01-01T00:00:00Z"


def asked(door: Door, **changed: Any) -> dict[str, Any]:
    return {
        "AccountId": door.guest("Pepperwick")["Id"],
        "Amount": {"Currency": "GBP", "Value": 312.4},
        "Type": "Payment",
        "Reason": "Prepayment",
        "ExpirationUtc": LATER,
        "Description": "Your stay",
        "Notes": "DP-7K4M-2Q9C",
    } | changed


def add(door: Door, **changed: Any) -> dict[str, Any]:
    answer = door.ok("paymentRequests/add", PaymentRequests=[asked(door, **changed)])
    assert disagreements("paymentRequests/add", answer) == []
    row: dict[str, Any] = answer["PaymentRequests"][0]
    return row


def listed(door: Door, **fields: Any) -> list[tuple[str, str]]:
    answer = door.ok("paymentRequests/getAll", fields, Limitation=PAGE)
    assert disagreements("paymentRequests/getAll", answer) == []
    return [(row["Id"], row["State"]) for row in answer["PaymentRequests"]]


def test_a_request_waits_for_the_guest_and_is_found_by_guest_stay_id_and_state(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    stay = next(row for row in door.world.hotel.reservations if row["AccountId"] == guest)
    row = add(door, ReservationId=stay["Id"])
    assert (row["State"], row["Notes"]) == ("Pending", "DP-7K4M-2Q9C")
    assert str(row["Amount"]["GrossValue"]) in {"312.4", "312.40"}
    assert (row["ReservationId"], row["ReservationGroupId"]) == (stay["Id"], stay["GroupId"])
    found = [(row["Id"], "Pending")]
    assert listed(door) == found
    assert listed(door, AccountIds=[guest], States=["Pending"]) == found
    assert listed(door, ReservationIds=[stay["Id"]]) == found
    assert listed(door, PaymentRequestIds=[row["Id"]]) == found
    assert listed(door, AccountIds=[UNKNOWN]) == listed(door, States=["Completed"]) == []


def test_a_request_without_a_stay_belongs_to_none(door: Door) -> None:
    row = add(door)
    assert (row["ReservationId"], row["ReservationGroupId"]) == (None, None)


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"AccountId": UNKNOWN}, 400, "Invalid AccountId"),
        ({"ReservationId": UNKNOWN}, 400, "Invalid ReservationId"),
        ({"ExpirationUtc": "2020-01-01T00:00:00Z"}, 400, "Invalid ExpirationUtc"),
        ({"Amount": {"Currency": "GBP", "Value": 0}}, 400, "Invalid Amount.Value"),
        ({"Amount": {"Currency": "GBP", "Value": 1.234}}, 400, "Invalid Amount.Value"),
        ({"Amount": {"Currency": "JPY", "Value": 1}}, 403, "The currency JPY is not accepted by this property."),
    ],
)
def test_a_request_that_cannot_be_made_refuses_all(
    door: Door, changed: dict[str, Any], status: int, message: str
) -> None:
    answer = door.call("paymentRequests/add", PaymentRequests=[asked(door), asked(door, **changed)])
    assert (answer.status, answer.message) == (status, message)
    assert listed(door) == []


def test_another_guests_stay_is_refused(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    other = next(row for row in door.world.hotel.reservations if row["AccountId"] != guest)
    answer = door.call("paymentRequests/add", PaymentRequests=[asked(door, ReservationId=other["Id"])])
    assert (answer.status, answer.message) == (400, "Invalid ReservationId")


def test_only_what_is_pending_is_withdrawn_all_or_none(door: Door) -> None:
    first, second = add(door), add(door)
    answer = door.ok("paymentRequests/cancel", PaymentRequestIds=[first["Id"]])
    assert disagreements("paymentRequests/cancel", answer) == []
    assert dict(listed(door)) == {first["Id"]: "Canceled", second["Id"]: "Pending"}
    again = door.call("paymentRequests/cancel", PaymentRequestIds=[second["Id"], first["Id"]])
    assert (again.status, again.message) == (403, "Only pending payment requests can be canceled.")
    unknown = door.call("paymentRequests/cancel", PaymentRequestIds=[second["Id"], UNKNOWN])
    assert (unknown.status, unknown.message) == (400, "Invalid PaymentRequestIds")
    assert dict(listed(door))[second["Id"]] == "Pending"


def test_a_request_expires_when_its_time_is_over(door: Door) -> None:
    soon = door.world.clock.now() + timedelta(hours=1)
    row = add(door, ExpirationUtc=soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    door.world.clock.advance(3599)
    assert listed(door) == [(row["Id"], "Pending")]
    door.world.clock.advance(1)
    assert listed(door) == [(row["Id"], "Expired")]


def test_asking_moves_no_money(door: Door) -> None:
    before = door.payments("Pepperwick")
    add(door)
    assert door.payments("Pepperwick") == before

"""A terminal asked to take a payment: what it does by itself, what the guest makes of it, and who hears of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from deskpay.sandbox.access import ACCESS_TOKEN, LIMITED_TOKEN
from deskpay.sandbox.life.happenings import NobodyThere, happen
from tests.contract.sandbox.door import PAGE, Door
from tests.contract.sandbox.running import Running
from tests.contract.sandbox.samples import a_request
from tests.contract.sandbox.test_socket import happen as make_happen
from tests.contract.sandbox.test_socket import listening, told

Json = dict[str, Any]

UNKNOWN = "98753f51-5b8b-4e8f-a3af-5b8476865983"


def order(door: Door, **changed: Any) -> str:
    asked = {
        "TerminalId": terminal(door),
        "CustomerId": door.guest("Pepperwick")["Id"],
        "Type": "Payment",
        "Amount": {"Currency": "GBP", "Value": Decimal("42.50")},
    }
    return str(door.ok("commands/addPaymentTerminal", asked | changed)["CommandId"])


def terminal(door: Door) -> str:
    devices = door.ok("devices/getAll")["Devices"]
    return next(str(row["Id"]) for row in devices if row["Type"] == "PaymentTerminal")


def state(door: Door, command_id: str) -> str:
    (command,) = door.ok("commands/getAllByIds", CommandIds=[command_id])["Commands"]
    return str(command["State"])


def paid_at_terminals(door: Door) -> list[tuple[str, Decimal, str]]:
    found = door.payments("Pepperwick")
    return [
        (row["State"], row["Amount"]["GrossValue"], row["Kind"]) for row in found if row["PaymentOrigin"] == "Terminal"
    ]


def test_the_guest_taps_and_the_payment_is_there_and_can_be_given_back(door: Door) -> None:
    command = order(door)
    seen = [state(door, command)]
    for seconds in (1, 1, 13):
        door.world.clock.advance(seconds)
        seen.append(state(door, command))
    assert seen == ["Pending", "Received", "Processing", "Processed"]
    assert paid_at_terminals(door) == [("Charged", Decimal("-42.5"), "Payment")]
    (elsewhere,) = door.world.ledger_json()["elsewhere"]
    assert (elsewhere["by"], elsewhere["amount"], elsewhere["state"]) == ("terminal", "42.50", "Charged")
    assert door.world.ledger_json()["charges"] == []
    (payment,) = (row for row in door.payments("Pepperwick") if row["PaymentOrigin"] == "Terminal")
    door.ok("payments/refund", AccountId=payment["AccountId"], PaymentId=payment["Id"], Reason="A cold supper")


@pytest.mark.parametrize(
    ("what", "ends", "payments"),
    [
        ("terminal_payment", "Processed", [("Charged", Decimal("-42.5"), "Payment")]),
        ("terminal_refusal", "Error", [("Failed", Decimal("-42.5"), "Payment")]),
        ("terminal_cancellation", "Cancelled", []),
    ],
)
def test_a_trainer_decides_for_the_guest_and_once(door: Door, what: str, ends: str, payments: list[Any]) -> None:
    command = order(door)
    guest = door.guest("Pepperwick")["Id"]
    assert happen(door.world, what, guest) == {"what": what, "command_id": command, "customer_id": guest}
    assert (state(door, command), paid_at_terminals(door)) == (ends, payments)
    with pytest.raises(NobodyThere):
        happen(door.world, what, guest)
    door.world.clock.advance(3600)
    assert (state(door, command), paid_at_terminals(door)) == (ends, payments)


def test_what_is_paid_goes_to_the_bill_stay_and_request_that_were_named(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    hotel = door.world.hotel
    stay = next(row for row in hotel.reservations if row["AccountId"] == guest)
    *_, bill = (row for row in hotel.bills.where("AccountId", guest) if row["State"] == "Open")
    later = door.world.clock.now() + timedelta(days=1)
    asked = {
        "AccountId": guest,
        "Amount": {"Currency": "GBP", "Value": 42.5},
        "Type": "Payment",
        "Reason": "Prepayment",
        "ExpirationUtc": f"{later:%Y-%m-%dT%H:%M:%SZ}",
        "Description": "Your stay",
    }
    request = door.ok("paymentRequests/add", PaymentRequests=[asked])["PaymentRequests"][0]["Id"]
    command = order(door, BillId=bill["Id"], ReservationId=stay["Id"], PaymentRequestId=request)
    happen(door.world, "terminal_payment", None)
    assert state(door, command) == "Processed"
    (payment,) = (row for row in door.payments("Pepperwick") if row["PaymentOrigin"] == "Terminal")
    assert (payment["BillId"], payment["ReservationId"]) == (bill["Id"], stay["Id"])
    answer = door.ok("paymentRequests/getAll", PaymentRequestIds=[request], Limitation=PAGE)
    assert [row["State"] for row in answer["PaymentRequests"]] == ["Completed"]
    refusal = door.call(
        "commands/addPaymentTerminal",
        TerminalId=terminal(door),
        CustomerId=guest,
        Type="Payment",
        Amount={"Currency": "GBP", "Value": 1},
        PaymentRequestId=request,
    )
    assert refusal.message == "Invalid PaymentRequestId"


def test_a_bill_that_was_closed_meanwhile_does_not_lose_the_payment(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    bill = door.ok("bills/add", Bills=[{"AccountId": guest}])["Bills"][0]["Id"]
    order(door, BillId=bill)
    door.world.hotel.bills.get(bill).update(State="Closed")  # type: ignore[union-attr]  # it is there
    happen(door.world, "terminal_payment", None)
    (payment,) = (row for row in door.payments("Pepperwick") if row["PaymentOrigin"] == "Terminal")
    assert payment["BillId"] != bill


def test_a_preauthorization_holds_money_and_takes_none(door: Door) -> None:
    guest = door.guest("Pepperwick")["Id"]
    before = door.ok("preauthorizations/getAllByCustomers", CustomerIds=[guest])["Preauthorizations"]
    command = order(door, Type="Preauthorization")
    door.world.clock.advance(15)
    assert state(door, command) == "Processed"
    assert paid_at_terminals(door) == []
    held = door.ok("preauthorizations/getAllByCustomers", CustomerIds=[guest])["Preauthorizations"]
    (new,) = (row for row in held if row not in before)
    assert (new["State"], new["Amount"]["GrossValue"]) == ("Chargeable", Decimal("42.5"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"TerminalId": UNKNOWN}, "Invalid TerminalId"),
        ({"CustomerId": UNKNOWN}, "Invalid CustomerId"),
        ({"BillId": UNKNOWN}, "Invalid BillId"),
        ({"ReservationId": UNKNOWN}, "Invalid ReservationId"),
        ({"PaymentRequestId": UNKNOWN}, "Invalid PaymentRequestId"),
        ({"Amount": {"Currency": "GBP", "Value": 0}}, "Invalid Amount.Value"),
        ({"Amount": {"Currency": "GBP"}}, "Invalid Amount.Value"),
        ({"Amount": {"Currency": "JPY", "Value": 1}}, "The currency JPY is not accepted by this property."),
        ({"Type": "Gift"}, "Invalid Type"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_its_field(door: Door, changed: Json, message: str) -> None:
    asked = {
        "TerminalId": terminal(door),
        "CustomerId": door.guest("Pepperwick")["Id"],
        "Type": "Payment",
        "Amount": {"Currency": "GBP", "Value": 1},
    }
    assert door.call("commands/addPaymentTerminal", asked | changed).message == message
    assert len(door.world.hotel.commands) == 0


def test_a_key_cutter_takes_no_money_and_a_token_without_the_grant_asks_nobody(door: Door) -> None:
    cutter = next(row["Id"] for row in door.ok("devices/getAll")["Devices"] if row["Type"] == "KeyCutter")
    asked = {
        "TerminalId": cutter,
        "CustomerId": door.guest("Pepperwick")["Id"],
        "Type": "Payment",
        "Amount": {"Currency": "GBP", "Value": 1},
    }
    assert door.call("commands/addPaymentTerminal", asked).message == "Invalid TerminalId"
    asked["TerminalId"] = terminal(door)
    assert door.call("commands/addPaymentTerminal", asked, AccessToken=LIMITED_TOKEN).status == 401
    assert door.call("commands/addPaymentTerminal", asked, AccessToken=ACCESS_TOKEN).status == 200


def test_a_guest_who_does_nothing_is_given_up(door: Door) -> None:
    waiting = next(row["Id"] for row in door.ok("devices/getAll")["Devices"] if row["Name"].startswith("Lobby"))
    command = order(door, TerminalId=waiting)
    for seconds, word in ((60, "Processing"), (60, "Cancelled")):
        door.world.clock.advance(seconds)
        assert (state(door, command), paid_at_terminals(door)) == (word, [])


def test_a_request_that_was_withdrawn_meanwhile_takes_nothing(door: Door) -> None:
    request = a_request(door, door.guest("Pepperwick")["Id"])
    command = order(door, PaymentRequestId=request)
    door.ok("paymentRequests/cancel", PaymentRequestIds=[request])
    happen(door.world, "terminal_payment", None)
    assert (state(door, command), paid_at_terminals(door)) == ("Error", [])


def test_an_order_tells_whose_payment_it_is_and_which(door: Door) -> None:
    command = order(door)
    happen(door.world, "terminal_payment", None)
    (row,) = door.ok("commands/getAllByIds", CommandIds=[command])["Commands"]
    payment = next(each for each in door.payments("Pepperwick") if each["PaymentOrigin"] == "Terminal")
    told = row["Data"]
    assert (told["PaymentId"], told["AccountId"]) == (payment["Id"], payment["AccountId"])
    assert told["AccountData"]["Customer"] == {"FullName": "Ottoline Pepperwick"}
    assert (told["PaymentTerminalId"], told["Amount"]["GrossValue"]) == (terminal(door), Decimal("42.5"))


def test_whoever_listens_hears_every_state_without_asking(running: Running) -> None:
    with listening(running) as connection:
        order(Door(running.world))
        running.world.clock.advance(3600)  # nobody asks and nobody says so: the hotel goes on by itself
        states = ["Pending", "Received", "Processing", "Processed"]
        assert [told(connection)["State"] for _ in states] == states


def test_the_socket_tells_how_far_an_order_has_come(running: Running) -> None:
    door = Door(running.world)
    with listening(running) as connection:
        command = order(door)
        assert told(connection) == {"Type": "DeviceCommand", "Id": command, "State": "Pending"}
        make_happen(running, "terminal_payment")
        assert told(connection) == {"Type": "DeviceCommand", "Id": command, "State": "Processed"}

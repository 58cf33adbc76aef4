"""What the guest does: pays a request once, confirms or cancels at the bank, comes back to the hotel."""

import json
import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest

from deskpay.sandbox.access import ACCESS_TOKEN, NET_TOKEN
from tests.contract.sandbox.door import PAGE, Door, pounds
from tests.contract.sandbox.running import TIMEOUT_S, Running
from tests.contract.sandbox.schema import disagreements

LATER = "2099-01-01T00:00:00Z"
BACK = "https://hotel.example/back?stay=48213"
IBAN = "GB33BUKB20201555555555"
DEBIT = {
    "Iban": IBAN,
    "Name": "Ottoline Pepperwick",
    "Email": "ottoline@pepperwick.example",
    "UserAgent": "DeskPay",
    "RemoteIpAddress": "127.0.0.1",
}


class Guest:
    """Somebody with a browser."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self.headers: dict[str, str] = {}

    def opens(self, link: str) -> tuple[int, str]:
        return self._send("GET", link, None)

    def presses(self, link: str, **button: str) -> tuple[int, str]:
        """Press a button of a form; where it leads on to is in `headers`."""
        return self._send("POST", link, urlencode(button))

    def _send(self, method: str, link: str, body: str | None) -> tuple[int, str]:
        connection = HTTPConnection(self._running.listeners.api_address, timeout=TIMEOUT_S)
        path = link.removeprefix(self._running.listeners.api_origin)
        connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        answer = connection.getresponse()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture
def guest(running: Running) -> Guest:
    return Guest(running)


@pytest.fixture
def door(running: Running) -> Door:
    return Door(running.world)


def ask(door: Door, *, mails: bool = True, token: str = ACCESS_TOKEN, **changed: Any) -> dict[str, Any]:
    wanted = {
        "AccountId": door.guest("Pepperwick")["Id"],
        "Amount": {"Currency": "GBP", "Value": 312.4},
        "Type": "Payment",
        "Reason": "PaymentCardDeclined",
        "ExpirationUtc": LATER,
        "Description": "Please settle <room 214> & more",
        "Notes": "DP-7K4M-2Q9C",
    } | changed
    asked = {"PaymentRequests": [wanted], "SendPaymentRequestEmails": mails}
    answer = door.ok("paymentRequests/add", asked, AccessToken=token)
    row: dict[str, Any] = answer["PaymentRequests"][0]
    return row


def state(door: Door, request: dict[str, Any]) -> str:
    rows = door.ok("paymentRequests/getAll", PaymentRequestIds=[request["Id"]], Limitation=PAGE)["PaymentRequests"]
    return str(rows[0]["State"])


def paid(door: Door, request: dict[str, Any]) -> list[tuple[str, str]]:
    """State and kind of every payment of a request, newest first."""
    answer = door.ok("payments/getAll", AccountIds=[request["AccountId"]], Limitation=PAGE)
    assert disagreements("payments/getAll", answer) == []
    mine = [row for row in answer["Payments"] if row["PaymentRequestId"] == request["Id"]]
    assert all((row["PaymentOrigin"], row["Kind"]) == ("PaymentRequest", "Payment") for row in mine)
    return [(row["State"], row["Type"]) for row in mine]


def link(running: Running) -> str:
    """The link of the newest mail."""
    mails = json.loads(running.request("GET", "/_sandbox/mails")[2])["mails"]
    return str(mails[-1]["link"])


def begin(door: Door, data: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    body = {
        "CustomerId": door.guest("Pepperwick")["Id"],
        "Amount": pounds("312.40"),
        "Data": data or {"Discriminator": "Ideal", "Ideal": {"RedirectUrl": BACK}},
    }
    answer = door.ok("payments/addAlternative", body, **fields)
    assert disagreements("payments/addAlternative", answer) == []
    return answer


def newest(door: Door) -> dict[str, Any]:
    return door.payments("Pepperwick")[0]


def test_a_mailed_request_is_paid_once(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door)
    status, page = guest.opens(link(running))
    assert status == 200
    assert "312.40 GBP" in page
    assert "Please settle &lt;room 214&gt; &amp; more" in page
    assert guest.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert guest.presses(link(running), way="card")[0] == 303
    assert state(door, request) == "Completed"
    assert paid(door, request) == [("Charged", "CreditCardPayment")]
    again = guest.presses(link(running), way="card")
    assert again[0] == 403
    assert "has been paid" in again[1]
    assert len(paid(door, request)) == 1
    assert [entry["by"] for entry in running.ledger()["elsewhere"]] == ["guest"]
    assert running.ledger()["charges"] == []


def test_a_declined_card_leaves_the_request_open(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door)
    status, page = guest.presses(link(running), way="declined")
    assert status == 200
    assert "The payment was declined (Refused). Nothing was taken." in page
    assert state(door, request) == "Pending"
    guest.presses(link(running), way="card")
    assert paid(door, request) == [("Charged", "CreditCardPayment"), ("Failed", "CreditCardPayment")]


@pytest.mark.parametrize(
    ("way", "kind", "answer", "payment", "then"),
    [
        ("bank", "CreditCardPayment", "confirm", "Charged", "Completed"),
        ("bank", "CreditCardPayment", "cancel", "Canceled", "Pending"),
        ("Ideal", "AlternativePayment", "confirm", "Charged", "Completed"),
        ("Ideal", "AlternativePayment", "cancel", "Canceled", "Pending"),
    ],
)
def test_the_bank_asks_the_guest(
    running: Running, door: Door, guest: Guest, way: str, kind: str, answer: str, payment: str, then: str
) -> None:
    request = ask(door)
    asking = link(running)
    assert guest.presses(asking, way=way)[0] == 303
    bank = guest.headers["location"]
    assert state(door, request) == "Pending"
    assert "Confirm the payment" in guest.opens(bank)[1]
    assert guest.presses(asking, way="card")[0] == 403  # one at a time
    assert guest.presses(bank, answer=answer)[0] == 303
    assert (state(door, request), paid(door, request)) == (then, [(payment, kind)])
    assert guest.presses(bank, answer="confirm")[0] == 409
    assert paid(door, request) == [(payment, kind)]


def test_what_was_withdrawn_meanwhile_is_not_taken(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door)
    guest.presses(link(running), way="Ideal")
    bank = guest.headers["location"]
    door.ok("paymentRequests/cancel", PaymentRequestIds=[request["Id"]])
    guest.presses(bank, answer="confirm")
    assert (state(door, request), paid(door, request)) == ("Canceled", [("Canceled", "AlternativePayment")])
    assert "has withdrawn" in guest.opens(link(running))[1]


def test_an_expired_request_cannot_be_paid(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door, ExpirationUtc="2026-11-12T15:00:00Z")
    door.world.clock.advance(3600)
    assert "has expired" in guest.opens(link(running))[1]
    assert guest.presses(link(running), way="card")[0] == 403
    assert (state(door, request), paid(door, request)) == ("Expired", [])


def test_a_preauthorization_reserves_and_takes_nothing(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door, Type="Preauthorization")
    assert guest.presses(link(running), way="Ideal")[0] == 403
    assert guest.presses(link(running), way="card")[0] == 303
    assert (state(door, request), paid(door, request)) == ("Completed", [])
    asked = {"CustomerIds": [request["AccountId"]]}
    reserved = door.ok("preauthorizations/getAllByCustomers", asked)["Preauthorizations"]
    assert "312.4" in {str(row["Amount"]["GrossValue"]) for row in reserved}
    assert running.ledger()["elsewhere"] == []


def test_the_payment_goes_to_the_bill_that_was_named(running: Running, door: Door, guest: Guest) -> None:
    account = door.guest("Pepperwick")["Id"]
    bills = [row["Id"] for row in door.world.hotel.bills if row["AccountId"] == account]
    for bill in bills:
        ask(door, BillId=bill)
        guest.presses(link(running), way="card")
        assert newest(door)["BillId"] == bill
    other = next(row["Id"] for row in door.world.hotel.bills if row["AccountId"] != account)
    wanted = {"AccountId": account, "Amount": {"Currency": "GBP", "Value": 1}, "Type": "Payment", "Reason": "Other"}
    wanted |= {"ExpirationUtc": LATER, "Description": "x", "BillId": other}
    assert door.call("paymentRequests/add", PaymentRequests=[wanted]).message == "Invalid BillId"


def test_no_mail_is_sent_where_none_is_wanted(running: Running, door: Door, guest: Guest) -> None:
    before = running.request("GET", "/_sandbox/mails")[2]
    request = ask(door, mails=False)
    assert running.request("GET", "/_sandbox/mails")[2] == before
    assert guest.opens(f"/guest/requests/{request['Id']}")[0] == 200


def test_a_guest_confirms_a_saved_card_by_the_mailed_link(running: Running, door: Door, guest: Guest) -> None:
    answer = door.charge(door.card("Lanternby", "3155"))
    assert door.payments("Lanternby")[0]["State"] == "Verifying"
    guest.presses(link(running), answer="confirm")
    payment = door.payments("Lanternby")[0]
    assert (payment["Id"], payment["State"]) == (answer.body["PaymentId"], "Charged")
    door.world.clock.advance(2 * 86_400)
    assert door.payments("Lanternby")[0]["State"] == "Charged"


@pytest.mark.parametrize(("pressed", "becomes"), [("confirm", "Charged"), ("cancel", "Canceled")])
def test_ideal_is_paid_only_when_the_guest_confirms(
    running: Running, door: Door, guest: Guest, pressed: str, becomes: str
) -> None:
    begun = begin(door)
    payment = newest(door)
    assert (payment["Id"], payment["State"], payment["Type"]) == (begun["PaymentId"], "Pending", "AlternativePayment")
    assert payment["Data"]["Alternative"] == {"Type": "Ideal"}
    assert payment["ChargedUtc"] is None
    bank = begun["NextAction"]["Value"]
    assert bank.startswith(running.listeners.api_origin)
    page = guest.opens(bank)
    assert (page[0], "312.40 GBP" in page[1]) == (200, True)
    assert "form-action 'self' https://hotel.example;" in guest.headers["content-security-policy"]
    assert guest.presses(bank, answer=pressed)[0] == 303
    assert guest.headers["location"] == BACK
    assert newest(door)["State"] == becomes
    assert re.search(r'href="https://hotel.example/back\?stay=48213"', guest.opens(bank)[1])
    begun_rows = running.ledger()["alternatives"]
    assert [(row["payment_id"], row["state"]) for row in begun_rows] == [(begun["PaymentId"], becomes)]


def test_a_guest_who_never_answers_pays_nothing(door: Door) -> None:
    begin(door, {"Discriminator": "ApplePay"})
    door.world.clock.advance(29 * 60)
    assert newest(door)["State"] == "Pending"
    door.world.clock.advance(60)
    assert newest(door)["State"] == "Canceled"


@pytest.mark.parametrize(("iban", "becomes"), [(IBAN, "Charged"), ("NL31ABNA0000000002", "Failed")])
def test_a_direct_debit_is_collected_days_later_or_comes_back(door: Door, iban: str, becomes: str) -> None:
    begun = begin(door, {"Discriminator": "SepaDirectDebit", "SepaDirectDebit": DEBIT | {"Iban": iban}})
    assert begun["NextAction"] is None
    door.world.clock.advance(2.9 * 86_400)
    assert newest(door)["State"] == "Pending"
    door.world.clock.advance(0.2 * 86_400)
    assert newest(door)["State"] == becomes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"Discriminator": "Ideal"}, "Invalid Data.Ideal"),
        ({"Discriminator": "SepaDirectDebit"}, "Invalid Data.SepaDirectDebit"),
        (
            {"Discriminator": "SepaDirectDebit", "SepaDirectDebit": DEBIT | {"Iban": "GB34BUKB20201555555555"}},
            "Invalid Data.SepaDirectDebit.Iban",
        ),
        (
            {"Discriminator": "SepaDirectDebit", "SepaDirectDebit": DEBIT | {"Iban": "12"}},
            "Invalid Data.SepaDirectDebit.Iban",
        ),
        (
            {"Discriminator": "Ideal", "Ideal": {"RedirectUrl": "javascript:alert(1)"}},
            "Invalid Data.Ideal.RedirectUrl",
        ),
        ({"Discriminator": "Ideal", "Ideal": {"RedirectUrl": "http://[half"}}, "Invalid Data.Ideal.RedirectUrl"),
        (
            {"Discriminator": "Ideal", "Ideal": {"RedirectUrl": "https://x.example/\u2028"}},
            "Invalid Data.Ideal.RedirectUrl",
        ),
    ],
)
def test_a_method_without_what_it_needs_begins_nothing(door: Door, data: dict[str, Any], message: str) -> None:
    body = {"CustomerId": door.guest("Pepperwick")["Id"], "Amount": pounds("1"), "Data": data}
    before = len(door.world.hotel.payments)
    answer = door.call("payments/addAlternative", body)
    assert (answer.status, answer.message) == (400, message)
    assert len(door.world.hotel.payments) == before


def test_an_alternative_payment_is_refunded_like_a_card(running: Running, door: Door, guest: Guest) -> None:
    begun = begin(door)
    guest.presses(begun["NextAction"]["Value"], answer="confirm")
    account = door.guest("Pepperwick")["Id"]
    answer = door.ok("payments/refund", PaymentId=begun["PaymentId"], AccountId=account, Reason="DP-7K4M-2Q9C")
    assert (answer["Type"], answer["State"]) == ("AlternativePayment", "Pending")
    assert len(running.ledger()["refunds"]) == 1


@pytest.mark.parametrize("page", ["requests", "payments"])
def test_a_link_that_leads_nowhere_says_so(guest: Guest, page: str) -> None:
    status, text = guest.opens(f"/guest/{page}/98753f51-5b8b-4e8f-a3af-5b8476865983")
    assert (status, "does not exist" in text) == (404, True)


def test_a_press_of_no_button_pays_nothing(running: Running, door: Door, guest: Guest) -> None:
    request = ask(door)
    assert guest.presses(link(running), way="cash")[0] == 400
    assert paid(door, request) == []
    assert guest.opens("/guest/style.css")[0] == 200


def test_the_guest_of_the_other_house_pays_there_in_its_money(running: Running, door: Door, guest: Guest) -> None:
    house = running.world.accesses[NET_TOKEN].hotel
    customer = next(iter(house.customers))
    money = {"Currency": "USD", "Value": 96}
    request = ask(door, AccountId=customer["Id"], Amount=money, token=NET_TOKEN)
    page = guest.opens(link(running))
    assert page[0] == 200
    assert house.enterprise["Name"] in page[1]
    assert guest.presses(link(running), way="card")[0] == 303
    assert house.payment_requests.get(request["Id"])["State"] == "Completed"  # type: ignore[index]  # it is there
    assert [row["Amount"]["Currency"] for row in house.payments.where("PaymentRequestId", request["Id"])] == ["USD"]


def test_a_time_in_utc_may_be_spelled_as_generated_clients_do(door: Door) -> None:
    assert ask(door, ExpirationUtc="2099-01-01T00:00:00+00:00")["ExpirationUtc"] == LATER

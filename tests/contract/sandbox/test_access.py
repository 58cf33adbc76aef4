"""What each token opens: granted operations, a house that prices net, a portfolio that is read as one."""

import json
from decimal import Decimal
from typing import Any

import pytest

from deskpay.sandbox.access import GRANTED_APART, LIMITED_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN
from deskpay.sandbox.contract import contract
from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import PAGE, TOKENS, Answer, Door, pounds
from tests.contract.sandbox.schema import disagreements

Json = dict[str, Any]


class Caller:
    """A door with another token."""

    def __init__(self, door: Door, token: str) -> None:
        self.door = door
        self.hotel = door.world.accesses[token].hotel
        self._token = token

    def call(self, operation: str, **fields: Any) -> Answer:
        return self.door.call(operation, fields, AccessToken=self._token)

    def ok(self, operation: str, **fields: Any) -> Json:
        answer = self.call(operation, **fields)
        assert answer.status == 200, answer.text
        assert disagreements(operation, answer.body) == []
        return answer.body


@pytest.fixture
def net(door: Door) -> Caller:
    return Caller(door, NET_TOKEN)


@pytest.fixture
def portfolio(door: Door) -> Caller:
    return Caller(door, PORTFOLIO_TOKEN)


@pytest.mark.parametrize("operation", sorted(GRANTED_APART & set(OPERATIONS)))
def test_what_is_granted_apart_answers_401_until_it_is(door: Door, operation: str) -> None:
    limited = Caller(door, LIMITED_TOKEN)
    assert limited.call(operation).status == 401
    door.world.accesses[LIMITED_TOKEN].withheld.discard(operation)
    assert limited.call(operation).status == 400  # an empty request now gets as far as the tables


def test_the_limited_token_reads_and_charges_the_same_house(door: Door) -> None:
    limited = Caller(door, LIMITED_TOKEN)
    assert limited.ok("configuration/get")["Enterprise"]["Id"] == door.world.hotel.enterprise_id
    card = door.card("Pepperwick", "1111")["Id"]
    assert limited.call("creditCards/charge", CreditCardId=card, Amount=pounds("1")).status == 200


def test_a_grant_ends_with_a_reset(door: Door) -> None:
    door.world.accesses[LIMITED_TOKEN].withheld.clear()
    door.world.reset()
    assert Caller(door, LIMITED_TOKEN).call("creditCards/disable").status == 401


def test_a_net_house_is_paid_net_values_in_its_own_currencies(net: Caller) -> None:
    enterprise = net.ok("configuration/get")["Enterprise"]
    assert (enterprise["Pricing"], enterprise["IsPortfolio"]) == ("Net", False)
    card = next(row for row in net.hotel.cards if row["Kind"] == "Gateway")

    def charged(currency: str, **value: Any) -> Answer:
        amount = {"Currency": currency, **value, "TaxCodes": []}
        return net.call("creditCards/charge", CreditCardId=card["Id"], Amount=amount)

    assert charged("USD", GrossValue=12).message == "Invalid Amount.NetValue"
    assert charged("GBP", NetValue=12).status == 403
    paid = charged("USD", NetValue=12.5).body["PaymentId"]
    (payment,) = net.ok("payments/getAll", PaymentIds=[paid], Limitation=PAGE)["Payments"]
    assert (payment["Amount"]["Currency"], payment["Amount"]["NetValue"]) == ("USD", payment["Amount"]["GrossValue"])


def test_a_net_house_taxes_what_it_sells_by_its_own_law(net: Caller) -> None:
    ids = [row["Id"] for row in net.hotel.services]
    items = net.ok("orderItems/getAll", ServiceIds=ids, Limitation=PAGE)["OrderItems"]
    amount = items[0]["Amount"]
    assert amount["TaxValues"][0]["Code"] == "US-DC-2023-15.95%"
    assert round(amount["GrossValue"] / amount["NetValue"], 2) == Decimal("1.16")
    in_euros = net.ok("orderItems/getAll", ServiceIds=ids, Currency="EUR", Limitation=PAGE)["OrderItems"]
    assert in_euros[0]["Amount"]["TaxValues"][0]["Code"] == "US-DC-2023-15.95%"


def test_one_house_knows_nothing_of_the_other(door: Door, net: Caller) -> None:
    card = door.card("Pepperwick", "1111")["Id"]
    amount = {"Currency": "USD", "NetValue": 1, "TaxCodes": []}
    assert net.call("creditCards/charge", CreditCardId=card, Amount=amount).message == "Invalid CreditCardId"
    assert net.ok("creditCards/getAll", CreditCardIds=[card], Limitation=PAGE)["CreditCards"] == []


def test_a_portfolio_sees_its_houses_and_stands_for_none(door: Door, net: Caller, portfolio: Caller) -> None:
    both = {door.world.hotel.enterprise_id, net.hotel.enterprise_id}
    seen = portfolio.ok("enterprises/getAll", Limitation=PAGE)["Enterprises"]
    assert {row["Id"] for row in seen} == both
    dummy = portfolio.ok("configuration/get")["Enterprise"]
    assert dummy["IsPortfolio"]
    assert dummy["Id"] not in both
    named = portfolio.ok("configuration/get", EnterpriseId=net.hotel.enterprise_id)["Enterprise"]
    assert (named["Name"], named["IsPortfolio"]) == ("The Copper Kettle Inn", False)


def test_a_portfolio_reads_both_houses_page_by_page_or_the_one_it_names(net: Caller, portfolio: Caller) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        answer = portfolio.ok("reservations/getAll/2023-06-06", Limitation={"Count": 50, "Cursor": cursor})
        seen += [row["Id"] for row in answer["Reservations"]]
        cursor = answer["Cursor"]
        if cursor is None:
            break
    everything = sum(len(hotel.reservations) for hotel in portfolio.hotel.members)
    assert (len(seen), len(set(seen))) == (everything, everything)
    one = {"EnterpriseIds": [net.hotel.enterprise_id], "Limitation": PAGE}
    assert len(portfolio.ok("reservations/getAll/2023-06-06", **one)["Reservations"]) == len(net.hotel.reservations)
    taken = {row["Currency"] for hotel in portfolio.hotel.members for row in hotel.enterprise["Currencies"]}
    assert {row["SourceCurrency"] for row in portfolio.ok("exchangeRates/getAll")["ExchangeRates"]} == taken
    assert len(portfolio.ok("cashiers/getAll", Limitation=PAGE)["Cashiers"]) == 4


def test_a_portfolio_writes_to_the_house_or_chain_it_names(door: Door, net: Caller, portfolio: Caller) -> None:
    guest = door.guest("Pepperwick")["Id"]
    bill = {"Bills": [{"AccountId": guest}]}
    assert portfolio.call("bills/add", **bill).message == "Invalid EnterpriseId"
    assert portfolio.call("bills/add", **bill, EnterpriseId=net.hotel.enterprise_id).message == "Invalid AccountId"
    made = portfolio.ok("bills/add", **bill, EnterpriseId=door.world.hotel.enterprise_id)["Bills"]
    assert door.world.hotel.bills.get(made[0]["Id"]) is not None
    walk_in = {"LastName": "Walker", "OverwriteExisting": False}
    assert portfolio.call("customers/add", **walk_in).message == "Invalid ChainId"
    added = portfolio.ok("customers/add", **walk_in, ChainId=net.hotel.enterprise["ChainId"])
    assert net.hotel.customers.get(added["Id"]) is not None


def test_a_portfolio_cannot_charge(door: Door, portfolio: Caller) -> None:
    card = door.card("Pepperwick", "1111")["Id"]
    assert portfolio.call("creditCards/charge", CreditCardId=card, Amount=pounds("1")).status == 401
    assert portfolio.call("customers/search", Name="Pepperwick").status == 401
    assert door.world.ledger_json()["charges"] == []


def test_a_portfolio_may_ask_what_is_the_same_for_everybody(portfolio: Caller) -> None:
    for operation in ("currencies/getAll", "languages/getAll", "taxEnvironments/getAll", "taxations/getAll"):
        portfolio.ok(operation)


def test_every_operation_of_a_portfolio_names_what_it_narrows_to() -> None:
    narrowing = {"EnterpriseId", "EnterpriseIds", "ChainId", "ChainIds"}
    for operation in contract().portfolio:
        assert narrowing & set(contract().requests[operation]), operation


def test_the_ledger_counts_what_any_token_did(door: Door, net: Caller) -> None:
    card = next(row for row in net.hotel.cards if row["Kind"] == "Gateway")
    amount = {"Currency": "USD", "NetValue": 3, "TaxCodes": []}
    net.ok("creditCards/charge", CreditCardId=card["Id"], Amount=amount)
    (charge,) = door.world.ledger_json()["charges"]
    assert (charge["amount"], charge["currency"]) == ("3.00", "USD")


@pytest.mark.parametrize(
    ("operation", "fields", "status"),
    [
        ("payments/getAll", {"PaymentIds": ["00000000-0000-4000-8000-000000000000"], "Limitation": PAGE}, 204),
        ("payments/getAll", {"BillIds": "bills", "Limitation": PAGE}, 200),
        ("currencies/getAll", {}, 200),
    ],
)
def test_who_prefers_a_minimal_answer_gets_204_for_nothing(
    door: Door, operation: str, fields: Json, status: int
) -> None:
    bills = [row["Id"] for row in door.world.hotel.bills]
    asked = {name: bills if value == "bills" else value for name, value in fields.items()}
    answer = door.send(operation, json.dumps(TOKENS | asked).encode(), prefer=b"return=minimal")
    assert (answer.status, answer.text == b"") == (status, status == 204)

"""Names, types and nullability of everything the hotel tells, in both sizes and to every token, after a day of use.

A client that was generated from the published definition reads no answer that is not of its shape.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from deskpay.sandbox.access import ACCESS_TOKEN, LIMITED_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN
from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import NOON, PAGE, Door, new_world
from tests.contract.sandbox.samples import repaired
from tests.contract.sandbox.schema import IDENTITY, SCHEMA, columns, disagreements, words

Json = dict[str, Any]

SIZES = ("small", "large")
TOKENS = {"house": ACCESS_TOKEN, "limited": LIMITED_TOKEN, "net": NET_TOKEN, "portfolio": PORTFOLIO_TOKEN}
PAGES = (3, 1000, 1000)  # a short one first, so that every hotel has a second
ODDLY_ANSWERED = ("1009", "3155", "0077")  # cards that are declined, verified, pending

READS = frozenset(name for name in OPERATIONS if name.split("/")[1].startswith(("get", "search")))
# What would keep another act from working comes last: bills closed or with pending payments, a card gone, a new name.
LATE = (
    "bills/close",
    "payments/refund",
    "payments/addAlternative",
    "creditCards/disable",
    "bills/delete",
    "customers/update",
    "accounts/update",
)
WRITES = [*sorted(set(OPERATIONS) - READS - set(LATE)), *LATE]
# The samples of both guests name one address, and another name than ours is found by.
APART: dict[str, Json] = {"customers/add": {"Email": None}, "customers/update": {"LastName": "Pepperwick"}}

# What a listing must be narrowed by: the moments of its rows, or whom they belong to.
MOMENTS = {
    "customers/getAll": "CreatedUtc",
    "bills/getAll": "CreatedUtc",
    "orderItems/getAll": "ConsumedUtc",
    "payments/getAll": "CreatedUtc",
    "creditCards/getAll": "UpdatedUtc",
    "cashierTransactions/getAll": "CreatedUtc",
}
OWNERS = {
    "customers/getOpenItems": ("CustomerIds", "AccountId"),
    "preauthorizations/getAllByCustomers": ("CustomerIds", "AccountId"),
    "companionships/getAll": ("ReservationIds", "Id"),
}
LEDGERS = words(next(c for c in columns("ledgerBalances/getAll", "request") if c["name"] == "LedgerTypes"))


class House:
    """A hotel in which everything that can be done through the API has been done once."""

    def __init__(self, size: str) -> None:
        self.door = Door(new_world(size))
        self.done = {operation: self._do(operation) for operation in WRITES}
        for row in [*self.door.world.hotel.cards.in_use()]:
            if row["ObfuscatedNumber"][-4:] in ODDLY_ANSWERED:
                self.door.charge(row)

    def _do(self, operation: str) -> Json:
        return self.door.ok(operation, repaired(operation, self.door) | APART.get(operation, {}))

    def pages(self, token: str, operation: str) -> Iterator[Json]:
        """What the API tells to `token` when it is asked for as much as it may be asked for."""
        for ask in self._asks(token, operation):
            cursor = None
            for count in PAGES:
                limitation = {"Limitation": {"Count": count, "Cursor": cursor}} if "Limitation" in ask else {}
                answer = self.door.ok(operation, ask | limitation, AccessToken=token)
                yield answer
                cursor = answer.get("Cursor")
                if cursor is None:
                    break

    def _asks(self, token: str, operation: str) -> Iterator[Json]:
        table = {column["name"]: column for column in columns(operation, "request")}
        widest: Json = {"Limitation": PAGE} if "Limitation" in table else {}
        if "Extent" in table:
            parts = SCHEMA["objects"][table["Extent"]["ref"]]["properties"]
            widest["Extent"] = {column["name"]: True for column in parts}
        currencies: list[Json] = [{}, {"Currency": "EUR"}] if "Currency" in table else [{}]
        for narrowed in self._narrowed(token, operation):
            for currency in currencies:
                ask = widest | narrowed | currency
                assert {name for name in table if table[name]["contract"] == "required"} <= set(ask) | IDENTITY
                yield ask

    def _narrowed(self, token: str, operation: str) -> Iterator[Json]:
        if operation in MOMENTS:
            for first, last in ((-60, 30), (-89, -80)):  # the newest, and what was long ago
                yield {MOMENTS[operation]: {"StartUtc": _utc(first), "EndUtc": _utc(last)}}
        elif operation in OWNERS:
            name, field = OWNERS[operation]
            stays = self.door.ok("reservations/getAll/2023-06-06", Limitation=PAGE, AccessToken=token)["Reservations"]
            yield {name: list(dict.fromkeys(stay[field] for stay in stays))[:1000]}
        elif operation == "ledgerBalances/getAll":
            days = {"Start": f"{NOON - timedelta(days=20):%Y-%m-%d}", "End": f"{NOON:%Y-%m-%d}"}
            yield {"Date": days, "LedgerTypes": LEDGERS}
        elif operation == "commands/getAllByIds":
            yield {"CommandIds": [self.done["commands/addPaymentTerminal"]["CommandId"]]}
        elif operation == "bills/getPdf":
            bills = self.door.world.accesses[token].hotel.bills
            yield {"BillId": next(iter(bills))["Id"]}
        else:
            yield {}


def _utc(days: int) -> str:
    return f"{NOON + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(scope="module", params=SIZES)
def house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


@pytest.mark.parametrize("operation", WRITES)
def test_what_was_done_is_answered_in_the_published_shape(house: House, operation: str) -> None:
    assert disagreements(operation, house.done[operation]) == []


@pytest.mark.parametrize("operation", sorted(READS))
def test_what_is_told_has_the_published_shape(house: House, operation: str) -> None:
    for owner, token in TOKENS.items():
        if owner == "portfolio" and not SCHEMA["operations"][operation]["portfolioTokens"]:
            continue
        rows = 0
        for answer in house.pages(token, operation):
            assert disagreements(operation, answer) == []
            rows += sum(len(value) if isinstance(value, list) else 1 for value in answer.values() if value)
        assert rows or owner == "net", owner  # the small sister takes no cash and asks nobody to pay

"""Every operation against the published schema: right requests are answered in shape, wrong ones named, none breaks."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskpay.sandbox.access import ACCESS_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN
from deskpay.sandbox.body import MAX_BODY_BYTES
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import NOON, TOKENS, Answer, Door, new_world
from tests.contract.sandbox.schema import Requests, breakages, disagreements, names

Json = dict[str, Any]

# What may put a payment on record: where it succeeds, and where a bank declines.
PAYS = frozenset(
    {
        "creditCards/charge",
        "payments/addCreditCard",
        "payments/addExternal",
        "payments/addAlternative",
        "payments/refund",
        "bills/close",
    }
)
SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
A_FIELD = re.compile(r"Invalid (\w+)((\.\w+)|(\[\d+]))*(: .+)?")


def ids_of(hotel: Hotel) -> dict[str, list[str]]:
    """Ids of the hotel by the request fields they belong in."""

    def some(table: Any) -> list[str]:
        return [row["Id"] for row in list(table)[:12]]

    people = some(hotel.customers)
    return {
        "CustomerId": people,
        "AccountId": [*people, *some(hotel.companies)],
        "Id": [*people, *some(hotel.companies), *some(hotel.cashiers)],
        "CompanyId": some(hotel.companies),
        "BillId": some(hotel.bills),
        "PaymentId": some(hotel.payments),
        "AccountingItemId": [*some(hotel.order_items), *some(hotel.payments)],
        "OrderItemId": some(hotel.order_items),
        "CreditCardId": some(hotel.cards),
        "ReservationId": some(hotel.reservations),
        "ServiceOrderId": some(hotel.reservations),
        "ResourceId": some(hotel.rooms),
        "ServiceId": some(hotel.services),
        "AccountingCategoryId": some(hotel.categories),
        "CounterId": some(hotel.counters),
        "TerminalId": some(hotel.devices),
        "PaymentRequestId": some(hotel.payment_requests),
        "BillCounterId": some(hotel.counters),
        "EnterpriseId": [house.enterprise_id for house in hotel.members],
        "ChainId": [house.enterprise["ChainId"] for house in hotel.members],
    }


def ask(door: Door, operation: str, request: Json, token: str = ACCESS_TOKEN) -> Answer:
    return door.send(operation, json.dumps(TOKENS | {"AccessToken": token} | request).encode())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_right_requests_are_answered_in_shape_or_refused_in_words(operation: str) -> None:
    door = Door(new_world())
    requests = Requests(ids_of(door.world.hotel), NOON).of(operation)
    statuses: Counter[int] = Counter()

    @SOME
    @given(requests)
    def scene(request: Json) -> None:
        payments = len(door.world.hotel.payments)
        answer = ask(door, operation, request)
        statuses[answer.status] += 1
        if answer.status == 200:
            assert disagreements(operation, answer.body) == []
        elif answer.status == 400:
            named = A_FIELD.fullmatch(answer.message)
            assert named, answer.message
            assert named[1] in {"filter", *names(operation)}
        else:
            assert answer.status == 403
            assert answer.message.endswith(".") or answer.message.startswith("Enterprise doesn't")
        assert len(door.world.hotel.payments) - payments <= (operation in PAYS and answer.status in {200, 403})

    scene()
    reads = operation.split("/")[1].startswith(("get", "search")) and operation != "bills/getPdf"
    assert statuses[200] or not reads, statuses


@pytest.mark.parametrize("operation", OPERATIONS)
def test_wrong_requests_are_refused_by_the_name_of_the_field(operation: str) -> None:
    door = Door(new_world())
    requests = Requests(ids_of(door.world.hotel), NOON).of(operation)

    @SOME
    @given(requests, st.data())
    def scene(request: Json, data: st.DataObject) -> None:
        before = len(door.world.hotel.payments)
        for name, broken in data.draw(
            st.lists(st.sampled_from(breakages(operation, request)), min_size=1, max_size=12)
        ):
            answer = ask(door, operation, broken)
            too_large = answer.status == 413 and len(json.dumps(TOKENS | broken)) > MAX_BODY_BYTES
            assert too_large or (answer.status, answer.message.split(":")[0]) == (400, f"Invalid {name}"), broken
        assert len(door.world.hotel.payments) == before

    scene()


@pytest.mark.parametrize("token", [NET_TOKEN, PORTFOLIO_TOKEN], ids=["net", "portfolio"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_other_tokens_are_answered_in_shape_or_refused_too(operation: str, token: str) -> None:
    door = Door(new_world())
    requests = Requests(ids_of(door.world.accesses[token].hotel), NOON).of(operation)

    @settings(SOME, max_examples=10)
    @given(requests)
    def scene(request: Json) -> None:
        answer = ask(door, operation, request, token)
        assert answer.status in {200, 400, 401, 403}
        if answer.status == 200:
            assert disagreements(operation, answer.body) == []
        else:
            assert answer.message

    scene()

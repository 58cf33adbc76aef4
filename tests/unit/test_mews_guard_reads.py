"""What the guard asks Mews for: payments of a stay, and requests to pay that are still open."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.payment_request import PaymentRequestState
from deskpay.gateways.mews.client import MewsConnection
from deskpay.gateways.mews.wire.base import WireError, utc_text
from deskpay.gateways.mews.wire.payment_requests import decode_payment_requests
from tests.kit.loops import VirtualRunner
from tests.kit.mews import CURRENCIES, NOW, CannedMews, connected, vector

PAYMENTS = "payments/getAll"
REQUESTS = "paymentRequests/getAll"


def _payment(number: int, age: timedelta) -> dict[str, Any]:
    amount = {"Currency": "GBP", "GrossValue": -1}
    return {
        "Id": f"pay-{number}",
        "AccountId": "companion",
        "Amount": amount,
        "OriginalAmount": amount,
        "CreatedUtc": (NOW - age).isoformat(),
        "AccountingState": "Open",
        "State": "Charged",
        "Type": "CashPayment",
    }


def _request(number: int, **changed: object) -> dict[str, Any]:
    (row,) = vector(REQUESTS)["response"]["PaymentRequests"]
    amount = {"Currency": "GBP", "GrossValue": 312}
    return {**row, "Amount": amount, "Id": f"request-{number}", "CreatedUtc": f"2026-11-1{number}T10:00:00Z", **changed}


def _ask(run: VirtualRunner, mews: CannedMews, question: Callable[[MewsConnection], Awaitable[Any]]) -> Any:
    async def scene() -> Any:
        async with connected(mews) as connection:
            return await question(connection)

    return run(scene(), timeout_s=1000)


def test_payments_of_a_stay_are_asked_for_by_the_stay_and_since(run_virtual: VirtualRunner) -> None:
    rows = [_payment(number, timedelta(hours=hours)) for number, hours in ((1, 25), (2, 23), (3, 1))]
    mews = CannedMews({PAYMENTS: {"Payments": rows, "Cursor": None}})
    since = NOW - timedelta(hours=24, microseconds=1)
    found = _ask(run_virtual, mews, lambda m: m.records.payments_of_stay("stay", created_from_utc=since))
    assert [payment.id for payment in found] == ["pay-3", "pay-2"]
    (asked,) = mews.of(PAYMENTS)
    assert asked["ReservationIds"] == ["stay"]
    assert asked["CreatedUtc"]["StartUtc"] == utc_text(since)
    assert not {"States", "AccountIds"} & set(asked)


@pytest.mark.parametrize("stay", [None, "stay"])
def test_open_requests_of_the_guest_and_of_the_stay_come_once_newest_first(
    run_virtual: VirtualRunner, stay: str | None
) -> None:
    rows = [
        _request(1),
        _request(2, State="Negotiating"),
        *(_request(number, State=state) for number, state in ((3, "Completed"), (4, "Canceled"), (5, "Expired"))),
    ]
    mews = CannedMews({REQUESTS: {"PaymentRequests": rows, "Cursor": None}})
    found = _ask(run_virtual, mews, lambda m: m.records.open_payment_requests("guest", stay))
    assert [(request.id, request.state) for request in found] == [
        ("request-2", PaymentRequestState.UNKNOWN),
        ("request-1", PaymentRequestState.PENDING),
    ]
    asked = [{name: fields.get(name) for name in ("AccountIds", "ReservationIds")} for fields in mews.of(REQUESTS)]
    by_guest = {"AccountIds": ["guest"], "ReservationIds": None}
    by_stay = {"AccountIds": None, "ReservationIds": ["stay"]}
    assert asked == ([by_guest, by_stay] if stay else [by_guest])


@pytest.mark.parametrize(("word", "takes_money"), [("Payment", True), ("Preauthorization", False), ("Novelty", True)])
def test_a_request_that_only_holds_money_is_told_apart(
    run_virtual: VirtualRunner, word: str, takes_money: bool
) -> None:
    mews = CannedMews({REQUESTS: {"PaymentRequests": [_request(1, Type=word, Notes="DP-7K2M-0001")], "Cursor": None}})
    (request,) = _ask(run_virtual, mews, lambda m: m.records.open_payment_requests("guest", None))
    assert (request.takes_money, request.notes) == (takes_money, "DP-7K2M-0001")


@pytest.mark.parametrize("body", [b'{"Payments": []}', b'{"PaymentRequests": [{"Id": "r"}]}', b"[]"])
def test_an_answer_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        decode_payment_requests(body, CURRENCIES)

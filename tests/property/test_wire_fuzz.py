"""Whatever a server answers to an act, nothing but OutcomeUnknown comes of it unless it speaks the API's own words."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpay.domain.errors import DeskPayError, HotelUnavailable, OutcomeUnknown, Refused
from deskpay.domain.intent import CardSlip, IntentKind
from deskpay.gateways.http import Sent
from deskpay.gateways.mews.classify import act_error
from deskpay.gateways.mews.wire import acts, base, bills, cards, guests, money, payments
from deskpay.gateways.mews.wire import hotel as property_
from deskpay.gateways.mews.wire.base import WireError
from tests.kit.loops import VirtualRunner
from tests.kit.mews import CURRENCIES, CannedMews, an_intent, connected, vector

JSON = {"content-type": "application/json"}
NAMES = ["PaymentId", "RefundId", "CreditCardId", "ExternalPaymentId", "Message", "Payments", "Cursor", "Id"]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=5),
    max_leaves=12,
)
bodies = st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode())


def _speaks(body: bytes, name: str) -> bool:
    """Tell, by other means than the wire's, whether `body` holds an id called `name`."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get(name), str) and answer[name] != ""


async def _act(body: bytes, status: int) -> tuple[DeskPayError | str, int]:
    answer = httpx2.Response(status, content=body, headers={"Content-Type": "application/json"})
    mews = CannedMews({"creditCards/charge": answer})
    async with connected(mews) as connection:
        try:
            outcome: DeskPayError | str = await connection.gateway.charge(an_intent())
        except DeskPayError as error:
            outcome = error
    return outcome, len(mews.of("creditCards/charge"))


@settings(max_examples=150, deadline=None)
@given(bodies)
def test_garbage_after_a_charge_is_always_a_doubt_and_never_a_second_charge(body: bytes) -> None:
    outcome, sent = asyncio.run(_act(body, 200))
    assert sent == 1
    if not _speaks(body, "PaymentId"):
        assert type(outcome) is OutcomeUnknown


@settings(max_examples=400, deadline=None)
@given(bodies, st.integers(100, 599).filter(lambda status: status not in {200, 204}))
def test_an_error_status_is_a_refusal_only_in_the_apis_words(body: bytes, status: int) -> None:
    error = act_error("creditCards/charge", Sent(status, JSON, body))
    assert isinstance(error, OutcomeUnknown | Refused)
    if not _speaks(body, "Message"):
        assert type(error) is OutcomeUnknown


DECODERS: list[Callable[[bytes], object]] = [
    acts.decode_charge,
    acts.decode_refund,
    acts.decode_record_external,
    acts.decode_card_added,
    acts.decode_nothing,
    guests.decode_customers,
    guests.decode_search,
    guests.decode_reservations,
    cards.decode_credit_cards,
    bills.decode_bills,
    property_.decode_resources,
    property_.decode_services,
    property_.decode_categories,
    money.decode_currencies,
    lambda body: payments.decode_payments(body, CURRENCIES),
    lambda body: bills.decode_order_items(body, CURRENCIES),
    lambda body: property_.decode_configuration(body, CURRENCIES),
]


LISTS: list[tuple[str, Callable[[bytes], object]]] = [
    ("payments/getAll", lambda body: payments.decode_payments(body, CURRENCIES)),
    ("creditCards/getAll", cards.decode_credit_cards),
    ("reservations/getAll/2023-06-06", guests.decode_reservations),
    ("orderItems/getAll", lambda body: bills.decode_order_items(body, CURRENCIES)),
]


@settings(max_examples=300, deadline=None)
@given(bodies)
def test_no_decoder_fails_in_another_way_than_its_own(body: bytes) -> None:
    for decode in DECODERS:
        try:
            decode(body)
        except WireError:
            continue


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in _places(part, (*path, key)))]


def _planted(value: Any, path: tuple[Any, ...], seed: Any) -> Any:
    if not path:
        return seed
    copy = value.copy()
    copy[path[0]] = _planted(value[path[0]], path[1:], seed)
    return copy


@settings(max_examples=300, deadline=None)
@given(st.data(), values)
def test_a_payment_list_with_one_wrong_value_is_read_or_refused_as_a_whole(data: st.DataObject, seed: Any) -> None:
    answer = json.loads(json.dumps(vector("payments/getAll")["response"], default=float))
    body = json.dumps(_planted(answer, data.draw(st.sampled_from(_places(answer))), seed)).encode()
    try:
        page = payments.decode_payments(body, CURRENCIES)
    except WireError:
        return
    assert len(page.rows) == len(json.loads(body)["Payments"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=5),
    max_leaves=12,
)


def _said(decode: Callable[[bytes], object], body: bytes) -> object:
    try:
        return decode(body)
    except WireError as error:
        return str(error)


@settings(max_examples=300, deadline=None)
@given(st.data(), json_values)
@pytest.mark.parametrize(("operation", "decode"), LISTS, ids=[operation for operation, _ in LISTS])
def test_read_straight_from_its_bytes_a_list_says_what_it_says_digit_by_digit(
    operation: str, decode: Callable[[bytes], object], data: st.DataObject, seed: Any
) -> None:
    answer = json.loads(json.dumps(vector(operation)["response"], default=float))
    body = json.dumps(_planted(answer, data.draw(st.sampled_from(_places(answer))), seed)).encode()
    straight = _said(decode, body)
    with mock.patch.object(base, "_straight", return_value=None):
        assert straight == _said(decode, body)


def test_the_docs_own_samples_are_read_straight() -> None:
    with mock.patch.object(base, "parse_json", side_effect=AssertionError("read twice")):
        for operation, decode in LISTS:
            decode(json.dumps(vector(operation)["response"], default=float).encode())


_ACTS = [
    ("payments/refund", lambda mews: mews.gateway.refund(an_intent(IntentKind.REFUND))),
    (
        "payments/addCreditCard",
        lambda mews: mews.gateway.record_card(
            an_intent(IntentKind.RECORD_CARD, slip=CardSlip("Visa", "1111", "J", None))
        ),
    ),
    ("payments/addExternal", lambda mews: mews.gateway.record_external(an_intent(IntentKind.RECORD_EXTERNAL))),
]


@pytest.mark.parametrize(("operation", "act"), _ACTS)
@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'{"Id": "x"}', b'{"PaymentId": 7}', b'{"CreditCardId": ""}'])
def test_the_other_acts_doubt_a_yes_without_its_id(operation: str, act: Any, body: bytes) -> None:
    mews = CannedMews({operation: body})

    async def scene() -> None:
        async with connected(mews) as connection:
            with pytest.raises(OutcomeUnknown):
                await act(connection)

    asyncio.run(scene())
    assert len(mews.of(operation)) == 1


@pytest.mark.parametrize("body", [b"{", b"<html>", b""])
def test_a_read_of_garbage_is_a_hotel_that_cannot_be_reached(run_virtual: VirtualRunner, body: bytes) -> None:
    async def scene() -> None:
        async with connected(CannedMews({"customers/search": body})) as connection:
            if body:
                with pytest.raises(HotelUnavailable):
                    await connection.records.customers_in_house("x")
            else:
                assert await connection.records.customers_in_house("x") == []

    run_virtual(scene())

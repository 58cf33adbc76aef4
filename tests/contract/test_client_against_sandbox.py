"""The client plays every operation against the training hotel, over HTTP, and the hotel's own ledger agrees."""

import asyncio
import http.client
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import pytest

from deskpay.domain.bill import balance
from deskpay.domain.card import CardKind, CreditCard, Expiry
from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.environment import Environment
from deskpay.domain.errors import Declined, DeskPayError, OutcomeUnknown, RateLimited, Rejected, Unauthorized
from deskpay.domain.intent import CardSlip, IntentKind
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.gateways.http import connector_address
from deskpay.gateways.mews.client import MewsConnection, connect
from deskpay.services.system_clock import SystemClock
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import GBP, an_intent

T = TypeVar("T")
Play = Callable[[MewsConnection], Awaitable[T]]


def _play(run: CoroutineRunner, sandbox: Hotel, scene: Play[T], **changes: Any) -> T:
    tokens = {"client_token": sandbox.client_token, "access_token": sandbox.access_token, **changes}

    async def whole() -> T:
        address = connector_address(Environment.TRAINING, sandbox.connector)
        connection = await connect(address, clock=SystemClock(), **tokens)
        try:
            return await scene(connection)
        finally:
            await connection.aclose()

    return run(whole())


async def _ottoline(mews: MewsConnection) -> tuple[Customer, Reservation]:
    (stay,) = await mews.records.stays_numbered("48213")
    (guest,) = await mews.records.customers([stay.customer_id])
    return guest, stay


async def _visa(mews: MewsConnection, guest: Customer) -> CreditCard:
    cards = await mews.records.credit_cards(guest.id)
    return next(card for card in cards if card.brand == "Visa")


async def _charging(mews: MewsConnection, **changes: Any) -> Any:
    guest, stay = await _ottoline(mews)
    card = await _visa(mews, guest)
    return an_intent(
        customer_id=guest.id, credit_card_id=card.id, reservation_id=stay.id, **{"amount": Money(31240, GBP), **changes}
    )


def test_the_hotel_its_rooms_and_categories(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> None:
        hotel = await mews.records.hotel()
        assert hotel.zone.key == "Europe/London"
        assert hotel.currency == GBP
        assert "Cash" in hotel.tenders
        assert hotel.card_storage_key
        assert len(await mews.records.rooms()) >= 60
        assert await mews.records.accounting_categories()
        assert len(await mews.records.bookable_services()) >= 1
        assert abs(mews.records.server_now() - SystemClock().now()) < timedelta(seconds=5)

    _play(run_plain, sandbox, scene)


def test_a_guest_is_found_in_every_way(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> None:
        records = mews.records
        guest, stay = await _ottoline(mews)
        assert guest.full_name == "Ottoline Pepperwick"
        assert (await records.rooms())[stay.room_id or ""] == "214"
        assert guest in await records.customers_in_house("Pepperwick")
        assert guest in await records.customers_named(["Pepperwick"])
        assert guest in await records.customers_with_email(guest.email)
        now = records.server_now()
        assert stay in await records.stays_touching(now - timedelta(hours=1), now + timedelta(hours=1))
        assert stay in await records.stays_of([guest.id])
        assert await records.customers(["00000000-0000-4000-8000-000000000000"]) == []

    _play(run_plain, sandbox, scene)


def test_the_windows_own_loop_carries_it(run: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> int:
        names = ["Pepperwick", "Brambleworth", "Mapledown", "Lanternby"] * 5
        found = await asyncio.gather(*(mews.records.customers_in_house(name) for name in names))
        return sum(len(guests) for guests in found)

    assert _play(run, sandbox, scene) == 20


def test_a_guest_owes_what_the_hotel_says(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> Money:
        guest, _ = await _ottoline(mews)
        assert len(await mews.records.bills(guest.id)) == 2
        items = await mews.records.open_items([guest.id])
        payments = await mews.records.payments([guest.id])
        assert any(payment.notes == "Terminal 2, slip 004821" for payment in payments)
        return balance(items, payments, GBP)

    assert _play(run_plain, sandbox, scene) == Money(31240, GBP)


def test_a_card_is_charged_and_part_is_given_back(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> None:
        intent = await _charging(mews, note="At the desk")
        began = mews.records.server_now() - timedelta(seconds=5)
        payment_id = await mews.gateway.charge(intent)
        (payment,) = await mews.records.payments_by_id([payment_id])
        assert payment.amount == intent.amount
        assert (payment.state, payment.method) == (PaymentState.CHARGED, PaymentMethod.CREDIT_CARD)
        assert payment.notes == f"At the desk · {intent.reference}"
        assert payment.credit_card_id == intent.credit_card_id
        assert payment.reservation_id == intent.reservation_id
        since = await mews.records.payments([intent.customer_id], created_from_utc=began)
        assert [row.id for row in since] == [payment_id]
        refund = an_intent(
            IntentKind.REFUND,
            customer_id=intent.customer_id,
            enterprise_id=(await mews.records.known_hotel()).id,
            payment_id=payment_id,
            amount=Money(4500, GBP),
            reason="Broken heating",
        )
        refund_id = await mews.gateway.refund(refund)
        (given_back,) = await mews.records.payments_by_id([refund_id])
        assert (given_back.kind, given_back.amount) == (PaymentKind.REFUND, Money(-4500, GBP))

    _play(run_plain, sandbox, scene)
    ledger = sandbox.ledger()
    (charge,) = ledger["charges"]
    assert charge["reference"] == an_intent().reference
    (refund,) = ledger["refunds"]
    assert an_intent().reference in refund["reason"]


def test_money_taken_elsewhere_is_written_down(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> None:
        guest, stay = await _ottoline(mews)
        hotel = await mews.records.hotel()
        bill = next(bill for bill in await mews.records.bills(guest.id) if bill.is_open)
        slip = CardSlip("Visa", "1111", "O. Pepperwick", Expiry(2028, 10))
        common: dict[str, Any] = {
            "customer_id": guest.id,
            "enterprise_id": hotel.id,
            "reservation_id": stay.id,
            "bill_id": bill.id,
        }
        card_id = await mews.gateway.record_card(an_intent(IntentKind.RECORD_CARD, slip=slip, **common))
        (card,) = await mews.records.credit_cards_by_id([card_id])
        assert (card.kind, card.last_four) == (CardKind.TERMINAL, "1111")
        written = await mews.records.payments([guest.id])
        (by_card,) = [payment for payment in written if payment.credit_card_id == card_id]
        assert (by_card.amount, by_card.bill_id) == (Money(31240, GBP), bill.id)
        in_cash = an_intent(IntentKind.RECORD_EXTERNAL, tender="Cash", external_identifier="slip 17", **common)
        (cash,) = await mews.records.payments_by_id([await mews.gateway.record_external(in_cash)])
        assert (cash.tender, cash.external_identifier, cash.notes) == ("Cash", "slip 17", in_cash.reference)
        assert (cash.amount, cash.bill_id) == (Money(31240, GBP), bill.id)

    _play(run_plain, sandbox, scene)
    assert [record["reference"] for record in sandbox.ledger()["records"]] == [an_intent().reference] * 2


def _captured(sandbox: Hotel, merchant_id: str) -> str:
    """Do as the hosted fields do with a test card, and return the vault's transaction id."""
    address = urlsplit(sandbox.fields)
    path = "/upp/payment/SecureFields/paymentField"
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    try:
        names = {"merchantId": merchant_id, "fieldName": "cardNumber", "fieldNames": "cardNumber,cvv"}
        connection.request("GET", f"{path}?{urlencode({**names, 'inputType': 'tel'})}")
        page = connection.getresponse().read().decode()
        form_id = re.search(r'"formId": ?"([^"]+)"', page)
        assert form_id, page
        card = {"cardNumber": "4242424242424242", "cvv": "123", "expm": "10", "expy": "28"}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": sandbox.fields,
            "Sec-Fetch-Site": "same-origin",
        }
        body = urlencode({"mode": "TOKENIZE", "formId": form_id[1], "merchantId": merchant_id, **card})
        connection.request("POST", path, body, headers)
        answer = json.loads(connection.getresponse().read())
        return str(answer["transactionId"])
    finally:
        connection.close()


def test_a_captured_card_is_saved_and_switched_off(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> None:
        guest, _ = await _ottoline(mews)
        hotel = await mews.records.hotel()
        transaction_id = await asyncio.to_thread(_captured, sandbox, hotel.card_storage_key or "")
        intent = an_intent(IntentKind.SAVE_CARD, customer_id=guest.id, enterprise_id=hotel.id)
        card_id = await mews.gateway.save_card(intent, transaction_id, Expiry(2028, 10))
        (card,) = await mews.records.credit_cards_by_id([card_id])
        assert (card.customer_id, card.kind, card.last_four) == (guest.id, CardKind.GATEWAY, "4242")
        assert (card.expiry, card.enabled) == (Expiry(2028, 10), True)
        with pytest.raises(DeskPayError) as used:
            await mews.gateway.save_card(intent, transaction_id, Expiry(2028, 10))
        assert isinstance(used.value, Declined | Rejected)
        await mews.gateway.disable_card(hotel.id, card_id)
        (card,) = await mews.records.credit_cards_by_id([card_id])
        assert not card.enabled

    _play(run_plain, sandbox, scene)
    assert len(sandbox.ledger()["cards"]) == 1


def test_a_decline_is_told_in_the_hotels_words(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(mews: MewsConnection) -> Declined:
        (guest,) = await mews.records.customers_named(["Quillfeather"])
        (card,) = await mews.records.credit_cards(guest.id)
        with pytest.raises(Declined) as error:
            await mews.gateway.charge(an_intent(customer_id=guest.id, credit_card_id=card.id))
        newest, *_ = await mews.records.payments([guest.id])
        assert newest.state is PaymentState.FAILED
        return error.value

    error = _play(run_plain, sandbox, scene)
    assert error.server_message == "Transaction was declined (Refused)."
    assert error.request_id
    assert sandbox.ledger()["charges"] == []


@pytest.mark.parametrize(
    ("fault", "options", "kind", "charges"),
    [
        ("drop_before", {}, OutcomeUnknown, 0),
        ("drop_after", {}, OutcomeUnknown, 1),
        ("status_before", {"status": 500}, OutcomeUnknown, 0),
        ("status_after", {"status": 500}, OutcomeUnknown, 1),
        ("status_after", {"status": 408}, OutcomeUnknown, 1),
        ("status_after", {"status": 409}, OutcomeUnknown, 1),
        ("garbage", {}, OutcomeUnknown, 0),
        ("garbage_after", {}, OutcomeUnknown, 1),
        ("html", {}, OutcomeUnknown, 0),
        ("drip", {"seconds": 0.2}, OutcomeUnknown, 1),
        ("too_many", {"retry_after": 1}, RateLimited, 0),
        ("status_before", {"status": 400}, Rejected, 0),
    ],
)
def test_trouble_with_a_charge_is_classified_and_a_look_tells_the_truth(
    run_plain: CoroutineRunner,
    sandbox: Hotel,
    fault: str,
    options: dict[str, Any],
    kind: type[DeskPayError],
    charges: int,
) -> None:
    async def scene(mews: MewsConnection) -> int:
        intent = await _charging(mews)
        await mews.records.hotel()
        await asyncio.to_thread(lambda: sandbox.fault("creditCards/charge", fault, times=None, **options))
        with pytest.raises(kind) as error:
            await mews.gateway.charge(intent)
        assert type(error.value) is kind
        found = await mews.records.payments([intent.customer_id])
        return sum(payment.notes == intent.reference for payment in found)

    assert _play(run_plain, sandbox, scene, money_deadline_s=1.0) == charges
    ledger = sandbox.ledger()
    assert len(ledger["charges"]) == charges
    assert ledger["requests"]["creditCards/charge"] == 1


@pytest.mark.parametrize("fault", ["drop_before", "garbage", "html", "too_many"])
def test_reads_get_over_passing_trouble(run_plain: CoroutineRunner, sandbox: Hotel, fault: str) -> None:
    sandbox.fault("customers/search", fault, times=2)

    async def scene(mews: MewsConnection) -> int:
        return len(await mews.records.customers_in_house("Pepperwick"))

    assert _play(run_plain, sandbox, scene) == 1
    assert sandbox.ledger()["requests"]["customers/search"] == 3


@pytest.mark.parametrize("changes", [{"access_token": "wrong"}, {"client_token": "wrong"}])
def test_wrong_tokens_are_unauthorized(run_plain: CoroutineRunner, sandbox: Hotel, changes: dict[str, str]) -> None:
    async def scene(mews: MewsConnection) -> None:
        with pytest.raises(Unauthorized):
            await mews.records.hotel()

    _play(run_plain, sandbox, scene, **changes)


def test_the_hotels_clock_is_followed(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    there = SystemClock().now() + timedelta(days=2)
    sandbox.set_clock(there)

    async def scene(mews: MewsConnection) -> None:
        await mews.records.rooms()
        assert abs(mews.records.server_now() - there) < timedelta(seconds=10)
        intent = await _charging(mews)
        payment_id = await mews.gateway.charge(intent)
        began = mews.records.server_now() - timedelta(minutes=1)
        assert payment_id in [
            row.id for row in await mews.records.payments([intent.customer_id], created_from_utc=began)
        ]

    _play(run_plain, sandbox, scene)

"""PayMongo's published samples, both ways: what we ask and what we make of the answers."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from deskpay.domain.acquirer import (
    AcquirerCustomer,
    AcquirerPayment,
    AcquirerRefund,
    ChargeState,
    RefundState,
    VaultedCard,
)
from deskpay.domain.card import Expiry
from deskpay.domain.customer import Customer
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    HotelUnavailable,
    InputRefused,
    NotMews,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import IntentKind
from deskpay.domain.money import Money
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.paymongo.client import PayMongo, SavedList
from deskpay.gateways.paymongo.wire import charges, customers, refunds
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.mews import an_intent
from tests.kit.paymongo import (
    PESO,
    RETURN,
    SECRET,
    VECTORS,
    Canned,
    a_peso_intent,
    canned_paymongo,
    sample,
    sample_answer,
)

Scene = Callable[[PayMongo], Awaitable[Any]]

JUAN = Customer(
    id="guest-1",
    first_name="Juan",
    last_name="dela Cruz",
    email="juan@example.com",
    phone="",
    notes="",
    classifications=frozenset(),
)


def body_of(name: str) -> bytes:
    return json.dumps(sample(name)["response"]["body"]).encode()


def attributes(request: httpx2.Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.content)["data"]["attributes"]
    return found


def play(run: CoroutineRunner, handler: Canned, scene: Scene, saved_list: SavedList = SavedList.V1) -> Any:
    async def whole() -> Any:
        async with canned_paymongo(handler, saved_list) as account:
            return await scene(account)

    return run(whole())


# What comes in


def test_a_customer_comes_in() -> None:
    juan = AcquirerCustomer("cus_hcjuejWKpU1YZi3sBDGGpx8M", "Juan dela Cruz", "juan@example.com", "+639171234567")
    assert customers.decode_customer(body_of("customers.create")) == juan
    assert customers.decode_customer(body_of("customers.retrieve")).id.startswith("cus_")
    (ana,) = customers.decode_customers(body_of("customers.search")).rows
    assert ana == AcquirerCustomer("cus_abc123", "Ana Guest", "guest@example.com", "")
    customers.decode_deleted(body_of("customers.delete"))


def test_saved_cards_come_in_by_either_list() -> None:
    old = customers.decode_saved(body_of("customer_payment_methods.list.v1"))
    assert (old.rows, old.cursor) == (["pm_ZzVPFGwGe31eR2vDcPuS9tsA"], None)
    new = customers.decode_saved_v2(body_of("customer_payment_methods.list.v2"))
    assert (new.rows, new.cursor) == (["pm_abc123"], "pm_abc123")


def test_a_card_comes_in_without_its_code() -> None:
    card = customers.decode_card(body_of("payment_methods.retrieve"))
    assert card == VaultedCard("pm_ZzVPFGwGe31eR2vDcPuS9tsA", "", "4345", Expiry(2030, 12), "Juan Dela Cruz")
    assert customers.decode_card(body_of("payment_methods.create.two_digit_year")).expiry == Expiry(2026, 12)
    echoed = customers.decode_card(body_of("payment_methods.create.legacy_echoes_cvc"))
    assert echoed == VaultedCard("pm_AFMDXnhdg1aMWrmUD27oiXmM", "", "4345", Expiry(2030, 12), "")


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("payment_intents.create", ChargeState.WAITS_FOR_CARD),
        ("payment_intents.create.recorded_2025", ChargeState.WAITS_FOR_CARD),
        ("payment_intents.attach.next_action", ChargeState.WAITS_FOR_GUEST),
        ("payment_intents.attach.next_action.recorded_2025", ChargeState.WAITS_FOR_GUEST),
        ("payment_intents.attach.succeeded", ChargeState.TAKEN),
        ("payment_intents.retrieve.after_failed_3ds", ChargeState.WAITS_FOR_CARD),
        ("payment_intents.cancel", ChargeState.CANCELLED),
    ],
)
def test_a_charge_comes_in(name: str, state: ChargeState) -> None:
    charge = charges.decode_charge(body_of(name))
    assert charge.state is state
    assert charge.amount.currency == PESO
    assert bool(charge.bank_page) == (state is ChargeState.WAITS_FOR_GUEST)
    assert (charge.payment is not None) == (state is ChargeState.TAKEN)


def test_what_was_taken_comes_in() -> None:
    charge = charges.decode_charge(body_of("payment_intents.attach.succeeded"))
    assert charge.payment == AcquirerPayment(
        id="pay_eVMZ4LLX15WwAhF7XqRd5vc5",
        amount=Money(10_000, PESO),
        paid=True,
        brand="Visa",
        last_four="4345",
        charge_id="pi_u9zxu56zCZecBPLQRMd1Qmhd",
        description="",
        created_utc=datetime(2021, 10, 1, 14, 28, 30, tzinfo=UTC),
    )
    assert charges.decode_charge(body_of("payment_intents.retrieve.after_failed_3ds")).failure == "authentication_error"


def test_payments_and_refunds_come_in() -> None:
    page = charges.decode_payments(body_of("payments.list"))
    assert [(payment.amount.minor, payment.paid) for payment in page.rows] == [(150_050, True), (250_000, True)]
    assert page.cursor == "pay_Mw7qLcJk2ZtR5yXbA8sVdN3e"
    expected = AcquirerRefund(
        "ref_9K2Wf3mLpQvXsTzYbNcVdGhJ",
        "pay_hvTn9EyxduZ9gV8WHhSGYqBi",
        Money(50_000, PESO),
        RefundState.UNDER_WAY,
        "Customer returned the item.",
    )
    assert refunds.decode_refund(body_of("refunds.create")) == expected
    assert refunds.decode_refunds(body_of("refunds.list")).rows == [expected]
    assert refunds.decode_refund(body_of("refunds.retrieve")).payment_id.startswith("pay_")


ERRORS = {
    "customers.create.error.required_fields": Rejected,
    "error.multiple": Rejected,
    "error.rate_limited": RateLimited,
    "payment_intents.attach.error.already_succeeded": OutcomeUnknown,  # no news of ours: the charge itself is read
    "payment_intents.cancel.error.already_cancelled": Rejected,
    "payment_intents.create.error.amount_required": Rejected,
    "payment_intents.create.error.amount_type": Rejected,
    "payment_intents.create.error.vaulting_not_enabled": Rejected,
    "payment_intents.retrieve.error.not_found": Rejected,
    "payment_methods.create.error.card_number_format": Rejected,
    "payment_methods.create.error.exp_month_type": Rejected,
    "payment_methods.retrieve.error.not_found": Rejected,
    "payments.retrieve.error.not_found": Rejected,
}


def test_every_published_error_is_played() -> None:
    assert {path.stem for path in VECTORS.glob("*error*.json")} == set(ERRORS)


@pytest.mark.parametrize(("name", "kind"), ERRORS.items())
def test_an_error_body_is_a_definite_no(run_plain: CoroutineRunner, name: str, kind: type[DeskPayError]) -> None:
    async def scene(account: PayMongo) -> None:
        with pytest.raises(kind) as caught:
            await account.attach("pi_1", "pm_1", RETURN)
        told = sample(name)["response"]["body"]
        if isinstance(told, dict):
            assert caught.value.code in {error["code"] for error in told["errors"]}
            assert all((error.get("detail") or "") in (caught.value.server_message or "") for error in told["errors"])

    canned = Canned(sample_answer(name))
    play(run_plain, canned, scene)
    assert len(canned.asked) == 1


# What goes out


def test_a_customer_goes_out_with_a_key_of_its_own(run_plain: CoroutineRunner) -> None:
    canned = Canned(sample_answer("customers.create"))
    play(run_plain, canned, lambda account: account.create_customer(JUAN))
    asked, seen = canned.asked
    assert seen.url.path == f"/v1/customers/{sample('customers.create')['response']['body']['data']['id']}"
    assert (asked.method, asked.url.path) == ("POST", "/v1/customers")
    assert asked.headers["idempotency-key"] == "guest-1:juan@example.com"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"{SECRET}:".encode()).decode()
    wanted = sample("customers.create")["request"]["body"]["data"]["attributes"]
    del wanted["phone"]
    assert attributes(asked) == wanted | {"default_device": "email"}


@pytest.mark.parametrize(
    ("answer", "problem", "asked"),
    [
        ("payment_intents.retrieve.error.not_found", HotelUnavailable, 10),
        ("payment_intents.create.error.amount_required", Rejected, 2),
    ],
)
def test_a_customer_who_is_never_there_is_not_made_for_ever(
    run_plain: CoroutineRunner, answer: str, problem: type[Exception], asked: int
) -> None:
    async def scene(account: PayMongo) -> None:
        with pytest.raises(problem):
            await account.create_customer(JUAN)

    canned = Canned(*[sample_answer("customers.create"), sample_answer(answer)] * 5)
    play(run_plain, canned, scene)
    keys = [request.headers["idempotency-key"] for request in canned.asked if request.method == "POST"]
    assert len(canned.asked) == asked
    assert keys[0] == "guest-1:juan@example.com"
    assert all(key.startswith("guest-1:juan@example.com:cus_") for key in keys[1:])


def test_a_guest_without_an_address_is_not_sent(run_plain: CoroutineRunner) -> None:
    async def scene(account: PayMongo) -> None:
        with pytest.raises(InputRefused):
            await account.create_customer(replace(JUAN, email=""))

    canned = Canned(sample_answer("customers.create"))
    play(run_plain, canned, scene)
    assert canned.asked == []


def test_a_charge_goes_out_with_its_reference_and_its_key(run_plain: CoroutineRunner) -> None:
    intent = a_peso_intent(150_050, note="Dinner")
    canned = Canned(sample_answer("payment_intents.create"))
    play(run_plain, canned, lambda account: account.open_charge(intent, "cus_Exy3jegPk4eEagpQcE6wnLB4"))
    (asked,) = canned.asked
    wanted = sample("payment_intents.create.save_card")["request"]["body"]["data"]["attributes"]
    sent = attributes(asked)
    assert {name: sent[name] for name in wanted} == wanted
    assert sent["description"] == f"Dinner · {intent.reference}"
    assert asked.headers["idempotency-key"] == f"{intent.id}:charge"


def test_a_card_is_attached_once_and_without_a_key(run_plain: CoroutineRunner) -> None:
    canned = Canned(httpx2.ReadTimeout("late"))

    async def scene(account: PayMongo) -> None:
        with pytest.raises(OutcomeUnknown):
            await account.attach("pi_1", "pm_1", RETURN)

    play(run_plain, canned, scene)
    (asked,) = canned.asked
    assert (asked.method, asked.url.path) == ("POST", "/v1/payment_intents/pi_1/attach")
    assert attributes(asked) == {"payment_method": "pm_1", "return_url": RETURN}
    assert "idempotency-key" not in asked.headers


@pytest.mark.parametrize(
    "loss", [httpx2.ReadTimeout("late"), httpx2.Response(500, text="<html>"), httpx2.Response(200, json={"data": 3})]
)
def test_a_creation_goes_out_again_with_the_same_key(
    run_virtual: VirtualRunner, loss: httpx2.Response | Exception
) -> None:
    canned = Canned(loss, sample_answer("payment_intents.create"))
    charge = play(run_virtual, canned, lambda account: account.open_charge(a_peso_intent(), None))
    assert charge.state is ChargeState.WAITS_FOR_CARD
    first, second = canned.asked
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.content == second.content


def test_refunds_cancels_and_reads_go_out(run_plain: CoroutineRunner) -> None:
    intent = an_intent(
        IntentKind.REFUND,
        amount=Money(50_000, PESO),
        external_identifier="pay_hvTn9EyxduZ9gV8WHhSGYqBi",
        reason="x" * 500,
    )
    canned = Canned(sample_answer("refunds.create"))
    play(run_plain, canned, lambda account: account.refund(intent))
    sent = attributes(canned.asked[0])
    assert (sent["amount"], sent["payment_id"]) == (50_000, "pay_hvTn9EyxduZ9gV8WHhSGYqBi")
    assert sent["notes"].endswith(intent.reference)
    assert len(sent["notes"]) <= 255
    canned = Canned(sample_answer("payment_intents.cancel"))
    play(run_plain, canned, lambda account: account.cancel("pi_1"))
    assert (canned.asked[0].method, canned.asked[0].content) == ("POST", b"")
    canned = Canned(sample_answer("refunds.list"))
    play(run_plain, canned, lambda account: account.refunds("pay_1"))
    assert canned.asked[0].url.params["payment_id"] == "pay_1"


def test_saved_cards_are_asked_for_by_the_list_of_the_connection(run_plain: CoroutineRunner) -> None:
    for saved_list, name, path in (
        (SavedList.V1, "customer_payment_methods.list.v1", "/v1/customers/cus_1/payment_methods"),
        (SavedList.V2, "customer_payment_methods.list.v2", "/v2/customer_payment_methods/cus_1"),
    ):
        listed = sample(name)["response"]["body"] | {"has_more": False}
        canned = Canned(httpx2.Response(200, json=listed), sample_answer("payment_methods.retrieve"))
        cards = play(run_plain, canned, lambda account: account.cards("cus_1"), saved_list)
        assert [card.last_four for card in cards] == ["4345"]
        assert canned.asked[0].url.path == path
        assert [asked.url.path for asked in canned.asked[1:]] == [
            f"/v1/payment_methods/{card}"
            for card in (["pm_ZzVPFGwGe31eR2vDcPuS9tsA"] if saved_list is SavedList.V1 else ["pm_abc123"])
        ]


# What an answer proves


def test_a_refused_key_stops_every_further_call(run_plain: CoroutineRunner) -> None:
    refused = {"errors": [{"code": "authentication_invalid", "detail": "The API key is wrong."}]}
    canned = Canned(httpx2.Response(401, json=refused))

    async def scene(account: PayMongo) -> None:
        for _ in range(12):
            with pytest.raises(Unauthorized):
                await account.charge("pi_1")
            with pytest.raises(Unauthorized):
                await account.attach("pi_1", "pm_1", RETURN)

    play(run_plain, canned, scene)
    assert len(canned.asked) == 1


@pytest.mark.parametrize(
    ("answer", "act", "read"),
    [
        (httpx2.Response(500, text="<html>"), OutcomeUnknown, HotelUnavailable),
        (httpx2.Response(200, text="<html>"), OutcomeUnknown, NotMews),
        (httpx2.Response(200, json={"data": None}), OutcomeUnknown, HotelUnavailable),
        (httpx2.Response(400, text="no"), OutcomeUnknown, NotMews),
        (httpx2.Response(418, json={"errors": [{"code": "teapot"}]}), OutcomeUnknown, NotMews),
        (httpx2.Response(429, text="Too many requests"), RateLimited, RateLimited),
        (httpx2.ReadTimeout("late"), OutcomeUnknown, HotelUnavailable),
    ],
)
def test_what_no_error_body_says_proves_nothing(
    run_virtual: VirtualRunner, answer: httpx2.Response | Exception, act: type[DeskPayError], read: type[DeskPayError]
) -> None:
    async def scene(account: PayMongo) -> None:
        with pytest.raises(act):
            await account.attach("pi_1", "pm_1", RETURN)
        with pytest.raises(read):
            await account.charge("pi_1")

    play(run_virtual, Canned(answer), scene)


def test_a_declined_card_tells_its_reason(run_plain: CoroutineRunner) -> None:
    entry = {"code": "resource_failed_state", "sub_code": "insufficient_funds", "detail": "The card has no funds."}

    async def scene(account: PayMongo) -> None:
        with pytest.raises(Declined) as caught:
            await account.attach("pi_1", "pm_1", RETURN)
        assert (caught.value.code, caught.value.server_message) == ("insufficient_funds", "The card has no funds.")

    play(run_plain, Canned(httpx2.Response(400, json={"errors": [entry]})), scene)


@pytest.mark.parametrize("more", [True, False])
def test_a_list_that_repeats_itself_is_no_list(run_virtual: VirtualRunner, more: bool) -> None:
    listed = sample("payments.list")["response"]["body"] | {"has_more": more}

    async def scene(account: PayMongo) -> int:
        return len(await account.payments_since(datetime(2020, 1, 1, tzinfo=UTC)))

    canned = Canned(httpx2.Response(200, json=listed))
    if more:
        with pytest.raises(HotelUnavailable, match="without end"):
            play(run_virtual, canned, scene)
    else:
        assert play(run_virtual, canned, scene) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "succeeded"},
        {"amount": 10.5},
        {"amount": "10000"},
        {"currency": "USD"},
        {"amount": True},
    ],
)
def test_a_charge_that_contradicts_itself_is_not_read(wrong: dict[str, Any]) -> None:
    body = sample("payment_intents.create")["response"]["body"]
    body["data"]["attributes"] |= wrong
    with pytest.raises(WireError):
        charges.decode_charge(json.dumps(body).encode())


@pytest.mark.parametrize("status", ["refunded", "partially_refunded"])
def test_a_charge_that_was_given_back_elsewhere_since_was_taken_all_the_same(status: str) -> None:
    body = sample("payment_intents.attach.succeeded")["response"]["body"]
    body["data"]["attributes"]["payments"][0]["attributes"]["status"] = status
    charge = charges.decode_charge(json.dumps(body).encode())
    assert charge.state is ChargeState.TAKEN
    assert charge.payment is not None
    assert charge.payment.paid


def test_only_pesos_are_charged() -> None:
    with pytest.raises(ValueError, match="pesos"):
        charges.encode_charge(an_intent(), saved_for=None)
    with pytest.raises(ValueError, match="pesos"):
        refunds.encode_refund(an_intent(IntentKind.REFUND))

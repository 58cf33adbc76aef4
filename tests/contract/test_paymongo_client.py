"""The PayMongo client plays every operation against the training merchant, over HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskpay.domain.acquirer import AcquirerCharge, ChargeState, RefundState
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Declined, Field, InputProblem, InputRefused, OutcomeUnknown, Rejected
from deskpay.domain.intent import IntentKind
from deskpay.domain.money import Money
from deskpay.gateways.paymongo.client import PayMongo, SavedList
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import an_intent
from tests.kit.paymongo import PESO, RETURN, a_peso_intent, at_bank, card_page, training_paymongo

Play = Callable[[PayMongo], Awaitable[Any]]

PAYS, ASKS, NO_FUNDS = "4343434343434345", "4120000000000007", "5100000000000198"

OTTOLINE = Customer(
    id="guest-1",
    first_name="Ottoline",
    last_name="Pepperwick",
    email="ottoline@pepperwick.example",
    phone="",
    notes="",
    classifications=frozenset(),
)


def _play(run: CoroutineRunner, sandbox: Hotel, scene: Play, saved_list: SavedList = SavedList.V1) -> Any:
    async def whole() -> Any:
        async with training_paymongo(sandbox, saved_list) as account:
            return await scene(account)

    return run(whole())


def _payments(sandbox: Hotel) -> list[dict[str, Any]]:
    payments: list[dict[str, Any]] = sandbox.ask("GET", "paymongo")["payments"]
    return payments


async def _charged(account: PayMongo, card: str, saved_for: str | None = None, **changes: Any) -> AcquirerCharge:
    opened = await account.open_charge(a_peso_intent(**changes), saved_for)
    return await account.attach(opened.id, card, RETURN)


@pytest.mark.parametrize("saved_list", SavedList)
def test_a_first_payment_saves_the_card(run_plain: CoroutineRunner, sandbox: Hotel, saved_list: SavedList) -> None:
    sandbox.ask("POST", "paymongo", {"vaulting": True})
    card = card_page(sandbox, PAYS)

    async def scene(account: PayMongo) -> None:
        guest = await account.create_customer(OTTOLINE)
        assert await account.find_customers(OTTOLINE.email) == [guest]
        assert await account.create_customer(OTTOLINE) == guest
        assert await account.cards(guest.id) == []
        charge = await _charged(account, card, guest.id)
        assert charge.state is ChargeState.TAKEN
        assert charge.payment is not None
        assert (charge.payment.brand, charge.payment.last_four) == ("Visa", "4345")
        (saved,) = await account.cards(guest.id) or []
        assert (saved.id, saved.label, saved.holder) == (card, "Card •••• 4345", "Ottoline Pepperwick")
        await account.delete_card(guest.id, card)
        assert await account.cards(guest.id) == []
        await account.delete_customer(guest.id)
        assert await account.find_customers(OTTOLINE.email) == []
        assert await account.cards(guest.id) is None

    _play(run_plain, sandbox, scene, saved_list)
    assert [payment["attributes"]["status"] for payment in _payments(sandbox)] == ["paid"]


def test_a_guest_who_was_forgotten_is_made_anew_and_nobody_is_given_a_customer_who_is_gone(
    run_plain: CoroutineRunner, sandbox: Hotel
) -> None:
    async def scene(account: PayMongo) -> None:
        made: list[str] = []
        for _ in range(3):
            made.append((await account.create_customer(OTTOLINE)).id)
            assert await account.cards(made[-1]) == []
            await account.delete_customer(made[-1])
        assert len(set(made)) == 3

    _play(run_plain, sandbox, scene)


def test_saving_that_is_not_granted_is_refused_and_takes_nothing(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    async def scene(account: PayMongo) -> None:
        guest = await account.create_customer(OTTOLINE)
        with pytest.raises(InputRefused) as refusal:
            await account.open_charge(a_peso_intent(), guest.id)
        assert (refusal.value.field, refusal.value.problem) == (Field.CARD, InputProblem.NOT_GRANTED)

    _play(run_plain, sandbox, scene)
    assert _payments(sandbox) == []


@pytest.mark.parametrize(("choice", "end"), [("authorize", ChargeState.TAKEN), ("fail", ChargeState.WAITS_FOR_CARD)])
def test_the_bank_asks_the_guest(run_plain: CoroutineRunner, sandbox: Hotel, choice: str, end: ChargeState) -> None:
    card = card_page(sandbox, ASKS)

    async def scene(account: PayMongo) -> None:
        asked = await _charged(account, card)
        assert asked.state is ChargeState.WAITS_FOR_GUEST
        at_bank(asked, choice)
        answered = await account.charge(asked.id)
        assert answered.state is end
        assert bool(answered.failure) == (choice == "fail")

    _play(run_plain, sandbox, scene)


def test_a_charge_that_was_cancelled_cannot_take_money_any_more(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    card = card_page(sandbox, PAYS)

    async def scene(account: PayMongo) -> None:
        opened = await account.open_charge(a_peso_intent(), None)
        assert (await account.cancel(opened.id)).state is ChargeState.CANCELLED
        with pytest.raises(Rejected, match="resource_cancelled_state"):
            await account.attach(opened.id, card, RETURN)

    _play(run_plain, sandbox, scene)
    assert _payments(sandbox) == []


@pytest.mark.parametrize("as_error", [True, False])
def test_a_decline_comes_in_either_shape(run_plain: CoroutineRunner, sandbox: Hotel, as_error: bool) -> None:
    sandbox.ask("POST", "paymongo", {"declines_as_error": as_error})
    card = card_page(sandbox, NO_FUNDS)

    async def scene(account: PayMongo) -> None:
        opened = await account.open_charge(a_peso_intent(), None)
        if as_error:
            with pytest.raises(Declined) as caught:
                await account.attach(opened.id, card, RETURN)
            assert caught.value.code == "insufficient_funds"
        else:
            assert (await account.attach(opened.id, card, RETURN)).failure == "insufficient_funds"
        assert (await account.charge(opened.id)).failure == "insufficient_funds"

    _play(run_plain, sandbox, scene)


def test_a_lost_answer_to_making_a_charge_makes_no_second_one(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    sandbox.fault("paymongo/payment_intents.create", "drop_after")

    async def scene(account: PayMongo) -> None:
        first = await account.open_charge(a_peso_intent(), None)
        assert await account.open_charge(a_peso_intent(), None) == first

    _play(run_plain, sandbox, scene)
    assert len(sandbox.ask("GET", "paymongo")["intents"]) == 1


def test_a_lost_answer_to_charging_is_read_and_not_sent_again(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    card = card_page(sandbox, PAYS)
    sandbox.fault("paymongo/payment_intents.attach", "drop_after")

    async def scene(account: PayMongo) -> None:
        opened = await account.open_charge(a_peso_intent(), None)
        with pytest.raises(OutcomeUnknown):
            await account.attach(opened.id, card, RETURN)
        charge = await account.charge(opened.id)
        assert charge.state is ChargeState.TAKEN
        assert charge.payment is not None
        (found,) = await account.payments_since(datetime.now(UTC) - timedelta(days=365))
        assert (found.id, found.charge_id) == (charge.payment.id, opened.id)
        assert a_peso_intent().reference in found.description

    _play(run_plain, sandbox, scene)
    assert len(_payments(sandbox)) == 1


def test_a_refund_is_begun_once_and_lands(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    card = card_page(sandbox, PAYS)
    sandbox.fault("paymongo/refunds.create", "drop_after")

    async def scene(account: PayMongo) -> None:
        charge = await _charged(account, card)
        assert charge.payment is not None
        intent = an_intent(
            IntentKind.REFUND, amount=Money(50_000, PESO), external_identifier=charge.payment.id, reason="Noise"
        )
        begun = await account.refund(intent)
        assert begun.state is RefundState.UNDER_WAY
        await sandbox.aask("POST", "clock", {"advance_s": 3_600})
        assert await account.refunds(charge.payment.id) == [replace(begun, state=RefundState.LANDED)]

    _play(run_plain, sandbox, scene)


def test_many_payments_are_read_page_by_page(run_plain: CoroutineRunner, sandbox: Hotel) -> None:
    card = card_page(sandbox, PAYS)

    async def scene(account: PayMongo) -> None:
        for number in range(12):
            await _charged(account, card, id=f"{number:08d}-2222-4333-8444-555555555555", minor=10_000 + number)
        every = await account.payments_since(datetime.now(UTC) - timedelta(days=365))
        assert [payment.amount.minor for payment in every] == [*range(10_011, 9_999, -1)]
        assert await account.payments_since(datetime.now(UTC) + timedelta(days=365)) == []

    _play(run_plain, sandbox, scene)

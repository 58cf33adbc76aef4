"""PayMongo's interface at its edges: keys of the wrong kind, lists, limits, and answers that are none."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.environment import Environment
from deskpay.domain.errors import (
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
)
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.paymongo.client import PayMongo
from deskpay.gateways.paymongo.keys import keys_of
from deskpay.gateways.paymongo.wire import base, charges, customers
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.paymongo import RETURN, Canned, a_peso_intent, canned_paymongo, sample, sample_answer

LIVE, DEMO, TRAINING = Environment.LIVE, Environment.DEMO, Environment.TRAINING
SK, PK = "sk_test_Abc123", "pk_test_Abc123"


def _play(run: CoroutineRunner, handler: Canned, scene: Callable[[PayMongo], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with canned_paymongo(handler) as account:
            return await scene(account)

    return run(whole())


def _body(name: str, **attributes: object) -> bytes:
    """The answer of a published sample, some of its attributes changed."""
    told = sample(name)["response"]["body"]
    told["data"]["attributes"] |= attributes
    return json.dumps(told).encode()


# Keys


@pytest.mark.parametrize(
    ("environment", "secret", "public", "field", "problem"),
    [
        (TRAINING, "  ", PK, Field.SECRET_KEY, InputProblem.EMPTY),
        (TRAINING, SK, "", Field.PUBLIC_KEY, InputProblem.EMPTY),
        (TRAINING, "Bearer sk_test_1", PK, Field.SECRET_KEY, InputProblem.BAD_FORM),
        (TRAINING, SK, "pk_test_1\r\nX-Evil: 1", Field.PUBLIC_KEY, InputProblem.BAD_FORM),
        (TRAINING, "rk_test_1", PK, Field.SECRET_KEY, InputProblem.BAD_FORM),
        (TRAINING, PK, PK, Field.SECRET_KEY, InputProblem.OTHER_KEY),
        (TRAINING, SK, SK, Field.PUBLIC_KEY, InputProblem.OTHER_KEY),
        (LIVE, SK, "pk_live_1", Field.SECRET_KEY, InputProblem.OTHER_MODE),
        (LIVE, "sk_live_1", PK, Field.PUBLIC_KEY, InputProblem.OTHER_MODE),
        (DEMO, "sk_live_1", PK, Field.SECRET_KEY, InputProblem.OTHER_MODE),
    ],
)
def test_a_key_of_the_wrong_kind_is_refused_before_anything_is_sent(
    environment: Environment, secret: str, public: str, field: Field, problem: InputProblem
) -> None:
    with pytest.raises(InputRefused) as refusal:
        keys_of(environment, secret, public)
    assert (refusal.value.field, refusal.value.problem) == (field, problem)


def test_the_keys_of_a_connection_are_taken_without_spaces_and_the_secret_one_is_shown_nowhere() -> None:
    keys = keys_of(LIVE, " sk_live_Abc ", "pk_live_Abc\n")
    assert (keys.secret.get_secret_value(), keys.public) == ("sk_live_Abc", "pk_live_Abc")
    assert "sk_live_Abc" not in repr(keys)


# Lists


def _page(payment_id: str, created_at: int, *, more: bool, currency: str = "PHP") -> httpx2.Response:
    row = sample("payments.list")["response"]["body"]["data"][0]
    row |= {"id": payment_id, "attributes": row["attributes"] | {"created_at": created_at, "currency": currency}}
    return httpx2.Response(200, json={"data": [row], "has_more": more})


def test_payments_are_read_back_to_a_day_and_no_further(run_virtual: VirtualRunner) -> None:
    canned = Canned(
        _page("pay_3", 300, more=True), _page("pay_2", 200, more=True), _page("pay_1", 100, more=True), NotSent("no")
    )
    since = datetime.fromtimestamp(150, UTC)
    found = _play(run_virtual, canned, lambda account: account.payments_since(since))
    assert [payment.id for payment in found] == ["pay_3", "pay_2"]
    assert [asked.url.params.get("after") for asked in canned.asked] == [None, "pay_3", "pay_2"]


def test_payments_in_another_currency_are_none_of_ours(run_virtual: VirtualRunner) -> None:
    canned = Canned(_page("pay_2", 200, more=True, currency="USD"), _page("pay_1", 200, more=False))
    found = _play(run_virtual, canned, lambda account: account.payments_since(datetime.fromtimestamp(0, UTC)))
    assert [payment.id for payment in found] == ["pay_1"]


def test_a_list_that_never_ends_is_left(run_virtual: VirtualRunner) -> None:
    canned = Canned(*(_page(f"pay_{number}", 200, more=True) for number in range(60)))
    with pytest.raises(HotelUnavailable, match="without end"):
        _play(run_virtual, canned, lambda account: account.payments_since(datetime.fromtimestamp(0, UTC)))
    assert len(canned.asked) == 40


# Limits


def test_a_turn_that_comes_too_late_is_not_sent(run_virtual: VirtualRunner) -> None:
    canned = Canned(httpx2.Response(429, text="Too many requests", headers={"Retry-After": "120"}))

    async def scene(account: PayMongo) -> None:
        with pytest.raises(RateLimited):
            await account.attach("pi_1", "pm_1", RETURN)
        with pytest.raises(NotSent):
            await account.attach("pi_1", "pm_1", RETURN)
        with pytest.raises(RateLimited) as refusal:
            await account.charge("pi_1")
        assert refusal.value.retry_after_s == pytest.approx(120, abs=1)

    _play(run_virtual, canned, scene)
    assert len(canned.asked) == 1


@pytest.mark.parametrize(
    "second",
    [
        httpx2.Response(429, text="Too many requests", headers={"Retry-After": "120"}),
        httpx2.Response(401, json={"errors": [{"code": "authentication_failed", "detail": "No."}]}),
        httpx2.Response(409, json={"errors": [{"code": "idempotency_in_progress", "detail": "Wait."}]}),
    ],
)
def test_a_no_to_the_second_sending_is_none_to_the_first(run_virtual: VirtualRunner, second: httpx2.Response) -> None:
    canned = Canned(httpx2.ReadError("gone"), second)
    intent = a_peso_intent(external_identifier="pay_1", reason="Noise")
    with pytest.raises(OutcomeUnknown):
        _play(run_virtual, canned, lambda account: account.refund(intent))
    assert len({asked.headers["Idempotency-Key"] for asked in canned.asked}) == 1


def test_a_no_to_the_only_sending_is_one(run_virtual: VirtualRunner) -> None:
    canned = Canned(httpx2.Response(429, text="Too many requests"))
    intent = a_peso_intent(external_identifier="pay_1", reason="Noise")
    with pytest.raises(RateLimited):
        _play(run_virtual, canned, lambda account: account.refund(intent))
    assert len(canned.asked) == 1


# Answers


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data": []}',
        b'{"data": {"id": "pi_1"}}',
        b'{"data": {"id": "pi_1", "attributes": 3}}',
        _body("payment_intents.attach.succeeded", payments=[]),
        _body("payment_intents.attach.succeeded", payments=["pay_1"]),
    ],
)
def test_a_charge_that_is_none_is_not_read(body: bytes) -> None:
    with pytest.raises(WireError):
        charges.decode_charge(body)


@pytest.mark.parametrize("moment", [True, "1700000000", 10**18, -(10**18)])
def test_a_moment_that_is_none_is_not_read(moment: object) -> None:
    told = sample("payments.list")["response"]["body"]
    told["data"][0]["attributes"]["created_at"] = moment
    with pytest.raises(WireError):
        charges.decode_payments(json.dumps(told).encode())


@pytest.mark.parametrize("body", [b'{"data": {}}', b'{"data": [], "has_more": true}', b'{"data": [3]}'])
def test_a_list_that_is_none_is_not_read(body: bytes) -> None:
    with pytest.raises(WireError):
        customers.decode_saved(body)


def test_a_list_with_nothing_on_it_is_empty() -> None:
    assert customers.decode_saved(b'{"data": [], "has_more": false}').rows == []


def test_a_customer_that_is_still_there_is_not_deleted() -> None:
    with pytest.raises(WireError, match="not deleted"):
        customers.decode_deleted(_body("customers.delete", deleted=False))


@pytest.mark.parametrize("wrong", [{"type": "gcash"}, {"details": None}, {"details": {"exp_month": 13, "exp_year": 1}}])
def test_a_method_that_is_no_card_is_not_read(wrong: dict[str, object]) -> None:
    with pytest.raises(WireError):
        customers.decode_card(_body("payment_methods.retrieve", **wrong))


def test_an_expiry_that_is_not_told_is_not_guessed() -> None:
    card = customers.decode_card(_body("payment_methods.retrieve", details={"last4": "43x5", "exp_year": 2030}))
    assert (card.expiry, card.last_four) == (None, "")
    assert base.expiry(2, 31) == Expiry(2031, 2)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html>", ()),
        (b"[]", ()),
        (b'{"errors": "no"}', ()),
        (b'{"errors": [3]}', ()),
        (b'{"errors": [{"code": 7, "sub_code": "No Such", "detail": 3}]}', (base.Problem("", "", ""),)),
        (
            json.dumps({"errors": [{"code": "a_b", "detail": "x\ny\0" + "z" * 600}]}).encode(),
            (base.Problem("a_b", "", "x y" + "z" * 497),),
        ),
    ],
)
def test_an_error_body_says_what_it_can(body: bytes, told: tuple[base.Problem, ...]) -> None:
    assert base.problems(body) == told


def test_the_account_charges_pesos_between_its_bounds(run_plain: CoroutineRunner) -> None:
    async def scene(account: PayMongo) -> tuple[int, int, str]:
        terms = account.terms
        return terms.least.minor, terms.most.minor, terms.least.currency.code

    canned = Canned(httpx2.Response(500))
    assert _play(run_plain, canned, scene) == (2_000, 999_999_999, "PHP")
    assert canned.asked == []


def test_what_is_refused_for_another_reason_is_told_as_it_is(run_plain: CoroutineRunner) -> None:
    async def scene(account: PayMongo) -> None:
        with pytest.raises(Rejected):
            await account.cards("cus_1")
        with pytest.raises(Rejected):
            await account.open_charge(a_peso_intent(), None)

    canned = Canned(sample_answer("payment_intents.create.error.vaulting_not_enabled"))
    _play(run_plain, canned, scene)
    assert len(canned.asked) == 2

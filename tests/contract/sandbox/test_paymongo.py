"""The stand-in for PayMongo against the samples and the rules of its reference."""

import threading
from typing import Any

import pytest

from deskpay.sandbox.paymongo.account import PUBLIC_KEY
from deskpay.sandbox.paymongo.cards import BEHAVIOURS, Authentication
from tests.contract.sandbox.merchant import (
    ASKS,
    DECLINES_AFTER_ASKING,
    PAYS,
    RETURN,
    Answer,
    Merchant,
    vector,
)
from tests.contract.sandbox.running import Running

Json = dict[str, Any]


@pytest.fixture
def merchant(running: Running) -> Merchant:
    return Merchant(running)


# The samples

# Told by answers of 2021 only; told of wallets only.
NOT_OURS = ("foreign_fee", "provider", "provider_id")


def lacking(sample: object, ours: object, path: str = "") -> list[str]:
    """Members of `sample` that `ours` lacks or gives another type; free-form and absent values are left alone."""
    if isinstance(sample, dict) and isinstance(ours, dict):
        found = []
        for name, value in sample.items():
            if name in {"metadata", "billing", *NOT_OURS}:
                continue
            if name not in ours:
                found.append(f"{path}.{name}")
            else:
                found += lacking(value, ours[name], f"{path}.{name}")
        return found
    if isinstance(sample, list) and isinstance(ours, list):
        return lacking(sample[0], ours[0], f"{path}[0]") if sample and ours and isinstance(sample[0], dict) else []
    same = sample is None or ours is None or type(sample) is type(ours)
    return [] if same else [f"{path} is {type(ours).__name__}"]


def answers(merchant: Merchant) -> dict[str, Answer]:
    """An answer for each sample that shows one, from a day at the desk."""
    merchant.switch(vaulting=True)
    guest = merchant.guest(phone="+639171234567")
    card, asking = merchant.card(), merchant.card(ASKS)
    intent = merchant.saving_intent(guest)
    open_intent = merchant.get(f"/v1/payment_intents/{intent}")
    key = open_intent.attributes["client_key"]
    waits = merchant.attach(merchant.intent(), asking)
    failed = merchant.intent()
    merchant.at_bank(merchant.attach(failed, merchant.card(ASKS)).attributes, "fail")
    attached = merchant.attach(intent, card)
    payment = attached.attributes["payments"][0]["id"]
    asked = {"amount": 50_000, "payment_id": payment, "reason": "duplicate"}
    refund = merchant.post("/v1/refunds", asked)
    cancelled = merchant.intent()
    listed_v2 = merchant.get(f"/v2/customer_payment_methods/{guest}")
    return {
        "customers.create": merchant.get(f"/v1/customers/{guest}"),
        "customers.retrieve": merchant.get(f"/v1/customers/{guest}"),
        "customers.search": merchant.get("/v1/customers?email=ottoline%40pepperwick.example&phone=%2B639171234567"),
        "customers.edit": merchant.call("PATCH", f"/v1/customers/{guest}", {"first_name": "Otto"}),
        "customer_payment_methods.list.v1": merchant.get(f"/v1/customers/{guest}/payment_methods"),
        "customer_payment_methods.list.v2": listed_v2,
        "payment_methods.create": merchant.get(f"/v1/payment_methods/{card}"),
        "payment_methods.create.two_digit_year": merchant.get(f"/v1/payment_methods/{card}"),
        "payment_methods.retrieve": merchant.get(f"/v1/payment_methods/{card}"),
        "payment_intents.create": open_intent,
        "payment_intents.create.recorded_2025": open_intent,
        "payment_intents.retrieve": merchant.get(f"/v1/payment_intents/{intent}"),
        "payment_intents.retrieve.with_client_key": merchant.get(
            f"/v1/payment_intents/{intent}?client_key={key}", key=PUBLIC_KEY
        ),
        "payment_intents.retrieve.after_failed_3ds": merchant.get(f"/v1/payment_intents/{failed}"),
        "payment_intents.attach.next_action": waits,
        "payment_intents.attach.next_action.recorded_2025": waits,
        "payment_intents.attach.succeeded": attached,
        "payment_intents.cancel": merchant.post(f"/v1/payment_intents/{cancelled}/cancel"),
        "payments.list": merchant.get("/v1/payments?limit=10"),
        "payments.retrieve": merchant.get(f"/v1/payments/{payment}"),
        "refunds.create": refund,
        "refunds.list": merchant.get(f"/v1/refunds?payment_id={payment}"),
        "refunds.retrieve": merchant.get(f"/v1/refunds/{refund.id}"),
        "customer_payment_methods.delete.v1": merchant.call("DELETE", f"/v1/customers/{guest}/payment_methods/{card}"),
        "customers.delete": merchant.call("DELETE", f"/v1/customers/{guest}"),
    }


def test_every_answer_holds_what_its_sample_holds(merchant: Merchant) -> None:
    for name, answer in answers(merchant).items():
        sample = vector(name)["response"]
        assert (name, answer.status) == (name, sample["status"])
        assert lacking(sample["body"], answer.body, name) == []


def test_a_payment_holds_what_a_recorded_one_holds(merchant: Merchant) -> None:
    sample = vector("payments.object.recorded_2025")["response"]["body"]
    assert lacking(sample, merchant.get(f"/v1/payments/{merchant.paid()}").body["data"]) == []


CARD = {"card_number": PAYS, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
REFUSALS = {
    "payment_intents.create.error.amount_required": (
        "/v1/payment_intents",
        {"currency": "PHP", "payment_method_allowed": ["card"]},
    ),
    "payment_intents.create.error.amount_type": ("/v1/payment_intents", None),
    "payment_intents.create.error.vaulting_not_enabled": ("/v1/payment_intents", None),
    "payment_methods.create.error.exp_month_type": ("/v1/payment_methods", None),
    "payment_methods.create.error.card_number_format": (
        "/v1/payment_methods",
        {"type": "card", "details": CARD | {"card_number": "4343 4343 4343 4345"}},
    ),
    "customers.create.error.required_fields": ("/v1/customers", None),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_worded_as_recorded(merchant: Merchant, name: str) -> None:
    sample = vector(name)
    path, attributes = REFUSALS[name]
    answer = merchant.post(path, attributes or sample["request"]["body"]["data"]["attributes"])
    assert (answer.status, answer.body) == (sample["response"]["status"], sample["response"]["body"])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("payment_intents.retrieve.error.not_found", "/v1/payment_intents/pi_123"),
        ("payment_methods.retrieve.error.not_found", "/v1/payment_methods/pm_123"),
        ("payments.retrieve.error.not_found", "/v1/payments/pay_lfjaslfufjasjfaksl"),
    ],
)
def test_what_is_not_there_is_not_found_in_the_recorded_words(merchant: Merchant, name: str, path: str) -> None:
    sample = vector(name)["response"]
    answer = merchant.get(path)
    assert (answer.status, answer.body) == (sample["status"], sample["body"])


def test_several_problems_come_in_one_answer(merchant: Merchant) -> None:
    answer = merchant.post("/v1/payment_intents", {"amount": 1})
    assert answer.codes == ["parameter_required", "parameter_required", "parameter_below_minimum"]


def test_the_test_cards_are_those_that_are_published() -> None:
    published = vector("_test_cards")["response"]["cards"]
    assert set(BEHAVIOURS) == {card["number"] for card in published}
    for card in published:
        behaviour = BEHAVIOURS[card["number"]]
        keeps_hold = card["failure_code"] == "resource_failed_state"
        assert behaviour.keeps_hold is keeps_hold
        assert behaviour.failure == ("" if keeps_hold else card["failure_code"] or "")
        required = {"required": Authentication.REQUIRED, "required, never reached": Authentication.DECLINED_BEFORE}
        assert behaviour.authentication is required.get(card["three_ds"], Authentication.NONE)


# Charging


def test_attaching_is_charging_and_an_intent_succeeds_once(merchant: Merchant) -> None:
    intent = merchant.intent()
    assert merchant.attach(intent, merchant.card()).attributes["status"] == "succeeded"
    again = merchant.attach(intent, merchant.card())
    sample = vector("payment_intents.attach.error.already_succeeded")["response"]
    assert (again.status, again.codes) == (sample["status"], ["resource_succeeded_state"])
    assert len(merchant.shown()["payments"]) == 1


def test_twenty_attaches_at_once_take_one_payment(merchant: Merchant) -> None:
    intent = merchant.intent()
    cards = [merchant.card() for _ in range(20)]
    threads = [threading.Thread(target=merchant.attach, args=(intent, card)) for card in cards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(merchant.shown()["payments"]) == 1


def test_a_decline_leaves_the_intent_open_for_another_card(merchant: Merchant) -> None:
    intent = merchant.intent()
    declined = merchant.attach(intent, merchant.card("5100000000000198")).attributes
    assert declined["status"] == "awaiting_payment_method"
    assert declined["last_payment_error"]["failed_code"] == "insufficient_funds"
    assert declined["payments"][0]["attributes"]["status"] == "failed"
    assert merchant.attach(intent, merchant.card()).attributes["status"] == "succeeded"


def test_a_decline_may_come_as_an_error_and_the_intent_tells_the_same(merchant: Merchant) -> None:
    merchant.switch(declines_as_error=True)
    intent = merchant.intent()
    answer = merchant.attach(intent, merchant.card("4200000000000018"))
    assert (answer.status, answer.codes) == (400, ["resource_failed_state"])
    assert answer.body["errors"][0]["sub_code"] == "card_expired"
    assert merchant.seen(intent)["last_payment_error"]["failed_code"] == "card_expired"


@pytest.mark.parametrize(
    ("number", "choice", "status", "code"),
    [
        (ASKS, "authorize", "succeeded", None),
        (ASKS, "fail", "awaiting_payment_method", "authentication_error"),
        (DECLINES_AFTER_ASKING, "authorize", "awaiting_payment_method", "generic_decline"),
    ],
)
def test_the_bank_decides_and_sends_the_guest_back(
    merchant: Merchant, number: str, choice: str, status: str, code: str | None
) -> None:
    intent = merchant.intent()
    waits = merchant.attach(intent, merchant.card(number)).attributes
    assert waits["status"] == "awaiting_next_action"
    back = merchant.at_bank(waits, choice)
    assert (back.status, back.headers["location"]) == (303, f"{RETURN}&payment_intent_id={intent}")
    decided = merchant.seen(intent)
    error = decided["last_payment_error"]
    assert (decided["status"], error and error["failed_code"]) == (status, code)


def test_without_a_return_address_the_page_tells_its_opener(merchant: Merchant) -> None:
    waits = merchant.attach(merchant.intent(), merchant.card(ASKS), return_url="").attributes
    done = merchant.at_bank(waits, "authorize")
    assert "3DS-authentication-complete" in done.body
    again = merchant.at_bank(waits, "authorize")
    assert "not waiting" in again.body
    assert len(merchant.shown()["payments"]) == 1


def test_the_way_back_may_come_before_the_intent_has_moved(merchant: Merchant) -> None:
    merchant.switch(returns_early=True, bank_takes_s=5)
    intent = merchant.intent()
    merchant.at_bank(merchant.attach(intent, merchant.card(ASKS)).attributes, "authorize")
    assert merchant.seen(intent)["status"] == "processing"
    assert merchant.attach(intent, merchant.card()).codes == ["resource_processing_state"]
    merchant.later(5)
    assert merchant.seen(intent)["status"] == "succeeded"


def test_a_hold_is_captured_once_and_no_more_than_it_holds(merchant: Merchant) -> None:
    intent = merchant.intent(50_000, capture_type="manual")
    assert merchant.attach(intent, merchant.card()).attributes["status"] == "awaiting_capture"
    assert merchant.post(f"/v1/payment_intents/{intent}/capture", {"amount": 50_001}).codes == [
        "allowed_amount_exceeded"
    ]
    taken = merchant.post(f"/v1/payment_intents/{intent}/capture", {"amount": 20_000}).attributes
    assert (taken["status"], taken["payments"][0]["attributes"]["amount"]) == ("succeeded", 20_000)
    assert merchant.post(f"/v1/payment_intents/{intent}/capture").codes == ["resource_succeeded_state"]


def test_a_hold_is_released_by_a_cancel_or_after_seven_days(merchant: Merchant) -> None:
    cancelled, forgotten, kept = (merchant.intent(capture_type="manual") for _ in range(3))
    for intent, number in ((cancelled, PAYS), (forgotten, PAYS), (kept, "5417881844647288")):
        merchant.attach(intent, merchant.card(number))
    assert merchant.post(f"/v1/payment_intents/{cancelled}/cancel").attributes["status"] == "cancelled"
    sample = vector("payment_intents.cancel.error.already_cancelled")["response"]
    assert merchant.post(f"/v1/payment_intents/{cancelled}/cancel").codes == [sample["body"]["errors"][0]["code"]]
    assert merchant.post(f"/v1/payment_intents/{kept}/cancel").codes == ["resource_failed_state"]
    merchant.later(7 * 24 * 3_600)
    assert merchant.seen(forgotten)["status"] == "cancelled"


# Saved cards


def test_a_card_is_saved_only_by_a_payment_that_succeeds(merchant: Merchant) -> None:
    merchant.switch(vaulting=True)
    guest = merchant.guest()
    saved = f"/v1/customers/{guest}/payment_methods"
    merchant.attach(merchant.saving_intent(guest), merchant.card("4400000000000016"))
    assert merchant.get(saved).body["data"] == []
    card = merchant.card()
    merchant.attach(merchant.saving_intent(guest), card)
    (link,) = merchant.get(saved).body["data"]
    assert link["attributes"]["payment_method_id"] == card
    merchant.switch(listed_flat=True)
    (flat,) = merchant.get(saved).body["data"]
    assert (flat["payment_method_id"], "details" in flat) == (card, False)


def test_a_saved_card_needs_its_code_each_time(merchant: Merchant) -> None:
    merchant.switch(vaulting=True)
    guest, card = merchant.guest(), merchant.card()
    merchant.attach(merchant.saving_intent(guest), card)
    intent = merchant.intent()
    assert merchant.attach(intent, card).status == 400
    assert merchant.call("PUT", f"/v1/payment_methods/{card}", {"type": "card", "cvc": "42"}).status == 400
    public = merchant.call("PUT", f"/v1/payment_methods/{card}", {"cvc": "424"}, key=PUBLIC_KEY)
    assert public.status == 401
    for shape in vector("payment_methods.update_cvc")["request"]["variants"]:
        if "body" in shape:
            attributes = shape["body"]["data"]["attributes"]
            assert merchant.call(shape["method"], f"/v1/payment_methods/{card}", attributes).status == 200
    assert merchant.attach(intent, card).attributes["status"] == "succeeded"
    merchant.switch(code_by_public_key=True)
    assert merchant.call("PUT", f"/v1/payment_methods/{card}", {"cvc": "424"}, key=PUBLIC_KEY).status == 200


@pytest.mark.parametrize("whole_guest", [False, True])
def test_a_deleted_card_is_gone_for_good(merchant: Merchant, *, whole_guest: bool) -> None:
    merchant.switch(vaulting=True)
    guest, card = merchant.guest(), merchant.card()
    merchant.attach(merchant.saving_intent(guest), card)
    path = f"/v1/customers/{guest}" + ("" if whole_guest else f"/payment_methods/{card}")
    assert merchant.call("DELETE", path).status == 200
    assert merchant.attach(merchant.intent(), card).codes == ["resource_not_found"]


def test_no_number_and_no_code_is_kept_or_said(merchant: Merchant, running: Running) -> None:
    merchant.attach(merchant.intent(), merchant.card("4123450131001381"))
    kept = repr([vars_of(thing) for thing in running.world.paymongo.methods.values()]) + repr(merchant.shown())
    assert "4123450131001381" not in kept
    assert "'123'" not in kept
    merchant.switch(code_echoed=True)
    details = CARD | {"cvc": "987"}
    echoed = merchant.post("/v1/payment_methods", {"type": "card", "details": details})
    assert echoed.attributes["details"]["cvc"] == "987"
    assert "987" not in repr([vars_of(thing) for thing in running.world.paymongo.methods.values()])


def vars_of(thing: Any) -> Json:
    return {name: getattr(thing, name) for name in type(thing).__dataclass_fields__}


# Refunds


def test_a_refund_is_pending_lands_and_never_exceeds_what_is_left(merchant: Merchant) -> None:
    payment = merchant.paid(10_000)
    asked = {"payment_id": payment, "reason": "requested_by_customer"}
    first = merchant.post("/v1/refunds", asked | {"amount": 6_000})
    assert first.attributes["status"] == "pending"
    assert merchant.post("/v1/refunds", asked | {"amount": 4_001}).codes == ["parameter_above_maximum"]
    merchant.later(10)
    assert merchant.get(f"/v1/refunds/{first.id}").attributes["status"] == "succeeded"
    refunds = merchant.get(f"/v1/payments/{payment}").attributes["refunds"]
    assert [refund["id"] for refund in refunds] == [first.id]


def test_a_refund_is_refused_in_its_cases(merchant: Merchant) -> None:
    payment = merchant.paid(10_000)
    asked = {"payment_id": payment, "reason": "others", "amount": 5_000}
    assert merchant.post("/v1/refunds", asked | {"amount": 99}).codes == ["parameter_below_minimum"]
    assert merchant.post("/v1/refunds", asked | {"reason": "bored"}).codes == ["parameter_invalid"]
    assert merchant.post("/v1/refunds", asked | {"payment_id": "pay_no"}).codes == ["resource_not_found"]
    merchant.switch(balance_short=True)
    assert merchant.post("/v1/refunds", asked).codes == ["available_balance_insufficient"]
    merchant.later(61 * 24 * 3_600)
    assert merchant.post("/v1/refunds", asked).codes == ["allowed_date_exceeded"]


# Keys, repeats, trouble


@pytest.mark.parametrize("key", ["", "sk_live_1234567890", "sk_test_nobody", PUBLIC_KEY])
def test_only_the_secret_key_sees_payments(merchant: Merchant, key: str) -> None:
    answer = merchant.get("/v1/payments", key=key)
    assert (answer.status, len(answer.body["errors"])) == (401, 1)


def test_the_public_key_needs_the_intents_own(merchant: Merchant) -> None:
    intent, card = merchant.intent(), merchant.card()
    key = merchant.seen(intent)["client_key"]
    asked = {"payment_method": card, "return_url": RETURN}
    path = f"/v1/payment_intents/{intent}/attach"
    assert merchant.post(path, asked, key=PUBLIC_KEY).status == 401
    assert merchant.post(path, asked | {"client_key": key}, key=PUBLIC_KEY).attributes["status"] == "succeeded"


def test_a_repeated_key_gets_the_first_answer_for_a_day(merchant: Merchant) -> None:
    asked = {"amount": 5_000, "currency": "PHP", "payment_method_allowed": ["card"]}
    once = {"Idempotency-Key": "7K4M:intent"}
    first = merchant.call("POST", "/v1/payment_intents", asked, headers=once)
    assert merchant.call("POST", "/v1/payment_intents", asked, headers=once).id == first.id
    other = merchant.call("POST", "/v1/payment_intents", asked | {"amount": 6_000}, headers=once)
    assert other.status == 400
    merchant.later(24 * 3_600)
    assert merchant.call("POST", "/v1/payment_intents", asked, headers=once).id != first.id


def test_a_failed_validation_leaves_its_key_unused(merchant: Merchant) -> None:
    once = {"Idempotency-Key": "7K4M:intent"}
    asked = {"amount": 5, "currency": "PHP", "payment_method_allowed": ["card"]}
    assert merchant.call("POST", "/v1/payment_intents", asked, headers=once).status == 400
    assert merchant.call("POST", "/v1/payment_intents", asked | {"amount": 5_000}, headers=once).status == 200


def test_a_charge_whose_answer_is_lost_is_made_once(merchant: Merchant, running: Running) -> None:
    intent, card = merchant.intent(), merchant.card()
    lost = {"operation": "paymongo/payment_intents.attach", "fault": "drop_after", "times": 1}
    assert running.request("POST", "/_sandbox/faults", lost)[0] == 200
    with pytest.raises(ConnectionError):
        merchant.attach(intent, card)
    assert merchant.seen(intent)["status"] == "succeeded"
    assert len(merchant.shown()["payments"]) == 1


def test_too_many_requests_are_refused_in_plain_text(merchant: Merchant, running: Running) -> None:
    fault = {"operation": "paymongo/payments.list", "fault": "too_many", "times": 1}
    assert running.request("POST", "/_sandbox/faults", fault)[0] == 200
    answer = merchant.get("/v1/payments")
    assert (answer.status, answer.body) == (429, vector("error.rate_limited")["response"]["body"])


def test_a_page_may_call_with_the_public_key_and_nothing_else(merchant: Merchant) -> None:
    origin = {"Origin": "https://capture.invalid"}
    allowed = merchant.call("OPTIONS", "/v1/payment_methods", key="", headers=origin)
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (204, origin["Origin"])
    refused = merchant.call("OPTIONS", "/v1/refunds", key="", headers=origin)
    assert (refused.status, "access-control-allow-origin" in refused.headers) == (404, False)


def test_an_unknown_address_is_empty_and_a_body_without_envelope_is_refused(merchant: Merchant) -> None:
    nowhere = merchant.get("/v1/nowhere")
    assert (nowhere.status, nowhere.body) == (404, "")
    assert merchant.call("POST", "/v1/customers", raw=b'{"first_name": "Otto"}').status == 400
    assert merchant.call("POST", "/v1/customers", raw=b"\xff").status == 400


def test_lists_are_pages_newest_first(merchant: Merchant) -> None:
    guests = [merchant.guest(f"guest{number}@example.com") for number in range(5)]
    first = merchant.get("/v1/customers?limit=2").body
    assert ([row["id"] for row in first["data"]], first["has_more"]) == ([guests[4], guests[3]], True)
    rest = merchant.get(f"/v1/customers?limit=10&after={guests[3]}").body
    assert ([row["id"] for row in rest["data"]], rest["has_more"]) == ([guests[2], guests[1], guests[0]], False)
    before = merchant.get(f"/v1/customers?limit=2&before={guests[1]}").body
    assert [row["id"] for row in before["data"]] == [guests[3], guests[2]]
    assert merchant.get("/v1/customers?limit=0").status == 400


def test_an_address_belongs_to_one_guest(merchant: Merchant) -> None:
    merchant.guest()
    second = {"first_name": "O", "last_name": "P", "email": "ottoline@pepperwick.example", "default_device": "email"}
    assert merchant.post("/v1/customers", second).status == 400
    wrong = merchant.post("/v1/customers", second | {"email": "x@y.example", "phone": "0917 123"})
    assert (wrong.status, wrong.body["errors"][0]["source"]["pointer"]) == (422, "data.attributes.phone")


def test_a_reset_forgets_everything(merchant: Merchant, running: Running) -> None:
    merchant.paid()
    assert running.request("POST", "/_sandbox/reset")[0] == 200
    assert set(map(len, merchant.shown().values())) == {0}


@pytest.mark.parametrize("switches", [{"vault": True}, {"vaulting": 1}, {"bank_takes_s": -1}, {"bank_takes_s": True}])
def test_a_switch_that_is_none_is_refused(running: Running, switches: Json) -> None:
    assert running.request("POST", "/_sandbox/paymongo", switches)[0] == 400

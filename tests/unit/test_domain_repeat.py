"""What looks like the same money: similar amounts of the guest or the stay, by whatever hand, in the last day."""

from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.errors import Hand, LooksRepeated, Repeat
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentMethod, PaymentState
from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.domain.repeat import find_repeats, made_since, similar
from tests.kit.intents import EUR, NOW, gbp, make_intent, make_payment, make_record

GUEST = "guest-1"


def repeats_of(
    *payments: Payment,
    requests: tuple[PaymentRequest, ...] = (),
    own: tuple[IntentRecord, ...] = (),
    amount: Money = gbp(31_240),  # noqa: B008 - a frozen value
) -> tuple[Repeat, ...]:
    return find_repeats(amount, payments, requests, own, GUEST, NOW)


def a_request(number: int = 1, **changed: Any) -> PaymentRequest:
    fields: dict[str, Any] = {
        "id": f"request-{number}",
        "customer_id": GUEST,
        "reservation_id": None,
        "amount": gbp(31_240),
        "state": PaymentRequestState.PENDING,
        "takes_money": True,
        "notes": "",
        "created_utc": NOW - timedelta(minutes=30),
        "expires_utc": NOW + timedelta(days=1),
    }
    return PaymentRequest(**(fields | changed))


@pytest.mark.parametrize(
    ("age", "changed", "minutes"),
    [
        (timedelta(minutes=4, seconds=59), {}, 4),
        (timedelta(0), {"state": PaymentState.PENDING}, 0),
        (timedelta(0), {"state": PaymentState.UNKNOWN}, 0),
        (timedelta(hours=24), {}, 1_440),
        (timedelta(minutes=-10), {}, 0),
        (timedelta(minutes=-10, seconds=-1), {}, None),
        (timedelta(hours=24, seconds=1), {}, None),
        (timedelta(0), {"state": PaymentState.FAILED}, None),
        (timedelta(0), {"state": PaymentState.CANCELED}, None),
        (timedelta(0), {"amount": gbp(40_000)}, None),
        (timedelta(0), {"amount": gbp(-31_240)}, None),
        (timedelta(0), {"amount": Money(31_240, EUR)}, None),
        (timedelta(0), {"method": PaymentMethod.CASH}, 0),
    ],
)
def test_similar_money_within_a_day_looks_repeated(
    age: timedelta, changed: dict[str, Any], minutes: int | None
) -> None:
    found = repeats_of(make_payment(created_utc=NOW - age, notes="x · DP-7K2M-4QXA", **changed))
    told = [(repeat.payment_id, repeat.reference, repeat.minutes_ago) for repeat in found]
    assert told == ([] if minutes is None else [("payment-1", "DP-7K2M-4QXA", minutes)])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (10_000, 10_000, True),
        (10_000, 10_400, True),
        (10_400, 10_000, True),
        (10_000, 10_401, False),
        (10_401, 10_000, False),
        (24, 25, False),
        (25, 26, True),
        (0, 0, False),
        (-10_000, -10_000, False),
        (-10_000, 10_000, False),
    ],
)
def test_amounts_a_surcharge_apart_are_similar(one: int, other: int, alike: bool) -> None:
    assert similar(gbp(one), gbp(other)) is alike
    assert not similar(gbp(one), Money(other, EUR))


def test_what_was_asked_before_any_conversion_is_compared() -> None:
    converted = make_payment(amount=Money(36_000, EUR), original_amount=gbp(31_240))
    (repeat,) = repeats_of(converted)
    assert repeat.amount == gbp(31_240)


def test_all_of_them_are_told_once_newest_first() -> None:
    payments = [make_payment(n, created_utc=NOW - timedelta(minutes=ago)) for n, ago in ((1, 9), (2, 3), (3, 40))]
    found = repeats_of(*payments, *payments, requests=(a_request(), a_request()))
    assert [repeat.payment_id for repeat in found] == ["payment-2", "payment-1", "request-1", "payment-3"]
    problem = LooksRepeated(found[0], found[1:])
    assert (problem.repeat, problem.repeats) == (found[0], found)


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"created_utc": NOW - timedelta(days=90)}, True),
        ({"state": PaymentRequestState.UNKNOWN}, True),
        ({"amount": gbp(32_000)}, True),
        ({"amount": gbp(40_000)}, False),
        ({"takes_money": False}, False),
        ({"state": PaymentRequestState.COMPLETED}, False),
        ({"state": PaymentRequestState.CANCELED}, False),
        ({"state": PaymentRequestState.EXPIRED}, False),
    ],
)
def test_a_request_counts_while_it_can_be_paid(changed: dict[str, Any], counts: bool) -> None:
    found = repeats_of(requests=(a_request(**changed),))
    assert [repeat.payment_id for repeat in found] == (["request-1"] if counts else [])
    assert all(repeat.open_request and not repeat.final and repeat.hand is Hand.LINK for repeat in found)


@pytest.mark.parametrize(
    ("origin", "hand"),
    [
        ("Operations", Hand.COLLEAGUE),
        ("AutomaticPayment", Hand.AUTOMATION),
        ("PaymentRequest", Hand.LINK),
        ("OnlineCheckout", Hand.GUEST),
        ("Terminal", Hand.TERMINAL),
        ("ChannelManager", Hand.CHANNEL),
        ("Api", Hand.PROGRAM),
        ("Other", Hand.UNTOLD),
        ("Telepathy", Hand.UNTOLD),
        ("", Hand.UNTOLD),
    ],
)
def test_the_hand_is_told_by_the_origin(origin: str, hand: Hand) -> None:
    (repeat,) = repeats_of(make_payment(origin=origin))
    assert (repeat.hand, repeat.operator, repeat.reference) == (hand, "", "")


def test_our_own_is_told_by_its_reference_and_by_who_did_it() -> None:
    ours = make_payment(1, origin="Api", notes="DP-7K2M-0001")
    elsewhere = make_payment(2, origin="Api", notes="DP-9999-9999")
    link = a_request(3, notes="DP-7K2M-0001")
    found = {r.payment_id: r for r in repeats_of(ours, elsewhere, requests=(link,), own=(make_record(make_intent()),))}
    assert (found["payment-1"].hand, found["payment-1"].operator) == (Hand.DESKPAY, "Ada")
    assert (found["payment-2"].hand, found["payment-2"].operator) == (Hand.DESKPAY, "")
    assert (found["request-3"].reference, found["request-3"].operator) == ("DP-7K2M-0001", "Ada")


def test_another_guest_of_the_stay_and_money_under_way_are_told() -> None:
    found = repeats_of(make_payment(1, customer_id="companion"), make_payment(2, state=PaymentState.VERIFYING))
    assert {(r.payment_id, r.same_guest, r.final) for r in found} == {
        ("payment-1", False, True),
        ("payment-2", True, False),
    }
    (link,) = repeats_of(requests=(a_request(customer_id="companion"),))
    assert not link.same_guest


# What was paid since a person looked

LOOKED = NOW - timedelta(hours=1)


def since(*payments: Payment, own: tuple[IntentRecord, ...] = ()) -> list[str]:
    return [repeat.payment_id for repeat in made_since(LOOKED, payments, own, GUEST, NOW)]


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({"created_utc": LOOKED}, True),
        ({"created_utc": LOOKED, "amount": gbp(1)}, True),
        ({"created_utc": NOW, "state": PaymentState.PENDING}, True),
        ({"created_utc": LOOKED - timedelta(seconds=1)}, False),
        ({"created_utc": NOW, "state": PaymentState.FAILED}, False),
        ({"created_utc": NOW, "state": PaymentState.CANCELED}, False),
    ],
)
def test_whatever_was_paid_since_somebody_looked_counts(changed: dict[str, Any], counts: bool) -> None:
    assert since(make_payment(1, **changed)) == (["payment-1"] if counts else [])


def test_it_is_told_once_newest_first() -> None:
    older, newer = (make_payment(n, created_utc=LOOKED + timedelta(minutes=n)) for n in (1, 2))
    assert since(older, newer, older) == ["payment-2", "payment-1"]


@pytest.mark.parametrize("further", [(), (IntentState.RECORDING,)])
def test_an_acquirers_money_counts_until_a_row_bears_its_reference(further: tuple[IntentState, ...]) -> None:
    path = (IntentState.SENDING, IntentState.ACCEPTED, IntentState.TAKEN, *further)
    taken = make_record(make_intent(kind=IntentKind.ACQUIRER_CHARGE, amount=gbp(5)), *path)
    given_back = make_record(make_intent(2, kind=IntentKind.REFUND, external_identifier="pay_1"), *path)
    (found,) = made_since(LOOKED, (), (taken, given_back), GUEST, NOW)
    assert (found.reference, found.amount) == (taken.intent.reference, gbp(5))
    written = make_payment(1, created_utc=LOOKED - timedelta(days=1), notes=taken.intent.reference)
    assert since(written, own=(taken,)) == []
    failed = make_payment(1, state=PaymentState.FAILED, notes=taken.intent.reference)
    assert len(since(failed, own=(taken,))) == 1

"""The day's rows: how the money came, what it is worth, what is picked, and totals of just that."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpay.domain.card import CardKind
from deskpay.domain.day_sheet import Entry, Means, Standing, entry_of_intent, entry_of_payment, means_of, money_moment
from deskpay.domain.day_totals import EVERYTHING, Order, Wanted, ordered, picked, totals_of
from deskpay.domain.errors import Hand
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.spelling import words
from tests.kit.intents import GBP, NOW, gbp, make_card, make_intent, make_payment, make_record

JPY, BHD = Currency("JPY", 0), Currency("BHD", 3)


def entry(guest: str = "Anna Ødegård", room: str = "312", **changed: Any) -> Entry:
    return entry_of_payment(make_payment(**changed), make_card(), guest, room, None)


@pytest.mark.parametrize(
    ("changed", "terminal_card", "means"),
    [
        ({}, False, Means.SAVED_CARD),
        ({}, True, Means.TERMINAL),
        ({"origin": "Terminal"}, False, Means.TERMINAL),
        ({"origin": "PaymentRequest", "notes": ""}, False, Means.PAY_LINK),
        ({"method": PaymentMethod.ALTERNATIVE}, False, Means.PAY_LINK),
        ({"method": PaymentMethod.CASH}, False, Means.CASH),
        ({"method": PaymentMethod.EXTERNAL, "tender": "Cash"}, False, Means.CASH),
        ({"method": PaymentMethod.EXTERNAL, "tender": "Visa"}, False, Means.TERMINAL),
        ({"method": PaymentMethod.EXTERNAL, "tender": "WireTransfer"}, False, Means.TRANSFER),
        ({"method": PaymentMethod.EXTERNAL, "tender": "Voucher"}, False, Means.OTHER),
        ({"method": PaymentMethod.INVOICE}, False, Means.OTHER),
    ],
)
def test_how_the_money_came(changed: dict[str, Any], terminal_card: bool, means: Means) -> None:
    card = make_card(kind=CardKind.TERMINAL if terminal_card else CardKind.GATEWAY)
    assert means_of(make_payment(**changed), card) is means


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"state": PaymentState.CHARGED}, Standing.CHARGED),
        ({"state": PaymentState.CHARGED, "method": PaymentMethod.CASH}, Standing.RECORDED),
        ({"state": PaymentState.PENDING}, Standing.PENDING),
        ({"state": PaymentState.VERIFYING}, Standing.VERIFYING),
        ({"state": PaymentState.FAILED}, Standing.FAILED),
        ({"state": PaymentState.CANCELED}, Standing.CANCELED),
        ({"state": PaymentState.UNKNOWN}, Standing.UNTOLD),
    ],
)
def test_what_a_row_is_worth(changed: dict[str, Any], standing: Standing) -> None:
    row = entry(**changed)
    assert row.standing is standing
    assert row.counted is (standing in {Standing.CHARGED, Standing.RECORDED})


def test_money_counts_on_the_day_it_was_taken() -> None:
    later = NOW + timedelta(days=1)
    assert money_moment(make_payment(created_utc=NOW, charged_utc=later)) == later
    assert money_moment(make_payment(created_utc=NOW, charged_utc=None)) == NOW


def test_a_row_tells_who_made_it() -> None:
    ours = make_record(None, IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED)
    row = entry_of_payment(make_payment(), make_card(), "Anna", "", ours)
    assert (row.reference, row.operator) == (ours.intent.reference, "Ada")
    found = entry(notes="late bar · DP-7K4M-2Q9C")
    assert (found.reference, found.operator, found.hand) == ("DP-7K4M-2Q9C", "", Hand.DESKPAY)
    without_card = entry_of_payment(make_payment(origin="Operations", notes=""), None, "Anna", "", None)
    assert (without_card.subject, without_card.hand) == ("", Hand.COLLEAGUE)


def test_an_act_without_an_outcome_stands_beside_the_payments_and_is_not_counted() -> None:
    charge = make_record(None, IntentState.SENDING, IntentState.UNKNOWN)
    row = entry_of_intent(charge, gbp(6400), "312")
    assert (row.standing, row.amount, row.means, row.payment) == (Standing.NOT_KNOWN, gbp(6400), Means.SAVED_CARD, None)
    refund = make_record(make_intent(kind=IntentKind.REFUND))
    assert entry_of_intent(refund, gbp(6400), "").amount == gbp(-6400)
    cash = make_record(make_intent(kind=IntentKind.RECORD_EXTERNAL, tender="Cash"))
    assert entry_of_intent(cash, gbp(6400), "").means is Means.OTHER
    assert totals_of([row], GBP)[0].net.amount == gbp(0)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EVERYTHING, "abc"),
        (Wanted(words=words("odegard 31")), "a"),
        (Wanted(words=words("7k4m")), "b"),
        (Wanted(means=frozenset({Means.CASH})), "c"),
        (Wanted(standings=frozenset({Standing.FAILED})), "b"),
        (Wanted(kinds=frozenset({PaymentKind.REFUND})), "c"),
        (Wanted(hands=frozenset({Hand.DESKPAY})), "b"),
        (Wanted(currencies=frozenset({"JPY"})), "b"),
        (Wanted(operators=frozenset({"Ada"})), ""),
        (Wanted(least_minor=900), "ac"),
        (Wanted(most_minor=1000), "bc"),
        (Wanted(given_back=True), "c"),
        (Wanted(attention=True), "b"),
    ],
)
def test_what_is_picked(wanted: Wanted, found: str) -> None:
    rows = [
        entry(id="a", original_amount=gbp(31_240), notes="", origin="Operations"),
        entry(
            "Boris Novák", "9", id="b", original_amount=Money(800, JPY), state=PaymentState.FAILED, notes="DP-7K4M-2Q9C"
        ),
        entry(
            "王", "", id="c", original_amount=gbp(-1000), kind=PaymentKind.REFUND, method=PaymentMethod.CASH, notes=""
        ),
    ]
    assert "".join(row.id for row in picked(rows, wanted)) == found


def test_rows_are_sorted_by_any_column() -> None:
    rows = [
        entry("Zoë", "9", id="a", original_amount=gbp(500), created_utc=NOW, charged_utc=NOW),
        entry("anna", "312", id="b", original_amount=Money(9, JPY), charged_utc=NOW - timedelta(hours=1)),
        entry("Boris", "", id="c", original_amount=gbp(-100), charged_utc=NOW - timedelta(hours=2)),
    ]
    by = {order: "".join(row.id for row in ordered(rows, order)) for order in Order}
    assert (by[Order.TIME], by[Order.GUEST], by[Order.ROOM], by[Order.AMOUNT]) == ("cba", "bca", "cab", "cab")
    assert "".join(row.id for row in ordered(rows, Order.TIME, descending=True)) == "abc"
    alike = (Order.MEANS, Order.REFERENCE, Order.OPERATOR, Order.STANDING)
    assert {by[order] for order in alike} == {"abc"}


amounts = st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from([GBP, JPY, BHD]))
rows_of_a_day = st.lists(
    st.builds(
        lambda amount, state, method, origin: entry(original_amount=amount, state=state, method=method, origin=origin),
        amounts,
        st.sampled_from(PaymentState),
        st.sampled_from(PaymentMethod),
        st.sampled_from(["", "Terminal", "PaymentRequest", "Operations"]),
    ),
    max_size=30,
)


@given(rows_of_a_day, st.builds(Wanted, means=st.frozensets(st.sampled_from(Means)), given_back=st.booleans()))
def test_totals_are_those_of_the_rows_shown(rows: Sequence[Entry], wanted: Wanted) -> None:
    shown = picked(rows, wanted)
    totals = totals_of(shown, GBP)
    assert totals[0].currency == GBP
    for of in totals:
        mine = [row for row in shown if row.amount.currency == of.currency]
        counted = [row for row in mine if row.counted]
        assert of.net.amount.minor == sum(row.amount.minor for row in counted)
        assert of.net.count == len(counted)
        assert of.came.amount.minor == sum(row.amount.minor for row in counted if not row.given_back)
        assert {k: h.count for k, h in of.by_standing.items()} == Counter(row.standing for row in mine)
        assert sum(h.amount.minor for h in of.by_standing.values()) == sum(row.amount.minor for row in mine)
        assert all(not standing.counted for standing in of.not_counted)
    assert sum(heap.count for of in totals for heap in of.by_standing.values()) == len(shown)

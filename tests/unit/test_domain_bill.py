"""What stands on which bill, what is open on it, and whether it can be closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.bill import Bill, BillKind, BillSheet, NotClosable, OrderItem, sheets_of
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentState
from deskpay.domain.preauthorization import Preauthorization, PreauthorizationState
from tests.kit.intents import EUR, GBP, NOW, gbp, make_payment

OLD = Bill("old", "guest-1", "Room", "", is_open=True, created_utc=NOW - timedelta(days=2))
NEW = Bill("new", "guest-1", "Company", "", is_open=True, created_utc=NOW, associated_ids=("company",))
DONE = Bill("done", "guest-1", "Deposit", "R-7", is_open=False, created_utc=NOW - timedelta(days=9))


def sold(item_id: str, minor: int, bill_id: str | None) -> OrderItem:
    return OrderItem(item_id, "guest-1", bill_id, "stay", "Night", gbp(minor), 1, NOW, is_open=True)


def sheet(*states: PaymentState, owed: int = 0) -> BillSheet:
    payments = tuple(make_payment(n, state=state) for n, state in enumerate(states))
    return BillSheet(OLD, (sold("night", 100, "old"),), payments, gbp(owed))


def test_what_names_no_bill_stands_on_the_oldest_open_one() -> None:
    items = [sold("night", 10_000, "new"), sold("minibar", 2_000, None)]
    payments = [make_payment(1, amount=gbp(500)), make_payment(2, amount=gbp(700), bill_id="done", open_on_bill=False)]
    first, second, closed = sheets_of([NEW, DONE, OLD], items, payments, GBP)
    assert (first.bill, first.owed, [item.id for item in first.items]) == (OLD, gbp(1_500), ["minibar"])
    assert (second.bill, second.owed) == (NEW, gbp(10_000))
    assert (closed.bill, closed.owed, closed.items, len(closed.payments)) == (DONE, gbp(0), (), 1)


def test_without_an_open_bill_nothing_is_put_on_one() -> None:
    (closed,) = sheets_of([DONE], [sold("minibar", 2_000, None)], [], GBP)
    assert closed.items == ()


@pytest.mark.parametrize(("owed", "kind"), [(0, BillKind.RECEIPT), (1, BillKind.INVOICE), (-1, BillKind.INVOICE)])
def test_only_a_bill_of_nothing_is_a_receipt(owed: int, kind: BillKind) -> None:
    assert sheet(owed=owed).closes_as is kind


@pytest.mark.parametrize("state", list(PaymentState))
def test_a_payment_under_way_keeps_a_bill_open(state: PaymentState) -> None:
    waits = state in {PaymentState.PENDING, PaymentState.VERIFYING, PaymentState.UNKNOWN}
    assert sheet(PaymentState.CHARGED, state).not_closable is (NotClosable.UNFINISHED if waits else None)


def test_what_is_owed_in_two_currencies_is_not_told_here() -> None:
    mixed = replace(sheet(), items=(replace(sold("spa", 1, "old"), amount=Money(100, EUR)),))
    assert mixed.not_closable is NotClosable.OTHER_CURRENCY


@pytest.mark.parametrize("state", list(PreauthorizationState))
def test_a_hold_counts_until_it_is_certainly_over(state: PreauthorizationState) -> None:
    hold = Preauthorization("hold", "card", gbp(15_000), state, None, active=True)
    over = {"charged", "canceled", "expired", "failed"}
    assert hold.held is (state.value not in over)
    assert not replace(hold, active=False).held

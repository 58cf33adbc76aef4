"""The bills: what stands on each, how one is closed for good, and its print."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from deskpay.domain.bill import BillKind
from deskpay.domain.errors import UserCancelled
from deskpay.domain.payment import PaymentState
from deskpay.ui.bills.bills_dialog import BillsContext, BillsDialog
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.text import Text
from tests.kit.dialogs import answer_to, confirm, escape, make_window, write
from tests.kit.guest_file import make_guest_file
from tests.kit.intents import gbp, make_payment
from tests.kit.loops import CoroutineRunner

Make = Callable[..., BillsDialog]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def bills(context: BillsContext | None = None, **changed: Any) -> BillsDialog:
        file = make_guest_file(**changed)
        return BillsDialog(make_window(qtbot), file, context or BillsContext({}), Environment.LIVE, "214")

    return bills


def button(dialog: BillsDialog) -> Button:
    found = dialog.confirm_button
    assert found is not None
    return found


def lines(dialog: BillsDialog) -> list[str]:
    return [label.text() for label in dialog.lines.findChildren(Text) if label.isVisibleTo(dialog) and label.text()]


def pick(dialog: BillsDialog, key: str) -> None:
    dialog.bills.set_current(key)
    dialog.bills.chosen.emit(key)


def test_a_bill_shows_items_payments_and_what_is_open(make: Make) -> None:
    dialog = make()
    assert [row.accessibleName() for row in dialog.bills.findChildren(QAbstractButton)] == [
        "Bill 1 · Room and extras, Open, £312.40",
        "Bill 2 · Company, Open, £0.00",
        "Deposit, Closed, 77, £0.00",
    ]
    shown = lines(dialog)
    assert (shown[0], shown[2]) == ("Lamplight Double, 3 nights", "£795.00")
    assert {"Cash", "Recorded", "−£120.00", "Terminal •••• 4444", "Declined"} <= set(shown)
    assert shown[-2:] == ["Open on this bill", "£312.40"]
    assert "£312.40 is open for this stay" in dialog.stay.text
    dialog.finish()


def test_what_is_open_is_closed_as_an_invoice_only_when_ticked(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        assert button(dialog).label == "Close Bill 1 · Room and extras as an invoice of £312.40"
        assert "£312.40 is still open." in dialog.effect.text
        assert dialog.paid_up.isHidden()
        assert dialog.reason == "Tick that the bill is to be closed for good."
        QTest.keyClick(dialog.paid_later, Qt.Key.Key_Space)
        write(dialog.remark, "Thank you")
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.bill_id, order.kind, order.owed, order.note) == (
        "bill-1",
        BillKind.INVOICE,
        gbp(31_240),
        "Thank you",
    )
    dialog.finish()


def test_a_settled_bill_is_closed_as_a_receipt(make: Make) -> None:
    paid = make_payment(7, amount=gbp(31_240))
    dialog = make(payments=(*make_guest_file().payments, paid))
    assert button(dialog).label == "Close Bill 1 · Room and extras as a receipt"
    assert dialog.paid_later.isHidden()
    dialog.paid_up.setChecked(True)
    assert button(dialog).isEnabled()
    dialog.finish()


@pytest.mark.parametrize(("bill", "says"), [("bill-2", "Nothing is on this bill."), ("bill-0", "This bill is closed.")])
def test_a_bill_that_cannot_be_closed_says_why(make: Make, bill: str, says: str) -> None:
    dialog = make()
    pick(dialog, bill)
    assert not button(dialog).isEnabled()
    assert dialog.reason == says
    assert dialog.remark.isHidden()
    dialog.finish()


def test_a_payment_under_way_keeps_it_open_and_says_so(make: Make) -> None:
    dialog = make(payments=(make_payment(1, state=PaymentState.VERIFYING),))
    assert "still under way" in dialog.reason
    assert "Waiting for guest" in lines(dialog)
    dialog.finish()


def test_companies_are_named_and_so_is_what_they_carry_of_the_stay(make: Make) -> None:
    file = make_guest_file()
    bills = tuple(replace(bill, associated_ids=("umbrella",)) for bill in file.bills)
    routed = tuple(replace(item, customer_id=account) for item in file.items[:1] for account in ("umbrella", "other"))
    context = BillsContext({"umbrella": "Umbrella Co."}, routed, chosen="bill-2", told="The bill was closed: R-1")
    dialog = make(context, bills=bills)
    names = [row.accessibleName() for row in dialog.bills.findChildren(QAbstractButton)]
    assert names[1] == "Bill 2 · Company, Open · Umbrella Co., £0.00"
    assert "£795.00 of this stay stands on Umbrella Co." in dialog.stay.text
    assert "£795.00 of this stay stands on another account." in dialog.stay.text
    assert dialog.bills.current() == "bill-2"
    assert dialog.told.text == "The bill was closed: R-1"
    dialog.finish()


def test_f9_asks_for_the_print_of_the_bill_that_is_chosen_once(make: Make, run: CoroutineRunner) -> None:
    dialog = make()
    asked: list[str] = []
    dialog.pdf_requested.connect(asked.append)

    def clerk() -> None:
        pick(dialog, "bill-0")
        QTest.keyClick(dialog, Qt.Key.Key_F9)
        dialog.show_printing(on=True)
        QTest.keyClick(dialog, Qt.Key.Key_F9)
        dialog.show_printing(on=False, told="Among the downloads: Bill.pdf")
        assert dialog.note == "Among the downloads: Bill.pdf"
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))
    assert asked == ["bill-0"]


def test_without_a_bill_there_is_nothing_to_close(make: Make) -> None:
    dialog = make(bills=())
    assert not button(dialog).isEnabled()
    assert dialog.reason == "No bill is there."
    dialog.finish()

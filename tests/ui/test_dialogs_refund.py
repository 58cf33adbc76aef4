"""Giving money back: which payment, how much of it at most, why, and what is owed afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.payment import OwnRefund, PaymentKind, PaymentMethod, PaymentState
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.refund_dialog import RefundDialog
from tests.kit.dialogs import answer_to, confirm, make_window, write
from tests.kit.guest_file import make_guest_file
from tests.kit.intents import gbp, make_payment
from tests.kit.loops import CoroutineRunner

Make = Callable[..., RefundDialog]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def refund(payment_id: str | None = None, **changed: Any) -> RefundDialog:
        file = make_guest_file(**changed)
        return RefundDialog(make_window(qtbot), file, Environment.TRAINING, "DP-2M6T-QX4J", "214", payment_id)

    return refund


def button(dialog: RefundDialog) -> Button:
    found = dialog.confirm_button
    assert found is not None
    return found


def because(dialog: RefundDialog, key: str, story: str = "") -> None:
    editor = dialog.cause.editor
    editor.setCurrentIndex(editor.findData(key))
    editor.activated.emit(editor.currentIndex())
    if story:
        write(dialog.story, story)


def rows(dialog: RefundDialog) -> dict[str, QAbstractButton]:
    return {row.accessibleName().split(",")[0]: row for row in dialog.payments.findChildren(QAbstractButton)}


def test_part_of_a_payment_is_given_back_for_a_reason(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        assert dialog.amount.editor.hasFocus()
        assert dialog.amount.text() == "450.00"
        assert dialog.share_choice.current() == "all"
        write(dialog.amount, "180")
        assert dialog.share_choice.current() == "part"
        assert not button(dialog).isEnabled()
        assert dialog.reason == "Say why, in a few words."
        because(dialog, "room", "Heating failed in 214")
        assert button(dialog).label == "Refund £180.00 to Visa •••• 1111"
        assert button(dialog).accessibleName() == "Refund 180 pounds to Visa ending 1111"
        assert "£492.40" in dialog.after.text
        assert dialog._then.text() == "Then left £270.00"
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.payment_id, order.amount) == ("payment-1", gbp(18_000))
    assert order.reason == "Room problem: Heating failed in 214"
    dialog.finish()


def test_no_more_than_is_left_can_be_given_back(make: Make) -> None:
    dialog = make(own_refunds=(OwnRefund("payment-1", None, gbp(6_200)),))
    assert dialog.amount.text() == "388.00"
    assert dialog._before.text() == "Refunded before £62.00"
    because(dialog, "room")
    write(dialog.amount, "388.01")
    assert "At most £388.00" in dialog.amount.message
    assert not button(dialog).isEnabled()
    write(dialog.amount, "388")
    assert button(dialog).isEnabled()
    assert dialog.share_choice.current() == "all"
    dialog.finish()


@pytest.mark.parametrize("typed", ["0", "-1", "1.001", "x", ""])
def test_what_is_no_amount_is_not_given_back(make: Make, typed: str) -> None:
    dialog = make()
    because(dialog, "room")
    write(dialog.amount, typed)
    assert dialog.amount.message
    assert not button(dialog).isEnabled()
    dialog.finish()


def test_payments_taken_elsewhere_say_how_to_give_them_back(make: Make) -> None:
    voucher = make_payment(5, method=PaymentMethod.EXTERNAL, tender="Voucher", credit_card_id=None)
    pending = make_payment(6, state=PaymentState.PENDING, credit_card_id="card-1", amount=gbp(700))
    refund = make_payment(7, kind=PaymentKind.REFUND, amount=gbp(-100), credit_card_id="card-1")
    dialog = make(payments=(*make_guest_file().payments, voucher, pending, refund))
    found = rows(dialog)
    assert found["Cash"].accessibleDescription().endswith("give it back in cash")
    assert found["Terminal •••• 4444"].accessibleDescription().endswith("refund on the terminal")
    assert found["Voucher"].accessibleDescription().endswith("give it back the way it came")
    assert any(row.accessibleDescription().endswith("not charged yet") for row in found.values())
    assert not any(found[name].isEnabled() for name in ("Cash", "Terminal •••• 4444", "Voucher"))
    # Five payments, the failed one and the refund left out.
    assert len(dialog.payments.findChildren(QAbstractButton)) == 5
    dialog.finish()


def test_a_payment_given_back_whole_cannot_be_chosen(make: Make) -> None:
    dialog = make("payment-1", own_refunds=(OwnRefund("payment-1", None, gbp(45_000)),))
    assert rows(dialog)["Visa •••• 1111"].accessibleDescription().endswith("all of it was given back")
    assert dialog.payments.current() == ""
    assert not button(dialog).isEnabled()
    assert dialog.reason == "Choose a payment."
    dialog.finish()


def test_another_payment_starts_with_all_of_it(make: Make) -> None:
    other = make_payment(8, amount=gbp(10_000), credit_card_id="card-1")
    dialog = make("payment-8", payments=(*make_guest_file().payments, other))
    assert dialog.payments.current() == "payment-8"
    assert dialog.amount.text() == "100.00"
    write(dialog.amount, "50")
    dialog.payments._choose("payment-1")
    assert dialog.amount.text() == "450.00"
    dialog.finish()


def test_part_of_it_empties_the_field_for_typing(make: Make) -> None:
    dialog = make()
    dialog.share_choice._segments[1].click()
    assert dialog.amount.text() == ""
    assert not button(dialog).isEnabled()
    dialog.share_choice._segments[0].click()
    assert dialog.amount.text() == "450.00"
    dialog.finish()


def test_something_else_has_to_be_told(make: Make) -> None:
    dialog = make()
    because(dialog, "other")
    assert not button(dialog).isEnabled()
    write(dialog.story, "goodwill")
    assert button(dialog).isEnabled()
    write(dialog.story, "card 4111111111111111")
    assert "card number" in dialog.story.message
    assert not button(dialog).isEnabled()
    dialog.finish()


def test_a_payment_that_changed_is_said_beside_the_payments(make: Make) -> None:
    dialog = make()
    because(dialog, "room")
    dialog.show_problem(InputRefused(Field.PAYMENT, InputProblem.GONE))
    assert "no longer on the account" in dialog.payment_field.message
    dialog.show_problem(InputRefused(Field.AMOUNT, InputProblem.MORE_THAN_LEFT))
    assert "At most £450.00" in dialog.amount.message
    assert button(dialog).isEnabled()
    dialog.finish()


def test_an_amount_is_written_out_on_leaving_the_field(make: Make) -> None:
    dialog = make()
    write(dialog.amount, "18,5")
    dialog.amount.finished.emit()
    assert dialog.amount.text() == "18.50"
    dialog.finish()

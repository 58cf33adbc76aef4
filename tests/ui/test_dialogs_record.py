"""Recording a payment taken elsewhere: the way it was paid, its slip, the change, and never a charge."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.domain.card import Expiry
from deskpay.domain.errors import Field, InputProblem, InputRefused, UserCancelled
from deskpay.domain.intent import CardSlip
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.segments import QuickChoice, Segments
from deskpay.ui.payments.record_dialog import CASH, OTHER, TERMINAL, TRANSFER, RecordDialog
from tests.kit.dialogs import answer_to, confirm, escape, make_window, write
from tests.kit.guest_file import make_guest_file, make_hotel
from tests.kit.intents import GBP, gbp, make_payment
from tests.kit.loops import CoroutineRunner

Make = Callable[..., RecordDialog]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def record(**changed: Any) -> RecordDialog:
        file = make_guest_file(**changed)
        return RecordDialog(make_window(qtbot), file, Environment.TRAINING, "DP-4F8H-6WNC", "214")

    return record


def button(dialog: RecordDialog) -> Button:
    found = dialog.confirm_button
    assert found is not None
    return found


def choose(segments: Segments, key: str) -> None:
    segments.set_current(key)
    segments.chosen.emit(key)


def keys(segments: Segments) -> list[str]:
    return [segment.key for segment in segments._segments]


def test_a_terminal_slip_is_recorded_with_its_card(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        assert "No card is charged." in dialog.told.text
        assert dialog.reason == "Type the last four digits from the slip."
        write(dialog.last_four, "1111")
        write(dialog.receipt, "004512")
        assert dialog.receipt.message == "Not used before"
        write(dialog.expiry, "04/28")
        assert button(dialog).label == "Record £312.40 from the terminal"
        assert button(dialog).accessibleName() == "Record 312 pounds 40 from the terminal"
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert order.slip == CardSlip("Visa", "1111", "Ottoline Pepperwick", Expiry(2028, 4))
    assert (order.tender, order.external_identifier, order.bill_id) == ("", "004512", "bill-1")
    assert (order.amount, order.reservation_id) == (gbp(31_240), "stay")
    dialog.finish()


LATER = datetime(2028, 1, 10, 9, tzinfo=UTC)
"""The first day on which Mews takes no slips."""


def test_a_slip_that_mews_takes_no_more_is_written_down_as_a_type_of_the_hotel(
    make: Make, run: CoroutineRunner
) -> None:
    dialog = make(read_utc=LATER, hotel=make_hotel(tenders=("Cash", "MasterCard", "CreditCard")))

    def clerk() -> None:
        assert dialog.expiry.isHidden()
        assert dialog.holder.isHidden()
        dialog.brand.set_current("Mastercard")
        write(dialog.last_four, "4444")
        write(dialog.receipt, "004512")
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.slip, order.tender) == (None, "MasterCard")
    assert (order.external_identifier, order.note) == ("004512", "Mastercard •••• 4444")
    dialog.finish()


def test_where_the_hotel_has_a_type_for_some_cards_no_others_are_offered(make: Make) -> None:
    dialog = make(read_utc=LATER, hotel=make_hotel(tenders=("Cash", "Visa")))
    brands = [dialog.brand.editor.itemText(at) for at in range(dialog.brand.editor.count())]
    assert brands == ["Visa"]
    dialog.finish()


def test_where_the_hotel_has_no_type_for_cards_no_slip_can_be_written_any_more(make: Make) -> None:
    dialog = make(read_utc=LATER)
    assert TERMINAL not in keys(dialog.means)
    assert dialog.means.current() == CASH
    dialog.finish()


def test_a_payment_can_be_written_down_for_no_stay(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        choose(dialog.means, CASH)
        assert dialog.purpose.isVisible()
        dialog.purpose.set_current("")
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).reservation_id is None
    dialog.finish()


@pytest.mark.parametrize(
    ("typed", "says"),
    [("111", "just the last four"), ("4111 1111 1111 1111", "never the whole number"), ("abcd", "just")],
)
def test_more_or_less_than_four_digits_are_refused(make: Make, typed: str, says: str) -> None:
    dialog = make()
    write(dialog.last_four, typed)
    assert says in dialog.last_four.message
    assert not button(dialog).isEnabled()
    dialog.finish()


def test_the_expiry_of_a_slip_may_be_missing_but_not_past(make: Make) -> None:
    dialog = make()
    write(dialog.last_four, "1111")
    assert button(dialog).isEnabled()
    write(dialog.expiry, "10/26")
    assert "expired" in dialog.expiry.message
    assert not button(dialog).isEnabled()
    write(dialog.expiry, "")
    assert not dialog.expiry.message
    assert button(dialog).isEnabled()
    dialog.finish()


def test_a_slip_that_is_on_the_account_already_is_refused_beside_the_field(make: Make) -> None:
    dialog = make(payments=(make_payment(1, external_identifier="004512", amount=gbp(100)),))
    write(dialog.last_four, "1111")
    write(dialog.receipt, "004512")
    assert "already on the guest's account" in dialog.receipt.message
    assert not button(dialog).isEnabled()
    dialog.finish()


def test_a_nameless_slip_is_refused(make: Make) -> None:
    dialog = make()
    write(dialog.last_four, "1111")
    write(dialog.holder, " ")
    assert dialog.holder.message == "Type the name on the card."
    assert not button(dialog).isEnabled()
    dialog.finish()


def test_cash_says_what_to_give_back(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        choose(dialog.means, CASH)
        assert button(dialog).label == "Record £312.40 cash"
        write(dialog.cash.received, "320")
        assert dialog.cash.change.text == "£7.60"
        assert button(dialog).label == "Record £312.40 cash, give £7.60 back"
        assert button(dialog).accessibleName() == "Record 312 pounds 40 cash, give 7 pounds 60 back"
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.tender, order.slip, order.amount) == ("Cash", None, gbp(31_240))
    dialog.finish()


def test_too_little_cash_cannot_be_recorded(make: Make) -> None:
    dialog = make()
    choose(dialog.means, CASH)
    write(dialog.cash.received, "300")
    assert dialog.cash.received.message == "£12.40 less than is to be paid."
    assert not button(dialog).isEnabled()
    write(dialog.cash.received, "lots")
    assert "not an amount" in dialog.cash.received.message
    assert not button(dialog).isEnabled()
    write(dialog.cash.received, "")
    assert button(dialog).isEnabled()
    dialog.finish()


def test_notes_that_guests_hand_over_are_offered(make: Make) -> None:
    dialog = make()
    choose(dialog.means, CASH)
    chips = {c.accessibleName(): c for c in dialog.cash.panel.findChildren(QuickChoice) if not c.isHidden()}
    assert list(chips) == ["Exact", "£315.00", "£320.00", "£350.00", "£400.00"]
    chips["£350.00"].click()
    assert dialog.cash.change.text == "£37.60"
    chips["Exact"].click()
    assert button(dialog).label == "Record £312.40 cash"
    write(dialog.entry.amount, "10")
    chips = {c.accessibleName(): c for c in dialog.cash.panel.findChildren(QuickChoice) if not c.isHidden()}
    assert "£20.00" in chips
    assert "£315.00" not in chips
    dialog.finish()


def test_a_transfer_and_other_kinds_name_themselves(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    async def clerk() -> list[str]:
        def transfer() -> None:
            choose(dialog.means, TRANSFER)
            assert button(dialog).label == "Record £312.40 bank transfer"
            write(dialog.receipt, "T-1")
            write(dialog.remark, "from her company")
            confirm(dialog)

        def cheque() -> None:
            choose(dialog.means, OTHER)
            dialog.kind.set_current("Cheque")
            dialog.kind.chosen.emit("Cheque")
            dialog.bill.set_current("bill-2")
            confirm(dialog)

        first, second = await answer_to(dialog, transfer), await answer_to(dialog, cheque)
        assert (first.external_identifier, first.note) == ("T-1", "from her company")
        assert second.bill_id == "bill-2"
        return [first.tender, second.tender]

    assert run(clerk()) == ["WireTransfer", "Cheque"]
    dialog.finish()


def test_a_card_number_in_the_note_is_refused(make: Make) -> None:
    dialog = make()
    choose(dialog.means, CASH)
    write(dialog.remark, "4111-1111-1111-1111")
    assert "card number" in dialog.remark.message
    assert not button(dialog).isEnabled()
    dialog.finish()


@pytest.mark.parametrize(
    ("tenders", "means"),
    [
        ((), [TERMINAL]),
        (("Cash",), [TERMINAL, CASH]),
        (("WireTransfer", "Voucher"), [TERMINAL, TRANSFER, OTHER]),
    ],
)
def test_only_what_the_hotel_switched_on_is_offered(make: Make, tenders: tuple[str, ...], means: list[str]) -> None:
    dialog = make(hotel=make_hotel(tenders=tenders))
    assert keys(dialog.means) == means
    dialog.finish()


def test_open_bills_alone_are_offered_the_oldest_first(make: Make) -> None:
    dialog = make()
    editor = dialog.bill.editor
    assert [editor.itemText(row) for row in range(editor.count())] == ["Bill 1 · Room and extras", "Bill 2 · Company"]
    dialog.finish()
    bare = make(bills=())
    assert bare.bill.editor.currentText() == "The guest's default bill"
    assert bare.bill.current() == ""
    bare.finish()


def test_what_was_typed_for_another_means_is_still_there_on_coming_back(make: Make) -> None:
    dialog = make()
    write(dialog.last_four, "1111")
    choose(dialog.means, CASH)
    assert dialog.last_four.isHidden()
    choose(dialog.means, TERMINAL)
    assert not dialog.last_four.isHidden()
    assert dialog.last_four.text() == "1111"
    assert button(dialog).isEnabled()
    dialog.finish()


def test_a_refused_slip_number_is_not_called_unused(make: Make) -> None:
    dialog = make()
    write(dialog.last_four, "1111")
    write(dialog.receipt, "004512")
    dialog.show_problem(InputRefused(Field.RECEIPT, InputProblem.RECORDED))
    write(dialog.entry.amount, "5")
    assert "already on the guest's account" in dialog.receipt.message
    dialog.finish()


def test_the_words_for_a_repeat_never_speak_of_a_charge(make: Make) -> None:
    dialog = make()
    for means in (TERMINAL, CASH, TRANSFER, OTHER):
        choose(dialog.means, means)
        words = dialog.confirm_words
        said = f"{words.what} {words.again} {words.leave} {words.question} {words.title}"
        assert "charge" not in said.casefold()
        assert "£312.40" in words.again
    dialog.finish()


def test_tab_goes_through_the_form_from_top_to_bottom(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        def walk(steps: int) -> list[str]:
            dialog.entry.amount.setFocus()
            names = []
            for _ in range(steps):
                QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
                names.append(dialog.focusWidget().accessibleName())
            return names

        terminal = ["Currency", "Card type", "Last four digits", "Name on the card", "Expiry", "Slip number", "Bill"]
        around = ["For", "Cancel", "Close", "Card terminal", "Amount on the terminal slip"]
        assert walk(12) == terminal + around
        choose(dialog.means, CASH)
        chips = ["Exact", "£315.00", "£320.00", "£350.00", "£400.00"]
        assert walk(10) == ["Cash received", "Currency", *chips, "Bill", "For", "Note"]
        write(dialog.entry.amount, "10")
        assert walk(4) == ["Cash received", "Currency", "Exact", "£20.00"]
        choose(dialog.means, OTHER)
        assert walk(6) == ["Currency", "Kind of payment", "Number on the voucher", "Bill", "For", "Note"]
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))


def test_a_refused_slip_number_is_seen_with_its_whole_reason_in_a_low_window(make: Make, qtbot: QtBot) -> None:
    dialog = make(hotel=make_hotel(currencies=(GBP,)))
    dialog._window.resize(1024, 700)
    with qtbot.waitExposed(dialog):
        dialog.open()
    for field, text in ((dialog.last_four, "42424"), (dialog.expiry, "09/25"), (dialog.holder, "")):
        write(field, text)
    write(dialog.receipt, "004511")
    dialog.show_problem(InputRefused(Field.RECEIPT, InputProblem.RECORDED))
    area, hint = dialog._area.viewport(), dialog.receipt._hint
    qtbot.waitUntil(lambda: hint.height() > 20)
    qtbot.waitUntil(lambda: hint.mapTo(area, hint.rect().bottomLeft()).y() < area.height())
    dialog.reject()

"""Charging a saved card: what can be typed, which cards can be picked, and what the button says."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.domain.card import CardFormat, CardKind, Expiry
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, UserCancelled
from deskpay.domain.money import Money
from deskpay.ui.components.button import Button
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.payments.charge_dialog import one_night
from deskpay.ui.payments.charge_start import ChargeStart
from tests.kit.charging import REFERENCE, Make, button, charging, rows
from tests.kit.dialogs import answer_to, confirm, escape, write
from tests.kit.guest_file import JPY, make_guest_file, make_hotel
from tests.kit.intents import EUR, gbp, make_card, make_payment
from tests.kit.loops import CoroutineRunner


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return charging(qtbot)


def test_the_whole_balance_on_the_first_good_card_is_one_key_away(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        assert dialog.entry.amount.editor.hasFocus()
        assert dialog.entry.amount.editor.selectedText() == "312.40"
        assert button(dialog).label == "Charge £312.40 to Visa •••• 1111"
        assert button(dialog).accessibleName() == "Charge 312 pounds 40 to Visa ending 1111"
        assert dialog.after.text == "£0.00"
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert order.reference == REFERENCE
    assert order.amount == gbp(31_240)
    assert order.credit_card_id == "card-1"
    assert order.reservation_id == "stay"
    assert order.accounting_category_id is None
    assert (order.note, order.repeat_reason) == ("", "")
    dialog.finish()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0", "above zero"),
        ("0.00", "above zero"),
        ("-5", "without a minus"),
        ("12.345", "decimals"),
        ("twelve", "not an amount"),
        ("1,2,3", "not an amount"),
        ("99999999999", "more than DeskPay moves"),
    ],
)
def test_what_is_no_amount_is_refused_beside_the_field(make: Make, typed: str, says: str) -> None:
    dialog = make()
    write(dialog.entry.amount, typed)
    assert says in dialog.entry.amount.message
    assert not button(dialog).isEnabled()
    assert dialog.entry.amount.text() == typed
    dialog.finish()


def test_an_amount_typed_on_a_keypad_is_written_out(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        write(dialog.entry.amount, "98,7")
        assert button(dialog).label == "Charge £98.70 to Visa •••• 1111"
        QTest.keyClick(dialog.entry.amount.editor, Qt.Key.Key_Tab)
        assert dialog.entry.amount.text() == "98.70"
        assert dialog.after.text == "£213.70"
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).amount == gbp(9_870)
    dialog.finish()


def test_the_card_is_chosen_by_the_arrows_without_leaving_the_amount(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        amount = dialog.entry.amount.editor
        for key, card in ((Qt.Key.Key_Down, "Mastercard •••• 4444"), (Qt.Key.Key_Up, "Visa •••• 1111")):
            QTest.keyClick(amount, key)
            assert button(dialog).label == f"Charge £312.40 to {card}"
            assert amount.hasFocus()
        QTest.keyClick(amount, Qt.Key.Key_Up)
        assert rows(dialog)["Mastercard ending 4444"].isChecked()
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).credit_card_id == "card-2"
    dialog.finish()


def test_where_no_card_can_be_charged_the_arrows_choose_none(make: Make) -> None:
    dialog = make(cards=())
    QTest.keyClick(dialog.entry.amount.editor, Qt.Key.Key_Down)
    assert dialog.cards.current() == ""
    dialog.finish()


def test_more_than_is_owed_is_said_but_allowed(make: Make) -> None:
    dialog = make()
    write(dialog.entry.amount, "400")
    assert dialog.entry.amount.message == "£87.60 more than the guest owes."
    assert dialog.after.text == "−£87.60"
    assert button(dialog).isEnabled()
    write(dialog.entry.amount, "300")
    assert "owes" not in dialog.entry.amount.message
    dialog.finish()


def test_another_currency_has_its_own_decimals_and_no_balance(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def choose(code: str) -> None:
        choice = dialog.entry.currency_choice
        choice.editor.setCurrentIndex(choice.editor.findData(code))
        choice.editor.activated.emit(choice.editor.currentIndex())

    def clerk() -> None:
        choose("JPY")
        assert "decimals" in dialog.entry.amount.message
        write(dialog.entry.amount, "5000")
        assert dialog.after.isHidden()
        assert "JPY" in button(dialog).label
        choose("EUR")
        assert button(dialog).label == "Charge €5,000.00 EUR to Visa •••• 1111"
        choose("JPY")
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).amount == Money(5_000, JPY)
    dialog.finish()


def test_a_currency_that_is_not_taken_after_all_is_said_beside_it(make: Make) -> None:
    dialog = make()
    dialog.show_problem(InputRefused(Field.CURRENCY, InputProblem.NOT_TAKEN))
    assert "does not take this currency" in dialog.entry.currency_choice.message
    dialog.finish()


def test_a_hotel_of_one_currency_is_not_asked_for_it(make: Make) -> None:
    dialog = make(hotel=make_hotel(currencies=(gbp(1).currency,)))
    assert dialog.entry.currency_choice.isHidden()
    dialog.finish()


def test_cards_that_cannot_be_charged_say_why_and_cannot_be_picked(make: Make) -> None:
    terminal = make_card(5, brand="Maestro", kind=CardKind.TERMINAL)
    strange = make_card(6, brand="Jcb", kind=CardKind.UNKNOWN)
    file = make_guest_file()
    dialog = make(cards=(*file.cards, terminal, strange))
    found = rows(dialog)
    assert found["Amex ending 0005"].accessibleDescription() == "Expired 09/26"
    assert found["Visa ending 0077"].accessibleDescription() == "Switched off"
    assert "Virtual card" in found["Visa ending 0077"].accessibleName()
    assert found["Maestro ending 1111"].accessibleDescription() == "Terminal card, cannot be charged"
    assert found["Jcb ending 1111"].accessibleDescription() == "Cannot be charged"
    for name in ("Amex ending 0005", "Visa ending 0077", "Maestro ending 1111", "Jcb ending 1111"):
        assert not found[name].isEnabled()
        found[name].click()
        assert dialog.cards.current() == "card-1"
    assert "Expires next month, 12/26" in found["Mastercard ending 4444"].accessibleName()
    dialog.finish()


def test_the_arrow_keys_pass_over_cards_that_cannot_be_charged(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        QTest.keyClick(rows(dialog)["Visa ending 1111"], Qt.Key.Key_Down)
        assert button(dialog).label == "Charge £312.40 to Mastercard •••• 4444"
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).credit_card_id == "card-2"
    dialog.finish()


@pytest.mark.parametrize(("preferred", "chosen"), [("card-2", "card-2"), ("card-3", "card-1"), ("gone", "card-1")])
def test_the_preferred_card_is_chosen_where_it_can_be_charged(make: Make, preferred: str, chosen: str) -> None:
    dialog = make(ChargeStart(card_id=preferred))
    assert dialog.cards.current() == chosen
    dialog.finish()


def test_without_a_good_card_nothing_can_be_confirmed_and_one_can_be_added(make: Make, qtbot: QtBot) -> None:
    dialog = make(cards=(make_card(3, expiry=Expiry(2026, 9)),))
    assert not button(dialog).isEnabled()
    assert dialog.reason == "No saved card can be charged."
    adding = next(b for b in dialog.findChildren(Button) if b.label == "Add card")
    with qtbot.waitSignal(dialog.add_card_requested):
        adding.click()
    dialog.finish()


def test_f7_asks_for_another_card(make: Make, run: CoroutineRunner) -> None:
    dialog = make()
    asked: list[bool] = []
    dialog.add_card_requested.connect(lambda: asked.append(True))

    def clerk() -> None:
        QTest.keyClick(dialog, Qt.Key.Key_F7)
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))
    assert asked == [True]


def test_a_card_number_in_the_note_is_refused_while_it_is_typed(make: Make) -> None:
    dialog = make()
    write(dialog.remark, "card 4111 1111 1111 111")
    assert "card number" not in dialog.remark.message
    QTest.keyClicks(dialog.remark.editor, "1")
    assert "card number" in dialog.remark.message
    assert not button(dialog).isEnabled()
    write(dialog.remark, "dinner")
    assert button(dialog).isEnabled()
    dialog.finish()


def test_note_category_and_account_are_part_of_the_answer(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        write(dialog.remark, " dinner ")
        dialog.category.set_current("cat-1")
        dialog.purpose.set_current("")
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.note, order.accounting_category_id, order.reservation_id) == ("dinner", "cat-1", None)
    dialog.finish()


def test_quick_choices_fill_the_amount_in(make: Make) -> None:
    dialog = make()
    chips = {chip.accessibleName(): chip for chip in dialog.findChildren(QuickChoice)}
    assert list(chips) == ["Whole balance £312.40", "One night £265.00", "Half £156.20"]
    chips["One night £265.00"].click()
    assert button(dialog).label == "Charge £265.00 to Visa •••• 1111"
    chips["Half £156.20"].click()
    assert dialog.entry.money() == gbp(15_620)
    dialog.finish()


def test_a_guest_who_owes_nothing_has_no_amount_and_no_choices(make: Make) -> None:
    dialog = make(items=())
    assert not dialog.entry.amount.text()
    assert not dialog.findChildren(QuickChoice)
    assert not button(dialog).isEnabled()
    assert dialog.reason == "Type an amount."
    dialog.finish()


def test_a_night_is_told_only_by_what_was_sold_for_each_night() -> None:
    file = make_guest_file()
    assert one_night(file) == gbp(26_500)
    assert one_night(make_guest_file(reservation=None)) is None
    assert one_night(make_guest_file(items=file.items[2:])) is None
    uneven = make_guest_file(items=(file.items[0].__class__(**{**_fields(file.items[0]), "amount": gbp(100)}),))
    assert one_night(uneven) is None


def _fields(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def test_a_card_charged_today_says_so(make: Make) -> None:
    file = make_guest_file()
    dialog = make()
    assert rows(dialog)["Visa ending 1111"].card.right == "Charged today 09:14"  # type: ignore[attr-defined]  # a row
    dialog.finish()
    before = make_payment(1, created_utc=file.read_utc - timedelta(days=1), charged_utc=None, credit_card_id="card-1")
    earlier = make(payments=(before,))
    assert not rows(earlier)["Visa ending 1111"].card.right  # type: ignore[attr-defined]  # a row
    earlier.finish()


def test_a_virtual_card_is_marked_and_can_be_charged(make: Make) -> None:
    dialog = make(cards=(make_card(4, format=CardFormat.VIRTUAL, expiry=None),))
    row = rows(dialog)["Visa ending 1111"]
    assert row.isEnabled()
    assert "Virtual card" in row.accessibleName()
    assert "Expiry not told" in row.accessibleName()
    dialog.finish()


def test_a_problem_after_confirming_keeps_everything_typed(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    async def clerk() -> Money:
        def first() -> None:
            write(dialog.entry.amount, "100")
            write(dialog.remark, "dinner")
            confirm(dialog)

        await answer_to(dialog, first)
        dialog.show_problem(HotelUnavailable())
        dialog.show_problem(InputRefused(Field.CARD, InputProblem.EXPIRED))
        assert "expired" in dialog.card_field.message
        assert dialog.entry.amount.text() == "100.00"
        assert dialog.remark.text() == "dinner"
        return (await answer_to(dialog, lambda: confirm(dialog))).amount

    assert run(clerk()) == gbp(10_000)
    dialog.finish()


def test_a_refused_note_keeps_its_reason_while_something_else_is_typed(make: Make) -> None:
    dialog = make()
    dialog.show_problem(InputRefused(Field.NOTE, InputProblem.TOO_LONG))
    write(dialog.entry.amount, "100")
    assert "too long" in dialog.remark.message
    write(dialog.remark, "x")
    assert "too long" not in dialog.remark.message
    dialog.finish()


def test_the_words_for_a_repeat_name_amount_and_card(make: Make) -> None:
    dialog = make()
    words = dialog.confirm_words
    assert words.what == "£312.40 to Visa •••• 1111"
    assert words.again == "Charge another £312.40 to Visa •••• 1111"
    assert (words.reference, words.badge) == (REFERENCE, "VISA")
    assert EUR.code not in words.what
    dialog.finish()

"""What forms that take money offer, and what they warn of: parts, rates, lost marks, booking sites' cards, tries."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.domain.card import CardFormat, CardKind
from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.intent import IntentState
from deskpay.domain.money import Money
from deskpay.domain.remembered import Remembered
from deskpay.domain.split import Split
from deskpay.domain.virtual_card import Agency
from deskpay.services.guest_pages import GuestPages
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.payments.ask_dialog import AskDialog
from deskpay.ui.payments.ask_offers import AskOffers
from deskpay.ui.payments.charge_start import ChargeStart, start_after
from deskpay.ui.payments.decline_words import Move
from deskpay.ui.payments.record_dialog import RecordDialog
from tests.kit.charging import OFFERS, Make, button, charging, choose, rows
from tests.kit.dialogs import answer_to, confirm, make_window, write
from tests.kit.guest_file import NOW, make_guest_file
from tests.kit.intents import EUR, gbp, make_card, make_intent, make_record
from tests.kit.loops import CoroutineRunner


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return charging(qtbot)


def test_the_stay_in_question_is_asked_for_and_the_whole_account_offered(make: Make) -> None:
    file = make_guest_file()
    later = replace(file.items[0], id="next", reservation_id="next-stay", amount=gbp(10_000))
    dialog = make(items=(*file.items, later), other_stays=frozenset({"next-stay"}))
    assert dialog.entry.money() == gbp(31_240)
    chips = [chip.accessibleName() for chip in dialog.findChildren(QuickChoice)]
    assert chips[:2] == ["This stay £312.40", "Whole balance £412.40"]
    dialog.finish()


def test_a_sum_in_parts_names_each_and_means_no_repeat(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        choose(dialog.parts, "3")
        assert button(dialog).label == "Charge £104.14 to Visa •••• 1111"
        assert dialog.parts.message == "Part 1 of 3, then £208.26 is left to take"
        confirm(dialog)

    order = run(answer_to(dialog, clerk))
    assert (order.amount, order.repeat_reason, order.repeat_of) == (gbp(10_414), "", frozenset())
    rest = dialog.split.after(order.amount, "payment-7") if dialog.split else None
    dialog.finish()
    second = make(ChargeStart(split=rest, amount=rest.share if rest else None))
    assert second.parts.editor.currentText() == "Part 2 of 3"
    order = run(answer_to(second, lambda: confirm(second)))
    assert (order.amount, order.repeat_reason, order.repeat_of) == (
        gbp(10_413),
        "Part 2 of 3",
        frozenset({"payment-7"}),
    )
    second.finish()


def test_a_part_may_be_another_amount_and_the_whole_comes_back(make: Make) -> None:
    dialog = make()
    choose(dialog.parts, "2")
    write(dialog.entry.amount, "100")
    assert dialog.parts.message == "Part 1 of 2, then £212.40 is left to take"
    write(dialog.entry.amount, "400")
    assert dialog.parts.message == ""
    choose(dialog.parts, "1")
    assert dialog.entry.money() == gbp(31_240)
    write(dialog.entry.amount, "0.03")
    choose(dialog.parts, "6")
    assert (dialog.parts.current(), dialog.entry.money()) == ("1", gbp(3))
    dialog.finish()


def test_another_currency_shows_the_hotels_rate_and_turns_the_balance(make: Make) -> None:
    offers = replace(OFFERS, rates=(ExchangeRate("EUR", "GBP", Decimal("0.85")),))
    dialog = make(offers=offers)
    choose(dialog.entry.currency_choice, "EUR")
    assert dialog.entry.money() == Money(36_753, EUR)
    assert dialog.entry.amount.message == "About £312.40 at the hotel's rate, 1 EUR = 0.8500 GBP"
    choose(dialog.entry.currency_choice, "GBP")
    assert dialog.entry.money() == gbp(31_240)
    write(dialog.entry.amount, "50")
    choose(dialog.entry.currency_choice, "EUR")
    assert dialog.entry.money() == Money(5_000, EUR)
    choose(dialog.entry.currency_choice, "JPY")
    write(dialog.entry.amount, "50")
    assert dialog.entry.amount.message == "The hotel has no rate for JPY."
    dialog.finish()


def test_a_code_in_another_currency_asks_for_what_is_owed_and_shows_the_rate(qtbot: QtBot) -> None:
    offers = AskOffers(pages=GuestPages(("Ideal",)), rates=(ExchangeRate("EUR", "GBP", Decimal("0.85")),))
    dialog = AskDialog(make_window(qtbot), make_guest_file(), offers, Environment.LIVE, "DP-4F8H-6WNC", "214")
    assert (dialog.entry.money(), dialog.entry.amount.message) == (gbp(31_240), "")
    dialog.means.set_current("Ideal")
    dialog.means.chosen.emit("Ideal")
    assert dialog.entry.money() == Money(36_753, EUR)
    assert dialog.entry.amount.message == "About £312.40 at the hotel's rate, 1 EUR = 0.8500 GBP"
    choose(dialog.entry.currency_choice, "GBP")
    assert (dialog.entry.money(), dialog.entry.amount.message) == (gbp(31_240), "")
    dialog.finish()


def test_passing_ideal_by_leaves_the_currency_as_it_was(qtbot: QtBot) -> None:
    offers = AskOffers(pages=GuestPages(("Ideal",)), rates=(ExchangeRate("EUR", "GBP", Decimal("0.85")),))
    dialog = AskDialog(make_window(qtbot), make_guest_file(), offers, Environment.LIVE, "DP-4F8H-6WNC", "214")
    first = dialog.means.current()
    write(dialog.entry.amount, "31.20")
    for means in ("Ideal", first):
        dialog.means.set_current(means)
        dialog.means.chosen.emit(means)
    assert dialog.entry.money() == gbp(3_120)
    choose(dialog.entry.currency_choice, "EUR")
    for means in ("Ideal", first):
        dialog.means.set_current(means)
        dialog.means.chosen.emit(means)
    assert dialog.entry.money() == Money(3_120, EUR), "chosen by hand"
    dialog.finish()


def test_a_slip_in_another_currency_shows_the_rate(qtbot: QtBot) -> None:
    rates = (ExchangeRate("EUR", "GBP", Decimal("0.85")),)
    dialog = RecordDialog(make_window(qtbot), make_guest_file(), Environment.LIVE, "DP-4F8H-6WNC", "214", rates)
    choose(dialog.entry.currency_choice, "EUR")
    assert dialog.entry.money() == Money(36_753, EUR)
    assert dialog.entry.amount.message.startswith("About £312.40 at the hotel's rate")
    choose(dialog.entry.currency_choice, "GBP")
    assert (dialog.entry.money(), dialog.entry.amount.message) == (gbp(31_240), "")
    dialog.finish()


def test_ten_times_what_is_normal_has_to_be_ticked_amount_by_amount(make: Make, run: CoroutineRunner) -> None:
    dialog = make()

    def clerk() -> None:
        write(dialog.entry.amount, "10623.99")
        assert button(dialog).isEnabled()
        write(dialog.entry.amount, "10624")
        assert not button(dialog).isEnabled()
        assert dialog.reason == "Tick that the amount is right."
        assert "£10,624.00 is more than ten times what is normal here." in dialog.doubts.large.text
        assert "£1,062.40" in dialog.doubts.large.text
        QTest.keyClick(dialog.doubts.sure, Qt.Key.Key_Space)
        assert button(dialog).isEnabled()
        write(dialog.entry.amount, "20000")
        assert not button(dialog).isEnabled()
        QTest.keyClick(dialog.doubts.sure, Qt.Key.Key_Space)
        confirm(dialog)

    assert run(answer_to(dialog, clerk)).amount == gbp(2_000_000)
    dialog.finish()


def test_a_booking_sites_card_is_warned_about_as_a_guess(make: Make) -> None:
    file = make_guest_file()
    stay = file.reservation
    assert stay is not None
    agencies = (Agency("Expedia", ("expedia.example",), 0, 50), Agency("Other", (), 3, 100))
    cards = (make_card(4, format=CardFormat.VIRTUAL), make_card(1))
    coming = replace(stay, starts_utc=file.read_utc + timedelta(days=2), ends_utc=file.read_utc + timedelta(days=5))
    guest = replace(file.customer, email="guest@expedia.example")
    offers = replace(OFFERS, agencies=agencies)
    dialog = make(offers=offers, cards=cards, reservation=coming, customer=guest)
    write(dialog.entry.amount, "600")
    assert dialog.doubts.virtual.text == (
        "This virtual card probably does not work before Sat 14 Nov. "
        "This virtual card probably carries no more than £531.20. "
        "DeskPay only guesses this, from its line for Expedia. The hotel can correct the table."
    )
    assert button(dialog).isEnabled()
    dialog.cards.set_current("card-1")
    dialog.revise()
    assert dialog.doubts.virtual.isHidden()
    dialog.finish()
    here = make(offers=offers, cards=cards)
    assert "does not work before" in here.doubts.virtual.text
    assert "its table of booking sites" in here.doubts.virtual.text
    here.finish()


def test_a_terminals_card_is_shown_and_cannot_be_picked(make: Make) -> None:
    slip = make_card(9, brand="Mastercard", obfuscated_number="************7777", kind=CardKind.TERMINAL)
    dialog = make(terminal_cards=(slip,))
    row = rows(dialog)["Mastercard ending 7777"]
    assert row.accessibleDescription() == "Terminal card, cannot be charged"
    assert not row.isEnabled()
    dialog.finish()


def test_a_card_declined_today_says_how_often(make: Make) -> None:
    acts = [
        make_record(make_intent(n, credit_card_id="card-1", drafted_utc=NOW), IntentState.SENDING, IntentState.DECLINED)
        for n in (1, 2)
    ]
    once, twice = make(intents=tuple(acts[:1])), make(intents=tuple(acts))
    assert rows(once)["Visa ending 1111"].card.right == "Declined today"  # type: ignore[attr-defined]  # a row
    assert rows(twice)["Visa ending 1111"].card.right == "Declined 2 times today"  # type: ignore[attr-defined]  # a row
    once.finish()
    twice.finish()


def test_category_and_receipt_number_go_on_from_the_last_form(make: Make, run: CoroutineRunner) -> None:
    dialog = make(offers=replace(OFFERS, remembered=Remembered("cat-1", "R-0099")))
    order = run(answer_to(dialog, lambda: confirm(dialog)))
    assert (order.accounting_category_id, order.receipt_number, order.note) == ("cat-1", "R-0100", "")
    dialog.finish()


def test_after_a_declined_card_the_next_form_starts_with_another(make: Make) -> None:
    declined = make_record(
        make_intent(credit_card_id="card-1", amount=gbp(10_000)), IntentState.SENDING, IntentState.DECLINED
    )
    not_sent = make_record(declined.intent, IntentState.SENDING, IntentState.NOT_SENT)
    another = make(start_after(Move.CHARGE, declined, None))
    assert (another.cards.current(), another.entry.money()) == ("card-2", gbp(10_000))
    smaller = make(start_after(Move.SMALLER_PART, declined, None))
    assert (smaller.cards.current(), smaller.entry.money()) == ("card-1", gbp(5_000))
    anew = make(start_after(Move.CHARGE, not_sent, None))
    assert (anew.cards.current(), anew.entry.money()) == ("card-1", gbp(10_000))
    only = make(start_after(Move.CHARGE, declined, None), cards=(make_card(1),))
    assert only.cards.current() == "card-1"
    assert start_after(Move.PAY_LINK, declined, None) is None
    for dialog in (another, smaller, anew, only):
        dialog.finish()


def test_a_part_that_was_taken_leads_to_the_next_and_the_last_to_none() -> None:
    taken = make_record(make_intent(amount=gbp(100)), IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED)
    following = start_after(Move.CHARGE, taken, Split(gbp(300), 3))
    assert following is not None
    assert following.amount == gbp(100)
    assert start_after(Move.CHARGE, taken, Split(gbp(100), 3, 3)) is None
    assert start_after(Move.CHARGE, taken, None) is None

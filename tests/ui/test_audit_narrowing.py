"""What the night audit is narrowed by beyond its short cuts, and the calendar to another day."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskpay.domain.day_totals import EVERYTHING
from deskpay.domain.errors import Hand
from deskpay.domain.payment import PaymentKind
from deskpay.ui.audit.day_menu import DayMenu
from deskpay.ui.audit.filters import Filters
from deskpay.ui.words.money import MoneyWords
from tests.kit.intents import gbp

TODAY = date(2026, 11, 12)


@pytest.fixture
def filters(qtbot: QtBot) -> Filters:
    shown = Filters()
    qtbot.addWidget(shown)
    shown.offer(["GBP"], ["Wren Copperpot"], gbp(50_000), MoneyWords())
    shown.show()
    return shown


def open_more(filters: Filters) -> None:
    filters.more.setFocus()
    QTest.keyClick(filters.more, Qt.Key.Key_Space)


def test_kind_origin_and_amounts_are_picked_and_told_on_the_report(filters: Filters) -> None:
    assert not filters.kind.isVisible()
    open_more(filters)
    assert filters.kind.isVisible()
    filters.kind.setCurrentIndex(filters.kind.findData(PaymentKind.CHARGEBACK.value))
    filters.hand.setCurrentIndex(filters.hand.findData(Hand.CHANNEL.value))
    QTest.keyClicks(filters.least, "10")
    QTest.keyClicks(filters.most, "1,250.50")
    wanted = filters.wanted()
    assert (*wanted.kinds, *wanted.hands) == (PaymentKind.CHARGEBACK, Hand.CHANNEL)
    assert (wanted.least_minor, wanted.most_minor) == (10_00, 1_250_50)
    assert filters.told() == "Chargebacks, booking site, from £10.00, up to £1,250.50"
    filters.large.click()
    assert filters.wanted().least_minor == 500_00
    assert "from £500.00" in filters.told()


def test_what_is_no_amount_bounds_nothing_and_says_so(filters: Filters) -> None:
    open_more(filters)
    QTest.keyClicks(filters.least, "ten")
    assert filters.wanted() == EVERYTHING
    assert filters.least.accessibleDescription() == filters._refusal.text() != ""
    assert filters._refusal.isVisible()
    filters.least.setText("10")
    assert filters.wanted().least_minor == 10_00
    assert not filters._refusal.isVisible()


def test_what_is_put_away_picks_nothing_any_more(filters: Filters, qtbot: QtBot) -> None:
    open_more(filters)
    filters.hand.setCurrentIndex(2)
    QTest.keyClicks(filters.most, "20")
    with qtbot.waitSignal(filters.changed):
        open_more(filters)
    assert filters.wanted() == EVERYTHING
    assert (filters.told(), filters.most.text()) == ("", "")


def test_another_day_is_chosen_by_keyboard_and_none_that_is_still_to_come(qtbot: QtBot) -> None:
    menu = DayMenu()
    qtbot.addWidget(menu)
    chosen: list[date] = []
    menu.chosen.connect(chosen.append)
    for presses in ((Qt.Key.Key_Up, Qt.Key.Key_Left), (Qt.Key.Key_Right,)):
        menu.show_day(TODAY, TODAY)
        menu.popup(menu.mapToGlobal(menu.rect().topLeft()))
        qtbot.waitUntil(menu.isVisible)
        days = menu._calendar
        for key in (*presses, Qt.Key.Key_Return):
            focus = QApplication.focusWidget()
            QTest.keyClick(focus if focus is not None and days.isAncestorOf(focus) else days, key)
        assert not menu.isVisible()
    assert chosen == [date(2026, 11, 4), TODAY]

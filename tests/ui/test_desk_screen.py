"""The desk screen, worked as a clerk works it: read, type, click, hear."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from deskpay.domain.money import Currency, Money
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.desk.bills_card import BillCard
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.guest_list import GuestModel
from deskpay.ui.desk.payments_table import TAKEN_BY
from deskpay.ui.desk.rows import (
    BesideRow,
    BillItemRow,
    BillRow,
    CardRow,
    Connection,
    GuestRow,
    GuestRows,
    GuestView,
    Part,
    PaymentRow,
    Reading,
)
from deskpay.ui.theme import Scheme, apply_theme
from deskpay.ui.words.money import MoneyWords

GBP = Currency("GBP", 2)
OTTOLINE = GuestRow("g214", "214", "Ottoline Pepperwick", "Leaves tomorrow", Money(31240, GBP))
ISOLDE = GuestRow("g117", "117", "Isolde Brambleworth", "Leaves today", Money(120400, GBP))
FENELLA = GuestRow("g102", "102", "Fenella Thistlewick", "Leaves tomorrow", Money(0, GBP))
RUFUS = GuestRow("g312", "312", "Rufus Mapledown", "Leaves tomorrow", Money(0, GBP), checking=True)
TANSY = GuestRow("g210", "210", "Tansy Pepperpot", "Arrives today")
GUESTS = GuestRows((FENELLA, OTTOLINE, ISOLDE), (TANSY,), ())
OPEN = Chip("Open", Tone.NEUTRAL)
VIEW = GuestView(
    key="g214",
    name="Ottoline Pepperwick",
    state=Chip("In house", Tone.ACCENT),
    room="Room 214",
    stay="Tue 10 - Fri 13 Nov, 3 nights",
    number="48213",
    email="ottoline@pepperwick.example",
    phone="01632 960 214",
    balance=Money(31240, GBP),
    charges=Money(106240, GBP),
    paid=Money(-75000, GBP),
    bills=Part(
        (
            BillRow("b1", "Bill 1", OPEN, Money(31240, GBP), (BillItemRow("Laundry", "Wed 11 Nov", Money(6200, GBP)),)),
            BillRow("b2", "Bill 2", OPEN, Money(0, GBP)),
        )
    ),
    payments=Part(
        (
            PaymentRow(
                "p1",
                "Today 09:14",
                "VISA",
                "Visa •••• 1111",
                chip_for(ChipState.CHARGED),
                Money(45000, GBP),
                "Poppy Inkwell",
                refundable=True,
            ),
            PaymentRow("p2", "Wed 11, 20:41", "icon:banknote", "Cash", chip_for(ChipState.RECORDED), Money(12000, GBP)),
        )
    ),
    cards=Part((CardRow("c1", "VISA", "Visa •••• 1111", "Expires 04/28"),)),
    note="Send receipts by e-mail.",
)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> DeskScreen:
    apply_theme(qapp, Scheme.LIGHT)
    screen = DeskScreen(Environment.TRAINING)
    screen.resize(1280, 800)
    qtbot.addWidget(screen)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.activateWindow()
    return screen


class Heard:
    """Counts what a screen asked for."""

    def __init__(self, desk: DeskScreen) -> None:
        self.wishes: list[str] = []
        self.guests: list[str] = []
        self.refunds: list[object] = []
        for name in ("charge", "record", "add_card", "refresh", "unresolved"):
            getattr(desk, f"{name}_requested").connect(lambda name=name: self.wishes.append(name))
        desk.guest_chosen.connect(self.guests.append)
        desk.refund_requested.connect(self.refunds.append)


def names(model: GuestModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_those_who_owe_come_before_those_who_are_settled(desk: DeskScreen) -> None:
    desk.show_guests(GUESTS)
    assert names(desk.guests.model) == [
        "With a balance",
        "Ottoline Pepperwick",
        "Isolde Brambleworth",
        "Settled",
        "Fenella Thistlewick",
    ]


def test_a_guest_whose_payment_is_checked_is_never_called_settled(desk: DeskScreen) -> None:
    desk.show_guests(GuestRows((RUFUS, FENELLA)))
    assert names(desk.guests.model)[:2] == ["With a balance", "Rufus Mapledown"]


def test_a_row_is_spoken_whole(desk: DeskScreen) -> None:
    desk.show_guests(GUESTS)
    spoken = desk.guests.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Room 214, Ottoline Pepperwick, Leaves tomorrow, owes 312 pounds 40"


def test_the_guest_model_keeps_qts_contract(qtmodeltester: ModelTester) -> None:
    model = GuestModel(MoneyWords())
    model.set_guests(GUESTS.in_house)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped


def test_arrows_walk_over_headings_and_choose(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.show_guests(GUESTS)
    view = desk.guests.focusProxy()
    assert isinstance(view, QWidget)
    view.setFocus()
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert heard.guests == ["g214", "g117", "g102"]


def test_the_chosen_guest_stays_chosen_when_the_list_is_read_again(desk: DeskScreen) -> None:
    desk.show_guests(GUESTS)
    desk.show_guest(VIEW)
    heard = Heard(desk)
    desk.show_guests(GuestRows((OTTOLINE, ISOLDE, FENELLA, RUFUS)))
    assert not heard.guests
    selected = desk.guests._view.currentIndex()
    assert selected.data() == "Ottoline Pepperwick"


def test_segments_count_and_show_their_guests(desk: DeskScreen) -> None:
    desk.show_guests(GUESTS)
    words = [segment.words for segment in desk.guests._segments._segments]
    assert words == ["In house 3", "Arriving 1", "Leaving 0"]
    QTest.mouseClick(desk.guests._segments._segments[1], Qt.MouseButton.LeftButton)
    assert names(desk.guests.model) == ["Guests", "Tansy Pepperpot"]
    QTest.mouseClick(desk.guests._segments._segments[2], Qt.MouseButton.LeftButton)
    assert desk.guests.state == "empty"


def test_the_list_waits_before_it_shows_that_it_waits(desk: DeskScreen, qtbot: QtBot) -> None:
    desk.show_guests_loading()
    assert desk.guests.state == "blank"
    qtbot.waitUntil(lambda: desk.guests.state == "loading")
    desk.show_guests_error("Mews answered with an error.")
    assert desk.guests.state == "error"
    desk.show_guests(GUESTS)
    assert desk.guests.state == "guests"


UNREAD: Part[Any] = Part(reading=Reading.UNDER_WAY)
HEAD = replace(VIEW, bills=UNREAD, payments=UNREAD, cards=UNREAD)


def test_who_it_is_shows_at_once_and_a_quick_answer_shows_no_shape_first(desk: DeskScreen) -> None:
    desk.show_guest(HEAD)
    assert desk.panel.state == "loading"
    assert "£312.40" in desk.panel.strip._balance.text()
    assert not desk.panel.bills._skeleton.isVisible()
    desk.show_guest(VIEW)
    assert desk.panel.state == "guest"
    assert not desk.panel._patience.waiting


def test_a_slow_answer_shows_the_shape_of_what_is_missing(desk: DeskScreen, qtbot: QtBot) -> None:
    desk.show_guest(HEAD)
    qtbot.waitUntil(desk.panel.bills._skeleton.isVisible)
    desk.show_guest(VIEW)
    assert not desk.panel.bills._skeleton.isVisible()


def test_a_page_of_some_time_ago_shows_but_moves_no_money(desk: DeskScreen) -> None:
    desk.show_guest(replace(VIEW, fresh=False))
    assert (desk.panel.state, desk.panel.can_move_money, desk.panel.can_add_card) == ("loading", False, False)
    desk.show_guest(VIEW)
    assert desk.panel.can_move_money


def test_who_belongs_to_the_guest_is_one_key_away(desk: DeskScreen) -> None:
    heard = Heard(desk)
    emil = BesideRow("g214/emil", "Emil Pepperwick", "Shares the stay")
    desk.show_guest(replace(VIEW, beside=(emil,)))
    line = next(each for each in desk.panel.beside.findChildren(QAbstractButton) if "Emil" in each.accessibleName())
    assert line.accessibleName() == "Emil Pepperwick, Shares the stay"
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Space)
    assert heard.guests == ["g214/emil"]
    desk.show_guest(VIEW)
    assert not desk.panel.beside.isVisible()


def test_reading_again_is_offered_after_an_error(desk: DeskScreen) -> None:
    heard = Heard(desk)
    failed: Part[Any] = Part(reading=Reading.FAILED, problem="Mews answered with an error.")
    desk.show_guest(replace(VIEW, bills=failed, payments=failed, cards=failed))
    assert (desk.panel.state, desk.panel.can_move_money) == ("error", False)
    assert "Mews answered with an error." in desk.panel.bills.text
    QTest.keyClick(desk, Qt.Key.Key_F5)
    assert heard.wishes == ["refresh"]


@pytest.mark.parametrize(
    ("key", "wish"), [(Qt.Key.Key_F2, "charge"), (Qt.Key.Key_F3, "record"), (Qt.Key.Key_F7, "add_card")]
)
def test_keys_ask_for_dialogs_once_a_guest_is_read(desk: DeskScreen, key: Qt.Key, wish: str) -> None:
    heard = Heard(desk)
    QTest.keyClick(desk, key)
    desk.show_guest(HEAD)
    QTest.keyClick(desk, key)
    assert not heard.wishes
    desk.show_guest(VIEW)
    QTest.keyClick(desk, key)
    assert heard.wishes == [wish]


def test_a_refund_names_the_payment_that_is_marked(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.show_guest(VIEW)
    QTest.keyClick(desk, Qt.Key.Key_F8)
    desk.panel.table.selectRow(0)
    QTest.keyClick(desk, Qt.Key.Key_F8)
    desk.panel.table.selectRow(1)
    QTest.keyClick(desk, Qt.Key.Key_F8)
    assert heard.refunds == [None, "p1", None]


def test_money_off_turns_off_every_way_and_says_why(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.show_guest(VIEW)
    desk.set_money_enabled(False, "No connection to Mews")
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F7, Qt.Key.Key_F8):
        QTest.keyClick(desk, key)
    QTest.mouseClick(desk.panel.strip.charge, Qt.MouseButton.LeftButton)
    assert not heard.wishes
    assert not heard.refunds
    assert desk.panel.strip.charge.toolTip() == "No connection to Mews"
    assert desk.panel.strip.charge.accessibleDescription() == "No connection to Mews"
    desk.show_guest(VIEW)
    assert not desk.panel.can_move_money
    desk.set_money_enabled(True)
    QTest.keyClick(desk, Qt.Key.Key_F2)
    assert heard.wishes == ["charge"]


@pytest.mark.parametrize("part", ["bills", "payments", "cards"])
@pytest.mark.parametrize("reading", [Reading.UNDER_WAY, Reading.FAILED])
def test_money_waits_until_every_part_is_read(desk: DeskScreen, part: str, reading: Reading) -> None:
    problem = "Mews answered with an error."
    views = {
        "bills": replace(VIEW, bills=Part(reading=reading, problem=problem)),
        "payments": replace(VIEW, payments=Part(reading=reading, problem=problem)),
        "cards": replace(VIEW, cards=Part(reading=reading, problem=problem)),
    }
    desk.show_guest(views[part])
    assert not desk.panel.can_move_money
    section = getattr(desk.panel, part)
    assert section.waiting is (reading is Reading.UNDER_WAY)
    assert (problem in section.text) is (reading is Reading.FAILED)


def test_money_waits_without_a_balance(desk: DeskScreen) -> None:
    desk.show_guest(replace(VIEW, balance=None))
    assert not desk.panel.can_move_money


def test_a_payment_that_is_not_known_pauses_the_guest(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.show_guest(replace(VIEW, unresolved="1 payment is not known yet."))
    assert desk.panel.banner.isVisible()
    assert not desk.panel.can_move_money
    QTest.keyClick(desk, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert heard.wishes == ["unresolved"]
    desk.show_guest(VIEW)
    assert not desk.panel.banner.isVisible()
    QTest.keyClick(desk, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert heard.wishes == ["unresolved"]


def test_the_charge_button_says_the_amount_and_speaks_it(desk: DeskScreen) -> None:
    desk.show_guest(VIEW)
    assert desk.panel.strip.charge.label == "Charge £312.40…"
    assert desk.panel.strip.charge.accessibleName() == "Charge 312 pounds 40"
    desk.show_guest(replace(VIEW, balance=Money(0, GBP)))
    assert desk.panel.strip.charge.label == "Charge…"


def test_a_bill_that_was_opened_stays_open_for_the_same_guest(desk: DeskScreen) -> None:
    def cards() -> list[BillCard]:
        column = desk.panel.bills.column
        items = [column.itemAt(at) for at in range(column.count())]
        return [card for item in items if item is not None and isinstance(card := item.widget(), BillCard)]

    def bills() -> dict[str, bool]:
        return {card.key: card.expanded for card in cards()}

    desk.show_guest(VIEW)
    assert bills() == {"b1": True, "b2": False}
    QTest.mouseClick(cards()[1]._head, Qt.MouseButton.LeftButton)
    desk.show_guest(VIEW)
    assert bills() == {"b1": True, "b2": True}
    desk.show_guest(replace(VIEW, key="g117"))
    assert bills() == {"b1": True, "b2": False}


def test_payments_keep_qts_contract_and_are_spoken(desk: DeskScreen, qtmodeltester: ModelTester) -> None:
    desk.show_guest(VIEW)
    model = desk.panel.table.model()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Visa •••• 1111, 450 pounds, Charged, Today 09:14, Poppy Inkwell"


def test_an_empty_page_says_so(desk: DeskScreen) -> None:
    desk.show_guest(replace(VIEW, bills=Part(), payments=Part(), cards=Part(), note=""))
    assert desk.panel.bills.text == "No bill is open."
    assert desk.panel.payments.text == "Nothing was paid yet."
    assert desk.panel.cards.text.startswith("No card on file.")
    assert desk.panel.can_move_money


def test_the_connection_and_the_page_are_announced(desk: DeskScreen) -> None:
    said: list[str] = []
    desk.announced.connect(said.append)
    desk.set_status(Connection.GOOD, since="Updated 14:32:05")
    desk.set_status(Connection.LOST, "No connection to Mews since 14:33")
    desk.set_status(Connection.LOST, "No connection to Mews since 14:33")
    desk.set_status(Connection.GOOD, since="Updated 14:35:00")
    desk.show_guest(HEAD)
    desk.show_guest(VIEW)
    desk.show_guest(VIEW)
    assert said == [
        "No connection to Mews since 14:33",
        "Mews connected Updated 14:35:00",
        "Ottoline Pepperwick, Room 214, open balance 312 pounds 40",
    ]


def test_a_list_that_is_read_again_stays_where_it_was_scrolled_to(desk: DeskScreen) -> None:
    crowd = tuple(GuestRow(f"g{n}", str(n), f"Guest {n}", "Leaves today", Money(100, GBP)) for n in range(100, 300))
    desk.show_guests(GuestRows(crowd))
    bar = desk.guests._view.verticalScrollBar()
    bar.setValue(2000)
    desk.show_guests(GuestRows((*crowd[:150], replace(crowd[150], balance=Money(5, GBP)), *crowd[151:])))
    assert bar.value() == 2000


def test_f6_goes_round_the_panes(desk: DeskScreen, qtbot: QtBot) -> None:
    desk.show_guests(GUESTS)
    desk.show_guest(VIEW)
    desk.focus_search()
    qtbot.waitUntil(desk.header.search_box.hasFocus)
    seen = []
    for _ in range(3):
        QTest.keyClick(desk, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert seen == [desk.guests.focusProxy(), desk.panel.strip.charge, desk.header.search_box]


def test_the_status_says_how_mews_answers(desk: DeskScreen) -> None:
    desk.set_status(Connection.GOOD, since="Updated 14:32:05")
    assert desk.status.text == "Mews connected Updated 14:32:05"
    desk.set_status(Connection.LOST, "No connection to Mews since 14:27")
    assert desk.status.text == "No connection to Mews since 14:27"


def test_the_environment_is_named_on_top(desk: DeskScreen) -> None:
    desk.set_environment(Environment.TRAINING, "The Gilded Teapot Hotel", "Business day Thu 12 Nov 2026")
    assert desk.bar.accessibleName().startswith("TRAINING. Practice data")
    assert "The Gilded Teapot Hotel" in desk.bar.accessibleName()


def test_the_edge_of_the_window_is_marked_outside_live(desk: DeskScreen) -> None:
    def edge() -> str:
        return desk.grab().toImage().pixelColor(1, 400).name()

    assert edge() == "#f5a524"
    desk.set_environment(Environment.LIVE)
    assert edge() != "#f5a524"


def test_the_unknown_pill_shows_only_while_something_is_unknown(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.set_unknown_count(1)
    assert desk.header.pill.isVisible()
    QTest.mouseClick(desk.header.pill, Qt.MouseButton.LeftButton)
    assert heard.wishes == ["unresolved"]
    desk.set_unknown_count(0)
    assert not desk.header.pill.isVisible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 700)])
def test_nothing_is_clipped(desk: DeskScreen, qtbot: QtBot, width: int, height: int) -> None:
    desk.show_guests(GUESTS)
    desk.show_guest(replace(VIEW, unresolved="1 payment is not known yet."))
    desk.set_notice("No connection to Mews.", "Payments are off and nothing is kept to send later.")
    desk.set_operator("Poppy Inkwell", "Front desk")
    desk.grab()
    desk.resize(width, height)
    strip = desk.panel.strip
    qtbot.waitUntil(lambda: strip.charge.width() >= strip.charge.sizeHint().width())
    assert (desk.width(), desk.height()) == (width, height)
    for part in (strip.charge, strip.record, strip.refund, desk.panel.cards.add, desk.panel.head.refresh):
        corner = part.mapTo(desk, QPoint(0, 0))
        assert part.width() >= part.sizeHint().width(), part.label
        assert corner.x() + part.width() <= width, part.label
    assert desk.panel.table.isColumnHidden(TAKEN_BY) is (width < 1100)
    assert desk.panel.table.indexAt(QPoint(5, 40)) != QModelIndex()

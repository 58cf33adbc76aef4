"""Finding a guest by the keyboard alone, and hearing who was found."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.marks import mark_matches
from deskpay.ui.desk.rows import Reading, SearchGroup, SearchRow, SearchRows
from deskpay.ui.desk.search_rows import SearchModel
from deskpay.ui.theme import Scheme, apply_theme
from deskpay.ui.words.money import MoneyWords

FOUND = SearchRows(
    "pep",
    (
        SearchGroup("In house", (SearchRow("g214", "Ottoline Pepperwick", "Confirmation 48213", "214"),)),
        SearchGroup("Arriving", (SearchRow("g210", "Tansy Pepperpot", "Confirmation 48391", "210"),)),
    ),
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
    """What a screen asked for while somebody searched."""

    def __init__(self, desk: DeskScreen) -> None:
        self.guests: list[str] = []
        self.searches: list[str] = []
        desk.guest_chosen.connect(self.guests.append)
        desk.search_changed.connect(self.searches.append)


def test_search_is_done_by_the_keyboard_alone(desk: DeskScreen, qtbot: QtBot) -> None:
    heard = Heard(desk)
    QTest.keyClick(desk, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = desk.header.search_box
    qtbot.waitUntil(box.hasFocus)
    QTest.keyClicks(box, "pep")
    assert heard.searches == ["p", "pe", "pep"]
    desk.show_search(FOUND)
    popup = desk.search.popup
    assert popup.isVisible()
    assert popup.current_key() == "g214"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert popup.current_key() == "g210"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert popup.current_key() == "g210"
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard.guests == ["g214"]
    assert not popup.isVisible()
    assert box.text() == ""


def test_what_was_found_is_announced_for_the_keyboard_never_leaves_the_box(desk: DeskScreen) -> None:
    said: list[str] = []
    desk.announced.connect(said.append)
    desk.focus_search()
    QTest.keyClicks(desk.header.search_box, "pep")
    desk.show_search(FOUND)
    QTest.keyClick(desk.header.search_box, Qt.Key.Key_Down)
    desk.show_search(replace(FOUND, reading=Reading.FAILED, problem="Mews is too busy to answer."))
    QTest.keyClicks(desk.header.search_box, "x")
    desk.show_search(SearchRows("pepx", searched="Searched the guests of these days and Mews."))
    assert said[:3] == [
        "2 guests found. Room 214, Ottoline Pepperwick, Confirmation 48213",
        "Room 210, Tansy Pepperpot, Confirmation 48391",
        "Mews could not be searched. Mews is too busy to answer.",
    ]
    assert said[3].startswith("Nobody matches “pepx”")


def test_what_the_books_add_moves_nothing_that_stands_there(desk: DeskScreen) -> None:
    desk.focus_search()
    QTest.keyClicks(desk.header.search_box, "pep")
    desk.show_search(FOUND)
    QTest.keyClick(desk.header.search_box, Qt.Key.Key_Down)
    popup = desk.search.popup
    before = [popup.model.index(row, 0).data() for row in range(popup.model.rowCount())]
    kept = QPersistentModelIndex(popup.model.index(3, 0))
    more = SearchGroup("Elsewhere", (SearchRow("far", "Agatha Pepperell"),))
    desk.show_search(replace(FOUND, groups=(*FOUND.groups, more), searched="Searched."))
    after = [popup.model.index(row, 0).data() for row in range(popup.model.rowCount())]
    assert after == [*before, "Elsewhere", "Agatha Pepperell"]
    assert (popup.current_key(), kept.data()) == ("g210", "Tansy Pepperpot")
    desk.show_search(FOUND)
    assert popup.model.rowCount() == len(before)


def test_the_search_model_keeps_qts_contract(qtmodeltester: ModelTester) -> None:
    model = SearchModel(MoneyWords())
    model.set_found("pep", FOUND.groups)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped


def test_an_answer_to_an_older_search_is_not_shown(desk: DeskScreen) -> None:
    desk.focus_search()
    QTest.keyClicks(desk.header.search_box, "pepp")
    desk.show_search(FOUND)
    assert not desk.search.popup.isVisible()


def test_esc_hides_what_was_found_and_then_empties_the_box(desk: DeskScreen) -> None:
    desk.focus_search()
    box = desk.header.search_box
    QTest.keyClicks(box, "pep")
    desk.show_search(FOUND)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert (desk.search.popup.isVisible(), box.text()) == (False, "pep")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_enter_with_nobody_found_chooses_nobody(desk: DeskScreen) -> None:
    heard = Heard(desk)
    desk.focus_search()
    QTest.keyClicks(desk.header.search_box, "xyz")
    desk.show_search(SearchRows("xyz", searched="Searched 42 in house."))
    assert "xyz" in desk.search.popup.words
    assert "Searched 42 in house." in desk.search.popup.words
    QTest.keyClick(desk.header.search_box, Qt.Key.Key_Return)
    assert not heard.guests
    assert desk.search.popup.isVisible()


def test_a_failed_search_says_why(desk: DeskScreen) -> None:
    desk.focus_search()
    QTest.keyClicks(desk.header.search_box, "pep")
    desk.show_search(SearchRows("pep", reading=Reading.FAILED, problem="Mews answered with an error."))
    assert "Mews answered with an error." in desk.search.popup.words


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Ottoline Pepperwick", "pep 21", ["Pep"]),
        ("Confirmation 48213", "pep 21", ["21"]),
        ("a.b+c", "b+", ["b"]),
        ("Pepperwick", "", []),
        ("Isolde", "pep", []),
    ],
)
def test_matches_are_marked_and_nothing_is_lost(text: str, query: str, marked: list[str]) -> None:
    runs = mark_matches(text, query)
    assert "".join(run.text for run in runs) == text
    assert [run.text for run in runs if run.ground] == marked


def test_the_popup_does_not_shrink_between_two_letters(desk: DeskScreen) -> None:
    desk.focus_search()
    popup = desk.search.popup
    QTest.keyClicks(desk.header.search_box, "p")
    desk.show_search(replace(FOUND, query="p"))
    tall = popup.height()
    QTest.keyClicks(desk.header.search_box, "e")
    fewer = SearchRows("pe", FOUND.groups[:1])
    desk.show_search(fewer)
    assert popup.height() == tall
    desk.show_search(replace(fewer, reading=Reading.UNDER_WAY))
    assert popup.height() < tall
    desk.resize(1100, 700)
    box = desk.header.search_box
    assert popup.geometry().center().x() == box.mapTo(desk, box.rect().center()).x()

"""The journal's list of what is not known: told, reached by the keyboard, and acted upon."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from deskpay.domain.intent import Evidence, IntentKind, IntentState
from deskpay.services.intent_runner import IntentNews
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.journal.rows import UnresolvedRow, unresolved_rows
from deskpay.ui.journal.unresolved_table import LAST, UnresolvedModel
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.kit.fake_hotel import TheHotel
from tests.kit.intents import NOW, make_event, make_intent, make_record

S, E = IntentState, Evidence
DATES = DateWords(TheHotel.zone)


def news(number: int, *looks: tuple[float, Evidence], next_in_s: float | None = 42, **changed: object) -> IntentNews:
    """An act whose answer was lost at 09:14 and that was looked for so many seconds after."""
    record = make_record(make_intent(number, **changed), S.SENDING).moved(make_event(S.UNKNOWN))
    for after, evidence in looks:
        at = NOW + timedelta(seconds=after)
        record = record.moved(make_event(S.UNKNOWN, at_utc=at, evidence=evidence))
    return IntentNews(record, None if next_in_s is None else 1_000 + next_in_s)


def rows_of(*under_way: IntentNews, alarms: tuple[IntentNews, ...] = ()) -> tuple[UnresolvedRow, ...]:
    return unresolved_rows(under_way, alarms, DATES, NOW + timedelta(minutes=20), 1_000)


LONG = news(1, (2, E.NOT_FOUND), (900, E.NOT_FOUND))
SHORT = news(2, (2, E.COULD_NOT_LOOK), drafted_utc=NOW + timedelta(minutes=1))
SEVERAL = news(3, (2, E.SEVERAL_FOUND), drafted_utc=NOW + timedelta(minutes=2))


def test_a_row_tells_since_when_and_when_it_is_looked_for() -> None:
    (row,) = rows_of(LONG)
    assert (row.key, row.guest, row.reference) == ("intent-1", "Zoë Łukasz 王", "DP-7K2M-0001")
    assert (row.since, row.last_look, row.next_look) == ("09:14 · 20 min", "09:29:00", "09:34:42")
    assert (row.what, row.state.words, row.may_decide) == ("Charge", "Decide", True)


@pytest.mark.parametrize(
    ("told", "state", "decide"),
    [(SHORT, "Not known", False), (SEVERAL, "Decide", True), (news(4, next_in_s=None), "Not known", False)],
)
def test_people_decide_only_after_looks_that_proved_nothing(told: IntentNews, state: str, decide: bool) -> None:
    (row,) = rows_of(told)
    assert (row.state.words, row.may_decide) == (state, decide)


def test_what_was_never_looked_for_and_is_looked_for_now_says_so() -> None:
    (row,) = rows_of(news(4, next_in_s=None))
    assert (row.last_look, row.next_look) == ("not yet", "now")


@pytest.mark.parametrize(("kind", "state"), [(IntentKind.REFUND, "Refund pending"), (IntentKind.CHARGE, "Pending")])
def test_what_is_accepted_is_pending(kind: IntentKind, state: str) -> None:
    (row,) = rows_of(IntentNews(make_record(make_intent(kind=kind), S.SENDING, S.ACCEPTED)))
    assert row.state.words == state


def test_what_awaits_its_answer_is_not_listed() -> None:
    assert rows_of(IntentNews(make_record(make_intent(), S.SENDING))) == ()


def test_alarms_come_first_and_the_oldest_next() -> None:
    ended = make_record(make_intent(5), S.SENDING, S.UNKNOWN, S.RESOLVED)
    found = rows_of(SEVERAL, SHORT, LONG, alarms=(IntentNews(ended, late_id="p"),))
    assert [row.key for row in found] == ["intent-5", "intent-1", "intent-2", "intent-3"]
    assert (found[0].state.words, found[0].next_look, found[0].may_decide) == ("Turned up", "", False)


def test_hours_follow_minutes() -> None:
    told = unresolved_rows((LONG,), (), DATES, NOW + timedelta(hours=5), 1_000)
    assert told[0].since == "09:14 · 5 h"


@pytest.fixture
def screen(qtbot: QtBot) -> DeskScreen:
    screen = DeskScreen()
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    screen.activateWindow()
    return screen


def test_the_model_is_sound(qtmodeltester: ModelTester) -> None:
    model = UnresolvedModel(MoneyWords())
    model.set_rows(rows_of(LONG, news(6, kind=IntentKind.SAVE_CARD)))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # the plugin has no types


def test_the_keyboard_goes_to_the_journal_and_back(screen: DeskScreen) -> None:
    screen.show_unresolved(rows_of(LONG, SHORT))
    assert not screen.on_journal
    QTest.keyClick(screen, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert screen.on_journal
    assert screen.header.journal_tab.isChecked()
    assert screen.journal.table.current() is not None
    assert screen.journal.check_button.isEnabled()
    assert screen.journal.decide_button.isEnabled()
    QTest.keyClick(screen, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not screen.on_journal
    assert screen.header.desk_tab.isChecked()
    screen.header.journal_tab.click()
    assert screen.on_journal


def test_keys_act_on_the_act_that_is_marked(screen: DeskScreen) -> None:
    heard: list[tuple[str, str]] = []
    screen.check_requested.connect(lambda key: heard.append(("check", key)))
    screen.story_requested.connect(lambda key: heard.append(("story", key)))
    screen.decide_requested.connect(lambda key: heard.append(("decide", key)))
    screen.show_unresolved(rows_of(LONG, SHORT))
    screen.show_journal()
    table = screen.journal.table
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(table, Qt.Key.Key_F5)
    QTest.keyClick(table, Qt.Key.Key_F8)
    assert heard == [("story", "intent-1"), ("check", "intent-1"), ("decide", "intent-1")]
    heard.clear()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_F8)
    assert heard == []
    assert not screen.journal.decide_button.isEnabled()
    screen.journal.check_button.click()
    screen.journal.story_button.click()
    assert heard == [("check", "intent-2"), ("story", "intent-2")]


def test_no_key_of_the_journal_moves_a_guests_money(screen: DeskScreen) -> None:
    heard: list[str] = []
    for signal in (screen.charge_requested, screen.record_requested, screen.add_card_requested):
        signal.connect(lambda: heard.append("money"))
    screen.refund_requested.connect(lambda _key: heard.append("refund"))
    screen.show_journal()
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F7, Qt.Key.Key_F8):
        QTest.keyClick(screen, key)
    assert heard == []


def test_nothing_to_know_is_said(screen: DeskScreen) -> None:
    screen.show_journal()
    assert screen.journal.empty.isVisible()
    assert not screen.journal.check_button.isEnabled()
    screen.show_unresolved(rows_of(LONG))
    assert screen.journal.table.isVisible()
    screen.show_unresolved(())
    assert screen.journal.empty.isVisible()


def test_the_act_marked_stays_marked_while_rows_come_and_go(screen: DeskScreen) -> None:
    screen.show_unresolved(rows_of(LONG, SHORT))
    screen.show_journal()
    screen.journal.table.selectRow(1)
    screen.show_unresolved(rows_of(LONG, SHORT, SEVERAL))
    current = screen.journal.table.current()
    assert current is not None
    assert current.key == "intent-2"


def test_a_narrow_window_leaves_the_last_look_out(screen: DeskScreen) -> None:
    screen.show_unresolved(rows_of(LONG))
    screen.show_journal()
    assert not screen.journal.table.isColumnHidden(LAST)
    screen.resize(1000, 700)
    assert screen.journal.table.isColumnHidden(LAST)

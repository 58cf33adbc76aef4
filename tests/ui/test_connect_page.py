"""The way in: what it asks for, what it hands on, and where it says what is wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from deskpay.domain.environment import Environment
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    JournalTooNew,
    NotMews,
    Unauthorized,
)
from deskpay.ui.connect_page import ConnectPage, TypedConnection
from deskpay.ui.theme import Scheme, apply_theme

TYPED = ("http://127.0.0.1:8000", "http://localhost:8001", "client", "access")


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> ConnectPage:
    apply_theme(qapp, Scheme.LIGHT)
    widget = ConnectPage()
    widget.resize(1024, 660)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def fill(page: ConnectPage, *typed: str) -> None:
    for line, text in zip(page._lines(), typed, strict=True):
        line.editor.clear()
        QTest.keyClicks(line.editor, text)


def said(page: ConnectPage) -> list[str]:
    return [line.message for line in page._lines()]


def test_what_was_typed_is_handed_on_without_the_spaces_around_it(page: ConnectPage, qtbot: QtBot) -> None:
    fill(page, *(f" {text} " for text in TYPED))
    with qtbot.waitSignal(page.connection_entered) as entered:
        QTest.keyClick(page._connect, Qt.Key.Key_Space)
    assert entered.args == [TypedConnection(*TYPED)]
    assert "client" not in repr(TypedConnection(*TYPED)).replace("client_token", "")


@pytest.mark.parametrize("environment", [Environment.TRAINING, Environment.LIVE])
def test_keys_of_paymongo_are_handed_on_where_there_are_any(
    page: ConnectPage, qtbot: QtBot, environment: Environment
) -> None:
    page.ask_tokens(environment)
    fill(page, *TYPED)
    for line, text in ((page._secret_key, " sk_1 "), (page._public_key, "pk_1")):
        assert line.isVisible()
        QTest.keyClicks(line.editor, text)
    assert page._secret_key.editor.echoMode() is QLineEdit.EchoMode.PasswordEchoOnEdit
    with qtbot.waitSignal(page.connection_entered) as entered:
        QTest.keyClick(page._connect, Qt.Key.Key_Space)
    (typed,) = entered.args
    assert (typed.environment, typed.secret_key, typed.public_key) == (environment, "sk_1", "pk_1")
    page.show_problem(InputRefused(Field.SECRET_KEY, InputProblem.OTHER_KEY))
    assert "begins with sk_" in page._secret_key.message
    page.show_problem(InputRefused(Field.PUBLIC_KEY, InputProblem.OTHER_MODE))
    assert "live keys live ones" in page._public_key.message
    page.set_busy(True)
    assert page._secret_key.message == page._public_key.message == ""


def test_the_public_test_hotel_asks_for_no_keys(page: ConnectPage) -> None:
    page.ask_tokens(Environment.DEMO)
    assert page._secret_key.isHidden()
    assert page._public_key.isHidden()


@pytest.mark.parametrize("at", [0, 2, 3])
def test_what_is_missing_is_asked_for_one_after_the_other(page: ConnectPage, at: int) -> None:
    heard: list[TypedConnection] = []
    page.connection_entered.connect(heard.append)
    fill(page, *("" if place == at else text for place, text in enumerate(TYPED)))
    page._connect.click()
    assert [bool(words) for words in said(page)] == [place == at for place in range(4)]
    assert page._lines()[at].editor.hasFocus()
    assert not heard
    fill(page, *TYPED)
    page._connect.click()
    assert heard == [TypedConnection(*TYPED)]
    assert said(page) == [""] * 4


@pytest.mark.parametrize(
    ("problem", "at"),
    [
        (InputRefused(Field.ADDRESS, InputProblem.BAD_FORM), 0),
        (NotMews("x"), 0),
        (InputRefused(Field.CLIENT_TOKEN, InputProblem.EMPTY), 2),
        (InputRefused(Field.ACCESS_TOKEN, InputProblem.EMPTY), 3),
        (Unauthorized("x"), 3),
    ],
)
def test_a_problem_stands_beside_the_field_that_can_mend_it(page: ConnectPage, problem: DeskPayError, at: int) -> None:
    fill(page, *TYPED)
    page.set_busy(True)
    assert not page._connect.isEnabled()
    assert not page._start.isEnabled()
    page.show_problem(problem)
    assert [bool(words) for words in said(page)] == [place == at for place in range(4)]
    assert not page._message.isVisible()
    assert page._connect.isEnabled()
    assert tuple(line.text() for line in page._lines()) == TYPED


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (HotelUnavailable("x"), "Mews cannot be reached"),
        (JournalTooNew("x"), "Install the newest DeskPay"),
        (InputRefused(Field.NOTE, InputProblem.EMPTY), "Something is still missing"),
    ],
)
def test_a_problem_of_no_field_stands_on_top_until_the_next_try(
    page: ConnectPage, problem: DeskPayError, words: str
) -> None:
    page.show_problem(problem)
    assert page._message.isVisible()
    assert words in page._message.text
    assert said(page) == [""] * 4
    page.set_busy(True)
    assert not page._message.isVisible()


def test_training_is_one_key_away(page: ConnectPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.training_requested):
        QTest.keyClick(page._start, Qt.Key.Key_Space)

"""Buttons, fields and choices, worked as a clerk works them."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.field import ChoiceField, Field
from deskpay.ui.components.focus_ring import FocusRing
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.segments import QuickChoice, Segments
from deskpay.ui.components.state_chip import ChipState, StateChip, Tone, chip_for
from deskpay.ui.components.text import Text

CARDS = (
    RadioCard("visa", "VISA", "Visa •••• 1111", "Expires 04/28"),
    RadioCard("amex", "AMEX", "Amex •••• 0005", reason="Expired 09/26"),
    RadioCard("mc", "MC", "Mastercard •••• 4444", "Expires next month, 12/26", warning=True),
)


Show = Callable[..., QWidget]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Puts widgets into a window, shows it, and keeps it for the test."""
    windows: list[QWidget] = []

    def put(*widgets: QWidget) -> QWidget:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window

    yield put
    windows.clear()


def test_a_button_is_pressed_by_space_and_never_by_enter(show: Show) -> None:
    button = Button("Charge £312.40", ButtonKind.PRIMARY, size=ButtonSize.ACTION)
    show(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Enter)
    assert not pressed
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(pressed) == 1


def test_a_money_button_is_high_enough_to_hit(qtbot: QtBot) -> None:
    button = Button("Charge", size=ButtonSize.ACTION)
    qtbot.addWidget(button)
    assert button.sizeHint().height() == 36


def test_an_ampersand_makes_no_mnemonic(qtbot: QtBot) -> None:
    button = Button("Smith & Sons")
    qtbot.addWidget(button)
    assert button.shortcut().isEmpty()
    assert button.label == "Smith & Sons"
    assert button.accessibleName() == "Smith & Sons"


def test_a_screen_reader_hears_the_spoken_amount(qtbot: QtBot) -> None:
    button = Button("Charge £312.40", spoken="Charge 312 pounds 40")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Charge 312 pounds 40"


def test_a_busy_button_cannot_be_pressed_again(show: Show) -> None:
    button = Button("Charge")
    show(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.set_busy("Charging")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not pressed
    assert button.accessibleName() == "Charging"
    button.set_ready()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1
    assert button.accessibleName() == "Charge"


def test_the_keyboard_shows_a_ring_and_the_mouse_does_not(show: Show) -> None:
    button, other = Button("One"), Button("Two")
    window = show(button, other)
    rings = {r._target: r for r in window.findChildren(FocusRing)}
    ring = rings[button]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()
    assert ring.geometry() == button.geometry().adjusted(-4, -4, 4, 4)
    other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible()
    assert not rings[other].isVisible()


def test_an_error_keeps_what_was_typed_and_is_heard(show: Show) -> None:
    field = Field("Slip number", hint="As printed on the slip")
    show(field)
    QTest.keyClicks(field.editor, "004511")
    field.set_error("Slip already recorded")
    assert field.text() == "004511"
    assert field.message == "Slip already recorded"
    assert field.editor.accessibleName() == "Slip number"
    assert field.editor.accessibleDescription() == "Slip already recorded"
    field.set_error("")
    assert field.message == "As printed on the slip"


def test_a_field_reports_typing_and_not_being_filled(show: Show) -> None:
    field = Field("Note")
    show(field)
    edits: list[str] = []
    field.edited.connect(edits.append)
    field.set_text("dinner")
    assert not edits
    QTest.keyClicks(field.editor, "s")
    assert edits == ["dinners"]


def test_the_amount_selects_itself_so_that_typing_replaces_it(show: Show) -> None:
    amount, other = AmountField("Amount", "£"), Field("Note")
    show(other, amount)
    amount.set_text("312.40")
    other.setFocus()
    amount.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(amount.editor, "64")
    assert amount.text() == "64"


def test_the_amount_selects_itself_when_a_dialog_sends_the_keyboard_to_it(show: Show) -> None:
    amount, other = AmountField("Amount", "£"), Field("Note")
    show(other, amount)
    amount.set_text("312.40")
    other.setFocus()
    amount.setFocus()
    assert amount.editor.selectedText() == "312.40"


def test_a_click_into_the_amount_selects_it_too(show: Show) -> None:
    amount, other = AmountField("Amount", "£"), Field("Note")
    show(other, amount)
    amount.set_text("312.40")
    other.setFocus()
    QTest.mouseClick(amount.editor, Qt.MouseButton.LeftButton)
    assert amount.editor.selectedText() == "312.40"


def test_a_choice_answers_with_keys_and_not_words(show: Show) -> None:
    choice = ChoiceField("Terminal", [("t1", "Desk terminal 1"), ("t2", "Desk terminal 2")])
    show(choice)
    assert choice.current() == "t1"
    heard: list[str] = []
    choice.chosen.connect(heard.append)
    QTest.keyClick(choice.editor, Qt.Key.Key_Down)
    assert choice.current() == "t2"
    assert heard == ["t2"]
    choice.set_current("gone")
    assert choice.current() == "t2"


def test_arrows_pass_over_a_card_that_cannot_be_charged(show: Show) -> None:
    cards = RadioCards(CARDS, name="Card")
    show(cards)
    chosen: list[str] = []
    cards.chosen.connect(chosen.append)
    assert cards.current() == "visa"
    cards.setFocus(Qt.FocusReason.TabFocusReason)
    first = cards.focusProxy()
    assert first is not None
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert cards.current() == "mc"
    second = cards.focusProxy()
    assert second is not None
    QTest.keyClick(second, Qt.Key.Key_Down)
    assert cards.current() == "visa"
    assert chosen == ["mc", "visa"]


def test_a_card_says_why_it_cannot_be_chosen(show: Show) -> None:
    cards = RadioCards(CARDS)
    show(cards)
    cards.set_current("amex")
    assert cards.current() == ""
    said = {row.accessibleName(): row.accessibleDescription() for row in cards._rows}
    assert said["Amex •••• 0005"] == "Expired 09/26"


def test_the_choice_survives_new_cards(show: Show) -> None:
    cards = RadioCards(CARDS)
    show(cards)
    cards.set_current("mc")
    cards.set_cards(CARDS[1:])
    assert cards.current() == "mc"
    cards.set_cards(CARDS[:1])
    assert cards.current() == "visa"


def test_segments_move_by_arrows_and_are_one_stop_for_tab(show: Show) -> None:
    segments = Segments([("a", "In house", ""), ("b", "Arriving", ""), ("c", "Leaving", "")])
    show(segments)
    chosen: list[str] = []
    segments.chosen.connect(chosen.append)
    QTest.keyClick(segments._segments[0], Qt.Key.Key_Left)
    assert segments.current() == "c"
    assert chosen == ["c"]
    stops = [s for s in segments._segments if s.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [s.key for s in stops] == ["c"]


def test_a_quick_choice_makes_room_for_its_tick(qtbot: QtBot) -> None:
    quick = QuickChoice("Half £156.20")
    qtbot.addWidget(quick)
    before = quick.sizeHint().width()
    quick.set_on(True)
    assert quick.sizeHint().width() > before


def test_markup_from_a_server_is_shown_as_typed(qtbot: QtBot) -> None:
    text = Text("<b>Bobby</b> & sons")
    qtbot.addWidget(text)
    assert text.textFormat() is Qt.TextFormat.PlainText
    text.resize(40, 18)
    text.grab()
    assert text.toolTip() == "<span>&lt;b>Bobby&lt;/b> &amp; sons</span>"


def test_wrapped_text_is_as_high_as_its_lines(qtbot: QtBot) -> None:
    text = Text("one two three four five six seven eight", wrap=True)
    qtbot.addWidget(text)
    assert text.heightForWidth(1000) == 18
    assert text.heightForWidth(90) >= 3 * 18


@pytest.mark.parametrize("state", ChipState)
def test_each_state_has_word_icon_and_colour(state: ChipState, qtbot: QtBot) -> None:
    chip = chip_for(state)
    assert chip.words
    assert chip.icon
    widget = StateChip(chip)
    qtbot.addWidget(widget)
    assert widget.accessibleName() == chip.words


def test_only_what_is_not_known_is_violet() -> None:
    violet = {state for state in ChipState if chip_for(state).tone is Tone.UNKNOWN}
    assert violet == {ChipState.NOT_KNOWN, ChipState.CHECKING}
    assert len({chip_for(state) for state in ChipState}) == len(ChipState)


@pytest.mark.parametrize(
    ("brand", "letters"),
    [
        ("Visa", "VISA"),
        ("MasterCard", "MC"),
        ("American Express", "AMEX"),
        ("Amex", "AMEX"),
        ("", "CARD"),
        ("JCB", "JCB"),
    ],
)
def test_brands_are_letters(brand: str, letters: str) -> None:
    assert badge_for(brand) == letters

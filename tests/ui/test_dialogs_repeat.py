"""The same money twice: only a person who ticks and says why goes on, and the safe button has the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.domain.errors import Hand, Repeat, UserCancelled
from deskpay.domain.money import Money
from deskpay.ui.ask import ConfirmWords
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.state_chip import StateChip
from deskpay.ui.components.text import Text
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from tests.kit.dialogs import answer_to, confirm, escape, make_window, write
from tests.kit.intents import GBP
from tests.kit.loops import CoroutineRunner

WORDS = ConfirmWords(
    about="Ottoline Pepperwick · Room 214",
    amount="£312.40",
    what="£312.40 to Visa •••• 1111",
    badge="VISA",
    title="This looks like the same charge again",
    question="Why is it charged twice?",
    again="Charge another £312.40 to Visa •••• 1111",
    leave="Don't charge",
    reference="DP-9X2B-7TRE",
)


def ask(qtbot: QtBot, *repeats: Repeat) -> RepeatDialog:
    return RepeatDialog(make_window(qtbot), repeats, WORDS, Environment.LIVE)


def words_of(dialog: RepeatDialog) -> str:
    return " | ".join(label.text() for label in dialog.findChildren(Text))


def test_a_second_payment_needs_a_tick_and_a_reason(qtbot: QtBot, run: CoroutineRunner) -> None:
    dialog = ask(qtbot, Repeat("payment-1", "DP-7K4M-2Q9C", 3))

    def clerk() -> None:
        assert dialog.leave_button.hasFocus()
        button = dialog.confirm_button
        assert button is not None
        assert button.label == WORDS.again
        confirm(dialog)
        assert dialog.asked
        write(dialog.why, "second room, 215")
        confirm(dialog)
        assert dialog.asked
        QTest.keyClick(dialog.sure, Qt.Key.Key_Space)
        write(dialog.why, "4111111111111111")
        confirm(dialog)
        assert dialog.asked
        write(dialog.why, " second room, 215 ")
        confirm(dialog)

    assert run(answer_to(dialog, clerk)) == "second room, 215"
    dialog.finish()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_the_key_at_hand_does_not_charge(qtbot: QtBot, run: CoroutineRunner, key: Qt.Key) -> None:
    dialog = ask(qtbot, Repeat("payment-1", "", 3))
    with pytest.raises(UserCancelled):
        run(answer_to(dialog, lambda: QTest.keyClick(dialog.leave_button, key)))


def test_unticking_takes_the_permission_back(qtbot: QtBot, run: CoroutineRunner) -> None:
    dialog = ask(qtbot, Repeat("payment-1", "", 3))

    def clerk() -> None:
        write(dialog.why, "second room")
        dialog.sure.click()
        dialog.sure.click()
        confirm(dialog)
        assert dialog.asked
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))


@pytest.mark.parametrize(
    ("minutes", "says"),
    [(0, "Less than a minute ago"), (1, "1 minute ago"), (3, "3 minutes ago"), (119, "119 minutes"), (300, "5 hours")],
)
def test_the_earlier_payment_is_told_with_its_age_and_reference(qtbot: QtBot, minutes: int, says: str) -> None:
    dialog = ask(qtbot, Repeat("payment-1", "DP-7K4M-2Q9C", minutes))
    text = words_of(dialog)
    assert says in text
    assert "DP-7K4M-2Q9C" in text
    assert "DP-9X2B-7TRE" in text
    dialog.finish()


def test_a_payment_made_by_somebody_else_says_so(qtbot: QtBot) -> None:
    dialog = ask(qtbot, Repeat("payment-1", "", 30))
    assert "not by DeskPay" in words_of(dialog)
    dialog.finish()


@pytest.mark.parametrize(
    ("repeat", "says"),
    [
        (Repeat("p", "DP-7K4M-2Q9C", 3, hand=Hand.DESKPAY, operator="Poppy Inkwell"), ["Poppy Inkwell"]),
        (Repeat("p", "DP-7K4M-2Q9C", 3, hand=Hand.DESKPAY), ["DeskPay, at another desk"]),
        (Repeat("p", "", 3, hand=Hand.COLLEAGUE), ["a colleague in Mews"]),
        (Repeat("p", "", 3, hand=Hand.AUTOMATION), ["Mews, by itself"]),
        (Repeat("p", "", 3, hand=Hand.LINK), ["pay link"]),
        (Repeat("p", "", 3, hand=Hand.TERMINAL), ["card terminal"]),
        (Repeat("p", "", 3, hand=Hand.CHANNEL), ["booking site"]),
        (Repeat("p", "", 3, amount=Money(31865, GBP), final=False), ["£318.65 from the same guest"]),
        (Repeat("p", "", 3, same_guest=False), ["another guest of this stay"]),
        (Repeat("p", "", 3, hand=Hand.LINK, open_request=True, final=False), ["may be paid at any moment"]),
    ],
)
def test_who_took_it_how_much_and_how_is_told(qtbot: QtBot, repeat: Repeat, says: list[str]) -> None:
    dialog = ask(qtbot, repeat)
    text = words_of(dialog)
    assert all(words in text for words in says)
    chips = [chip.chip.words for chip in dialog.findChildren(StateChip)]
    state = "Waiting for guest" if repeat.open_request else "On the account" if repeat.final else "Pending"
    assert chips == [state, "Not sent"]
    dialog.finish()


def test_all_that_was_found_is_shown_or_counted(qtbot: QtBot) -> None:
    dialog = ask(qtbot, *(Repeat(f"payment-{n}", f"DP-0000-000{n}", n) for n in range(5)))
    text = words_of(dialog)
    assert [f"DP-0000-000{n}" in text for n in range(5)] == [True, True, True, False, False]
    assert "And 2 more" in text
    dialog.finish()

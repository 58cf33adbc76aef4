"""A declined card: what it usually means, how often it was tried, and a key for each way on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.services.intent_runner import IntentNews
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.kit.guest_file import NOW
from tests.kit.loops import CoroutineRunner
from tests.kit.outcomes import SENT, Desk, K, S, StillClock, event, record, text, told, with_dialog


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, StillClock())


@pytest.mark.parametrize(
    ("key", "move"), [(Qt.Key.Key_F2, "CHARGE"), (Qt.Key.Key_F4, "PAY_LINK"), (Qt.Key.Key_F6, "SMALLER_PART")]
)
def test_each_way_on_after_a_declined_card_has_its_key(
    desk: Desk, run: CoroutineRunner, key: Qt.Key, move: str
) -> None:
    asked: list[str] = []

    def clerk(dialog: OutcomeDialog) -> None:
        dialog.move_chosen.connect(lambda chosen: asked.append(chosen.name))
        QTest.keyClick(dialog, key)

    with_dialog(run, desk, told(K.CHARGE, S.DECLINED), clerk)
    assert asked == [move]


def test_without_links_none_is_offered_and_its_key_does_nothing(desk: Desk, run: CoroutineRunner) -> None:
    asked: list[object] = []

    def clerk(dialog: OutcomeDialog) -> None:
        dialog.move_chosen.connect(asked.append)
        QTest.keyClick(dialog, Qt.Key.Key_F4)
        assert "pay link" not in text(dialog)

    desk.can_link = False
    with_dialog(run, desk, told(K.CHARGE, S.DECLINED), clerk)
    assert asked == []


def test_a_declined_card_says_what_it_means_and_how_often_it_was_tried(desk: Desk) -> None:
    refusal = replace(event(S.DECLINED, 4), message="Transaction was declined (Not enough balance).")
    dialog = desk.show(IntentNews(record(K.CHARGE, SENT, refusal)))
    assert "Mews says: “Transaction was declined (Not enough balance).”" in text(dialog)
    assert "Usually there is not enough money on the card." in text(dialog)
    assert "times today" not in text(dialog)
    dialog.know_tries(2)
    assert "This card was declined 3 times today." in text(dialog)
    dialog.finish()
    dialog.know_tries(3)


def test_the_next_part_of_a_sum_is_offered_once_this_one_is_taken(desk: Desk) -> None:
    desk.next_part = "Charge part 2 of 3…"
    dialog = desk.show(told(K.CHARGE, S.SENDING))
    assert dialog.again_button.isHidden()
    dialog.show_news(told(K.CHARGE, S.CONFIRMED), NOW)
    assert not dialog.again_button.isHidden()
    assert dialog.again_button.label == "Charge part 2 of 3…"
    dialog.finish()

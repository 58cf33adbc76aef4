"""The dialog's frame: what confirms, what closes, and what stays in sight."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.field import Field
from deskpay.ui.components.message import Message
from deskpay.ui.components.scrim import Scrim
from deskpay.ui.components.skeleton import Skeleton
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.timeline import Step, StepState, Timeline
from deskpay.ui.main_window import MainWindow


@dataclass
class Clock:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Desk:
    """A window with its bar, and an open dialog that counts its confirmations."""

    window: QWidget
    bar: EnvironmentBar
    dialog: DialogShell
    clock: Clock
    confirmed: list[bool] = field(default_factory=list)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    window = QWidget()
    window.resize(1024, 700)
    bar = EnvironmentBar(Environment.TRAINING)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bar)
    column.addStretch()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    clock = Clock()
    dialog = DialogShell(window, "Charge a saved card", "Ottoline Pepperwick", strip="Charge", clock=clock)
    made = Desk(window, bar, dialog, clock)
    dialog.confirmed.connect(lambda: made.confirmed.append(True))
    dialog.add_cancel()
    dialog.set_confirm("Charge £312.40 to Visa •••• 1111", "Charge 312 pounds 40 to Visa ending 1111")
    dialog.body.addWidget(Field("Note"))
    with qtbot.waitExposed(dialog):
        dialog.open()
    dialog.activateWindow()
    yield made
    dialog.close()


def test_ctrl_enter_is_ignored_until_the_dialog_has_settled(desk: Desk) -> None:
    desk.clock.now_s += 0.399
    QTest.keyClick(desk.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not desk.confirmed
    desk.clock.now_s += 0.002
    QTest.keyClick(desk.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.confirmed) == 1


def test_plain_enter_never_pays(desk: Desk) -> None:
    desk.clock.now_s += 5
    button = desk.dialog.confirm_button
    assert button is not None
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(desk.dialog, key)
        QTest.keyClick(button, key)
    assert not desk.confirmed
    assert desk.dialog.isVisible()


def test_nothing_confirms_while_a_field_is_wrong(desk: Desk) -> None:
    desk.clock.now_s += 5
    desk.dialog.set_valid(False, "The amount is too high")
    button = desk.dialog.confirm_button
    assert button is not None
    QTest.keyClick(desk.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not desk.confirmed
    assert desk.dialog.reason == "The amount is too high"
    assert button.accessibleDescription() == "The amount is too high"
    desk.dialog.set_valid(True)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(desk.confirmed) == 1
    assert desk.dialog.reason == ""


def test_a_button_that_is_ready_again_does_not_confirm_what_is_wrong(desk: Desk) -> None:
    desk.clock.now_s += 5
    button = desk.dialog.confirm_button
    assert button is not None
    desk.dialog.set_valid(False, "Choose a card")
    button.set_busy("Charging")
    button.set_ready()
    QTest.keyClick(desk.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not desk.confirmed


def test_a_renamed_button_stays_forbidden(desk: Desk) -> None:
    desk.dialog.set_valid(False, "Choose a card")
    assert not desk.dialog.set_confirm("Charge £64.00").isEnabled()


def test_esc_cancels_what_was_not_sent(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.dialog.rejected):
        QTest.keyClick(desk.dialog, Qt.Key.Key_Escape)
    assert not desk.dialog.isVisible()


def test_esc_only_hides_what_was_sent(desk: Desk, qtbot: QtBot) -> None:
    desk.dialog.close()
    sent = DialogShell(desk.window, "Charging £312.40", closable=False)
    with qtbot.waitExposed(sent):
        sent.open()
    rejected: list[bool] = []
    sent.rejected.connect(lambda: rejected.append(True))
    with qtbot.waitSignal(sent.hidden_by_key):
        QTest.keyClick(sent, Qt.Key.Key_Escape)
    assert not rejected
    assert sent.isVisible()
    sent.close()


def test_the_scrim_leaves_the_environment_in_sight(desk: Desk) -> None:
    scrim = desk.window.findChild(Scrim)
    assert isinstance(scrim, Scrim)
    assert scrim.isVisible()
    assert scrim.geometry().top() == desk.bar.geometry().bottom() + 1
    desk.window.resize(1200, 800)
    assert scrim.width() == 1200
    desk.dialog.reject()
    assert not scrim.isVisible()


def test_of_several_pages_the_one_that_is_shown_has_the_bar(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.desk.set_environment(Environment.DEMO)
    window.show_desk()
    with qtbot.waitExposed(window):
        window.show()
    dialog = DialogShell(window, "Charge a saved card")
    dialog.open()
    scrim, strip = window.findChild(Scrim), dialog.findChild(EnvironmentBar)
    assert isinstance(scrim, Scrim)
    assert isinstance(strip, EnvironmentBar)
    assert scrim.geometry().top() == window.desk.bar.geometry().bottom() + 1 > 1
    assert strip.environment is Environment.DEMO
    dialog.reject()
    window.let_go()


def test_the_dialog_carries_the_environment_of_its_window(desk: Desk) -> None:
    strip = desk.dialog.findChild(EnvironmentBar)
    assert isinstance(strip, EnvironmentBar)
    assert strip.environment is Environment.TRAINING
    assert "TRAINING" in strip.accessibleName()


def test_a_low_window_scrolls_the_body_and_keeps_the_footer(desk: Desk, qtbot: QtBot) -> None:
    for _ in range(30):
        desk.dialog.body.addWidget(Field("Line"))
    button = desk.dialog.confirm_button
    assert button is not None
    qtbot.waitUntil(lambda: desk.dialog.height() > 600)
    bottom = button.mapToGlobal(button.rect().bottomLeft()).y()
    assert bottom <= desk.window.mapToGlobal(desk.window.rect().bottomLeft()).y()


def test_the_dialog_is_as_high_as_its_content(desk: Desk, qtbot: QtBot) -> None:
    before = desk.dialog.height()
    desk.dialog.body.addWidget(Skeleton(100, 80))
    qtbot.waitUntil(lambda: desk.dialog.height() == before + 80 + 14)


def test_a_dialog_that_fits_lays_itself_out_no_more(desk: Desk) -> None:
    requests: list[int] = []

    class Count(QObject):
        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.LayoutRequest:
                requests.append(1)
            return False

    count = Count()
    desk.dialog.installEventFilter(count)
    desk.dialog.set_valid(False, "Type an amount above zero.")
    desk.dialog.set_reference("DP-7K4M-2Q9C")
    for _ in range(40):
        QCoreApplication.processEvents()
    assert 0 < len(requests) < 10


def test_what_is_not_known_is_a_result_of_its_own(desk: Desk) -> None:
    desk.dialog.set_result(Tone.UNKNOWN, "circle-question-mark")
    assert desk.dialog._card.unknown
    desk.dialog.set_result(Tone.SUCCESS, "circle-check")
    assert not desk.dialog._card.unknown


def test_a_reference_stands_in_the_footer(desk: Desk) -> None:
    desk.dialog.set_reference("DP-7K4M-2Q9C")
    desk.dialog.set_note("Hiding does not stop the charge")
    assert desk.dialog.reference == "DP-7K4M-2Q9C"
    assert desk.dialog.note == "Hiding does not stop the charge"


def test_a_timeline_reads_from_first_to_last(qtbot: QtBot) -> None:
    steps = [Step("Sent to Mews", StepState.DONE, "14:32:08"), Step("Waiting for the answer", StepState.NOW, "4 s")]
    timeline = Timeline(steps)
    qtbot.addWidget(timeline)
    assert timeline.accessibleName() == "Sent to Mews 14:32:08. Waiting for the answer 4 s"
    node = timeline._grid.itemAtPosition(2, 0)
    timeline.set_steps([steps[0], Step("Waiting for the answer", StepState.NOW, "5 s")])
    assert timeline.steps[1].time == "5 s"
    assert timeline._grid.itemAtPosition(2, 0) is node


def test_a_message_says_its_news_without_colour(qtbot: QtBot) -> None:
    message = Message(Tone.UNKNOWN, "1 payment is not known yet.", "Do not take it again.")
    qtbot.addWidget(message)
    assert message.text == "1 payment is not known yet. Do not take it again."
    assert message.accessibleName() == message.text

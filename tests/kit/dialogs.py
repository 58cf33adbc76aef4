"""The clerk at a dialog: a window below it, keys pressed, and the answer that comes of them."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from deskpay.services.scope import side_by_side
from deskpay.ui.ask import Asking
from deskpay.ui.components.dialog_shell import SETTLE_S, DialogShell
from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.field import Labelled, LineInput

T = TypeVar("T")


class _Activation(QObject):
    """Tells when a dialog gets the keyboard."""

    def __init__(self, dialog: DialogShell) -> None:
        super().__init__(dialog)
        self.done = asyncio.Event()
        if dialog.isActiveWindow():
            self.done.set()
        dialog.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.done.set()
        return False


def make_window(qtbot: QtBot) -> QWidget:
    """A window of 1280 by 800 with its bar, as dialogs lie over it."""
    window = QWidget()
    window.resize(1280, 800)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(EnvironmentBar(Environment.TRAINING))
    column.addStretch()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def write(field: Labelled, text: str) -> None:
    """Replace what stands in a field, key by key."""
    editor = field.focusProxy()
    assert isinstance(editor, LineInput)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    QTest.keyClicks(editor, text)


def confirm(dialog: DialogShell) -> None:
    """Press Ctrl+Enter, the dialog having been open for long enough."""
    dialog._opened_s -= SETTLE_S
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def escape(dialog: DialogShell) -> None:
    """Press Esc."""
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


async def opened(dialog: DialogShell) -> None:
    """Turn the loop until the dialog has the keyboard."""
    window = _Activation(dialog)
    async with asyncio.timeout(10):
        await window.done.wait()


async def answer_to(dialog: Asking[T], act: Callable[[], object]) -> T:
    """Wait for an answer while `act` plays the clerk.

    Raises:
        UserCancelled: the clerk left.
    """
    async with side_by_side() as group:
        answering = group.create_task(dialog.answer())
        await asyncio.sleep(0)
        await opened(dialog)
        act()
    return answering.result()

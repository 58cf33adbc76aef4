"""Counts what a clerk presses, as the window that has the keyboard meets it, and every use of a pointer."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

_MODIFIERS = {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta}
_POINTING = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
}


class Hands(QObject):
    """What was done so far.

    Attributes:
        keys: how many keys were pressed, a chord with Ctrl counting once. They are counted as they are let go: the
            pressing of a key that a shortcut takes is delivered to no widget.
        pointing: how often a mouse, a wheel, a finger or a pen was used.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = self.pointing = 0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _POINTING:
            self.pointing += 1
        elif event.type() is QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and _is_met_first(watched):
            self.keys += event.key() not in _MODIFIERS
        return False


def _is_met_first(watched: QObject) -> bool:
    """Tell whether a key comes here first; what is not wanted there goes on to the widgets around it."""
    if not isinstance(watched, QWidget):
        return False
    window = watched.window()
    focused: QWidget | None = window.focusWidget()
    return watched is (window if focused is None else focused)


@contextmanager
def watched_hands() -> Iterator[Hands]:
    """Count from here on until the block ends."""
    application, hands = QApplication.instance(), Hands()
    assert application is not None
    application.installEventFilter(hands)
    try:
        yield hands
    finally:
        application.removeEventFilter(hands)

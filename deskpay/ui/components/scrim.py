"""The half-transparent sheet between a window and its dialog. It never covers the environment bar."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.components.environment_bar import EnvironmentBar
from deskpay.ui.theme import tokens


def room_for_dialogs(window: QWidget) -> QRect:
    """Return the part of `window` a dialog may cover, in the window's own pixels: all of it below its bar."""
    bar = window.findChild(EnvironmentBar)
    top = bar.mapTo(window, bar.rect().bottomLeft()).y() + 1 if bar is not None and bar.isVisible() else 0
    return window.rect().adjusted(0, top, 0, 0)


class Scrim(QWidget):
    """A sheet over `window`, for as long as it lives."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        self.setGeometry(room_for_dialogs(window))
        self.raise_()
        self.show()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(room_for_dialogs(self._window))
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = tokens().color("bg.scrim")
        color.setAlphaF(tokens().scrim_alpha)
        painter.fillRect(self.rect(), color)
        painter.end()

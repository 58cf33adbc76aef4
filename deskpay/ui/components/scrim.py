"""The half-transparent sheet between a window and its dialog. It never covers the environment's bar and edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.components.environment_bar import EDGE_WIDTH, EnvironmentBar
from deskpay.ui.theme import tokens


def room_for_dialogs(window: QWidget) -> QRect:
    """Return the part of `window` a dialog may cover, in the window's own pixels: all of it below its bar."""
    bar = bar_of(window)
    top = bar.mapTo(window, bar.rect().bottomLeft()).y() + 1 if bar is not None else 0
    return window.rect().adjusted(0, top, 0, 0)


def bar_of(window: QWidget) -> EnvironmentBar | None:
    """Return the bar that `window` shows now: each of its pages may have one, and so may dialogs over it."""
    bars = window.findChildren(EnvironmentBar)
    return next((bar for bar in bars if bar.window() is window and bar.isVisibleTo(window)), None)


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
        bar = bar_of(self._window)
        edge = EDGE_WIDTH if bar is not None and bar.environment.edged else 0
        painter.fillRect(self.rect().adjusted(edge, 0, -edge, -edge), color)
        painter.end()

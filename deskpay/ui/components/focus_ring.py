"""The ring around what has the keyboard: 2 px wide, 2 px away, shown when the keyboard put it there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box
from deskpay.ui.theme import tokens

_GAP = 2
_WIDTH = 2
_REACH = _GAP + _WIDTH
_QUIET = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)


class FocusRing(QWidget):
    """A ring that follows `target` and belongs to the same parent, so that scrolling clips both alike.

    Args:
        target: the control; it needs 4 px of room around it.
    """

    def __init__(self, target: QWidget) -> None:
        super().__init__(target.parentWidget())
        self._target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        target.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self._follow()
            self.setVisible(event.reason() not in _QUIET)
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        elif kind in (QEvent.Type.Move, QEvent.Type.Resize) and self.isVisible():
            self._follow()
        elif kind == QEvent.Type.ParentChange:
            self.setParent(self._target.parentWidget())
        return False

    def _follow(self) -> None:
        self.setGeometry(self._target.geometry().adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        radius = tokens().radius("control") + _REACH
        draw_box(painter, QRectF(self.rect()), radius, None, tokens().color("focus.ring"), width=_WIDTH)
        painter.end()

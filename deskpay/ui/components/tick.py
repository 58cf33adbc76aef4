"""A box to tick, with its sentence beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.focus_ring import FocusRing
from deskpay.ui.components.painting import draw_text, text_width
from deskpay.ui.theme import paint_icon, tokens

_BOX = 16
_GAP = 8
_HEIGHT = 24


class Tick(QCheckBox):
    """A sentence that holds or not. Space ticks it, as does a click anywhere on it.

    Args:
        words: the sentence.
        parent: the widget it lies in.
    """

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self._words = words
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._ring = FocusRing(self)

    def set_words(self, words: str) -> None:
        """Change the sentence."""
        self._words = words
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(_BOX + _GAP + text_width(self._words) + 2), _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_BOX + _GAP + 80, _HEIGHT)

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        enabled, on = self.isEnabled(), self.isChecked()
        box = QRectF(0.75, (self.height() - _BOX) / 2 + 0.75, _BOX - 1.5, _BOX - 1.5)
        if on:
            color = theme.color("accent.fill" if enabled else "text.disabled")
            painter.setPen(QPen(color, 1.5))
            painter.setBrush(color)
        else:
            dark = theme.scheme.value == "dark"
            ground = ("bg.window" if dark else "bg.surface") if enabled else "bg.sunken"
            painter.setPen(QPen(theme.color("border.control" if enabled else "border.default"), 1.5))
            painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            paint_icon(painter, "check", box.adjusted(1.5, 1.5, -1.5, -1.5), theme.color("accent.on"), 2.0)
        room = QRectF(_BOX + _GAP, 0, self.width() - _BOX - _GAP, self.height())
        draw_text(painter, room, self._words, "body", "text.primary" if enabled else "text.disabled")
        painter.end()

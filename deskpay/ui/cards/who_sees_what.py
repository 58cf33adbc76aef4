"""The small table that says which part of a card is known to whom."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_text
from deskpay.ui.theme import paint_icon, tokens

_HEAD = 20
_ROW = 30
_FIRST = 0.435
_TICK = "✓"


class WhoSeesWhat(QWidget):
    """Rows of what a card is made of, columns of the vault, DeskPay and Mews."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        never, not_sent, no = self.tr("Never"), self.tr("Not sent"), self.tr("No")
        self._columns = (self.tr("Vault"), self.tr("DeskPay"), self.tr("Mews"))
        self._rows = (
            (self.tr("Full number"), (_TICK, never, not_sent)),
            (self.tr("Security code"), (_TICK, never, not_sent)),
            (self.tr("Type, last four"), (_TICK, _TICK, _TICK)),
            (self.tr("Expiry"), (no, _TICK, _TICK)),
            (self.tr("Vault reference"), (_TICK, _TICK, _TICK)),
        )
        self.setAccessibleName(
            self.tr(
                "Full number and security code go to the vault only. DeskPay and Mews see type, last four and expiry."
            )
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(260, _HEAD + _ROW * len(self._rows))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        first = self.width() * _FIRST
        step = (self.width() - first) / len(self._columns)
        center = Qt.AlignmentFlag.AlignHCenter
        for at, name in enumerate(self._columns):
            place = QRectF(first + at * step, 0, step, _HEAD - 6)
            draw_text(painter, place, name, "micro", "text.tertiary", weight=600, align=center)
        for row, (name, cells) in enumerate(self._rows):
            top = _HEAD + row * _ROW
            painter.fillRect(QRectF(0, top, self.width(), 1), theme.color("border.subtle"))
            draw_text(painter, QRectF(0, top, first, _ROW), name, "small", "text.secondary")
            for at, cell in enumerate(cells):
                place = QRectF(first + at * step, top, step, _ROW)
                if cell == _TICK:
                    icon = QRectF(place.center().x() - 8, place.center().y() - 8, 16, 16)
                    paint_icon(painter, "check", icon, theme.color("success.text"))
                else:
                    draw_text(painter, place, cell, "micro", "text.tertiary", weight=400, align=center)
        painter.end()

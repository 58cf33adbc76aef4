"""Rows in one border."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from deskpay.ui.components.painting import draw_box
from deskpay.ui.theme import tokens


class Framed(QFrame):
    """Rows in one border, a line between them."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw_box(painter, box, theme.radius("card"), theme.color("bg.surface"), theme.color("border.default"))
        places = [self.column.itemAt(at) for at in range(1, self.column.count())]
        for place in places:
            if place is not None:
                painter.fillRect(QRectF(1, place.geometry().top(), self.width() - 2, 1), theme.color("border.subtle"))
        painter.end()

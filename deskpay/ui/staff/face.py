"""The round face of a person: their initials."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.staff.words import initials
from deskpay.ui.theme import tokens


def paint_face(painter: QPainter, box: QRectF, name: str, *, style: str = "small", chosen: bool = False) -> None:
    """Paint the initials of `name` on a disc.

    Args:
        painter: an active painter.
        box: where; as high as it is wide.
        name: whose.
        style: of the letters.
        chosen: True fills it.
    """
    theme = tokens()
    draw_box(painter, box, box.width() / 2, theme.color("accent.fill" if chosen else "bg.selected"))
    ink = "accent.on" if chosen else "accent.text"
    draw_text(painter, box, initials(name), style, ink, weight=600, align=Qt.AlignmentFlag.AlignHCenter)


class Face(QWidget):
    """A face by itself. The name stands beside it, so readers skip it.

    Args:
        size: of the disc in pixels.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._name = ""
        self.setFixedSize(size, size)

    def show_name(self, name: str) -> None:
        """Show whose face it is."""
        self._name = name
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_face(painter, QRectF(self.rect()), self._name, style="title")
        painter.end()

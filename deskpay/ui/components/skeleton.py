"""Grey blocks in the shape of what is being read. They stand still."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box
from deskpay.ui.theme import tokens


class Skeleton(QWidget):
    """One block.

    Args:
        width: pixels, or 0 for all there is room for.
        height: pixels.
        parent: the widget it lies in.
    """

    def __init__(self, width: int = 0, height: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self._height = height
        across = QSizePolicy.Policy.Maximum if width else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._width or 80, self._height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), tokens().radius("chip"), tokens().color("bg.pressed"))
        painter.end()

"""A QR code, dark on light in every look: scanners expect it so."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box
from deskpay.ui.theme import tokens

_QUIET = 4
"""Empty modules around it. Source: ISO/IEC 18004, quiet zone."""


class QrCode(QWidget):
    """One code, as large as its place allows, in whole pixels per module.

    Args:
        text: what it says; empty for none.
        side: pixels of its least side.
        name: what it is, for a screen reader.
    """

    def __init__(self, text: str = "", side: int = 300, name: str = "") -> None:
        super().__init__()
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self._side = side
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another code, or none."""
        matrix = segno.make(text, micro=False).matrix if text else ()
        self._rows = tuple(tuple(bool(module) for module in row) for row in matrix)
        self.update()

    @property
    def modules(self) -> int:
        """How many modules its side has; zero for no code."""
        return len(self._rows)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        left, top = (self.width() - side) / 2, (self.height() - side) / 2
        theme = tokens()
        ground = QRectF(left, top, side, side)
        draw_box(painter, ground, theme.radius("card"), QColor("#FFFFFF"), theme.color("border.default"))
        if self._rows:
            module = max(1, side // (self.modules + 2 * _QUIET))
            edge = (side - module * self.modules) / 2
            for y, row in enumerate(self._rows):
                for x, dark in enumerate(row):
                    if dark:
                        place = QRectF(left + edge + x * module, top + edge + y * module, module, module)
                        painter.fillRect(place, QColor("#000000"))
        painter.end()

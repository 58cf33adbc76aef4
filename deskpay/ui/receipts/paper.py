"""What a receipt is printed on."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSizeF


class Paper(Enum):
    """A width in millimetres, and a height where the paper has one."""

    ROLL = (80.0, 0.0, 4.0)
    A6 = (105.0, 148.0, 8.0)
    A4 = (210.0, 297.0, 20.0)

    @property
    def width_mm(self) -> float:
        """Of the paper."""
        return self.value[0]

    @property
    def margin_mm(self) -> float:
        """On every side."""
        return self.value[2]

    def size_mm(self, content_mm: float) -> QSizeF:
        """Return the size of a page with so much on it; a roll is cut where the content ends."""
        return QSizeF(self.width_mm, self.value[1] or content_mm + 2 * self.margin_mm)

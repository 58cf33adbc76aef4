"""The round mark beside a result: an icon on a tinted disc, dashed where the result is not known."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.theme import paint_icon

_SIZE = 40
_ICON = 20


class Disc(QWidget):
    """A mark of 40 px. The words beside it say the same, so readers skip it.

    Args:
        tone: its colour family.
        icon: its outline.
        parent: the widget it lies in.
    """

    def __init__(self, tone: Tone, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_mark(tone, icon)

    @property
    def tone(self) -> Tone:
        """Its colour family."""
        return self._tone

    def set_mark(self, tone: Tone, icon: str) -> None:
        """Show another result."""
        self._tone = tone
        self._icon = icon
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIZE, _SIZE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(0, 0, _SIZE, _SIZE)
        unknown = self._tone is Tone.UNKNOWN
        border = self._tone.border() if unknown else None
        draw_box(painter, box, _SIZE / 2, self._tone.ground(), border, dashed=unknown)
        inset = (_SIZE - _ICON) / 2
        paint_icon(painter, self._icon, box.adjusted(inset, inset, -inset, -inset), self._tone.ink(), 1.66)
        painter.end()

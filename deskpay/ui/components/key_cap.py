"""The small cap that names a key beside an action."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.theme import tokens

HEIGHT = 18
_PADDING = 5


def key_cap_width(key: str) -> float:
    """Return how wide the cap of `key` is, in pixels; 0 for no key."""
    return max(float(HEIGHT), text_width(key, "micro") + 2 * _PADDING + 2) if key else 0.0


def paint_key_cap(painter: QPainter, box: QRectF, key: str, *, on_fill: bool = False, enabled: bool = True) -> None:
    """Paint a cap.

    Args:
        painter: an active painter.
        box: where, `HEIGHT` high and `key_cap_width` wide.
        key: the word on it.
        on_fill: True on a filled button.
        enabled: False greys it.
    """
    theme = tokens()
    if not enabled:
        ground, border, ink = QColor(0, 0, 0, 0), theme.color("border.default"), theme.color("text.disabled")
    elif on_fill:
        ground, border, ink = QColor(0, 0, 0, 46), QColor(255, 255, 255, 97), theme.color("accent.on")
    else:
        ground, border, ink = theme.color("bg.window"), theme.color("border.default"), theme.color("text.secondary")
    draw_box(painter, box, theme.radius("chip"), ground, border)
    draw_text(painter, box, key, "micro", ink, align=Qt.AlignmentFlag.AlignHCenter)


class KeyCap(QWidget):
    """A key cap standing by itself, in a footer or a search box. It is decoration: readers skip it."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(key_cap_width(self._key) + 0.5), HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_key_cap(painter, QRectF(self.rect()), self._key, enabled=self.isEnabled())
        painter.end()

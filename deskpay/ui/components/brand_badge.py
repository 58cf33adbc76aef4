"""The neutral letter badge of a card's brand, or the icon of another tender. Never a logo."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import Laid, Run, draw_box, lay_out
from deskpay.ui.theme import paint_icon, tokens

WIDE = QSize(36, 24)
SMALL = QSize(30, 20)
_LONGEST = 4
_LETTERS = {
    "mastercard": "MC",
    "americanexpress": "AMEX",
    "dinersclub": "DC",
    "discover": "DISC",
    "maestro": "MAE",
    "unionpay": "UP",
    "chinaunionpay": "UP",
    "visaelectron": "VISA",
}


def badge_for(brand: str) -> str:
    """Return the letters of a card brand, at most four, for example "VISA" or "MC"; unknown brands give "CARD"."""
    plain = "".join(letter for letter in brand.casefold() if letter.isalpha())
    if not plain:
        return "CARD"
    return _LETTERS.get(plain, plain.upper() if len(plain) <= _LONGEST else "CARD")


def paint_badge(painter: QPainter, box: QRectF, badge: str, *, enabled: bool = True) -> None:
    """Paint a badge.

    Args:
        painter: an active painter.
        box: 36 by 24, or 30 by 20 in tables.
        badge: up to four capitals, or `icon:` and the name of an outline.
        enabled: False greys it.
    """
    theme = tokens()
    draw_box(painter, box, theme.radius("chip"), theme.color("bg.window"), theme.color("border.default"))
    ink = theme.color("text.secondary" if enabled else "text.disabled")
    if badge.startswith("icon:"):
        size = 14.0 if box.height() <= SMALL.height() else 16.0
        place = QRectF(box.center().x() - size / 2, box.center().y() - size / 2, size, size)
        paint_icon(painter, badge.removeprefix("icon:"), place, ink)
        return
    laid = _letters(badge, box.width(), 10 if box.height() > SMALL.height() else 9)
    painter.setPen(ink)
    laid.layout.draw(painter, box.topLeft() + QRectF(0, (box.height() - laid.height) / 2, 0, 0).topLeft())


@lru_cache(maxsize=64)
def _letters(badge: str, width: float, pixels: int) -> Laid:
    font = QFont(tokens().font("micro", 600))
    font.setPixelSize(pixels)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 102)
    return lay_out((Run(badge),), font, 10, width=width, align=Qt.AlignmentFlag.AlignHCenter)


class BrandBadge(QWidget):
    """A badge standing by itself. The words beside it name the brand, so readers skip it.

    Args:
        badge: up to four capitals, or `icon:` and the name of an outline.
        small: True for 30 by 20 px.
        parent: the widget it lies in.
    """

    def __init__(self, badge: str, *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = badge
        self._size = SMALL if small else WIDE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return self._size

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self._badge, enabled=self.isEnabled())
        painter.end()

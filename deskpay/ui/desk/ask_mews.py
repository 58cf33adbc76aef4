"""The last row of the search results: going on in Mews, where the lists of the day do not reach."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.key_cap import HEIGHT as KEY_HEIGHT
from deskpay.ui.components.key_cap import key_cap_width, paint_key_cap
from deskpay.ui.components.painting import draw_text
from deskpay.ui.theme import paint_icon, tokens

HEIGHT = 57
_KEYS = "Alt ↵"


class AskMewsRow(QAbstractButton):
    """Offers to ask Mews for what was typed. The keyboard stays in the search box, so it takes no focus.

    Args:
        parent: the widget it lies in.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def offer(self, typed: str) -> None:
        """Say what Mews would be asked for."""
        self._words = self.tr("Ask Mews for “{typed}”").format(typed=typed.strip())
        self.setAccessibleName(self._words)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # It paints all its ground, so that nothing behind it is painted again at every letter.
        # Styles deny it of buttons.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        painter.fillRect(self.rect(), theme.color("bg.raised"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.color("border.subtle"))
        if self.underMouse():
            painter.fillRect(QRectF(1, 1, self.width() - 2, self.height() - 1), theme.color("bg.hover"))
        paint_icon(painter, "search", QRectF(16, 21, 16, 16), theme.color("text.secondary"))
        width = key_cap_width(_KEYS)
        cap = QRectF(self.width() - 16 - width, (self.height() - KEY_HEIGHT) / 2, width, KEY_HEIGHT)
        paint_key_cap(painter, cap, _KEYS)
        room = QRectF(68, 10, cap.left() - 84, 18)
        draw_text(painter, room, self._words, "body", "accent.text", weight=500)
        hint = self.tr("Mews finds whole surnames, full e-mail addresses and confirmation numbers only")
        draw_text(painter, room.translated(0, 19), hint, "small", "text.tertiary")
        painter.end()

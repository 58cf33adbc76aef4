"""Two to four words of which one is on, and the small quick choices under an amount."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.theme import paint_icon, tokens

_ICON = 16
_GAP = 6


class _Segment(QAbstractButton):
    """One of the words."""

    moved = Signal(int)

    def __init__(self, key: str, words: str, icon: str, *, tall: bool) -> None:
        super().__init__()
        self.key = key
        self._icon = icon
        self._style = "body" if tall else "small"
        self.setCheckable(True)
        self.set_words(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_words(self, words: str) -> None:
        """Change the words."""
        self.words = words
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def _content(self) -> float:
        lead = _ICON + _GAP if self._icon else 0
        return lead + text_width(self.words, self._style, 600) + 1

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(self._content()) + 20, 24)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._content()) + 6, 24)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        on = self.isChecked()
        if on:
            ground = "bg.pressed" if theme.scheme.value == "dark" else "bg.surface"
            draw_box(painter, box, theme.radius("chip"), theme.color(ground), theme.color("border.default"))
        ink = theme.color("text.primary" if on else "text.secondary")
        if not self.isEnabled():
            ink = theme.color("text.disabled")
        x = max(2.0, (box.width() - self._content()) / 2)
        if self._icon:
            paint_icon(painter, self._icon, QRectF(x, (box.height() - _ICON) / 2, _ICON, _ICON), ink)
            x += _ICON + _GAP
        room = QRectF(x, 0, box.width() - x, box.height())
        draw_text(painter, room, self.words, self._style, ink, weight=600 if on else 500)
        if self.hasFocus():
            draw_box(painter, box, theme.radius("chip"), None, theme.color("focus.ring"), width=2)
        painter.end()


class Segments(QWidget):
    """Words side by side, one of them on. Arrow keys move; it emits `chosen` with the key.

    Args:
        options: key, words and icon (or an empty string) of each; the first is on.
        tall: True for 36 px with icons, False for 32.
        name: what is chosen, for a screen reader.
        parent: the widget it lies in.
    """

    chosen = Signal(str)

    def __init__(
        self,
        options: Iterable[tuple[str, str, str]],
        *,
        tall: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tall = tall
        self._segments: list[_Segment] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for key, words, icon in options:
            segment = _Segment(key, words, icon, tall=tall)
            segment.moved.connect(self._move)
            segment.clicked.connect(lambda _checked=False, chosen=key: self.chosen.emit(chosen))
            self._group.addButton(segment)
            row.addWidget(segment, 1)
            self._segments.append(segment)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if self._segments:
            self.set_current(self._segments[0].key)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 36 if self._tall else 32)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 36 if self._tall else 32)

    def current(self) -> str:
        """Return the key of the word that is on."""
        return next((segment.key for segment in self._segments if segment.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Turn the word of `key` on, without a signal."""
        for segment in self._segments:
            if segment.key == key:
                segment.setChecked(True)
            # Tab reaches the group once; arrows move inside it.
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if segment.key == key else Qt.FocusPolicy.ClickFocus)
            if segment.key == key:
                self.setFocusProxy(segment)

    def set_words(self, key: str, words: str) -> None:
        """Change the words of one option, for example its count."""
        for segment in self._segments:
            if segment.key == key:
                segment.set_words(words)

    def _move(self, step: int) -> None:
        enabled = [segment for segment in self._segments if segment.isEnabled()]
        now = next((at for at, segment in enumerate(enabled) if segment.isChecked()), 0)
        target = enabled[(now + step) % len(enabled)]
        self.set_current(target.key)
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(target.key)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        draw_box(
            painter,
            QRectF(self.rect()),
            theme.radius("control"),
            theme.color("bg.sunken"),
            theme.color("border.default"),
        )
        painter.end()


class QuickChoice(QAbstractButton):
    """A small chip that fills in an amount, for example "Half £156.20". `set_on` marks the one that holds now."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on = False
        self.set_words(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """Offer something else."""
        self._words = words
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def set_on(self, on: bool) -> None:
        """Mark it as what the amount says now."""
        self._on = on
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        lead = 19 if self._on else 0
        return QSize(round(text_width(self._words, "small", 600 if self._on else 500)) + 21 + lead, 26)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        hover = theme.color("bg.hover") if self.underMouse() and self.isEnabled() else None
        ground = theme.color("bg.selected") if self._on else hover
        border = theme.color("accent.fill" if self._on else "border.default")
        ink = theme.color("accent.text" if self._on else "text.secondary")
        if not self.isEnabled():
            ground, border, ink = theme.color("bg.sunken"), theme.color("border.subtle"), theme.color("text.disabled")
        draw_box(painter, box, theme.radius("chip"), ground, border)
        x = 10.0
        if self._on:
            paint_icon(painter, "check", QRectF(x, 6.5, 13, 13), ink)
            x += 19
        draw_text(
            painter, QRectF(x, 0, box.width(), box.height()), self._words, "small", ink, weight=600 if self._on else 500
        )
        if self.hasFocus():
            draw_box(painter, box, theme.radius("chip"), None, theme.color("focus.ring"), width=2)
        painter.end()

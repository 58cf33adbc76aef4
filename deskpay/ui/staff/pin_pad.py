"""A pad for six digits: dots that fill, keys to click, and the keyboard's own digits."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.secret import PIN_DIGITS
from deskpay.ui.components.button import Button
from deskpay.ui.theme import tokens

_KEY = QSize(72, 48)
_DOT, _STEP = 14, 28


class _Dots(QWidget):
    """How many digits were typed; never which."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = 0
        self._wrong = False
        self.setFixedSize(_STEP * PIN_DIGITS, _DOT + 2)
        self.show_typed(0)

    def show_typed(self, typed: int, *, wrong: bool = False) -> None:
        """Fill `typed` dots; all of them in red where the PIN was wrong."""
        self._typed = typed
        self._wrong = wrong
        self.setAccessibleName(self.tr("{count} of 6 digits typed").format(count=typed))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        for at in range(PIN_DIGITS):
            middle = QPointF(_STEP * (at + 0.5), self.height() / 2)
            filled = at < self._typed or self._wrong
            ink = theme.color("danger.fill" if self._wrong else "text.primary")
            painter.setPen(Qt.PenStyle.NoPen if filled else QPen(theme.color("border.control"), 1))
            painter.setBrush(ink if filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, _DOT / 2 - 0.5, _DOT / 2 - 0.5)
        painter.end()


class PinPad(QWidget):
    """Takes six digits, by mouse, touch or keyboard, and forgets them once they were handed on.

    `entered` carries the PIN when the sixth digit is there.
    """

    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._dots = _Dots()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("PIN"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, words in enumerate(("1", "2", "3", "4", "5", "6", "7", "8", "9", self.tr("Clear"), "0", "")):
            key = Button(words, icon="" if words else "delete", spoken=words or self.tr("Delete the last digit"))
            key.setFixedSize(_KEY)
            # The digits of the keyboard do the same; Tab would have to pass eleven keys.
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.clicked.connect(lambda _on=False, at=at, words=words: self._on_key(at, words))
            grid.addWidget(key, at // 3, at % 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._dots, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(grid)

    def clear(self, *, wrong: bool = False) -> None:
        """Forget what was typed.

        Args:
            wrong: True shows in red that it was wrong, until the next digit.
        """
        self._typed = ""
        self._dots.show_typed(0, wrong=wrong)

    def _on_key(self, at: int, words: str) -> None:
        if at == 9:
            self.clear()
        elif at == 11:
            self._type_on(self._typed[:-1])
        else:
            self._type_on(self._typed + words)

    def _type_on(self, typed: str) -> None:
        self._typed = typed
        self._dots.show_typed(len(typed))
        if len(typed) == PIN_DIGITS:
            self._typed = ""
            self.entered.emit(typed)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit and digit.isascii() and digit.isdecimal():
            self._type_on(self._typed + digit)
        elif event.key() == Qt.Key.Key_Backspace:
            self._type_on(self._typed[:-1])
        elif event.key() == Qt.Key.Key_Escape and self._typed:
            self.clear()
        else:
            super().keyPressEvent(event)

"""The big field for an amount of money. It reports what was typed; whoever asks decides whether it is an amount."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.components.field import Labelled, LineInput
from deskpay.ui.components.painting import draw_text, text_width
from deskpay.ui.theme import tokens

_PADDING = 14
_GAP = 4


class AmountInput(LineInput):
    """Big figures after a currency's sign. It selects all of itself whenever it gets the keyboard."""

    def __init__(self, symbol: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._height = tokens().size("control.amount")
        self._entering = False
        self.setFont(tokens().font("amount"))
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.set_symbol(symbol)

    def set_symbol(self, symbol: str) -> None:
        """Show the sign or code of another currency."""
        self._symbol = symbol
        width = round(text_width(symbol, "amount", 500)) + _GAP if symbol else 0
        self.setTextMargins(_PADDING - 2 + width, 0, _PADDING - 2, 0)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._height)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._entering = event.reason() == Qt.FocusReason.MouseFocusReason
        self.selectAll()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # The press that brought the keyboard here placed the cursor; without a dragged selection, all is meant.
        if self._entering and not self.hasSelectedText():
            self.selectAll()
        self._entering = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._symbol:
            return
        painter = QPainter(self)
        box = QRectF(_PADDING, 0, self.textMargins().left(), self.height())
        ink = "text.tertiary" if self.isEnabled() else "text.disabled"
        draw_text(painter, box, self._symbol, "amount", ink, weight=500)
        painter.end()


class AmountField(Labelled):
    """A labelled amount.

    Args:
        label: what the amount is for.
        symbol: sign or code of the currency, shown before the figures.
        aux: the quiet word at the label's right, for example "Open balance £312.40".
        parent: the widget it lies in.
    """

    edited = Signal(str)
    finished = Signal()

    def __init__(self, label: str, symbol: str, *, aux: str = "", parent: QWidget | None = None) -> None:
        self.editor = AmountInput(symbol)
        super().__init__(label, self.editor, aux=aux, parent=parent)
        self.editor.textEdited.connect(self.edited)
        self.editor.editingFinished.connect(self.finished)

    def text(self) -> str:
        """Return what was typed, as it was typed."""
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Replace the figures; where they have the keyboard they are selected."""
        self.editor.setText(text)
        if self.editor.hasFocus():
            self.editor.selectAll()

    def set_symbol(self, symbol: str) -> None:
        """Show the sign or code of another currency."""
        self.editor.set_symbol(symbol)

"""Small parts that several money dialogs show alike."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.brand_badge import BrandBadge
from deskpay.ui.components.painting import Run, draw_box
from deskpay.ui.components.state_chip import Chip, StateChip
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens


class SumRow(QWidget):
    """What an amount will be, at the end of a form: words at the left, the amount at the right."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._amount = Text("", "body", weight=600, align=Qt.AlignmentFlag.AlignRight)
        self._words = Text(words, "body", "text.secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.addWidget(self._words)
        row.addStretch()
        row.addWidget(self._amount)

    @property
    def text(self) -> str:
        """The amount as shown."""
        return self._amount.text()

    def tell(self, words: str, amount: str) -> None:
        """Show `amount`, and what it is."""
        self._words.setText(words)
        self._amount.setText(amount)
        self.setAccessibleName(f"{words} {amount}")


class PaymentBox(QFrame):
    """One payment in a frame: badge, what it is, a quiet line below, and its state.

    Args:
        badge: letters of a brand, or `icon:` and the name of an outline.
        title: amount and card.
        line: what else is known; may hold references in mono.
        chip: its state.
    """

    def __init__(self, badge: str, title: str, line: tuple[Run, ...], chip: Chip) -> None:
        super().__init__()
        below = Text("", "small", "text.secondary", wrap=True)
        below.set_runs(*line)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Text(title, "body", weight=600, wrap=True))
        column.addWidget(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 10, 15, 10)
        row.setSpacing(12)
        row.addWidget(BrandBadge(badge))
        row.addLayout(column, 1)
        row.addWidget(StateChip(chip))
        self.setAccessibleName(f"{title}. {below.text()}. {chip.words}")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), tokens().radius("card"), None, tokens().color("border.default"))
        painter.end()

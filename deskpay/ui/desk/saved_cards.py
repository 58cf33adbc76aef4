"""The guest's saved cards, and the way to add one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.brand_badge import WIDE, paint_badge
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.painting import draw_text
from deskpay.ui.components.text import Text
from deskpay.ui.desk.rows import CardRow, Part, Reading
from deskpay.ui.desk.section import Section, clear
from deskpay.ui.theme import tokens

_HEIGHT = 48


class _CardLine(QWidget):
    """One card: badge, name over expiry."""

    def __init__(self, card: CardRow, *, last: bool) -> None:
        super().__init__()
        self._card = card
        self._last = last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{card.title}, {card.subtitle}")

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = self._card
        badge = QRectF(0, (_HEIGHT - WIDE.height()) / 2, WIDE.width(), WIDE.height())
        paint_badge(painter, badge, card.badge)
        words = QRectF(WIDE.width() + 10, 7, self.width() - WIDE.width() - 10, 18)
        draw_text(painter, words, card.title, weight=500, color="text.primary" if card.usable else "text.tertiary")
        below = QRectF(words.left(), words.bottom(), words.width(), 16)
        draw_text(painter, below, card.subtitle, "small", "warning.text" if card.warning else "text.tertiary")
        if not self._last:
            painter.fillRect(0, _HEIGHT - 1, self.width(), 1, tokens().color("border.subtle"))
        painter.end()


class HeldAmounts(Section):
    """What banks hold on the guest's cards. It takes no room where nothing is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._title.setText(self.tr("Held by banks"))
        self.setAccessibleName(self.tr("Held by banks"))
        self.column.setSpacing(0)
        self.hide()

    def show_held(self, rows: Sequence[CardRow]) -> None:
        """Show `rows`, and that none of it is money yet."""
        clear(self.column)
        for row in rows:
            self.column.addWidget(_CardLine(row, last=False))
        words = self.tr("Held, not taken. DeskPay can neither take it nor give it free.")
        self.column.addWidget(Text(words, "small", "text.tertiary", wrap=True))
        self.show_rows(len(rows), "")
        self.setVisible(bool(rows))


class SavedCards(Section):
    """The section of saved cards."""

    add_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._title.setText(self.tr("Saved cards"))
        self.setAccessibleName(self.tr("Saved cards"))
        self.column.setSpacing(0)
        spoken = self.tr("Add a card")
        self.add = self.add_head_action(
            Button(self.tr("Add"), size=ButtonSize.DENSE, icon="plus", key="F7", spoken=spoken),
        )
        self.add.clicked.connect(self.add_requested)

    def show_cards(self, cards: Part[CardRow], *, shape: bool = True) -> None:
        """Show `cards`, or how far their reading has come; `shape` shows the form of what is missing."""
        clear(self.column)
        if cards.reading is Reading.UNDER_WAY:
            self.show_waiting(shape=shape)
        elif cards.reading is Reading.FAILED:
            self.show_problem(cards.problem)
        else:
            for at, card in enumerate(cards.rows):
                self.column.addWidget(_CardLine(card, last=at == len(cards.rows) - 1))
            self.show_rows(
                len(cards.rows),
                self.tr("No card on file. Add the guest's card, or record a payment."),
            )

    def set_add_enabled(self, enabled: bool, reason: str = "") -> None:
        """Allow adding a card, or forbid it with a reason that a tool tip gives."""
        self.add.setEnabled(enabled)
        self.add.setToolTip("" if enabled else reason)
        self.add.setAccessibleDescription("" if enabled else reason)

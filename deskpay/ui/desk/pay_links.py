"""What the guest was asked to pay by a link, and how far they have come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.focus_ring import FocusRing
from deskpay.ui.components.painting import draw_text
from deskpay.ui.components.state_chip import HEIGHT, chip_width, paint_chip
from deskpay.ui.desk.rows import LinkRow
from deskpay.ui.desk.section import Section, clear
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

_HEIGHT = 48


class _LinkLine(QAbstractButton):
    """One request: amount and state over when it was asked. Space or a click shows it."""

    def __init__(self, link: LinkRow, money: MoneyWords, *, last: bool) -> None:
        super().__init__()
        self.key = link.key
        self._link = link
        self._amount = money.show(link.amount)
        self._last = last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{money.say(link.amount)}, {link.state.words}, {link.subtitle}")
        self._ring = FocusRing(self)

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self)
        link = self._link
        paint_icon(painter, "link", QRectF(0, 7, 16, 16), tokens().color("text.secondary"))
        width = chip_width(link.state)
        paint_chip(painter, QRectF(self.width() - width, 5, width, HEIGHT), link.state)
        draw_text(painter, QRectF(24, 6, self.width() - 24 - width - 8, 18), self._amount, weight=500)
        below = QRectF(24, 25, self.width() - 24, 16)
        draw_text(painter, below, link.subtitle, "small", "text.tertiary")
        if not self._last:
            painter.fillRect(0, _HEIGHT - 1, self.width(), 1, tokens().color("border.subtle"))
        painter.end()


class PayLinks(Section):
    """The section of requests to pay. It is not seen where there are none.

    `link_chosen` is emitted with the request's id.
    """

    link_chosen = Signal(str)

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._money = money
        self._title.setText(self.tr("Pay links"))
        self.setAccessibleName(self.tr("Pay links"))
        self.column.setSpacing(0)

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way."""
        self._money = money

    def show_links(self, links: Sequence[LinkRow]) -> None:
        """Show `links`."""
        clear(self.column)
        self.setVisible(bool(links))
        for at, link in enumerate(links):
            line = _LinkLine(link, self._money, last=at == len(links) - 1)
            line.clicked.connect(lambda _checked=False, key=link.key: self.link_chosen.emit(key))
            self.column.addWidget(line)
        self.show_rows(len(links), "")

"""The guest's bills: each opens to show what is on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.components.state_chip import HEIGHT, chip_width, paint_chip
from deskpay.ui.desk.rows import BillItemRow, BillRow
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

_HEAD = 36
_ITEM = 26
_PAID = 30
_WHEN, _AMOUNT = 120, 90
_WHEN_NARROW, _AMOUNT_NARROW = 96, 80
_NARROW = 520


class _BillHead(QAbstractButton):
    """Arrow, heading, state and amount; pressing it opens the bill."""

    def __init__(self, bill: BillRow, money: MoneyWords) -> None:
        super().__init__()
        self._bill = bill
        self._money = money
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        owed = self.tr("{bill}, {state}, {amount}")
        self.setAccessibleName(owed.format(bill=bill.name, state=bill.state.words, amount=money.say(bill.amount)))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEAD)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        if self.underMouse():
            draw_box(painter, box.adjusted(1, 1, -1, -1), theme.radius("card") - 1, theme.color("bg.hover"))
        icon = "chevron-down" if self.isChecked() else "chevron-right"
        paint_icon(painter, icon, QRectF(8, box.center().y() - 8, 16, 16), theme.color("text.primary"))
        nothing = self._bill.amount.minor == 0
        amount = self._money.show(self._bill.amount)
        weight, ink = (400, "text.tertiary") if nothing else (600, "text.primary")
        width = text_width(amount, weight=weight) + 1
        place = QRectF(box.right() - 13 - width, 0, width, box.height())
        draw_text(painter, place, amount, weight=weight, color=ink)
        chip = chip_width(self._bill.state)
        room = QRectF(33, 0, place.left() - 33 - chip - 20, box.height())
        used = draw_text(painter, room, self._bill.name, weight=600)
        paint_chip(painter, QRectF(33 + used + 8, (box.height() - HEIGHT) / 2, chip, HEIGHT), self._bill.state)
        if self.hasFocus():
            ring = box.adjusted(2, 2, -2, -2)
            draw_box(painter, ring, theme.radius("control"), None, theme.color("focus.ring"), width=2)
        painter.end()


class _BillItems(QWidget):
    """What is on a bill, and what was paid on it."""

    def __init__(self, bill: BillRow, money: MoneyWords) -> None:
        super().__init__()
        self._bill = bill
        self._money = money
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = [f"{item.name}, {item.when}, {money.say(item.amount)}" for item in bill.items]
        self.setAccessibleName(". ".join(said))

    @override
    def sizeHint(self) -> QSize:
        rows = max(1, len(self._bill.items))
        return QSize(200, rows * _ITEM + (_PAID if self._bill.paid is not None else 6))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = 0.0
        for item in self._bill.items:
            self._paint_item(painter, top, item)
            top += _ITEM
        if not self._bill.items:
            room = QRectF(33, 0, self.width() - 46, _ITEM)
            draw_text(painter, room, self.tr("Nothing is on this bill."), color="text.tertiary")
            top += _ITEM
        if self._bill.paid is not None:
            self._paint_paid(painter, QRectF(1, top, self.width() - 2, _PAID - 1))
        painter.end()

    def _paint_item(self, painter: QPainter, top: float, item: BillItemRow) -> None:
        narrow = self.width() < _NARROW
        when, amount = (_WHEN_NARROW, _AMOUNT_NARROW) if narrow else (_WHEN, _AMOUNT)
        right = self.width() - 13
        place = QRectF(right - amount, top, amount, _ITEM)
        draw_text(painter, place, self._money.show(item.amount), align=Qt.AlignmentFlag.AlignRight)
        middle = QRectF(place.left() - when, top, when - 8, _ITEM)
        draw_text(painter, middle, item.when, color="text.tertiary")
        draw_text(painter, QRectF(33, top, middle.left() - 41, _ITEM), item.name, color="text.secondary")

    def _paint_paid(self, painter: QPainter, box: QRectF) -> None:
        theme = tokens()
        path = QPainterPath()
        radius = theme.radius("card") - 1
        path.addRoundedRect(box.adjusted(0, -radius * 2, 0, 0), radius, radius)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(box)
        painter.fillPath(path, theme.color("bg.window"))
        painter.restore()
        painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), theme.color("border.subtle"))
        room = box.adjusted(32, 0, -12, 0)
        draw_text(painter, room, self.tr("Paid on this bill"), color="text.secondary")
        if self._bill.paid is not None:
            draw_text(painter, room, self._money.show(self._bill.paid), align=Qt.AlignmentFlag.AlignRight)


class BillCard(QWidget):
    """One bill: its head, and its items while it is open to the eye.

    Args:
        bill: what to show.
        money: how amounts are written.
        expanded: True shows the items at once.
        parent: the widget it lies in.
    """

    def __init__(self, bill: BillRow, money: MoneyWords, *, expanded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = bill.key
        self._head = _BillHead(bill, money)
        self._items = _BillItems(bill, money)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._items)
        self._head.toggled.connect(self._items.setVisible)
        self._head.setChecked(expanded)
        self._items.setVisible(expanded)

    @property
    def expanded(self) -> bool:
        """True while its items show."""
        return self._head.isChecked()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        draw_box(painter, QRectF(self.rect()), theme.radius("card"), None, theme.color("border.subtle"))
        painter.end()

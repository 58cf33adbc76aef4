"""The guest's payments: when, how, by whom, in what state, how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from deskpay.ui.components.brand_badge import SMALL, paint_badge
from deskpay.ui.components.painting import draw_text, text_width
from deskpay.ui.components.state_chip import HEIGHT, chip_width, paint_chip
from deskpay.ui.desk.rows import PaymentRow
from deskpay.ui.theme import tokens
from deskpay.ui.words.money import MoneyWords

TIME, METHOD, TAKEN_BY, STATE, AMOUNT = range(5)
_WIDTHS = {TIME: 112, TAKEN_BY: 118, STATE: 126, AMOUNT: 94}
_STATE_NARROW = 112
_HEAD = 28
_PAD = 8
_TAKEN_BY_FROM = 560

_Index = QModelIndex | QPersistentModelIndex


class PaymentModel(QAbstractTableModel):
    """Payments, newest first, in five columns."""

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.money = money
        self._rows: tuple[PaymentRow, ...] = ()

    def set_payments(self, rows: Sequence[PaymentRow]) -> None:
        """Show `rows`."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def payment(self, row: int) -> PaymentRow | None:
        """Return the payment at `row`, or None outside."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, key: str) -> int:
        """Return where the payment of `key` stands, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 5

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        heads = (self.tr("Time"), self.tr("Method"), self.tr("Taken by"), self.tr("State"), self.tr("Amount"))
        return heads[section]

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        payment = self.payment(index.row()) if index.isValid() else None
        if payment is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            amount = self.money.show(payment.amount)
            return (payment.time, payment.method, payment.taken_by, payment.state.words, amount)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (payment.method, self.money.say(payment.amount), payment.state.words, payment.time, payment.taken_by)
            return ", ".join(part for part in said if part)
        return None


class _PaymentDelegate(QStyledItemDelegate):
    """Paints a cell; the row's hairline runs through all of them."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        payment = model.payment(index.row()) if isinstance(model, PaymentModel) else None
        if payment is None or not isinstance(model, PaymentModel):
            return
        painter.save()
        theme = tokens()
        cell = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        first, last = index.column() == TIME, index.column() == AMOUNT
        if chosen:
            painter.fillRect(cell, theme.color("bg.selected"))
            if first:
                painter.fillRect(QRectF(cell.left(), cell.top(), 3, cell.height()), theme.color("accent.fill"))
        else:
            line = cell.adjusted(_PAD if first else 0, cell.height() - 1, -_PAD if last else 0, 0)
            painter.fillRect(line, theme.color("border.subtle"))
        self._paint_cell(painter, cell.adjusted(_PAD, 0, -_PAD, 0), payment, index.column(), model.money)
        painter.restore()

    def _paint_cell(self, painter: QPainter, box: QRectF, payment: PaymentRow, column: int, money: MoneyWords) -> None:
        if column == TIME:
            draw_text(painter, box, payment.time, color="text.secondary")
        elif column == METHOD:
            badge = QRectF(box.left(), box.center().y() - SMALL.height() / 2, SMALL.width(), SMALL.height())
            paint_badge(painter, badge, payment.badge)
            draw_text(painter, box.adjusted(SMALL.width() + 8, 0, 0, 0), payment.method, weight=500)
        elif column == TAKEN_BY:
            draw_text(painter, box, payment.taken_by, color="text.secondary")
        elif column == STATE:
            width = min(chip_width(payment.state), box.width() + _PAD)
            paint_chip(painter, QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT), payment.state)
        else:
            amount = money.show(payment.amount)
            ink, weight = ("text.tertiary", 400) if payment.struck else ("text.primary", 500)
            draw_text(painter, box, amount, weight=weight, color=ink, align=Qt.AlignmentFlag.AlignRight)
            if payment.struck:
                painter.setPen(QPen(tokens().color(ink), 1))
                left = box.right() - text_width(amount)
                painter.drawLine(int(left), int(box.center().y()) + 1, int(box.right()), int(box.center().y()) + 1)


class _Head(QHeaderView):
    """Micro column heads over one line."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(False)
        self.setFixedHeight(_HEAD)
        self.setMinimumSectionSize(24)

    @override
    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:
        box = QRectF(rect)  # type: ignore[call-overload]  # a QRect; the stub of the base class names it differently
        words = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        right = logicalIndex == AMOUNT
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        draw_text(painter, box.adjusted(_PAD, 0, -_PAD, 0), words, "micro", "text.tertiary", weight=600, align=align)
        line = box.adjusted(_PAD if logicalIndex == TIME else 0, box.height() - 1, -_PAD if right else 0, 0)
        painter.fillRect(line, tokens().color("border.default"))


class PaymentsTable(QTableView):
    """The payments. It is as high as its rows, so that the page scrolls and not the table.

    `payment_chosen` is emitted with the payment's key, or an empty string when the choice was given up.
    """

    payment_chosen = Signal(str)

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PaymentModel(money, self)
        self.setModel(self._model)
        self.setItemDelegate(_PaymentDelegate(self))
        self.setHorizontalHeader(_Head())
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens().size("row.table"))
        self.verticalHeader().setMinimumSectionSize(tokens().size("row.table"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Payments"))
        self.viewport().setAutoFillBackground(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(METHOD, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way."""
        self._model.money = money

    def set_payments(self, rows: Sequence[PaymentRow]) -> None:
        """Show `rows`; the chosen payment stays chosen while it is there."""
        before = self.chosen()
        self._model.set_payments(rows)
        row = self._model.row_of(before.key) if before is not None else -1
        if row >= 0:
            self.selectRow(row)
        self.updateGeometry()

    def chosen(self) -> PaymentRow | None:
        """Return the payment that is marked, or None."""
        rows = self.selectionModel().selectedRows()
        return self._model.payment(rows[0].row()) if rows else None

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, _HEAD + self._model.rowCount() * tokens().size("row.table") + 2)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _TAKEN_BY_FROM
        self.setColumnHidden(TAKEN_BY, not wide)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, _STATE_NARROW if column == STATE and not wide else width)
        super().resizeEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and self.chosen() is None and self._model.rowCount():
            self.selectRow(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.chosen() is not None:
            self.clearSelection()
            self.payment_chosen.emit("")
            return
        super().keyPressEvent(event)

    def _on_current_changed(self, current: QModelIndex) -> None:
        payment = self._model.payment(current.row())
        self.payment_chosen.emit(payment.key if payment is not None else "")

"""The table of unresolved acts: since when, what, whose, in what state, last and next look, how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from deskpay.ui.components.painting import draw_text
from deskpay.ui.components.state_chip import HEIGHT, chip_width, paint_chip
from deskpay.ui.journal.rows import UnresolvedRow
from deskpay.ui.journal.rows_model import Index, RowsModel
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

SINCE, WHAT, GUEST, REFERENCE, STATE, LAST, NEXT, AMOUNT = range(8)
_WIDTHS = {SINCE: 124, WHAT: 136, REFERENCE: 128, STATE: 132, LAST: 86, NEXT: 86, AMOUNT: 104}
_PAD = 8
_HEAD = 28
_ALL_FROM = 1000
"""Pixels from which the last look has a column."""


class UnresolvedModel(RowsModel[UnresolvedRow]):
    """The acts, in the order given."""

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(money, len(_WIDTHS) + 1, parent)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        left = (self.tr("Since"), self.tr("What"), self.tr("Guest"), self.tr("Reference"))
        return (*left, self.tr("State"), self.tr("Last look"), self.tr("Next look"), self.tr("Amount"))[section]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        shown = self.money.show(row.amount) if row.amount is not None else ""
        if role == Qt.ItemDataRole.DisplayRole:
            left = (row.since, row.what, row.guest, row.reference)
            return (*left, row.state.words, row.last_look, row.next_look, shown)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            spoken = self.money.say(row.amount) if row.amount is not None else ""
            said = (row.what, row.guest, spoken, row.state.words, row.since, row.reference)
            return ", ".join(part for part in said if part)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a cell; the row's hairline runs through all of them."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        row = model.row(index.row()) if isinstance(model, UnresolvedModel) else None
        if row is None:
            return
        painter.save()
        theme = tokens()
        cell = QRectF(option.rect)
        column = index.column()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, theme.color("bg.selected"))
            if column == SINCE:
                painter.fillRect(QRectF(cell.left(), cell.top(), 3, cell.height()), theme.color("accent.fill"))
        else:
            painter.fillRect(cell.adjusted(0, cell.height() - 1, 0, 0), theme.color("border.subtle"))
        self._cell(painter, cell.adjusted(_PAD, 0, -_PAD, 0), row, column, str(index.data() or ""))
        painter.restore()

    def _cell(self, painter: QPainter, box: QRectF, row: UnresolvedRow, column: int, words: str) -> None:
        if column == STATE:
            width = min(chip_width(row.state), box.width() + _PAD)
            paint_chip(painter, QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT), row.state)
        elif column == WHAT:
            ink = tokens().color("text.primary")
            paint_icon(painter, row.icon, QRectF(box.left(), box.center().y() - 7, 14, 14), ink)
            draw_text(painter, box.adjusted(22, 0, 0, 0), words, weight=500)
        elif column == AMOUNT:
            draw_text(painter, box, words, weight=500, align=Qt.AlignmentFlag.AlignRight)
        elif column == REFERENCE:
            draw_text(painter, box, words, "mono", "text.secondary")
        else:
            draw_text(painter, box, words, color="text.primary" if column == GUEST else "text.secondary")


class TableHead(QHeaderView):
    """Micro column heads over one line.

    Args:
        amount: the column that stands at the right.
    """

    def __init__(self, amount: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._amount = amount
        self.setSectionsClickable(False)
        self.setFixedHeight(_HEAD)
        self.setMinimumSectionSize(24)

    @override
    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:
        box = QRectF(rect)  # type: ignore[call-overload]  # a QRect; the stub of the base class names it differently
        words = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        align = Qt.AlignmentFlag.AlignRight if logicalIndex == self._amount else Qt.AlignmentFlag.AlignLeft
        draw_text(painter, box.adjusted(_PAD, 0, -_PAD, 0), words, "micro", "text.tertiary", weight=600, align=align)
        painter.fillRect(box.adjusted(0, box.height() - 1, 0, 0), tokens().color("border.default"))


class UnresolvedTable(QTableView):
    """The table. `opened` is emitted with the key of an act whose story is wanted, `marked` when another is marked."""

    opened = Signal(str)
    marked = Signal()

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = UnresolvedModel(money, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(TableHead(AMOUNT))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens().size("row.table"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Not known yet"))
        self.viewport().setAutoFillBackground(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(GUEST, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        # The current row changes before the selection does, so this waits for the selection.
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit())
        self.doubleClicked.connect(lambda _index: self.open_marked())

    def show_rows(self, rows: Sequence[UnresolvedRow]) -> None:
        """Show `rows`; the act marked stays marked while it is there."""
        before = self.current()
        self.rows.set_rows(rows)
        place = self.rows.place_of(before.key) if before is not None else -1
        if place >= 0:
            self.selectRow(place)
        self.marked.emit()

    def current(self) -> UnresolvedRow | None:
        """Return the act that is marked, or None."""
        chosen = self.selectionModel().selectedRows()
        return self.rows.row(chosen[0].row()) if chosen else None

    def open_marked(self) -> None:
        """Ask for the story of the act that is marked."""
        row = self.current()
        if row is not None:
            self.opened.emit(row.key)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current() is None and self.rows.rowCount():
            self.selectRow(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_marked()
            return
        super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setColumnHidden(LAST, self.width() < _ALL_FROM)
        super().resizeEvent(event)

"""The table of everything: when, what, about whom, by whom, how it stands, how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QResizeEvent
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
from deskpay.ui.journal.activity_rows import ActivityRow
from deskpay.ui.journal.rows_model import Index, RowsModel
from deskpay.ui.journal.unresolved_table import TableHead
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

TIME, WHAT, ABOUT, WHO, STATE, AMOUNT = range(6)
_WIDTHS = {TIME: 104, WHAT: 164, WHO: 140, STATE: 140, AMOUNT: 96}
_PAD = 8
_ALL_FROM = 700
"""Pixels from which the person has a column; the drawer tells them always."""


class ActivityModel(RowsModel[ActivityRow]):
    """The entries, in the order given."""

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(money, len(_WIDTHS) + 1, parent)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        left = (self.tr("Time"), self.tr("What"), self.tr("About"))
        return (*left, self.tr("Who"), self.tr("State"), self.tr("Amount"))[section]

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            shown = self.money.show(row.amount) if row.amount is not None else ""
            return (row.time, row.what, row.about, row.who, row.state.words, shown)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            spoken = self.money.say(row.amount) if row.amount is not None else ""
            said = (row.what, row.about, spoken, row.state.words, row.time, row.who)
            return ", ".join(part for part in said if part)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a cell; the row's hairline runs through all of them."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, column, theme = index.model(), index.column(), tokens()
        row = model.row(index.row()) if isinstance(model, ActivityModel) else None
        if row is None:
            return
        painter.save()
        cell = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, theme.color("bg.selected"))
        painter.fillRect(cell.adjusted(0, cell.height() - 1, 0, 0), theme.color("border.subtle"))
        box, words = cell.adjusted(_PAD, 0, -_PAD, 0), str(index.data() or "")
        match column:
            case 4:
                width = min(chip_width(row.state), box.width() + _PAD)
                paint_chip(painter, QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT), row.state)
            case 1:
                mark = QRectF(box.left(), box.center().y() - 7, 14, 14)
                paint_icon(painter, row.icon, mark, theme.color("text.secondary"))
                draw_text(painter, box.adjusted(22, 0, 0, 0), words, weight=500)
            case 5:
                draw_text(painter, box, words, weight=500, align=Qt.AlignmentFlag.AlignRight)
            case _:
                draw_text(painter, box, words, color="text.primary" if column == ABOUT else "text.secondary")
        painter.restore()


class ActivityTable(QTableView):
    """The table. `marked` is emitted with the key of the entry that is marked, or an empty one."""

    marked = Signal(str)

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ActivityModel(money, self)
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
        self.setAccessibleName(self.tr("Everything that DeskPay did"))
        self.viewport().setAutoFillBackground(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(ABOUT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit(self.current_key()))

    def show_rows(self, rows: Sequence[ActivityRow]) -> None:
        """Show `rows`; the entry marked stays marked while it is there."""
        before = self.current_key()
        self.rows.set_rows(rows)
        place = self.rows.place_of(before)
        if place >= 0:
            self.selectRow(place)
        else:
            self.marked.emit("")

    def current_key(self) -> str:
        """Return the key of the entry that is marked, or an empty string."""
        chosen = self.selectionModel().selectedRows()
        row = self.rows.row(chosen[0].row()) if chosen else None
        return "" if row is None else row.key

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setColumnHidden(WHO, self.width() < _ALL_FROM)
        super().resizeEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.current_key() and self.rows.rowCount():
            self.selectRow(0)

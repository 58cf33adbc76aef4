"""A table of rows of one kind. Cells are made when they are painted, so many rows cost no more than few."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
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

from deskpay.ui.components.brand_badge import SMALL, paint_badge
from deskpay.ui.components.painting import WORDS, TextStock, draw_box, text_width
from deskpay.ui.components.state_chip import HEIGHT, Chip, chip_width, paint_chip
from deskpay.ui.theme import paint_icon, tokens

_PAD = 8
_HEAD = 28
_BOX = 16

_Index = QModelIndex | QPersistentModelIndex

R = TypeVar("R")


class Look(enum.Enum):
    """How a cell is painted."""

    PLAIN = "plain"
    QUIET = "quiet"
    STRONG = "strong"
    REFERENCE = "reference"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column.

    Args:
        head: its name.
        words: what a cell says.
        width: in pixels; 0 takes what the others leave.
        look: how a cell is painted.
        chip: a chip that is painted instead of the words.
        badge: a badge before the words; empty for none.
        struck: True where the amount is crossed out, for money that did not move.
        greyed: True where the words are faint, for what cannot be used.
        ticked: a box instead of the words: on, off, or none where it cannot be ticked.
        shown_from: pixels of the table from which on there is room for it.
        key: what sorting by it is called; empty where nobody sorts by it.
    """

    head: str
    words: Callable[[R], str]
    width: int = 0
    look: Look = Look.PLAIN
    chip: Callable[[R], Chip] | None = None
    badge: Callable[[R], str] | None = None
    struck: Callable[[R], bool] | None = None
    greyed: Callable[[R], bool] | None = None
    ticked: Callable[[R], bool | None] | None = None
    shown_from: int = 0
    key: str = ""


class SheetModel(QAbstractTableModel, Generic[R]):
    """The rows, in the order given.

    Args:
        columns: from left to right.
        spoken: what a screen reader says of a row.
        parent: who owns it.
    """

    def __init__(self, columns: Sequence[Column[R]], spoken: Callable[[R], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._spoken = spoken
        self._rows: list[R] = []

    @property
    def rows(self) -> Sequence[R]:
        """All rows."""
        return self._rows

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show `rows` instead of what is shown."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def append(self, rows: Sequence[R]) -> None:
        """Show `rows` below the others."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def put(self, at: int, row: R) -> None:
        """Show `row` instead of the one at `at`."""
        self._rows[at] = row
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))

    def row(self, at: int) -> R | None:
        """Return the row at `at`, or None outside."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.columns[section].head

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[index.column()].words(row)
        return self._spoken(row) if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Delegate(QStyledItemDelegate):
    """Paints a cell; the row's hairline runs through all of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = TextStock()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        row = model.row(index.row()) if isinstance(model, SheetModel) else None
        if row is None or not isinstance(model, SheetModel):
            return
        painter.save()
        theme = tokens()
        cell = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, theme.color("bg.selected"))
            if index.column() == 0:
                painter.fillRect(QRectF(cell.left(), cell.top(), 3, cell.height()), theme.color("accent.fill"))
        else:
            painter.fillRect(cell.adjusted(0, cell.height() - 1, 0, 0), theme.color("border.subtle"))
        _paint_cell(painter, cell.adjusted(_PAD, 0, -_PAD, 0), model.columns[index.column()], row, self._texts)
        painter.restore()


def _paint_cell(painter: QPainter, box: QRectF, column: Column[R], row: R, texts: TextStock) -> None:
    if column.ticked is not None:
        _paint_box(painter, box, column.ticked(row))
        return
    if column.chip is not None:
        chip = column.chip(row)
        width = min(chip_width(chip), box.width() + _PAD)
        paint_chip(painter, QRectF(box.left(), box.center().y() - HEIGHT / 2, width, HEIGHT), chip)
        return
    words = column.words(row)
    if column.badge is not None and (badge := column.badge(row)):
        place = QRectF(box.left(), box.center().y() - SMALL.height() / 2, SMALL.width(), SMALL.height())
        paint_badge(painter, place, badge)
        box = box.adjusted(SMALL.width() + 8, 0, 0, 0)
    if column.look is Look.AMOUNT:
        _paint_amount(painter, box, words, texts, struck=column.struck is not None and column.struck(row))
    elif column.look is Look.REFERENCE:
        texts.draw(painter, box, words, "mono", "text.secondary")
    elif column.look is Look.STRONG:
        texts.draw(painter, box, words, weight=500)
    elif column.greyed is not None and column.greyed(row):
        texts.draw(painter, box, words, color="text.tertiary")
    else:
        texts.draw(painter, box, words, color="text.secondary" if column.look is Look.QUIET else "text.primary")


def _paint_amount(painter: QPainter, box: QRectF, words: str, texts: TextStock, *, struck: bool) -> None:
    ink, weight = ("text.tertiary", 400) if struck else ("text.primary", 500)
    texts.draw(painter, box, words, weight=weight, color=ink, align=Qt.AlignmentFlag.AlignRight)
    if struck:
        painter.setPen(QPen(tokens().color(ink), 1))
        left, middle = box.right() - text_width(words), int(box.center().y()) + 1
        painter.drawLine(int(left), middle, int(box.right()), middle)


def _paint_box(painter: QPainter, box: QRectF, ticked: bool | None) -> None:
    if ticked is None:
        return
    theme = tokens()
    place = QRectF(box.left(), box.center().y() - _BOX / 2, _BOX, _BOX)
    ground, line = ("accent.fill", "accent.fill") if ticked else ("bg.surface", "border.control")
    draw_box(painter, place, theme.radius("chip"), theme.color(ground), theme.color(line))
    if ticked:
        paint_icon(painter, "check", place.adjusted(2, 2, -2, -2), theme.color("accent.on"))


class _Head(QHeaderView):
    """Micro column heads over one line; the one that sorts has an arrow."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(_HEAD)
        self.setMinimumSectionSize(24)
        self.sorted_by = ""
        self.descending = False

    @override
    def paintSection(self, painter: QPainter, rect: object, logicalIndex: int) -> None:
        model = self.model()
        if not isinstance(model, SheetModel):
            return
        box = QRectF(rect)  # type: ignore[call-overload]  # a QRect; the stub of the base class names it differently
        column = model.columns[logicalIndex]
        arrow = ("\N{DOWNWARDS ARROW}" if self.descending else "\N{UPWARDS ARROW}") if self._sorts(column.key) else ""
        right = column.look is Look.AMOUNT
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        words = f"{column.head} {arrow}".strip()
        WORDS.draw(painter, box.adjusted(_PAD, 0, -_PAD, 0), words, "micro", "text.tertiary", weight=600, align=align)
        painter.fillRect(box.adjusted(0, box.height() - 1, 0, 0), tokens().color("border.default"))

    def _sorts(self, key: str) -> bool:
        return bool(key) and key == self.sorted_by


class Sheet(QTableView, Generic[R]):
    """The table.

    Args:
        name: what it holds, for a screen reader.
        columns: from left to right.
        spoken: what a screen reader says of a row.
        parent: the widget it lies in.

    `opened` is emitted when the marked row is to be opened, `marked` when another is marked, `toggled` with the place
    of a row whose box was clicked or on which Space was pressed, `sort_requested` with the key of a column.
    """

    opened = Signal()
    marked = Signal()
    toggled = Signal(int)
    sort_requested = Signal(str)

    def __init__(
        self, name: str, columns: Sequence[Column[R]], spoken: Callable[[R], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows: SheetModel[R] = SheetModel(columns, spoken, self)
        self._head = _Head()
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(self._head)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(tokens().size("row.table"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)
        self._head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for place, column in enumerate(self.rows.columns):
            if column.width:
                self.setColumnWidth(place, column.width)
            else:
                self._head.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        # The current row changes before the selection does, so this waits for the selection.
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit())
        self.doubleClicked.connect(lambda _index: self._open())
        self._head.sectionClicked.connect(self._on_head_clicked)

    def show_order(self, key: str, *, descending: bool) -> None:
        """Mark the column that the rows are sorted by."""
        self._head.sorted_by, self._head.descending = key, descending
        self._head.viewport().update()

    def show_rows(self, rows: Sequence[R], same: Callable[[R, R], bool] | None = None) -> None:
        """Show `rows`; the row marked stays marked where `same` finds it again."""
        before = self.current()
        self.rows.set_rows(rows)
        if before is not None and same is not None:
            place = next((at for at, row in enumerate(rows) if same(row, before)), -1)
            if place >= 0:
                self.selectRow(place)
        self.marked.emit()

    def current(self) -> R | None:
        """Return the row that is marked, or None."""
        chosen = self.selectionModel().selectedRows()
        return self.rows.row(chosen[0].row()) if chosen else None

    def _open(self) -> None:
        if self.current() is not None:
            self.opened.emit()

    def _on_head_clicked(self, section: int) -> None:
        key = self.rows.columns[section].key
        if key:
            self.sort_requested.emit(key)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and self.current() is None and self.rows.rowCount():
            self.selectRow(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
            return
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggled.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.columns[index.column()].ticked is not None:
            self.toggled.emit(index.row())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        for place, column in enumerate(self.rows.columns):
            self.setColumnHidden(place, self.width() < column.shown_from)
        super().resizeEvent(event)

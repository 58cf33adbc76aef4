"""What a search found, as a list: guests under headings that cannot be chosen, with what was typed marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import TextStock, draw_box
from deskpay.ui.desk.marks import mark_matches
from deskpay.ui.desk.rows import SearchGroup, SearchRow
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

_HEADING = 28
_ROW = 48
_STAY = 170
_BALANCE = 96

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading between rows, with how many follow."""

    words: str
    count: int


class SearchModel(QAbstractListModel):
    """What was found, under headings that cannot be chosen."""

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.money = money
        self.query = ""
        self._lines: list[_Heading | SearchRow] = []

    def set_found(self, query: str, groups: Iterable[SearchGroup]) -> None:
        """Show `groups`, found for `query`. What stands there already for the same query is not moved."""
        lines: list[_Heading | SearchRow] = []
        for group in groups:
            if group.rows:
                lines.append(_Heading(group.title, len(group.rows)))
                lines.extend(group.rows)
        if query != self.query:
            self.beginResetModel()
            self.query, self._lines = query, lines
            self.endResetModel()
            return
        same = 0
        while same < min(len(lines), len(self._lines)) and lines[same] == self._lines[same]:
            same += 1
        if same < len(self._lines):
            self.beginRemoveRows(QModelIndex(), same, len(self._lines) - 1)
            del self._lines[same:]
            self.endRemoveRows()
        if same < len(lines):
            self.beginInsertRows(QModelIndex(), same, len(lines) - 1)
            self._lines += lines[same:]
            self.endInsertRows()

    def row_of(self, key: str) -> int:
        """Return where the guest of `key` stands, or -1."""
        return next((at for at, line in enumerate(self._lines) if isinstance(line, SearchRow) and line.key == key), -1)

    def count(self) -> int:
        """Return how many guests were found."""
        return sum(isinstance(line, SearchRow) for line in self._lines)

    def guest(self, row: int) -> SearchRow | None:
        """Return the guest at `row`, or None for a heading."""
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        return line if isinstance(line, SearchRow) else None

    def heading(self, row: int) -> tuple[str, int]:
        """Return words and count of the heading at `row`."""
        line = self._lines[row]
        return (line.words, line.count) if isinstance(line, _Heading) else ("", 0)

    def height(self) -> int:
        """Return the pixels all rows take."""
        return sum(_ROW if isinstance(line, SearchRow) else _HEADING for line in self._lines)

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.guest(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        guest = self.guest(index.row())
        if guest is None:
            return self.heading(index.row())[0]
        if role == Qt.ItemDataRole.DisplayRole:
            return guest.name
        room = self.tr("Room {room}").format(room=guest.room) if guest.room else ""
        owes = guest.balance_words
        if guest.balance is not None and not owes:
            owes = self.tr("owes {amount}").format(amount=self.money.say(guest.balance))
        return ", ".join(part for part in (room, guest.name, guest.detail, guest.stay, guest.leaves, owes) if part)


class SearchDelegate(QStyledItemDelegate):
    """Paints a guest found: room, name over why they matched, stay, balance."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = TextStock()

    def forget(self) -> None:
        """Hold no text that was drawn."""
        self._texts.clear()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        model = index.model()
        guest = isinstance(model, SearchModel) and model.guest(index.row()) is not None
        return QSize(200, _ROW if guest else _HEADING)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, SearchModel):
            return
        box = QRectF(option.rect)
        guest = model.guest(index.row())
        painter.save()
        if guest is None:
            words, count = model.heading(index.row())
            room = box.adjusted(16, 10, -16, -4)
            self._texts.draw(painter, room, words, "micro", "text.tertiary", weight=600)
            right = Qt.AlignmentFlag.AlignRight
            self._texts.draw(painter, room, str(count), "micro", "text.tertiary", weight=600, align=right)
        else:
            self._paint_guest(painter, box.adjusted(6, 0, -6, 0), guest, model, option.state)
        painter.restore()

    def _paint_guest(
        self, painter: QPainter, box: QRectF, guest: SearchRow, model: SearchModel, state: QStyle.StateFlag
    ) -> None:
        theme = tokens()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            draw_box(painter, box, theme.radius("control"), theme.color("bg.selected"))
            bar = QRectF(box.left(), box.top() + 8, 3, box.height() - 16)
            draw_box(painter, bar, 1.5, theme.color("accent.fill"))
        elif state & QStyle.StateFlag.State_MouseOver:
            draw_box(painter, box, theme.radius("control"), theme.color("bg.hover"))
        left, right, top = box.left() + 10, box.right() - 10, box.top() + 7
        if guest.room:
            ink = "accent.text" if chosen else "text.secondary"
            runs = mark_matches(guest.room, model.query)
            self._texts.draw(painter, QRectF(left, box.top(), 48, box.height()), runs, color=ink, weight=600)
        else:
            mark = QRectF(left, box.center().y() - 8, 16, 16)
            paint_icon(painter, guest.icon, mark, theme.color("text.tertiary"))
        balance = QRectF(right - _BALANCE, box.top(), _BALANCE, box.height())
        self._paint_balance(painter, balance, guest, model.money, chosen=chosen)
        quiet = "text.secondary" if chosen else "text.tertiary"
        stay = QRectF(balance.left() - _STAY, top, _STAY - 8, 18)
        self._texts.draw(painter, stay, guest.stay)
        self._texts.draw(painter, QRectF(stay.left(), stay.bottom(), stay.width(), 16), guest.leaves, "small", quiet)
        words = QRectF(left + 52, top, stay.left() - 12 - left - 52, 18)
        self._texts.draw(painter, words, mark_matches(guest.name, model.query), weight=600 if chosen else 500)
        below = QRectF(words.left(), words.bottom(), words.width(), 16)
        self._texts.draw(painter, below, mark_matches(guest.detail, model.query), "small", quiet)

    def _paint_balance(
        self, painter: QPainter, box: QRectF, guest: SearchRow, money: MoneyWords, *, chosen: bool
    ) -> None:
        right = Qt.AlignmentFlag.AlignRight
        if guest.balance_words or guest.balance is None:
            self._texts.draw(painter, box, guest.balance_words, color="text.tertiary", align=right)
        else:
            self._texts.draw(painter, box, money.show(guest.balance), weight=600 if chosen else 500, align=right)

"""The search box, and the list of what it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from deskpay.ui.components.environment_bar import NARROW_BELOW
from deskpay.ui.components.field import LineInput
from deskpay.ui.components.key_cap import HEIGHT, KeyCap, key_cap_width, paint_key_cap
from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.components.spinner import Spinner
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.desk.ask_mews import HEIGHT as ASK_HEIGHT
from deskpay.ui.desk.ask_mews import AskMewsRow
from deskpay.ui.desk.marks import mark_matches
from deskpay.ui.desk.rows import Reading, SearchGroup, SearchRow, SearchRows
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

POPUP_WIDTH = 700
_HEADING = 28
_ROW = 48
_FOOT = 36
_EMPTY = 176
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
        """Show `groups`, found for `query`."""
        self.beginResetModel()
        self.query = query
        self._lines = []
        for group in groups:
            if group.rows:
                self._lines.append(_Heading(group.title, len(group.rows)))
                self._lines.extend(group.rows)
        self.endResetModel()

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


class _SearchDelegate(QStyledItemDelegate):
    """Paints a guest found: room, name over why they matched, stay, balance."""

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
            draw_text(painter, room, words, "micro", "text.tertiary", weight=600)
            right = Qt.AlignmentFlag.AlignRight
            draw_text(painter, room, str(count), "micro", "text.tertiary", weight=600, align=right)
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
            draw_text(painter, QRectF(left, box.top(), 48, box.height()), runs, color=ink, weight=600)
        else:
            mark = QRectF(left, box.center().y() - 8, 16, 16)
            paint_icon(painter, guest.icon, mark, theme.color("text.tertiary"))
        balance = QRectF(right - _BALANCE, box.top(), _BALANCE, box.height())
        self._paint_balance(painter, balance, guest, model.money, chosen=chosen)
        quiet = "text.secondary" if chosen else "text.tertiary"
        stay = QRectF(balance.left() - _STAY, top, _STAY - 8, 18)
        draw_text(painter, stay, guest.stay)
        draw_text(painter, QRectF(stay.left(), stay.bottom(), stay.width(), 16), guest.leaves, "small", quiet)
        words = QRectF(left + 52, top, stay.left() - 12 - left - 52, 18)
        draw_text(painter, words, mark_matches(guest.name, model.query), weight=600 if chosen else 500)
        below = QRectF(words.left(), words.bottom(), words.width(), 16)
        draw_text(painter, below, mark_matches(guest.detail, model.query), "small", quiet)

    def _paint_balance(
        self, painter: QPainter, box: QRectF, guest: SearchRow, money: MoneyWords, *, chosen: bool
    ) -> None:
        right = Qt.AlignmentFlag.AlignRight
        if guest.balance_words or guest.balance is None:
            draw_text(painter, box, guest.balance_words, color="text.tertiary", align=right)
        else:
            draw_text(painter, box, money.show(guest.balance), weight=600 if chosen else 500, align=right)


class SearchPopup(QFrame):
    """What was found, below the search box. The keyboard stays in the box; arrows and Enter are passed on.

    It is a child of the window, so that it moves and closes with it.

    Args:
        window: the window it lies over.
        money: how amounts are written.
    """

    guest_chosen = Signal(str)
    elsewhere_requested = Signal()

    def __init__(self, window: QWidget, money: MoneyWords) -> None:
        super().__init__(window)
        self._model = SearchModel(money, self)
        self._view = QListView()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setModel(self._model)
        self._view.setItemDelegate(_SearchDelegate(self._view))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMouseTracking(True)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setAccessibleName(self.tr("Guests found"))
        self._view.viewport().setAutoFillBackground(False)
        self._view.clicked.connect(self._on_clicked)
        self._none = StatePanel("", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._none)
        column.addWidget(self._view, 1)
        self.ask = AskMewsRow()
        self.ask.clicked.connect(self.elsewhere_requested)
        column.addWidget(self.ask)
        column.addWidget(self._build_foot())
        shadow = QGraphicsDropShadowEffect(self)
        high = tokens().shadows["1"]
        shadow.setBlurRadius(high.blur)
        shadow.setOffset(0, high.dy)
        color = tokens().color("bg.scrim")
        color.setAlphaF(high.alpha)
        shadow.setColor(color)
        self.setGraphicsEffect(shadow)
        self.hide()

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(_FOOT)
        row = QHBoxLayout(foot)
        row.setContentsMargins(15, 1, 15, 0)
        row.setSpacing(6)
        for caps, words in (
            (("↑", "↓"), self.tr("Choose")),
            (("↵",), self.tr("Open guest")),
            (("Esc",), self.tr("Close")),
        ):
            for cap in caps:
                row.addWidget(KeyCap(cap))
            row.addWidget(Text(words, "small", "text.secondary"))
            row.addSpacing(12)
        self._spinner = Spinner(12)
        self._foot_words = Text("", "small", "text.tertiary", align=Qt.AlignmentFlag.AlignRight)
        row.addWidget(self._foot_words, 1)
        row.addWidget(self._spinner)
        return foot

    @property
    def model(self) -> SearchModel:
        """What is listed now."""
        return self._model

    @property
    def words(self) -> str:
        """What it says where it lists nobody."""
        return self._none.text if self._none.isVisibleTo(self) else ""

    def current_key(self) -> str:
        """Return the key of the guest that Enter would open, or an empty string."""
        guest = self._model.guest(self._view.currentIndex().row())
        return guest.key if guest is not None else ""

    def show_found(self, rows: SearchRows) -> None:
        """Show `rows` and mark the first guest."""
        before = self.current_key() if rows.query == self._model.query else ""
        self._model.set_found(rows.query, rows.groups)
        found = self._model.rowCount() > 0
        reading = rows.reading is Reading.UNDER_WAY
        self._spinner.setVisible(reading)
        failed = rows.reading is Reading.FAILED
        self._foot_words.set_color("danger.text" if failed else "text.tertiary")
        asked = self.tr("Asking Mews") if reading else ""
        self._foot_words.setText(self.tr("Mews could not be searched") if failed and found else asked)
        if failed:
            self._none.say(self.tr("Mews could not be searched"), rows.problem)
        elif reading:
            self._none.say(self.tr("Looking for {query}").format(query=_quoted(rows.query)))
        else:
            advice = self.tr("Check the spelling, or type the full surname or e-mail address.")
            self._none.say(
                self.tr("Nobody matches {query}").format(query=_quoted(rows.query)), f"{rows.searched} {advice}".strip()
            )
        self.ask.offer(rows.query)
        self.ask.setVisible(not reading and not rows.searched)
        self._none.setVisible(not found)
        self._view.setVisible(found)
        rows_of = range(self._model.rowCount())
        keep = [row for row in rows_of if (guest := self._model.guest(row)) is not None and guest.key == before]
        self._go(keep[0] if keep and before else 1)

    def step(self, step: int) -> None:
        """Move the mark by one guest: `step` is 1 or -1. It stops at the ends."""
        row = self._view.currentIndex().row() + step
        while 0 <= row < self._model.rowCount() and self._model.guest(row) is None:
            row += step
        if 0 <= row < self._model.rowCount():
            self._go(row)

    def _go(self, row: int) -> None:
        self._view.setCurrentIndex(self._model.index(row, 0) if self._model.guest(row) else QModelIndex())

    def place(self, center_x: int, top: int, room: QSize) -> None:
        """Stand centred on `center_x` below `top`, inside `room`; all in pixels of the window."""
        width = min(POPUP_WIDTH, room.width() - 24)
        content = self._model.height() + 8 if self._model.rowCount() else _EMPTY
        asking = self.ask.isVisibleTo(self)
        height = min(content + (ASK_HEIGHT if asking else 0) + _FOOT + 5, room.height() - top - 40)
        left = max(12, min(center_x - width // 2, room.width() - width - 12))
        self.setGeometry(left, top, width, height)

    def _on_clicked(self, index: QModelIndex) -> None:
        guest = self._model.guest(index.row())
        if guest is not None:
            self.guest_chosen.emit(guest.key)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        radius = theme.radius("card")
        draw_box(painter, box, radius, theme.color("bg.window"))
        top = box.adjusted(0, 0, 0, -_FOOT)
        draw_box(painter, top, radius, theme.color("bg.raised"))
        painter.fillRect(top.adjusted(0, radius, 0, 0), theme.color("bg.raised"))
        painter.fillRect(QRectF(0, top.bottom(), box.width(), 1), theme.color("border.subtle"))
        draw_box(painter, box, radius, None, theme.color("border.default"))
        painter.end()


def _quoted(words: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"


class SearchBox(LineInput):
    """Where a guest is searched for. Down, Up, Enter and Esc go to the popup through its signals."""

    moved = Signal(int)
    opened = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._key = "Ctrl F"
        self.setAccessibleName(self.tr("Find guest"))
        self.setTextMargins(32, 0, 62, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() >= NARROW_BELOW
        self.setPlaceholderText(
            self.tr("Find guest: name, room, confirmation, e-mail") if wide else self.tr("Find guest")
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.moved.emit(1)
            case Qt.Key.Key_Up:
                self.moved.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit()
            case Qt.Key.Key_Escape:
                self.dismissed.emit()
            case _:
                super().keyPressEvent(event)

    def _clear_box(self) -> QRectF:
        return QRectF(self.width() - 28, (self.height() - 16) / 2, 16, 16)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.text() and self._clear_box().adjusted(-6, -6, 6, 6).contains(event.position()):
            self.clear()
            self.textEdited.emit("")
            self.dismissed.emit()
            return
        super().mousePressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() / 2
        paint_icon(painter, "search", QRectF(11, middle - 8, 16, 16), tokens().color("text.tertiary"))
        if self.text():
            paint_icon(painter, "x", self._clear_box(), tokens().color("text.secondary"))
        else:
            width = key_cap_width(self._key)
            paint_key_cap(painter, QRectF(self.width() - 9 - width, middle - HEIGHT / 2, width, HEIGHT), self._key)
        painter.end()


class Search(QObject):
    """Box and popup together.

    Args:
        box: the search box.
        window: the widget the popup lies over.
        money: how amounts are written.

    It emits `search_changed` with what was typed, `elsewhere_requested` with the same when Mews is to be asked, and
    `guest_chosen` with the key of a guest that was found.
    """

    search_changed = Signal(str)
    elsewhere_requested = Signal(str)
    guest_chosen = Signal(str)

    def __init__(self, box: SearchBox, window: QWidget, money: MoneyWords) -> None:
        super().__init__(window)
        self._box = box
        self._window = window
        self.popup = SearchPopup(window, money)
        box.textEdited.connect(self._on_edited)
        box.moved.connect(self._on_moved)
        box.opened.connect(self._on_opened)
        box.dismissed.connect(self.close)
        self.popup.guest_chosen.connect(self._choose)
        self.popup.elsewhere_requested.connect(self.ask_elsewhere)
        box.installEventFilter(self)
        window.installEventFilter(self)

    def show_found(self, rows: SearchRows) -> None:
        """Show `rows`, unless the box asks for something else by now."""
        if rows.query.strip() != self._box.text().strip() or not rows.query.strip():
            return
        self.popup.show_found(rows)
        self._open()

    def close(self) -> None:
        """Hide the popup; the box keeps its text. A second time, with nothing to hide, it empties the box."""
        if self.popup.isVisible():
            self.popup.hide()
        elif self._box.text():
            self._box.clear()
            self.search_changed.emit("")

    def ask_elsewhere(self) -> None:
        """Ask for what stands in the box to be searched in Mews."""
        if self._box.text().strip():
            self.elsewhere_requested.emit(self._box.text())

    def _open(self) -> None:
        below = self._box.mapTo(self._window, self._box.rect().bottomLeft())
        self.popup.place(below.x() + self._box.width() // 2, below.y() + 6, self._window.size())
        self.popup.show()
        self.popup.raise_()

    def _on_edited(self, text: str) -> None:
        if not text.strip():
            self.popup.hide()
        self.search_changed.emit(text)

    def _on_moved(self, step: int) -> None:
        if self.popup.isVisible():
            self.popup.step(step)
        elif self.popup.model.rowCount() and self._box.text().strip():
            self._open()

    def _on_opened(self) -> None:
        key = self.popup.current_key()
        if self.popup.isVisible() and key:
            self._choose(key)

    def _choose(self, key: str) -> None:
        self.popup.hide()
        self._box.clear()
        self.guest_chosen.emit(key)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched is self._box:
            self.popup.hide()
        elif event.type() == QEvent.Type.Resize and watched is self._window and self.popup.isVisible():
            self._open()
        return False

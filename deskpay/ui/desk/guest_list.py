"""The list of guests: in house, arriving, leaving; those who owe before those who are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.key_cap import KeyCap
from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.skeleton import Skeleton
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.desk.patience import Patience
from deskpay.ui.desk.rows import GuestRow, GuestRows
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

_GROUP_HEIGHT = 28
_SKELETON_ROWS = 8

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between rows, with how many follow."""

    words: str
    count: int


class GuestModel(QAbstractListModel):
    """Guests under their headings. Headings cannot be chosen."""

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._money = money
        self._lines: list[Heading | GuestRow] = []

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way."""
        self.beginResetModel()
        self._money = money
        self.endResetModel()

    @property
    def money(self) -> MoneyWords:
        """How amounts are written."""
        return self._money

    def set_guests(self, guests: Iterable[GuestRow]) -> None:
        """Show `guests`, those who owe first."""
        owing, unread, settled = [], [], []
        for guest in guests:
            if guest.checking or (guest.balance is not None and guest.balance.minor):
                owing.append(guest)
            elif guest.balance is None:
                unread.append(guest)
            else:
                settled.append(guest)
        groups = (
            (self.tr("With a balance"), owing),
            (self.tr("Guests"), unread),
            (self.tr("Settled"), settled),
        )
        lines: list[Heading | GuestRow] = []
        for words, members in groups:
            if members:
                lines.append(Heading(words, len(members)))
                lines.extend(members)
        if lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def line(self, row: int) -> Heading | GuestRow:
        """Return what stands at `row`."""
        return self._lines[row]

    def row_of(self, key: str) -> int:
        """Return where the guest of `key` stands, or -1."""
        for row, line in enumerate(self._lines):
            if isinstance(line, GuestRow) and line.key == key:
                return row
        return -1

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._lines[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(line, Heading):
                return line.words
            return self._spoken(line) if role == Qt.ItemDataRole.AccessibleTextRole else line.name
        return None

    def _spoken(self, guest: GuestRow) -> str:
        parts = [self.tr("Room {room}").format(room=guest.room)] if guest.room else []
        parts += [guest.name, guest.sub]
        if guest.checking:
            parts.append(self.tr("a payment is being checked"))
        if guest.balance is not None:
            owes = self.tr("owes {amount}").format(amount=self._money.say(guest.balance))
            parts.append(owes if guest.balance.minor else self.tr("settled"))
        return ", ".join(part for part in parts if part)


class _GuestDelegate(QStyledItemDelegate):
    """Paints a guest: room, name over when they leave, balance."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        model = index.model()
        heading = isinstance(model, GuestModel) and isinstance(model.line(index.row()), Heading)
        return QSize(120, _GROUP_HEIGHT if heading else tokens().size("row.list"))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, GuestModel):
            return
        line = model.line(index.row())
        box = QRectF(option.rect)
        painter.save()
        if isinstance(line, Heading):
            room = box.adjusted(14, 10, -14, -4)
            draw_text(painter, room, line.words, "micro", "text.tertiary", weight=600)
            right = Qt.AlignmentFlag.AlignRight
            draw_text(painter, room, str(line.count), "micro", "text.tertiary", weight=600, align=right)
        else:
            state = option.state
            # A scroll bar takes its room from the margin and not from the name.
            list_width = option.widget.width() if option.widget is not None else box.width()
            margin = 4 if list_width - box.width() < 2 else -4
            self._paint_guest(painter, box.adjusted(4, 0, -margin, 0), line, state, model.money)
        painter.restore()

    def _paint_guest(
        self, painter: QPainter, box: QRectF, guest: GuestRow, state: QStyle.StateFlag, money: MoneyWords
    ) -> None:
        theme = tokens()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        radius = theme.radius("control")
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            draw_box(painter, box, radius, theme.color("bg.selected" if chosen else "bg.hover"))
        if chosen:
            bar = QRectF(box.left(), box.top() + 8, 3, box.height() - 16)
            draw_box(painter, bar, 1.5, theme.color("accent.fill"))
        left, right = box.left() + 11, box.right() - 12
        room_ink = "accent.text" if chosen else "text.secondary"
        draw_text(painter, QRectF(left, box.top(), 36, box.height()), guest.room, weight=600, color=room_ink)
        amount, ink, weight = self._amount(guest, money)
        width = text_width(amount, weight=weight) + 1
        place = QRectF(right - width, box.top(), width, box.height())
        draw_text(painter, place, amount, weight=weight, color=ink)
        words = QRectF(left + 40, box.top() + 8, right - width - 8 - left - 40, 18)
        draw_text(painter, words, guest.name, weight=600 if chosen else 500)
        below = QRectF(words.left(), words.bottom(), words.width(), 16)
        if guest.checking:
            mark = QRectF(below.left(), below.top() + 2, 12, 12)
            paint_icon(painter, "circle-question-mark", mark, theme.color("unknown.text"), 1.1)
            sentence = self.tr("Not known yet")
            draw_text(painter, below.adjusted(16, 0, 0, 0), sentence, "small", "unknown.text", weight=600)
        else:
            draw_text(painter, below, guest.sub, "small", "text.secondary" if chosen else "text.tertiary")
        if state & QStyle.StateFlag.State_HasFocus and chosen:
            draw_box(painter, box, radius, None, theme.color("focus.ring"), width=2)

    def _amount(self, guest: GuestRow, money: MoneyWords) -> tuple[str, str, int]:
        if guest.balance is None:
            return "", "text.tertiary", 400
        if guest.balance.minor == 0:
            return self.tr("Settled"), "text.tertiary", 400
        return money.show(guest.balance), "text.primary", 500


class _View(QListView):
    """The list itself."""

    entered_by_key = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)


class GuestList(QWidget):
    """Segments, list and footer. It emits `guest_chosen` as the choice moves, and `refresh_requested`."""

    guest_chosen = Signal(str)
    refresh_requested = Signal()

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = GuestRows()
        self._wanted = ""
        self._silent = False
        self._segments = Segments(
            [
                ("in_house", self.tr("In house"), ""),
                ("arriving", self.tr("Arriving"), ""),
                ("leaving", self.tr("Leaving"), ""),
            ],
            name=self.tr("Which guests"),
        )
        self._segments.chosen.connect(self._on_segment_chosen)
        self._model = GuestModel(money, self)
        self._view = _View()
        self._view.setModel(self._model)
        self._view.setItemDelegate(_GuestDelegate(self._view))
        self._view.setAccessibleName(self.tr("Guests"))
        self._view.selectionModel().currentChanged.connect(self._on_current_changed)
        self._empty = StatePanel("", "")
        self._failed = StatePanel("", "", icon="circle-alert", tone=Tone.DANGER)
        again = Button(self.tr("Read again"), ButtonKind.PRIMARY, key="F5")
        again.clicked.connect(self.refresh_requested)
        self._failed.add_action(again)
        self._stack = QStackedWidget()
        self._loading = self._build_loading()
        self._blank = QWidget()
        for page in (self._view, self._empty, self._failed, self._loading, self._blank):
            self._stack.addWidget(page)
        self._patience = Patience(self)
        self._patience.ended.connect(self._on_patience_ended)
        self._build()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 10, 10, 8)
        top.addWidget(self._segments)
        self._count = Text("", "small", "text.tertiary")
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 7)
        foot.setSpacing(4)
        foot.addWidget(self._count, 1)
        foot.addWidget(KeyCap("↑"))
        foot.addWidget(KeyCap("↓"))
        foot.addWidget(Text(self.tr("move"), "small", "text.tertiary"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)
        self._foot_height = 33
        self.setFocusProxy(self._view)
        self._stack.setCurrentWidget(self._blank)

    def _build_loading(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(15, 20, 15, 0)
        column.setSpacing(26)
        for _ in range(_SKELETON_ROWS):
            row = QHBoxLayout()
            row.setSpacing(14)
            row.addWidget(Skeleton(26, 24))
            row.addWidget(Skeleton(0, 24))
            row.addWidget(Skeleton(56, 24))
            column.addLayout(row)
        column.addStretch()
        return page

    @property
    def model(self) -> GuestModel:
        """What is listed now."""
        return self._model

    @property
    def state(self) -> str:
        """Which face it shows: `guests`, `empty`, `error`, `loading` or `blank`."""
        names = ("guests", "empty", "error", "loading", "blank")
        return names[self._stack.currentIndex()]

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way."""
        self._model.set_money(money)

    def show_guests(self, rows: GuestRows) -> None:
        """Show `rows`; the chosen guest stays chosen."""
        self._patience.stop()
        self._rows = rows
        counts = {"in_house": rows.in_house, "arriving": rows.arriving, "leaving": rows.leaving}
        words = {
            "in_house": self.tr("In house {count}"),
            "arriving": self.tr("Arriving {count}"),
            "leaving": self.tr("Leaving {count}"),
        }
        for key, guests in counts.items():
            self._segments.set_words(key, words[key].format(count=len(guests)))
        self._fill()

    def show_loading(self) -> None:
        """Say that guests are being read: nothing for 300 ms, then their shape. Guests already there stay."""
        if self._model.rowCount() == 0:
            self._stack.setCurrentWidget(self._blank)
            self._patience.begin()

    def show_error(self, message: str) -> None:
        """Say why the guests could not be read, and offer to read again."""
        self._patience.stop()
        self._failed.say(self.tr("Guests could not be read"), message)
        self._stack.setCurrentWidget(self._failed)

    def choose(self, key: str) -> None:
        """Mark the guest of `key` as the one shown, without a signal; an unknown key marks nobody."""
        self._wanted = key
        self._mark(key)

    def _mark(self, key: str) -> None:
        row = self._model.row_of(key)
        self._silent = True
        index = self._model.index(row, 0) if row >= 0 else QModelIndex()
        self._view.setCurrentIndex(index)
        self._silent = False

    def _fill(self) -> None:
        segment = self._segments.current()
        guests = {"in_house": self._rows.in_house, "arriving": self._rows.arriving, "leaving": self._rows.leaving}[
            segment
        ]
        counts = {
            "in_house": self.tr("{count} guests in house"),
            "arriving": self.tr("{count} guests arriving"),
            "leaving": self.tr("{count} guests leaving"),
        }
        nobody = {
            "in_house": self.tr("Nobody is in house"),
            "arriving": self.tr("Nobody arrives today"),
            "leaving": self.tr("Nobody leaves today"),
        }
        self._count.setText(counts[segment].format(count=len(guests)))
        bar = self._view.verticalScrollBar()
        scrolled = bar.value()
        self._silent = True
        self._model.set_guests(guests)
        self._silent = False
        self._mark(self._wanted)
        # A list that is read again stays where it was scrolled to.
        self._view.doItemsLayout()
        bar.setValue(scrolled)
        if not guests:
            self._empty.say(nobody[segment], self.tr("Find other guests with Ctrl F."))
        self._stack.setCurrentWidget(self._view if guests else self._empty)

    def _on_patience_ended(self) -> None:
        self._stack.setCurrentWidget(self._loading)

    def _on_segment_chosen(self, _key: str) -> None:
        if self.state in ("guests", "empty"):
            self._fill()
            self._view.scrollToTop()

    def _on_current_changed(self, current: QModelIndex) -> None:
        if self._silent or not current.isValid():
            return
        line = self._model.line(current.row())
        if isinstance(line, GuestRow):
            self._wanted = line.key
            self.guest_chosen.emit(line.key)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        painter.fillRect(self.rect(), theme.color("bg.window"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("border.default"))
        painter.fillRect(0, self.height() - self._foot_height, self.width() - 1, 1, theme.color("border.subtle"))
        painter.end()

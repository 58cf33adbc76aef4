"""The search box, and the list of what it found."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.announce import announce
from deskpay.ui.components.environment_bar import NARROW_BELOW
from deskpay.ui.components.field import LineInput
from deskpay.ui.components.key_cap import HEIGHT, KeyCap, key_cap_width, paint_key_cap
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.spinner import Spinner
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.desk.ask_mews import HEIGHT as ASK_HEIGHT
from deskpay.ui.desk.ask_mews import AskMewsRow
from deskpay.ui.desk.rows import Reading, SearchRows
from deskpay.ui.desk.search_rows import SearchDelegate, SearchModel
from deskpay.ui.theme import Scheme, paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

POPUP_WIDTH = 700
_FOOT = 36
_EMPTY = 176
_RING = 3
_MOST = 324
"""Height of the list, in pixels; beyond it, one more letter is quicker than reading on."""


class _Shade(QWidget):
    """The popup's shadow, behind it.

    It is drawn once, small, and its edges are stretched to size; a graphics effect would blur it anew at every letter.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._drawn = QPixmap()
        self._drawn_for: tuple[Scheme, float] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def lie_under(self, box: QRect) -> None:
        """Stand around `box`, in pixels of the window."""
        high = tokens().shadows["1"]
        self.setGeometry(box.adjusted(-high.blur, -high.blur, high.blur, high.blur + high.dy))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio, end = self.devicePixelRatio(), self._corner()
        wanted = (tokens().scheme, ratio)
        if self._drawn_for != wanted:
            self._drawn, self._drawn_for = self._draw(2 * end + 1), wanted
        painter = QPainter(self)
        columns, rows = (0, end, self.width() - end, self.width()), (0, end, self.height() - end, self.height())
        drawn = (0, end, end + 1, 2 * end + 1)
        for row, column in itertools.product(range(3), range(3)):
            if (row, column) != (1, 1):  # what lies under the popup is never seen
                target = _part(columns, rows, column, row)
                source = _part(drawn, drawn, column, row)
                painter.drawPixmap(target, self._drawn, QRectF(source.topLeft() * ratio, source.size() * ratio))
        painter.end()

    def _corner(self) -> int:
        high = tokens().shadows["1"]
        return high.blur + 2 * high.dy + _RING + int(tokens().radius("card"))

    def _draw(self, side: int) -> QPixmap:
        high, theme = tokens().shadows["1"], tokens()
        drawn = QPixmap(QSize(side, side) * self.devicePixelRatio())
        drawn.setDevicePixelRatio(self.devicePixelRatio())
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        box = QRectF(0, high.dy, side, side - high.dy)
        color = theme.color("bg.scrim")
        # Rings beside one another, darker towards the popup.
        for ring in range(0, high.blur + high.dy + _RING, _RING):
            color.setAlphaF(high.alpha * min(ring / high.blur, 1) ** 2)
            edge = box.adjusted(ring, ring, -ring, -ring)
            draw_box(painter, edge, theme.radius("card") + high.blur - ring, None, color, width=_RING)
        painter.end()
        return drawn


def _part(columns: Sequence[int], rows: Sequence[int], column: int, row: int) -> QRectF:
    left, top = columns[column], rows[row]
    return QRectF(left, top, columns[column + 1] - left, rows[row + 1] - top)


class _View(QListView):
    """The list. It paints all its ground, so that nothing behind it is painted again at every letter."""

    def __init__(self) -> None:
        super().__init__()
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), tokens().color("bg.raised"))
        painter.end()
        super().paintEvent(event)


class SearchPopup(QFrame):
    """What was found, below the search box. The keyboard stays in the box; arrows and Enter are passed on.

    It is a child of the window, so that it moves and closes with it. Because the keyboard never enters it, a screen
    reader hears of it only by announcements: how many were found, and whom the mark is on.

    Args:
        window: the window it lies over.
        money: how amounts are written.
    """

    guest_chosen = Signal(str)
    elsewhere_requested = Signal()
    announced = Signal(str)

    def __init__(self, window: QWidget, money: MoneyWords) -> None:
        super().__init__(window)
        self._model = SearchModel(money, self)
        self._view = _View()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setModel(self._model)
        self._delegate = SearchDelegate(self._view)
        self._view.setItemDelegate(self._delegate)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMouseTracking(True)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setAccessibleName(self.tr("Guests found"))
        self._view.clicked.connect(self._on_clicked)
        self._none = StatePanel("", "")
        self._said = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._none)
        column.addWidget(self._view, 1)
        self.ask = AskMewsRow()
        self.ask.clicked.connect(self.elsewhere_requested)
        column.addWidget(self.ask)
        column.addWidget(self._build_foot())
        self._shade = _Shade(window)
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
        """Show `rows`. The mark stays on its guest while the query is the same, else it goes to the first."""
        before = self.current_key() if rows.query == self._model.query else ""
        self._model.set_found(rows.query, rows.groups)
        found = self._model.rowCount() > 0
        self._show_reading(rows, found=found)
        self.ask.offer(rows.query)
        self.ask.setVisible(not rows.searched)
        self._none.setVisible(not found)
        self._view.setVisible(found)
        row = self._model.row_of(before) if before else -1
        self._go(row if row >= 0 else 1)
        if rows.reading is not Reading.UNDER_WAY:
            self._announce_found(rows)

    def forget(self) -> None:
        """Hide, and hold nothing of what was found."""
        self.show_found(SearchRows(""))
        self._delegate.forget()
        self.hide()

    def _show_reading(self, rows: SearchRows, *, found: bool) -> None:
        reading, failed = rows.reading is Reading.UNDER_WAY, rows.reading is Reading.FAILED
        self._spinner.setVisible(reading)
        self._foot_words.set_color("danger.text" if failed else "text.tertiary")
        narrow = self.tr("Narrow it: r214 room, #48213 confirmation, @ e-mail")
        asked = self.tr("Asking Mews") if reading else narrow
        # The foot has room for what happened; that no money moved is told where nothing else stands.
        self._foot_words.setText(rows.problem.partition(". ")[0] if failed and found else asked)
        if failed:
            self._none.say(self.tr("Mews could not be searched"), rows.problem)
        elif reading:
            self._none.say(self.tr("Looking for {query}").format(query=_quoted(rows.query)))
        else:
            advice = self.tr("Check the spelling, or type the full surname or e-mail address.")
            nobody = self.tr("Nobody matches {query}").format(query=_quoted(rows.query))
            self._none.say(nobody, f"{rows.searched} {advice}".strip())

    def _announce_found(self, rows: SearchRows) -> None:
        if rows.reading is Reading.FAILED:
            self._announce(f"{self.tr('Mews could not be searched')}. {rows.problem}")
        elif count := self._model.count():
            found = self.tr("1 guest found") if count == 1 else self.tr("{count} guests found").format(count=count)
            self._announce(f"{found}. {self._spoken()}")
        elif rows.searched:
            self._announce(self._none.text)

    def _spoken(self) -> str:
        return str(self._view.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def _announce(self, words: str) -> None:
        if words and words != self._said:
            self._said = words
            announce(self, words)
            self.announced.emit(words)

    def step(self, step: int) -> None:
        """Move the mark by one guest: `step` is 1 or -1. It stops at the ends."""
        row = self._view.currentIndex().row() + step
        while 0 <= row < self._model.rowCount() and self._model.guest(row) is None:
            row += step
        if 0 <= row < self._model.rowCount():
            self._go(row)
            self._announce(self._spoken())

    def _go(self, row: int) -> None:
        self._view.setCurrentIndex(self._model.index(row, 0) if self._model.guest(row) else QModelIndex())

    def place(self, center_x: int, top: int, room: QSize, *, steady: bool = False) -> None:
        """Stand centred on `center_x` below `top`, inside `room`; all in pixels of the window.

        Args:
            center_x: of the search box.
            top: below it.
            room: the window's size.
            steady: True grows where that is needed but never shrinks, so that nothing jumps between two letters.
        """
        width = min(POPUP_WIDTH, room.width() - 24)
        content = self._model.height() + 8 if self._model.rowCount() else _EMPTY
        asking = self.ask.isVisibleTo(self)
        needed = min(content, _MOST) + (ASK_HEIGHT if asking else 0) + _FOOT + 5
        if steady and self.isVisible():
            needed = max(needed, self.height())
        height = min(needed, room.height() - top - 40)
        left = max(12, min(center_x - width // 2, room.width() - width - 12))
        self.setGeometry(left, top, width, height)
        self._shade.lie_under(self.geometry())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shade.show()
        self._shade.raise_()
        self.raise_()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._shade.hide()

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
        top, foot = box.adjusted(0, 0, 0, -_FOOT), box.adjusted(0, box.height() - _FOOT, 0, 0)
        for part, ground in ((top, "bg.raised"), (foot, "bg.window")):
            painter.setClipRect(part)
            draw_box(painter, box, radius, theme.color(ground))
        painter.setClipping(False)
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
        # The hand pauses before the books are asked; until then the next letter comes at once.
        self._open(steady=rows.reading is Reading.DONE and not rows.searched)

    def close(self) -> None:
        """Hide the popup; the box keeps its text. A second time, with nothing to hide, it empties the box."""
        if self.popup.isVisible():
            self.popup.hide()
        elif self._box.text():
            self._box.clear()
            self.search_changed.emit("")

    def forget(self) -> None:
        """Hide the popup, and hold nothing of what was typed or found."""
        self._box.clear()
        self.popup.forget()

    def ask_elsewhere(self) -> None:
        """Ask for what stands in the box to be searched in Mews."""
        if self._box.text().strip():
            self.elsewhere_requested.emit(self._box.text())

    def _open(self, *, steady: bool = False) -> None:
        below = self._box.mapTo(self._window, self._box.rect().bottomLeft())
        self.popup.place(below.x() + self._box.width() // 2, below.y() + 6, self._window.size(), steady=steady)
        self.popup.show()

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
        elif event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and self.popup.isVisible():
            self._open()
        return False

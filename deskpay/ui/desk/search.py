"""The search box, and the list of what it found."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QListView, QVBoxLayout, QWidget
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
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

POPUP_WIDTH = 700
_FOOT = 36
_EMPTY = 176


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
        self._view = QListView()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setModel(self._model)
        self._view.setItemDelegate(SearchDelegate(self._view))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMouseTracking(True)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setAccessibleName(self.tr("Guests found"))
        self._view.viewport().setAutoFillBackground(False)
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

    def forget(self) -> None:
        """Hide the popup, and hold nothing of what was typed or found."""
        self._box.clear()
        self.popup.show_found(SearchRows(""))
        self.popup.hide()

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

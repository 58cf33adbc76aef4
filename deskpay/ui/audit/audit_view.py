"""The night audit: which day, its totals, its payments, what is open, what differs. It renders and reports wishes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.comparison import Disagreement
from deskpay.domain.day_sheet import Entry
from deskpay.domain.virtual_board import BoardRow
from deskpay.ui.audit.columns import (
    HouseWords,
    MatterRow,
    day_columns,
    difference_columns,
    matter_columns,
    say_difference,
    say_entry,
    say_matter,
)
from deskpay.ui.audit.day_menu import DayMenu
from deskpay.ui.audit.filters import Filters
from deskpay.ui.audit.sheet import Sheet
from deskpay.ui.audit.tiles import Tiles
from deskpay.ui.audit.virtual_columns import say_virtual, virtual_columns
from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.field import Choice
from deskpay.ui.components.message import Message
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Chip, StateChip, Tone
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.words.money import MoneyWords

PAYMENTS, MATTERS, VIRTUAL, DIFFERENCES = "payments", "matters", "virtual", "differences"
EXPORTS = ("csv", "report", "handover")


class AuditView(QWidget):
    """The page.

    Signals:
        first_shown: the page came into view for the first time.
        day_stepped: one day back or on.
        day_chosen: a business day, as a date.
        shift_chosen: the place of a shift in the list, 0 for the whole day.
        filter_changed, refresh_requested, queue_requested: as they say.
        page_chosen: the key of a page.
        sort_requested: the key of a column.
        export_requested: what to export, one of `EXPORTS`.
        print_requested: what is in view is to be printed: the handover note over open matters, else the day report.
        guest_requested: the id of a customer who is to be shown at the desk.
        refund_requested: the payment marked is to be given back.
        unknown_requested: what is not known should be shown.
    """

    first_shown = Signal()
    day_stepped = Signal(int)
    day_chosen = Signal(object)
    shift_chosen = Signal(int)
    filter_changed = Signal()
    refresh_requested = Signal()
    queue_requested = Signal()
    page_chosen = Signal(str)
    sort_requested = Signal(str)
    export_requested = Signal(str)
    print_requested = Signal()
    guest_requested = Signal(str)
    refund_requested = Signal()
    unknown_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.house = HouseWords(MoneyWords())
        self._was_shown = False
        self.tiles = Tiles()
        self.notice = Message(Tone.UNKNOWN)
        self.notice.hide()
        self.filters = Filters()
        self.day_sheet = Sheet(self.tr("Payments of the day"), day_columns(self.house), say_entry(self.house))
        self.matter_sheet = Sheet(self.tr("Open matters"), matter_columns(self.house), say_matter(self.house))
        self.virtual_sheet = Sheet(self.tr("Virtual cards"), virtual_columns(self.house), say_virtual(self.house))
        self.difference_sheet = Sheet(self.tr("Differences"), difference_columns(self.house), say_difference)
        self.state = StatePanel(self.tr("Reading the day"), icon="hourglass")
        self.footer = Text("", "small", "text.secondary")
        self.net = Text("", "body", weight=600)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 0)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addWidget(self.tiles)
        column.addWidget(self._build_notice())
        column.addLayout(self._build_tabs())
        column.addWidget(self.filters)
        column.addWidget(self._build_pages(), 1)
        column.addLayout(self._build_foot())
        self._connect()

    def _build_head(self) -> QHBoxLayout:
        self.back = Button(
            "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", ButtonKind.GHOST, spoken=self.tr("The day before")
        )
        self.on = Button(
            "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", ButtonKind.GHOST, spoken=self.tr("The day after")
        )
        self.title = Text("", "guest", weight=600)
        self.choose_day = Button("", ButtonKind.GHOST, icon="calendar-days", spoken=self.tr("Choose a day"))
        self.closing = StateChip(Chip("", Tone.NEUTRAL))
        self.shift = Choice(32)
        self.shift.setFixedWidth(124)
        self.shift.setAccessibleName(self.tr("Day or shift"))
        self.export_button = Button(self.tr("Export…"), icon="external-link")
        self.print_button = Button(self.tr("Print…"), icon="printer", key="F9")
        self.queue_button = Button(self.tr("No-show charges…"), ButtonKind.PRIMARY, key="F2")
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.back, self.title, self.on, self.choose_day, self.closing, self.shift):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        for button in (self.export_button, self.print_button, self.queue_button):
            row.addWidget(button)
        self.days = DayMenu(self)
        self.exports = QMenu(self)
        names = (self.tr("Payments shown, as CSV…"), self.tr("Day report, as PDF…"), self.tr("Handover note, as PDF…"))
        for key, name in zip(EXPORTS, names, strict=True):
            action = QAction(name, self.exports)
            action.triggered.connect(lambda _on=False, chosen=key: self.export_requested.emit(chosen))
            self.exports.addAction(action)
        return row

    def _build_notice(self) -> Message:
        self.open_unknown = self.notice.add_action(Button(self.tr("Open"), key="Alt U"))
        return self.notice

    def _build_tabs(self) -> QHBoxLayout:
        self.tabs = Segments(
            (
                (PAYMENTS, self.tr("Payments"), ""),
                (MATTERS, self.tr("Open matters"), ""),
                (VIRTUAL, self.tr("Virtual cards"), ""),
                (DIFFERENCES, self.tr("Compare"), ""),
            ),
            name=self.tr("What is shown"),
        )
        self.progress = Text("", "small", "text.tertiary")
        self.refund_button = Button(self.tr("Give back…"), icon="undo-2", key="F8")
        self.guest_button = Button(self.tr("Show guest"), key="↵")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.tabs)
        row.addStretch()
        row.addWidget(self.progress)
        row.addWidget(self.guest_button)
        row.addWidget(self.refund_button)
        return row

    def _build_pages(self) -> QStackedWidget:
        self.pages = QStackedWidget()
        for page in (self.state, self.day_sheet, self.matter_sheet, self.virtual_sheet, self.difference_sheet):
            self.pages.addWidget(page)
        return self.pages

    def _build_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 10)
        row.addWidget(self.footer, 1)
        row.addWidget(self.net)
        return row

    def _connect(self) -> None:
        self.back.clicked.connect(lambda: self.day_stepped.emit(-1))
        self.on.clicked.connect(lambda: self.day_stepped.emit(1))
        self.choose_day.clicked.connect(lambda: self._open_below(self.days, self.choose_day))
        self.days.chosen.connect(self.day_chosen)
        self.shift.activated.connect(self.shift_chosen)
        self.filters.changed.connect(self.filter_changed)
        self.queue_button.clicked.connect(self.queue_requested)
        self.print_button.clicked.connect(self.print_requested)
        self.export_button.clicked.connect(lambda: self._open_below(self.exports, self.export_button))
        self.tabs.chosen.connect(self.page_chosen)
        self.open_unknown.clicked.connect(self.unknown_requested)
        self.day_sheet.sort_requested.connect(self.sort_requested)
        for sheet in (self.day_sheet, self.matter_sheet, self.virtual_sheet):
            sheet.marked.connect(self._on_marked)
            sheet.opened.connect(self.ask_guest)
        self.guest_button.clicked.connect(self.ask_guest)
        self.refund_button.clicked.connect(self.ask_refund)
        self._on_marked()

    def _open_below(self, menu: QMenu, button: Button) -> None:
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    # What is shown

    def show_day(self, title: str, closing: str, shifts: Sequence[str], chosen: int, *, has_next: bool) -> None:
        """Say which day is shown.

        Args:
            title: the day.
            closing: until when it is open, or that it is closed.
            shifts: what may be chosen, the whole day first.
            chosen: which of them is.
            has_next: False on the day that is going on.
        """
        self.title.setText(title)
        self.closing.set_chip(Chip(closing, Tone.NEUTRAL))
        self.shift.clear()
        self.shift.addItems(list(shifts))
        self.shift.setCurrentIndex(chosen)
        self.on.setEnabled(has_next)

    def show_page(self, key: str) -> None:
        """Bring a page into view."""
        self.tabs.set_current(key)
        sheets: dict[str, QWidget] = {
            PAYMENTS: self.day_sheet,
            MATTERS: self.matter_sheet,
            VIRTUAL: self.virtual_sheet,
            DIFFERENCES: self.difference_sheet,
        }
        self.pages.setCurrentWidget(sheets[key])
        self.filters.setVisible(key == PAYMENTS)
        self.refund_button.setVisible(key == PAYMENTS)
        self.guest_button.setVisible(key != DIFFERENCES)
        self._on_marked()

    def show_state(self, title: str, text: str = "") -> None:
        """Say why there is nothing to show."""
        self.state.say(title, text)
        self.pages.setCurrentWidget(self.state)

    def entry(self) -> Entry | None:
        """Return the row of the day that is marked, or None."""
        return self.day_sheet.current() if self.pages.currentWidget() is self.day_sheet else None

    def matter(self) -> MatterRow | None:
        """Return the open matter that is marked, or None."""
        return self.matter_sheet.current() if self.pages.currentWidget() is self.matter_sheet else None

    def virtual_card(self) -> BoardRow | None:
        """Return the virtual card that is marked, or None."""
        return self.virtual_sheet.current() if self.pages.currentWidget() is self.virtual_sheet else None

    def show_differences(self, found: Sequence[Disagreement]) -> None:
        """Show where journal and books differ."""
        self.difference_sheet.show_rows(found)

    # The keyboard

    def take_focus(self) -> None:
        """Put the keyboard where the page is worked from."""
        sheets = (self.day_sheet, self.matter_sheet, self.virtual_sheet, self.difference_sheet)
        shown = next((sheet for sheet in sheets if sheet is self.pages.currentWidget()), self.queue_button)
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_guest(self) -> None:
        """Ask for the guest of the row that is marked."""
        customer_id = self._customer_id()
        if customer_id:
            self.guest_requested.emit(customer_id)

    def _customer_id(self) -> str:
        """Return whose the marked row is; empty where none is."""
        entry, row, card = self.entry(), self.matter(), self.virtual_card()
        if entry is not None:
            return entry.customer_id
        if row is not None:
            return row.matter.customer_id
        return card.customer.id if card is not None else ""

    def ask_refund(self) -> None:
        """Ask to give back the payment that is marked."""
        entry = self.entry()
        if entry is not None and entry.payment is not None:
            self.refund_requested.emit()

    def _on_marked(self) -> None:
        entry = self.entry()
        self.guest_button.setEnabled(bool(self._customer_id()))
        self.refund_button.setEnabled(entry is not None and entry.payment is not None and not entry.given_back)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.first_shown.emit()

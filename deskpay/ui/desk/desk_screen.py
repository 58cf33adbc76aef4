"""The desk: environment bar, header, guests, the chosen guest's page, status.

It renders rows and reports wishes. It starts nothing: whoever owns it answers the signals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.announce import announce
from deskpay.ui.audit.audit_view import AuditView
from deskpay.ui.components.environment_bar import NARROW_BELOW, Environment, EnvironmentBar, WindowEdge
from deskpay.ui.desk.guest_list import GuestList
from deskpay.ui.desk.guest_panel import GuestPanel
from deskpay.ui.desk.header import Header
from deskpay.ui.desk.rows import Connection, GuestRows, GuestView, SearchRows
from deskpay.ui.desk.search import Search
from deskpay.ui.desk.status_bar import StatusBar
from deskpay.ui.journal.activity_view import ActivityView
from deskpay.ui.journal.rows import UnresolvedRow
from deskpay.ui.journal.unresolved_view import UnresolvedView
from deskpay.ui.settings.settings_view import SettingsView
from deskpay.ui.theme import tokens
from deskpay.ui.words.money import MoneyWords

LEAST_SIZE = (960, 560)
"""The smallest window nothing is clipped in, in pixels."""
_LIST_NARROW = 264


class DeskScreen(QWidget):
    """The desk screen.

    Args:
        environment: where a charge would go.
        money: how amounts are written.
        parent: the widget it lies in.

    Signals:
        guest_chosen: the key of a guest, from the list or the search.
        search_changed: what stands in the search box, after every change by hand.
        elsewhere_requested: Mews is to be asked for what stands in the search box.
        charge_requested, record_requested, ask_requested, add_card_requested, bills_requested: a dialog is wanted
            for the guest shown.
        link_requested: the id of a request to pay that is to be shown.
        refund_requested: the id of the payment marked, or None when one is still to be chosen.
        receipt_requested: the id of the payment marked, whose receipt is wanted once more.
        refresh_requested: what is shown should be read again.
        unresolved_requested: the payment that is not known should be shown.
        check_requested, story_requested, decide_requested: the id of an unresolved act, to be looked up at once, told,
            or decided by people.
        activity_shown: everything that was done is in view.
        settings_shown: what this desk sets for itself is in view.
        support_requested: what helps whoever helps is to be shown.
        people_requested: who works here is to be looked at or changed.
        lock_requested, switch_requested: the desk is to be locked, or somebody else is to sit down.
        announced: what a screen reader was told about guests and the connection.
    """

    guest_chosen = Signal(str)
    search_changed = Signal(str)
    elsewhere_requested = Signal(str)
    charge_requested = Signal()
    acquirer_requested = Signal()
    record_requested = Signal()
    ask_requested = Signal()
    link_requested = Signal(str)
    refund_requested = Signal(object)
    receipt_requested = Signal(str)
    add_card_requested = Signal()
    bills_requested = Signal()
    refresh_requested = Signal()
    unresolved_requested = Signal()
    check_requested = Signal(str)
    story_requested = Signal(str)
    decide_requested = Signal(str)
    lock_requested = Signal()
    switch_requested = Signal()
    people_requested = Signal()
    support_requested = Signal()
    activity_shown = Signal()
    settings_shown = Signal()
    announced = Signal(str)

    def __init__(
        self,
        environment: Environment = Environment.NOT_CONNECTED,
        money: MoneyWords | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        words = money or MoneyWords()
        self.bar = EnvironmentBar(environment)
        self.header = Header()
        self.guests = GuestList(words)
        self.panel = GuestPanel(words)
        self.status = StatusBar(
            (
                (self.tr("F5"), self.tr("Refresh")),
                (self.tr("F6"), self.tr("Next pane")),
                (self.tr("Ctrl 5"), self.tr("Settings")),
                (self.tr("Ctrl L"), self.tr("Lock")),
            ),
        )
        self.audit = AuditView()
        self.journal = UnresolvedView(words)
        self.activity = ActivityView(words)
        self.settings = SettingsView()
        self._desk_page = QWidget()
        middle = QHBoxLayout(self._desk_page)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.guests)
        middle.addWidget(self.panel, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._desk_page)
        self._pages.addWidget(self.audit)
        self._pages.addWidget(self.journal)
        self._pages.addWidget(self.activity)
        self._pages.addWidget(self.settings)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.header)
        column.addWidget(self._pages, 1)
        column.addWidget(self.status)
        self.search = Search(self.header.search_box, self, words)
        self._edge = WindowEdge(self.bar, self)
        # Said outright, for the layout of a wide window asks for more than a narrow one needs.
        self.setMinimumSize(*LEAST_SIZE)
        self._connect()
        self._shortcuts()
        self._set_narrow(narrow=False)

    def _connect(self) -> None:
        self.guests.guest_chosen.connect(self.guest_chosen)
        self.guests.refresh_requested.connect(self.refresh_requested)
        self.search.popup.announced.connect(self.announced)
        self.panel.announced.connect(self.announced)
        self.search.search_changed.connect(self.search_changed)
        self.search.elsewhere_requested.connect(self.elsewhere_requested)
        self.search.guest_chosen.connect(self._on_found_chosen)
        self.header.unknown_requested.connect(self.unresolved_requested)
        self.header.desk_requested.connect(self.show_desk)
        self.header.audit_requested.connect(self.show_audit)
        self.header.journal_requested.connect(self.show_journal)
        self.journal.activity_requested.connect(self.show_activity)
        self.activity.unresolved_requested.connect(self.show_journal)
        self.settings.people_requested.connect(self.people_requested)
        self.settings.support_requested.connect(self.support_requested)
        self.journal.check_requested.connect(self.check_requested)
        self.journal.story_requested.connect(self.story_requested)
        self.journal.decide_requested.connect(self.decide_requested)
        panel = self.panel
        panel.charge_requested.connect(self.charge_requested)
        panel.record_requested.connect(self.record_requested)
        panel.ask_requested.connect(self.ask_requested)
        panel.link_requested.connect(self.link_requested)
        panel.refund_requested.connect(self.refund_requested)
        panel.add_card_requested.connect(self.add_card_requested)
        panel.bills_requested.connect(self.bills_requested)
        panel.refresh_requested.connect(self.refresh_requested)
        panel.unresolved_requested.connect(self.unresolved_requested)
        panel.search_requested.connect(self.focus_search)
        panel.beside_chosen.connect(self._on_found_chosen)

    def _shortcuts(self) -> None:
        def when_money(act: Callable[[], object]) -> Callable[[], None]:
            def run() -> None:
                if self.panel.can_move_money and self.on_desk:
                    act()

            return run

        def add_card() -> None:
            if self.panel.can_add_card and self.on_desk:
                self.add_card_requested.emit()

        def unknown() -> None:
            if self.header.pill.isVisible() or self.panel.banner.isVisible():
                self.unresolved_requested.emit()

        keys: dict[str, Callable[[], object]] = {
            "Ctrl+1": self.show_desk,
            "Ctrl+2": self.show_audit,
            "Ctrl+3": self.show_journal,
            "Ctrl+4": self.show_activity,
            "Ctrl+5": self.show_settings,
            "Alt+Return": self.search.ask_elsewhere,
            "Ctrl+F": self.focus_search,
            "F2": when_money(self.charge_requested.emit),
            "Shift+F2": when_money(self.acquirer_requested.emit),
            "F3": when_money(self.record_requested.emit),
            "F4": when_money(self.ask_requested.emit),
            "F5": self._on_refresh_key,
            "F6": self.next_pane,
            "F7": add_card,
            "F8": self._on_refund_key,
            "Ctrl+B": self._on_bills_key,
            "F9": self._on_receipt_key,
            "Alt+U": unknown,
            "Ctrl+L": self.lock_requested.emit,
            "Ctrl+O": self.switch_requested.emit,
            "Ctrl+,": self.people_requested.emit,
            "Ctrl+Shift+D": self.support_requested.emit,
        }
        at_night: dict[str, Callable[[], object]] = {
            "F2": self.audit.queue_requested.emit,
            "F5": self.audit.refresh_requested.emit,
            "F8": self.audit.ask_refund,
            "F9": self.audit.print_requested.emit,
        }

        def by_page(by_day: Callable[[], object], by_night: Callable[[], object]) -> Callable[[], object]:
            return lambda: by_night() if self.on_audit else by_day()

        for key, by_day in keys.items():
            act = by_page(by_day, at_night.get(key, by_day))
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def _on_refresh_key(self) -> None:
        if self._pages.currentWidget() is self.journal:
            self.journal.check_marked()
        self.refresh_requested.emit()

    def _on_bills_key(self) -> None:
        if self.panel.state == "guest" and self.on_desk:
            self.bills_requested.emit()

    def _on_refund_key(self) -> None:
        if self._pages.currentWidget() is self.journal:
            self.journal.decide_marked()
        elif self.panel.can_move_money and self.on_desk:
            self.panel.ask_refund()

    def _on_receipt_key(self) -> None:
        marked = self.panel.table.chosen()
        if self.on_desk and marked is not None:
            self.receipt_requested.emit(marked.key)

    # The pages

    @property
    def on_desk(self) -> bool:
        """True while the desk is in view; keys that move its guest's money do nothing elsewhere."""
        return self._pages.currentWidget() is self._desk_page

    @property
    def on_audit(self) -> bool:
        """True while the night audit is in view."""
        return self._pages.currentWidget() is self.audit

    @property
    def on_journal(self) -> bool:
        """True while the journal is in view, be it what is not known or what was done."""
        return self._pages.currentWidget() in (self.journal, self.activity)

    def show_desk(self) -> None:
        """Bring the desk into view."""
        self._pages.setCurrentWidget(self._desk_page)
        self.header.desk_tab.setChecked(True)

    def show_audit(self) -> None:
        """Bring the night audit into view."""
        self._pages.setCurrentWidget(self.audit)
        self.header.audit_tab.setChecked(True)
        self.audit.take_focus()

    def show_journal(self) -> None:
        """Bring the journal into view."""
        self._pages.setCurrentWidget(self.journal)
        self.header.journal_tab.setChecked(True)
        self.journal.take_focus()

    def show_activity(self) -> None:
        """Bring everything that was done into view."""
        self._pages.setCurrentWidget(self.activity)
        self.header.journal_tab.setChecked(True)
        self.activity.take_focus()
        self.activity_shown.emit()

    def show_settings(self) -> None:
        """Bring what this desk sets for itself into view."""
        self._pages.setCurrentWidget(self.settings)
        self.header.mark_no_tab()
        self.settings.take_focus()
        self.settings_shown.emit()

    # What is shown

    def show_unresolved(self, rows: Sequence[UnresolvedRow]) -> None:
        """Show what is not known yet, and how much of it in the header."""
        self.journal.show_rows(rows)
        self.header.journal_tab.set_count(len(rows))

    def set_environment(self, environment: Environment, hotel: str = "", day: str = "", day_narrow: str = "") -> None:
        """Say where a charge would go, for which hotel, and its business day in words."""
        self.bar.set_environment(environment)
        self.bar.set_hotel(hotel)
        self.bar.set_right(day, day_narrow)
        self._edge.update()

    def set_money_words(self, money: MoneyWords) -> None:
        """Write amounts as this hotel does, in what is shown from now on."""
        self.guests.set_money(money)
        self.panel.set_money(money)
        self.journal.table.rows.money = money
        self.activity.table.rows.money = money
        self.search.popup.model.money = money

    def set_operator(self, name: str, role: str) -> None:
        """Show who works at this desk; an empty name shows nobody."""
        self.header.set_operator(name, role)

    def show_guests(self, rows: GuestRows) -> None:
        """Show the lists of guests."""
        self.guests.show_guests(rows)

    def show_guests_loading(self) -> None:
        """Say that the lists are being read."""
        self.guests.show_loading()

    def show_guests_error(self, message: str) -> None:
        """Say why the lists could not be read."""
        self.guests.show_error(message)

    def show_no_guest(self) -> None:
        """Ask for a guest to be chosen."""
        self.guests.choose("")
        self.panel.show_none()

    def forget(self) -> None:
        """Show no guest any more, nowhere."""
        self.show_no_guest()
        self.show_guests(GuestRows())
        self.show_guests_loading()
        self.search.forget()

    def show_guest(self, view: GuestView) -> None:
        """Show one guest's page, and mark the guest in the list."""
        self.guests.choose(view.key)
        self.panel.show_guest(view)

    def show_search(self, rows: SearchRows) -> None:
        """Show what a search found, unless the box asks for something else by now."""
        self.search.show_found(rows)

    def set_status(self, connection: Connection, words: str = "", since: str = "") -> None:
        """Say how Mews answers and how old what is shown is; that it was lost, or is back, is announced."""
        was = self.status.connection
        self.status.set_status(connection, words, since)
        lost = connection is Connection.LOST
        if lost != (was is Connection.LOST):
            announce(self.status, self.status.text, at_once=lost)
            self.announced.emit(self.status.text)

    def set_notice(self, lead: str, text: str = "") -> None:
        """Show a banner about the connection above the guest's page; an empty lead hides it."""
        self.panel.set_notice(lead, text)

    def set_money_enabled(self, enabled: bool, reason: str = "") -> None:
        """Turn everything that moves money on, or off with a reason that tool tips give."""
        self.panel.set_money_enabled(enabled, reason)

    def set_unknown_count(self, count: int) -> None:
        """Show in the header how many payments are not known."""
        self.header.pill.set_count(count)

    # The keyboard

    def focus_search(self) -> None:
        """Go to the search box and select what it holds."""
        self.header.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search_box.selectAll()

    def next_pane(self) -> None:
        """Go on from search to list to page, and round again."""
        panes: list[tuple[QWidget, QWidget]] = [
            (self.header, self.header.search_box),
            (self.guests, self.guests),
            (self.panel, self.panel.strip.charge if self.panel.can_move_money else self.panel.head.refresh),
        ]
        if self.on_journal:
            panes = [panes[0], (self.journal, self.journal.table)]
        if self.on_audit:
            panes = [panes[0], (self.audit.filters, self.audit.filters.box), (self.audit.pages, self.audit.day_sheet)]
        focus = QApplication.focusWidget()
        now = next((at for at, (pane, _) in enumerate(panes) if focus is not None and pane.isAncestorOf(focus)), -1)
        panes[(now + 1) % len(panes)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_found_chosen(self, key: str) -> None:
        self.show_desk()
        self.guests.choose(key)
        self.guest_chosen.emit(key)
        self.guests.setFocus(Qt.FocusReason.OtherFocusReason)

    # Size

    def _set_narrow(self, *, narrow: bool) -> None:
        self.guests.setFixedWidth(_LIST_NARROW if narrow else tokens().size("list"))
        self.panel.set_narrow(narrow)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_narrow(narrow=self.width() < NARROW_BELOW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.surface"))
        painter.end()

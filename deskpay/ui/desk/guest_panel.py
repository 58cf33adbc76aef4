"""The guest's page: who, what is owed, bills, payments and saved cards; or why none of it shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.announce import announce
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.desk.beside import Beside
from deskpay.ui.desk.bills_card import BillCard
from deskpay.ui.desk.guest_head import GuestHead
from deskpay.ui.desk.money_strip import MoneyStrip
from deskpay.ui.desk.patience import Patience
from deskpay.ui.desk.pay_links import PayLinks
from deskpay.ui.desk.payments_table import PaymentsTable
from deskpay.ui.desk.rows import BillRow, GuestView, Part, PaymentRow, Reading
from deskpay.ui.desk.saved_cards import HeldAmounts, SavedCards
from deskpay.ui.desk.section import Rule, Scroller, Section, clear
from deskpay.ui.theme import tokens
from deskpay.ui.words.money import MoneyWords

BLEED = 8
"""How far the tint of a chosen payment reaches beyond the text above it, in pixels."""
_OVERHANG = 10
"""Padding of the borderless button in the head: its cap, not its edge, stands on the margin."""
_SIDE_WIDTH, _SIDE_WIDTH_NARROW = 292, 244


class GuestPanel(QWidget):
    """The page of the guest that was chosen.

    Args:
        money: how amounts are written.
        parent: the widget it lies in.
    """

    charge_requested = Signal()
    record_requested = Signal()
    ask_requested = Signal()
    link_requested = Signal(str)
    refund_requested = Signal(object)
    add_card_requested = Signal()
    bills_requested = Signal()
    refresh_requested = Signal()
    search_requested = Signal()
    unresolved_requested = Signal()
    beside_chosen = Signal(str)
    announced = Signal(str)

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._money = money
        self._view: GuestView | None = None
        self._off_reason = ""
        self.head = GuestHead()
        self.strip = MoneyStrip(money)
        self.banner = Message(Tone.UNKNOWN)
        self.notice = Message(Tone.DANGER)
        self.bills = Section(self.tr("Bills"), inset=BLEED)
        self.show_bills = self.bills.add_head_action(
            Button(self.tr("Show…"), size=ButtonSize.DENSE, key="Ctrl B", spoken=self.tr("Show the bills"))
        )
        self.payments = Section(self.tr("Payments"), inset=BLEED, bleed=True)
        self.table = PaymentsTable(money)
        self.cards = SavedCards()
        self.beside = Beside()
        self.held = HeldAmounts()
        self.links = PayLinks(money)
        self._note_head = Section(self.tr("Note from Mews"))
        self._note = Text("", "body", "text.secondary", wrap=True)
        self._stack = QStackedWidget()
        self._page = self._build_page()
        self._none = self._build_none()
        for page in (self._none, self._page):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack)
        self._patience = Patience(self)
        self._patience.ended.connect(self._on_patience_ended)
        self._connect()

    # Building

    def _connect(self) -> None:
        self.head.refresh_requested.connect(self.refresh_requested)
        self.strip.charge_requested.connect(self.charge_requested)
        self.strip.record_requested.connect(self.record_requested)
        self.strip.ask_requested.connect(self.ask_requested)
        self.strip.refund_requested.connect(self.ask_refund)
        self.links.link_chosen.connect(self.link_requested)
        self.cards.add_requested.connect(self.add_card_requested)
        self.beside.guest_chosen.connect(self.beside_chosen)
        self.show_bills.clicked.connect(self.bills_requested)
        for part in (self.bills, self.payments, self.cards):
            part.again_requested.connect(self.refresh_requested)

    def _build_none(self) -> StatePanel:
        words = self.tr("Type a name, room or confirmation number, or pick someone from the list.")
        panel = StatePanel(self.tr("Choose a guest"), words, icon="concierge-bell")
        find = panel.add_action(Button(self.tr("Find guest"), key="Ctrl F"))
        find.clicked.connect(self.search_requested)
        return panel

    def _build_page(self) -> QWidget:
        page = QWidget()
        show = self.banner.add_action(Button(self.tr("Show"), size=ButtonSize.DENSE, key="Alt U"))
        show.clicked.connect(self.unresolved_requested)
        self._try_now = self.notice.add_action(Button(self.tr("Try now"), size=ButtonSize.DENSE, key="F5"))
        self._try_now.clicked.connect(self.refresh_requested)
        self.banner.hide()
        self.notice.hide()
        self._top = QVBoxLayout()
        self._top.setSpacing(0)
        self._top.addWidget(self.head)
        self._below_head = QVBoxLayout()
        self._below_head.setContentsMargins(0, 14, _OVERHANG, 0)
        self._below_head.setSpacing(12)
        for part in (self.strip, self.notice, self.banner):
            self._below_head.addWidget(part)
        self._top.addLayout(self._below_head)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(0)
        self._columns.addWidget(self._build_main(), 1)
        self._columns.addWidget(Rule())
        self._side = self._build_side()
        self._columns.addWidget(self._side)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._top)
        outer.addLayout(self._columns, 1)
        return page

    def _build_main(self) -> Scroller:
        content = QWidget()
        self._main = QVBoxLayout(content)
        self._main.setSpacing(12)
        self.payments.column.addWidget(self.table)
        self._main.addWidget(self.bills)
        self._main.addWidget(self.payments)
        self._main.addStretch(1)
        return Scroller(content)

    def _build_side(self) -> Scroller:
        content = QWidget()
        self._side_column = QVBoxLayout(content)
        self._side_column.setSpacing(16)
        self._note_head.column.addWidget(self._note)
        self._side_column.addWidget(self.cards)
        self._side_column.addWidget(self.links)
        self._side_column.addWidget(self.held)
        self._side_column.addWidget(self.beside)
        self._side_column.addWidget(self._note_head)
        self._side_column.addStretch(1)
        return Scroller(content)

    # What the screen calls

    @property
    def state(self) -> str:
        """How far the guest's page has come: `none`, `loading`, `error`, or `guest` once it is wholly read."""
        view = self._view
        if view is None:
            return "none"
        readings = {part.reading for part in (view.bills, view.payments, view.cards)}
        if Reading.FAILED in readings:
            return "error"
        return "loading" if Reading.UNDER_WAY in readings or not view.fresh else "guest"

    def show_none(self) -> None:
        """Ask for a guest to be chosen."""
        self._patience.stop()
        self._view = None
        self._stack.setCurrentWidget(self._none)

    def show_guest(self, view: GuestView) -> None:
        """Show `view`. Bills that were opened stay open while the guest is the same."""
        same = self._view is not None and self._view.key == view.key
        was_read = same and self.state == "guest"
        self._view = view
        self._await(view, same=same)
        self.head.show_guest(view)
        self.strip.show_balance(view.balance, view.charges, view.paid)
        self._show_unresolved(view.unresolved)
        self._show_bills(view.bills, keep=same)
        self._show_payments(view.payments)
        self.cards.show_cards(view.cards, shape=not self._patience.waiting)
        self.held.show_held(view.held)
        self.links.show_links(view.links)
        self._note.setText(view.note)
        self._note_head.setVisible(bool(view.note))
        self.beside.show_guests(view.beside)
        self._apply_money()
        self._stack.setCurrentWidget(self._page)
        if self.state == "guest" and not was_read:
            self._announce_page(view)

    def _await(self, view: GuestView, *, same: bool) -> None:
        """Show the shape of what is missing only once it has been missing for a moment."""
        missing = any(part.reading is Reading.UNDER_WAY for part in (view.bills, view.payments, view.cards))
        if not missing:
            self._patience.stop()
        elif not same:
            self._patience.begin()

    def _announce_page(self, view: GuestView) -> None:
        parts = [view.name, view.room]
        if view.balance is not None:
            parts.append(self.tr("open balance {amount}").format(amount=self._money.say(view.balance)))
        words = ", ".join(part for part in (*parts, view.unresolved) if part)
        announce(self, words)
        self.announced.emit(words)

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way, from the next guest on."""
        self._money = money
        self.strip.set_money(money)
        self.table.set_money(money)
        self.links.set_money(money)

    def set_money_enabled(self, enabled: bool, reason: str = "") -> None:
        """Turn everything that moves money or saves cards on, or off with a reason."""
        self._off_reason = "" if enabled else reason or self.tr("Payments are off")
        self._apply_money()

    def set_notice(self, lead: str, text: str = "") -> None:
        """Show a banner about the connection; an empty lead hides it."""
        self.notice.setVisible(bool(lead))
        if lead:
            self.notice.say(Tone.DANGER, lead, text, icon="wifi-off")

    @property
    def can_move_money(self) -> bool:
        """True while a guest is shown, wholly read, and money is on."""
        return self.state == "guest" and self.strip.active

    @property
    def can_add_card(self) -> bool:
        """True while a guest is shown, wholly read, and money is on."""
        return self.state == "guest" and self.cards.add.isEnabled()

    def ask_refund(self) -> None:
        """Ask for a refund of the payment that is marked, or of one still to be chosen."""
        payment = self.table.chosen()
        self.refund_requested.emit(payment.key if payment is not None and payment.refundable else None)

    # Parts

    def _apply_money(self) -> None:
        view = self._view
        waits = self.tr("Money waits until the balance, the cards and the payments are read.")
        off = self._off_reason or ("" if view is None or self.state == "guest" else waits)
        reason = off or (view.unresolved if view is not None else "")
        self.strip.set_enabled(not reason, reason)
        self.cards.set_add_enabled(not off, off)

    def _show_unresolved(self, sentence: str) -> None:
        self.banner.setVisible(bool(sentence))
        if sentence:
            self.banner.say(Tone.UNKNOWN, sentence)

    def _show_bills(self, bills: Part[BillRow], *, keep: bool) -> None:
        column = self.bills.column
        cards = [item.widget() for at in range(column.count()) if (item := column.itemAt(at)) is not None]
        opened = {card.key for card in cards if isinstance(card, BillCard) and card.expanded}
        clear(column)
        if bills.reading is Reading.UNDER_WAY:
            self.bills.show_waiting(shape=not self._patience.waiting)
        elif bills.reading is Reading.FAILED:
            self.bills.show_problem(bills.problem)
        else:
            for at, bill in enumerate(bills.rows):
                column.addWidget(BillCard(bill, self._money, expanded=bill.key in opened if keep else at == 0))
            self.bills.show_rows(len(bills.rows), self.tr("No bill is open."))

    def _show_payments(self, payments: Part[PaymentRow]) -> None:
        self.table.set_payments(payments.rows)
        self.table.setVisible(bool(payments.rows))
        if payments.reading is Reading.UNDER_WAY:
            self.payments.show_waiting(shape=not self._patience.waiting)
        elif payments.reading is Reading.FAILED:
            self.payments.show_problem(payments.problem)
        else:
            self.payments.show_rows(len(payments.rows), self.tr("Nothing was paid yet."))

    def _on_patience_ended(self) -> None:
        for part in (self.bills, self.payments, self.cards):
            part.show_waiting(shape=True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._patience.waiting:  # nobody looks: no timer runs for it
            self._patience.stop()
            self._on_patience_ended()

    # Size

    def set_narrow(self, narrow: bool) -> None:
        """Set margins and columns for a narrow window, or for a wide one."""
        side = 20 if narrow else 24
        self._top.setContentsMargins(side, 14 if narrow else 16, side - _OVERHANG, 14)
        self._main.setContentsMargins(side - BLEED, 0, (16 if narrow else 20) - BLEED, 12)
        self._side.setFixedWidth(_SIDE_WIDTH_NARROW if narrow else _SIDE_WIDTH)
        self._side_column.setSpacing(8 if narrow else 16)
        self._side_column.setContentsMargins(14 if narrow else 20, 0, 14 if narrow else 24, 12)
        self.head.set_narrow(narrow)
        self.strip.set_narrow(narrow)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("bg.surface"))
        painter.end()

"""The guest's bills: what stands on each and what is open. Confirming closes one for good; no money moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.bill import BillKind, BillSheet, NotClosable, OrderItem
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Declined, DeskPayError, Field, InputProblem, InputRefused, OutcomeUnknown
from deskpay.domain.money import total
from deskpay.domain.payment import PaymentState
from deskpay.services.close_bill import CloseOrder
from deskpay.services.read_guest import GuestFile
from deskpay.ui.ask import Asking
from deskpay.ui.bills.sheet_lines import SheetLine, SheetLines
from deskpay.ui.components import field as fields
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.tick import Tick
from deskpay.ui.guest_views import payment_chip
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.present_error import input_words, quoted, words_for

_WIDTH = 860
_BILLS_WIDTH = 384


@dataclass(frozen=True, slots=True)
class BillsContext:
    """What the dialog knows beside the guest's file.

    Args:
        companies: names by account.
        elsewhere: open items of the stay that stand on other accounts.
        chosen: id of the bill to start with; empty for the guest's default bill.
        told: what was just done, to be said first; empty for nothing.
    """

    companies: Mapping[str, str]
    elsewhere: tuple[OrderItem, ...] = ()
    chosen: str = ""
    told: str = ""


class BillsDialog(Asking[CloseOrder]):
    """Shows bills and asks to close one.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        context: what is known beside it.
        environment: where the bill would be closed.
        room: the room's name; empty where there is none.

    `pdf_requested` announces the id of a bill whose print is wanted.
    """

    pdf_requested = Signal(str)

    def __init__(
        self, window: QWidget, file: GuestFile, context: BillsContext, environment: Environment, room: str = ""
    ) -> None:
        self._words = GuestWords(file, room)
        super().__init__(
            window,
            self.tr("Bills"),
            self._words.about,
            strip=self.tr("Bills"),
            environment=environment,
            width=_WIDTH,
        )
        self._file = file
        self._context = context
        self._sheets = {sheet.bill.id: sheet for sheet in file.sheets}
        self._names = dict(self._words.bills())
        self._build()
        self.pdf_button = self.add_left_action(Button(self.tr("Open as PDF"), size=ButtonSize.ACTION, key="F9"))
        self.pdf_button.clicked.connect(self._on_pdf)
        QShortcut(QKeySequence("F9"), self).activated.connect(self._on_pdf)
        self.add_cancel(self.tr("Leave"))
        self.set_confirm(self.tr("Close bill"))
        if context.chosen in self._sheets:
            self.bills.set_current(context.chosen)
        self.revise()

    # Building

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addWidget(self._build_bills())
        columns.addLayout(self._build_sheet(), 1)
        self.body.addLayout(columns)
        self.register(Field.BILL, self.bill_field, self.bills.chosen)
        self.register(Field.NOTE, self.remark, self.remark.edited)
        self.paid_up.toggled.connect(lambda _on: self.revise())
        self.paid_later.toggled.connect(lambda _on: self.revise())

    def _build_bills(self) -> QWidget:
        self.bills = RadioCards([self._row(sheet) for sheet in self._sheets.values()], two_lines=True)
        self.bills.set_current(next(iter(self._sheets), ""))
        self.bill_field = Labelled(self.tr("Which bill?"), self.bills)
        self.told = Message(Tone.SUCCESS, self._context.told)
        self.told.setVisible(bool(self._context.told))
        self.stay = Message(Tone.NEUTRAL)
        self._tell_stay()
        side = QWidget()
        side.setFixedWidth(_BILLS_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self.told, self.bill_field, self.stay):
            column.addWidget(part)
        column.addStretch()
        return side

    def _build_sheet(self) -> QVBoxLayout:
        self.lines = SheetLines()
        self.effect = Message(Tone.NEUTRAL)
        self.paid_up = Tick(self.tr("Close it for good: Mews opens no closed bill again"))
        self.paid_later = Tick(self.tr("Close it for good: what is open is paid later, by invoice"))
        self.remark = fields.Field(self.tr("Note"), aux=self.tr("Optional, printed on the bill"))
        column = QVBoxLayout()
        column.setSpacing(14)
        for part in (self.lines, self.effect, self.remark):
            column.addWidget(part)
        for tick in (self.paid_up, self.paid_later):
            column.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        return column

    def _row(self, sheet: BillSheet) -> RadioCard:
        bill = sheet.bill
        state = self.tr("Open") if bill.is_open else self.tr("Closed, {number}").format(number=bill.number)
        companies = [self._context.companies.get(account, "") for account in bill.associated_ids]
        return RadioCard(
            key=bill.id,
            badge="icon:notebook-text" if bill.is_open else "icon:lock",
            title=self._name(sheet),
            subtitle=" · ".join(part for part in (state, *companies) if part),
            right=self._words.show(sheet.owed),
            right_strong=True,
        )

    def _name(self, sheet: BillSheet) -> str:
        return self._names.get(sheet.bill.id) or sheet.bill.name or self.tr("Bill")

    def _tell_stay(self) -> None:
        """Say what the stay in question owes, on this account and on others."""
        file, words = self._file, self._words
        leads = []
        if file.reservation is not None:
            open_now = self.tr("{amount} is open for this stay on the guest's account.")
            leads.append(open_now.format(amount=words.show(file.stay_balance)))
        for account in dict.fromkeys(item.customer_id for item in self._context.elsewhere):
            amounts = [item.amount for item in self._context.elsewhere if item.customer_id == account]
            same = [amount for amount in amounts if amount.currency == file.hotel.currency]
            name = self._context.companies.get(account) or self.tr("another account")
            sold = self.tr("{amount} of this stay stands on {account}.")
            leads.append(sold.format(amount=words.show(total(same, file.hotel.currency)), account=name))
        self.stay.say(Tone.NEUTRAL, "", " ".join(leads))
        self.stay.setVisible(bool(leads))

    # Asking

    @property
    def sheet(self) -> BillSheet | None:
        """The bill that is chosen."""
        return self._sheets.get(self.bills.current())

    @override
    def focus_first(self) -> None:
        self.bills.setFocus()

    @override
    def show_problem(self, problem: DeskPayError) -> None:
        """Say why the bill was not closed. No money moves by closing, so nothing is said of a card or of taking it."""
        super().show_problem(problem)
        support = words_for(problem).support
        if isinstance(problem, OutcomeUnknown):
            careful = self.tr("Look at it in Mews before you close it again. No money moved.")
            self.tell(self.tr("No answer from Mews. The bill still shows as open."), f"{careful} {support}".strip())
        elif isinstance(problem, Declined):
            told = self.tr("Mews says: {quote}").format(quote=quoted(problem.server_message or ""))
            why = told if problem.server_message else ""
            parts = (why, self.tr("No money moved."), support)
            self.tell(self.tr("Mews did not close the bill. It is still open."), " ".join(filter(None, parts)))

    @override
    def compose(self) -> CloseOrder | None:
        sheet = self.sheet
        note = self.read(Field.NOTE, lambda: check_text(self.remark.text(), Field.NOTE))
        self._show(sheet)
        reason = self._why_not(sheet)
        if sheet is None or reason:
            self.hold(reason)
            return None
        tick = self._tick(sheet)
        if not tick.isChecked():
            self.hold(self.tr("Tick that the bill is to be closed for good."))
        if note is None or not tick.isChecked():
            return None
        return CloseOrder(
            customer=self._file.customer, bill_id=sheet.bill.id, kind=sheet.closes_as, owed=sheet.owed, note=note
        )

    def _why_not(self, sheet: BillSheet | None) -> str:
        if sheet is None:
            return self.tr("No bill is there.")
        if not sheet.bill.is_open:
            return self.tr("This bill is closed.")
        if not sheet.items and not sheet.payments:
            return self.tr("Nothing is on this bill.")
        problems = {
            NotClosable.UNFINISHED: InputProblem.UNFINISHED,
            NotClosable.OTHER_CURRENCY: InputProblem.NOT_ALLOWED,
        }
        problem = sheet.not_closable
        return input_words(InputRefused(Field.BILL, problems[problem])) if problem is not None else ""

    def _tick(self, sheet: BillSheet) -> Tick:
        return self.paid_up if sheet.closes_as is BillKind.RECEIPT else self.paid_later

    def _on_pdf(self) -> None:
        if self.sheet is not None and self.pdf_button.isEnabled():
            self.pdf_requested.emit(self.sheet.bill.id)

    def show_printing(self, *, on: bool, told: str = "") -> None:
        """Say that the print is being fetched, or where it went.

        Args:
            on: True while it is fetched.
            told: what became of it; empty for nothing to say.
        """
        if on:
            self.pdf_button.set_busy(self.tr("Printing"))
        else:
            self.pdf_button.set_ready()
            self.set_note(told)

    # Telling

    def _show(self, sheet: BillSheet | None) -> None:
        closable = sheet is not None and not self._why_not(sheet)
        self.remark.setVisible(closable)
        for tick in (self.paid_up, self.paid_later):
            tick.setVisible(closable and sheet is not None and tick is self._tick(sheet))
        self.effect.setVisible(sheet is not None)
        if sheet is None:
            return
        self.lines.show_lines(self._lines_of(sheet))
        self._tell_effect(sheet)
        name, owed = self._name(sheet), self._words
        label = self.tr("Close {bill} as a receipt")
        if sheet.closes_as is BillKind.INVOICE:
            label = self.tr("Close {bill} as an invoice of {amount}")
        if not closable:
            label = self.tr("Close bill")
        self.set_confirm(
            label.format(bill=name, amount=owed.show(sheet.owed)), label.format(bill=name, amount=owed.say(sheet.owed))
        )

    def _lines_of(self, sheet: BillSheet) -> tuple[SheetLine, ...]:
        words = self._words
        lines = [
            SheetLine(
                item.name or self.tr("Item"),
                words.dates.short_day(words.dates.local(item.consumed_utc).date(), words.today),
                words.show(item.amount),
            )
            for item in sorted(sheet.items, key=lambda item: item.consumed_utc)
        ]
        for payment in reversed(sheet.payments):
            _, name = words.payment_name(payment)
            counts = payment.state is PaymentState.CHARGED
            chip = payment_chip(payment, self._file.card_of(payment)).words
            lines.append(SheetLine(name, chip, words.show(-payment.amount), quiet=not counts))
        if sheet.bill.is_open:
            lines.append(SheetLine(self.tr("Open on this bill"), "", words.show(sheet.owed), strong=True))
        return tuple(lines)

    def _tell_effect(self, sheet: BillSheet) -> None:
        if not sheet.bill.is_open:
            self.effect.say(Tone.NEUTRAL, "", self.tr("This bill is closed. What was sold stands on its print."))
            return
        reason = self._why_not(sheet)
        if reason:
            self.effect.say(Tone.WARNING, "", reason)
        elif sheet.closes_as is BillKind.RECEIPT:
            self.effect.say(Tone.NEUTRAL, "", self.tr("Nothing is open. Mews closes this bill as a receipt."))
        else:
            lead = self.tr("{amount} is still open.").format(amount=self._words.show(sheet.owed))
            text = self.tr("Take it first if the guest pays now. Otherwise Mews closes this bill as an invoice.")
            self.effect.say(Tone.WARNING, lead, text)

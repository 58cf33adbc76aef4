"""Asking about a payment that was taken elsewhere. Confirming writes it down; no card is charged and no money moves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from deskpay.domain.card import Expiry, card_label
from deskpay.domain.entry import check_last_four, check_text, parse_expiry
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.intent import CardSlip
from deskpay.domain.money import Money
from deskpay.domain.slip import slip_tender, takes_slips
from deskpay.services.read_guest import GuestFile
from deskpay.services.record_payment import RecordOrder
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import Run
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.payments.amount_entry import AmountEntry
from deskpay.ui.payments.cash_given import CashGiven
from deskpay.ui.payments.parts import SumRow
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.tenders import tender_icon, tender_words

TERMINAL, CASH, TRANSFER, OTHER = "terminal", "Cash", "WireTransfer", "other"

_BRANDS = ("Visa", "Mastercard", "Amex", "Maestro", "Diners Club", "Discover", "JCB", "UnionPay")
"""What a slip may name (Mews Connector API, payments/addCreditCard, in the desk's own words)."""


class RecordDialog(Asking[RecordOrder]):
    """Asks for a payment to write down.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        environment: where it would be written.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        rates: the hotel's own, for display.
    """

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        environment: Environment,
        reference: str,
        room: str = "",
        rates: Sequence[ExchangeRate] = (),
    ) -> None:
        self._words = GuestWords(file, room)
        super().__init__(
            window,
            self.tr("Record a payment already taken"),
            self._words.about,
            strip=self.tr("Record payment"),
            environment=environment,
        )
        self._file = file
        self._slips = takes_slips(self._words.today)
        self._rates = rates
        self._change: Money | None = None
        self._build()
        self.set_reference(reference)
        self.add_cancel()
        self.set_confirm(self.tr("Record"))
        if file.balance.positive:
            self.entry.fill(file.balance)
        self._show_means()

    # Building

    def _build(self) -> None:
        words = self._words
        self.means = Segments(self._means(), tall=True, name=self.tr("How it was paid"))
        self.told = Message(Tone.ACCENT)
        self._balance = self.tr("Open balance {amount}").format(amount=words.show(self._file.balance))
        self.cash = CashGiven(words, self)
        self.entry = AmountEntry(
            words, self.tr("Amount"), aux=self._balance, beside=self.cash.received, rates=self._rates
        )
        self.brand = ChoiceField(self.tr("Card type"), [(brand, brand) for brand in self._brands()])
        self.last_four = fields.Field(self.tr("Last four digits"), aux=self.tr("Never more than four"))
        self.holder = fields.Field(self.tr("Name on the card"))
        self.holder.set_text(self._file.customer.full_name)
        self.expiry = fields.Field(self.tr("Expiry"), aux=self.tr("Optional"), placeholder=self.tr("MM / YY"))
        self.receipt = fields.Field(self.tr("Slip number"), aux=self.tr("Optional"))
        self.kind = ChoiceField(self.tr("Kind of payment"), [(code, tender_words(code)) for code in self._others()])
        self.bill = ChoiceField(self.tr("Bill"), words.bills())
        self.purpose = ChoiceField(self.tr("For"), words.purposes())
        self.remark = fields.Field(self.tr("Note"), aux=self.tr("Optional, shown in Mews"))
        self.after = SumRow(self.tr("Open balance after this payment"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(14)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        for part in (self.means, self.told, self.entry, self.cash.panel):
            self.body.addWidget(part)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.after)
        self._listen()

    def _listen(self) -> None:
        edited = (
            (Field.AMOUNT, self.entry.amount, self.entry.edited),
            (Field.CURRENCY, self.entry.currency_choice, self.entry.edited),
            (Field.CARD, self.brand, self.brand.chosen),
            (Field.LAST_FOUR, self.last_four, self.last_four.edited),
            (Field.HOLDER, self.holder, self.holder.edited),
            (Field.EXPIRY, self.expiry, self.expiry.edited),
            (Field.TENDER, self.kind, self.kind.chosen),
            (Field.RECEIPT, self.receipt, self.receipt.edited),
            (Field.BILL, self.bill, self.bill.chosen),
            (Field.NOTE, self.remark, self.remark.edited),
        )
        for field, labelled, signal in edited:
            self.register(field, labelled, signal)
        slip = (self.brand, self.last_four, self.holder, self.expiry)
        for labelled in (*slip, self.kind, self.receipt, self.bill, self.purpose, self.remark):
            # Each way of paying shows some of these. All belong to the dialog, in the order in which Tab goes.
            labelled.setParent(self)
            labelled.hide()
        self.cash.edited.connect(self.revise)
        self.means.chosen.connect(lambda _key: self._show_means())

    def _brands(self) -> list[str]:
        """Return what a slip may name: any card while slips are taken, then those that the hotel has a type for."""
        return [brand for brand in _BRANDS if self._slips or slip_tender(brand, self._file.hotel.tenders)]

    def _others(self) -> list[str]:
        return [code for code in self._file.hotel.tenders if code not in (CASH, TRANSFER)]

    def _means(self) -> list[tuple[str, str, str]]:
        """Return the ways of paying that can be written down: a terminal's slip, and what the hotel has switched on."""
        tenders = self._file.hotel.tenders
        means = [(TERMINAL, self.tr("Card terminal"), "nfc")] if self._brands() or not tenders else []
        means += [(code, tender_words(code), tender_icon(code)) for code in (CASH, TRANSFER) if code in tenders]
        if self._others():
            means.append((OTHER, self.tr("Other"), "ellipsis"))
        return means

    def _show_means(self) -> None:
        """Show the inputs of the chosen way of paying; what was typed into others stays for coming back."""
        means = self.means.current()
        labels = {
            TERMINAL: (self.tr("Amount on the terminal slip"), self.tr("Slip number")),
            CASH: (self.tr("Amount to pay"), ""),
            TRANSFER: (self.tr("Amount transferred"), self.tr("Number of the transfer")),
            OTHER: (self.tr("Amount"), self.tr("Number on the voucher")),
        }
        amount, receipt = labels[means]
        self.entry.amount.set_label(amount)
        self.receipt.set_label(receipt)
        self._tell_first(means)
        self.cash.show(means == CASH)
        # Beside the cash received there is room for the words alone; the field starts with that amount.
        self.entry.amount.set_aux(self.tr("Open balance") if means == CASH else self._balance)
        proof = [self.holder, self.expiry] if self._slips else []
        shown: dict[str, list[QWidget]] = {
            TERMINAL: [self.brand, self.last_four, *proof, self.receipt, self.bill, self.purpose],
            CASH: [self.bill, self.purpose, self.remark],
            TRANSFER: [self.receipt, self.bill, self.purpose, self.remark],
            OTHER: [self.kind, self.receipt, self.bill, self.purpose, self.remark],
        }
        self._lay_out(shown[means])
        self.revise()

    def _lay_out(self, parts: list[QWidget]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget not in parts:
                widget.hide()
        for at, part in enumerate(parts):
            wide = at == len(parts) - 1 and at % 2 == 0
            self._grid.addWidget(part, at // 2, at % 2, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            part.show()

    def _tell_first(self, means: str) -> None:
        sentences = {
            TERMINAL: self.tr("The terminal has already taken this money. DeskPay only writes it on the bill. {none}"),
            CASH: self.tr("DeskPay writes the cash on the bill. {none}"),
            TRANSFER: self.tr("The money came by transfer. DeskPay only writes it on the bill. {none}"),
            OTHER: self.tr("The guest has already paid this way. DeskPay only writes it on the bill. {none}"),
        }
        before, _, behind = sentences[means].partition("{none}")
        self.told.say_runs(Tone.ACCENT, Run(before), Run(self.tr("No card is charged."), 600), Run(behind))
        self.told.setVisible(means != CASH)

    # Asking

    @override
    def focus_first(self) -> None:
        self.entry.amount.setFocus()

    @override
    def compose(self) -> RecordOrder | None:
        means = self.means.current()
        amount = self.read(Field.AMOUNT, self.entry.money)
        cash_usable = True
        self._change = None
        if means == CASH:
            self._change, cash_usable = self.cash.read(amount, self.entry.currency)
        receipt = "" if means == CASH else self._receipt()
        note = "" if means == TERMINAL else self.read(Field.NOTE, self._read_note)
        slip = self._slip() if means == TERMINAL else None
        self._tell(means, amount)
        if amount is None or receipt is None or note is None or not cash_usable or (means == TERMINAL and slip is None):
            return None
        return RecordOrder(
            reference=self.reference,
            customer=self._file.customer,
            amount=amount,
            reservation_id=self.purpose.current() or None,
            bill_id=self.bill.current() or None,
            slip=slip if self._slips else None,
            tender=self._code(means),
            external_identifier=receipt,
            note=card_label(slip.brand, slip.last_four) if slip is not None and not self._slips else note,
        )

    def _read_note(self) -> str:
        return check_text(self.remark.text(), Field.NOTE)

    def _receipt(self) -> str | None:
        receipt = self.read(Field.RECEIPT, self._read_receipt)
        if receipt and not self.told_about(Field.RECEIPT):
            self.receipt.set_approved(self.tr("Not used before"))
        return receipt

    def _read_receipt(self) -> str:
        receipt = check_text(self.receipt.text(), Field.RECEIPT)
        used = (p.external_identifier for p in self._file.payments if p.state.live and p.external_identifier)
        if receipt and receipt in used:
            raise InputRefused(Field.RECEIPT, InputProblem.RECORDED)
        return receipt

    def _slip(self) -> CardSlip | None:
        last_four = self.read(Field.LAST_FOUR, lambda: check_last_four(self.last_four.text()))
        holder = self.read(Field.HOLDER, lambda: check_text(self.holder.text(), Field.HOLDER, required=True))
        usable, expiry = self._read_expiry()
        if last_four is None or holder is None or not usable:
            return None
        return CardSlip(self.brand.current(), last_four, holder, expiry)

    def _read_expiry(self) -> tuple[bool, Expiry | None]:
        if not self.expiry.text().strip():
            self.expiry.set_error("")
            return True, None
        expiry = self.read(Field.EXPIRY, lambda: parse_expiry(self.expiry.text(), self._words.today))
        return expiry is not None, expiry

    # Telling

    @property
    @override
    def confirm_words(self) -> ConfirmWords:
        """The amount and means confirmed, for the question about a repeat."""
        means = self.means.current()
        amount = self._words.show(self.entry.money())
        name = self._name(means)
        badge = badge_for(self.brand.current()) if means == TERMINAL else f"icon:{tender_icon(self._code(means))}"
        return ConfirmWords(
            about=self._words.about,
            amount=amount,
            what=self.tr("{amount}, {means}").format(amount=amount, means=name),
            badge=badge,
            title=self.tr("This looks like the same payment again"),
            question=self.tr("Why is it recorded twice?"),
            again=self.tr("Record another {amount}, {means}").format(amount=amount, means=name),
            leave=self.tr("Don't record"),
            reference=self.reference,
        )

    def _code(self, means: str) -> str:
        """Return the external type of what is written down; empty for a slip that is taken as such."""
        if means == TERMINAL:
            return "" if self._slips else slip_tender(self.brand.current(), self._file.hotel.tenders)
        return self.kind.current() if means == OTHER else means

    def _name(self, means: str) -> str:
        return self.tr("card terminal") if means == TERMINAL else tender_words(self._code(means)).lower()

    def _tell(self, means: str, amount: Money | None) -> None:
        words, owed = self._words, self._file.balance
        same = amount is not None and amount.currency == owed.currency
        self.after.setVisible(same)
        if amount is None:
            self.set_confirm(self.tr("Record"))
            return
        self.entry.tell_rate(amount)
        if same:
            self.after.tell(self.tr("Open balance after this payment"), words.show(owed - amount))
        label = (
            self.tr("Record {amount} from the terminal") if means == TERMINAL else self.tr("Record {amount} {means}")
        )
        change = self._change
        if change is not None and change.minor:
            label = self.tr("Record {amount} {means}, give {change} back")
        shown, spoken = (
            label.format(amount=show(amount), means=self._name(means), change=show(change) if change else "")
            for show in (words.show, words.say)
        )
        self.set_confirm(shown, spoken)

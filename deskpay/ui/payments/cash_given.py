"""Cash over the counter: what the guest gave, and what to give back."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.errors import InputRefused
from deskpay.domain.money import Currency, Money
from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.components.text import Text
from deskpay.ui.payments.wording import GuestWords, said
from deskpay.ui.present_error import input_words
from deskpay.ui.theme import tokens

_NOTES = (5, 10, 20, 50, 100)
_MOST_CHIPS = 6


class _ChangeBox(QFrame):
    """The change in big figures."""

    def __init__(self) -> None:
        super().__init__()
        self._amount = Text("", "balance")
        column = QVBoxLayout(self)
        column.setContentsMargins(17, 12, 17, 12)
        column.setSpacing(0)
        column.addWidget(Text(said("Change to give"), "small", "text.secondary"))
        column.addWidget(self._amount)

    @property
    def text(self) -> str:
        """The amount as shown."""
        return self._amount.text()

    def tell(self, amount: str) -> None:
        """Show `amount`."""
        self._amount.setText(amount)
        self.setAccessibleName(said("Change to give {amount}").format(amount=amount))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        radius = theme.radius("card")
        draw_box(painter, QRectF(self.rect()), radius, theme.color("bg.selected"), theme.color("accent.border"))
        painter.end()


class CashGiven(QObject):
    """The field for what was received, its chips, and the change. What was received may stay untold.

    Args:
        words: of the guest.
        parent: owns it.

    `edited` is emitted when what was received changed.
    """

    edited = Signal()

    def __init__(self, words: GuestWords, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self._amount: Money | None = None
        # Made once, for what is made later comes after the dialog's buttons in the order of Tab.
        self._chips = [QuickChoice("") for _ in range(_MOST_CHIPS)]
        self.received = AmountField(
            said("Cash received"), words.symbol(words.file.hotel.currency), aux=said("Optional")
        )
        self.received.edited.connect(lambda _text: self.edited.emit())
        self.received.finished.connect(self._write_out)
        self._currency = words.file.hotel.currency
        row = QHBoxLayout()
        row.setSpacing(8)
        for at, chip in enumerate(self._chips):
            chip.clicked.connect(lambda _checked=False, number=at: self._on_chip_clicked(number))
            row.addWidget(chip)
        row.addStretch()
        self.change = _ChangeBox()
        self.panel = QWidget()
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addLayout(row)
        column.addWidget(self.change)
        self.change.hide()

    def show(self, visible: bool) -> None:
        """Show field, chips and change, or none of them."""
        self.received.setVisible(visible)
        self.panel.setVisible(visible)

    def read(self, amount: Money | None, currency: Currency) -> tuple[Money | None, bool]:
        """Return the change for `amount`, None where nothing was told, and whether all of it can be used."""
        self._currency = currency
        self.received.set_symbol(self._words.symbol(currency))
        self._amount = amount
        self._offer(amount)
        self.received.set_error("")
        self.change.hide()
        if not self.received.text().strip():
            return None, True
        try:
            received = self._words.parse(self.received.text(), currency)
        except InputRefused as problem:
            self.received.set_error(input_words(problem))
            return None, False
        for chip, money in zip(self._chips, self._offers(amount), strict=False):
            chip.set_on(money == received)
        if amount is None:
            return None, True
        if received < amount:
            less = self._words.show(amount - received)
            self.received.set_error(said("{amount} less than is to be paid.").format(amount=less))
            return None, False
        change = received - amount
        self.change.tell(self._words.show(change))
        self.change.show()
        return change, True

    def _offers(self, amount: Money | None) -> list[Money]:
        """Return what guests usually hand over for `amount`: exactly that, or rounded up to notes."""
        if amount is None:
            return []
        offers = [amount]
        for note in _NOTES:
            unit = note * 10**amount.currency.precision
            rounded = Money(-(-amount.minor // unit) * unit, amount.currency)
            if rounded not in offers:
                offers.append(rounded)
        return offers[:_MOST_CHIPS]

    def _offer(self, amount: Money | None) -> None:
        offers = self._offers(amount)
        for at, chip in enumerate(self._chips):
            chip.set_on(False)
            chip.setVisible(at < len(offers))
            if at < len(offers):
                chip.set_words(said("Exact") if offers[at] == amount else self._words.show(offers[at]))

    def _on_chip_clicked(self, at: int) -> None:
        self.received.set_text(self._words.figures(self._offers(self._amount)[at]))
        self.edited.emit()

    def _write_out(self) -> None:
        try:
            written = self._words.figures(self._words.parse(self.received.text(), self._currency))
        except InputRefused:
            return
        if written != self.received.text():
            self.received.set_text(written)

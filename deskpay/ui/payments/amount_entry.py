"""An amount and its currency, as asked for in every money dialog, with quick choices below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskpay.domain.errors import InputRefused
from deskpay.domain.exchange import ExchangeRate, about, rate_between
from deskpay.domain.money import Currency, Money
from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.field import ChoiceField
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.payments.wording import GuestWords, said
from deskpay.ui.theme import tokens

_CURRENCY_WIDTH = 132


class AmountEntry(QWidget):
    """The big amount, the currency where the hotel takes several, and chips that fill the amount in.

    Args:
        words: of the guest.
        label: what the amount is for.
        aux: the quiet word at the label's right.
        beside: a second field between the amount and its currency; None for none.
        choices: words and amounts of the chips, in the hotel's own currency.
        rates: by which an amount that was filled in is turned into another currency; what was typed never is.

    `edited` is emitted for every change of amount or currency, by hand or by chip.
    """

    edited = Signal()

    def __init__(
        self,
        words: GuestWords,
        label: str,
        *,
        aux: str = "",
        beside: QWidget | None = None,
        choices: Sequence[tuple[str, Money]] = (),
        rates: Sequence[ExchangeRate] = (),
    ) -> None:
        super().__init__()
        self._words = words
        self._rates = rates
        self._filled: Money | None = None
        self._warning = ""
        self._currencies = {currency.code: currency for currency in words.file.hotel.currencies}
        self.amount = AmountField(label, words.symbol(words.file.hotel.currency), aux=aux)
        self.currency_choice = ChoiceField(
            said("Currency"),
            [(code, code) for code in self._currencies],
            height=tokens().size("control.amount"),
        )
        self.currency_choice.setFixedWidth(_CURRENCY_WIDTH)
        self.currency_choice.setVisible(len(self._currencies) > 1)
        self._chips = [(QuickChoice(f"{name} {words.show(money)}"), money) for name, money in choices]
        row = QHBoxLayout()
        row.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.amount, 1, top)
        if beside is not None:
            row.addWidget(beside, 1, top)
        row.addWidget(self.currency_choice, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(row)
        if self._chips:
            column.addLayout(self._chip_row())
        self.amount.edited.connect(lambda _text: self._on_typed())
        self.amount.finished.connect(self._write_out)
        self.currency_choice.chosen.connect(lambda _code: self._on_currency_chosen())

    def _chip_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for chip, money in self._chips:
            chip.clicked.connect(lambda _checked=False, filled=money: self.fill(filled))
            row.addWidget(chip)
        row.addStretch()
        return row

    @property
    def currency(self) -> Currency:
        """The currency chosen."""
        return self._currencies.get(self.currency_choice.current(), self._words.file.hotel.currency)

    def money(self) -> Money:
        """Return the amount that was typed.

        Raises:
            InputRefused: it is none.
        """
        return self._words.parse(self.amount.text(), self.currency)

    def fill(self, money: Money) -> None:
        """Write `money` into the field."""
        self._filled = money
        self.currency_choice.set_current(money.currency.code)
        self.amount.set_text(self._words.figures(money))
        self._changed()

    def _on_typed(self) -> None:
        self._filled = None
        self._changed()

    def _on_currency_chosen(self) -> None:
        """Turn what was filled in into the currency chosen, each time from the first amount, so that nothing drifts."""
        filled = self._filled
        if filled is not None:
            same = self.currency == filled.currency
            turned = filled if same else about(filled, self.currency, self._rates)
            if turned is not None and turned.positive:
                self.amount.set_text(self._words.figures(turned))
        self._changed()

    def choose_currency(self, code: str) -> None:
        """Choose a currency, as by hand: what was filled in is turned, what was typed may be meant in that one."""
        self.currency_choice.set_current(code)
        self._on_currency_chosen()

    def mark(self, money: Money | None) -> None:
        """Mark the chip that says what the amount is now."""
        for chip, filled in self._chips:
            chip.set_on(filled == money)

    def warn(self, words: str) -> None:
        """Show `words` below the amount, for example that it is more than is owed; an error there stays."""
        if words != self._warning:
            self._warning = words
            self.amount.set_hint(words)

    def tell_rate(self, amount: Money) -> None:
        """Say below an amount of another currency what it is about, and by which rate; nothing below any other."""
        home = self._words.file.hotel.currency
        if amount.currency == home:
            self.warn("")
            return
        rate, worth = rate_between(amount.currency, home, self._rates), about(amount, home, self._rates)
        if rate is None or worth is None:
            self.warn(said("The hotel has no rate for {currency}.").format(currency=amount.currency.code))
            return
        told = said("About {worth} at the hotel's rate, 1 {currency} = {rate} {home}")
        shown = self._words.show(worth)
        self.warn(told.format(worth=shown, currency=amount.currency.code, rate=f"{rate:.4f}", home=home.code))

    def _changed(self) -> None:
        self.amount.set_symbol(self._words.symbol(self.currency))
        self.edited.emit()

    def _write_out(self) -> None:
        """Show what was typed with all its decimals, once the clerk goes on: "312,4" becomes 312.40."""
        try:
            money = self.money()
        except InputRefused:
            return
        written = self._words.figures(money)
        if written != self.amount.text():
            self.amount.set_text(written)

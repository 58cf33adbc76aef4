"""A line for the smallest or the largest amount that is to be seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from deskpay.domain.errors import InputRefused
from deskpay.domain.money import Currency
from deskpay.ui.components.field import LineInput
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import input_words
from deskpay.ui.words.money import MoneyWords


class AmountBound(LineInput):
    """The line. What is no amount bounds nothing and says so; the text stays.

    Args:
        name: which bound it is, in words.
        refusal: where to say why what was typed is not used.
        parent: the widget it lies in.

    Signals:
        narrowed: something else is to be seen.
    """

    narrowed = Signal()

    def __init__(self, name: str, refusal: Text, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setAccessibleName(name)
        self._refusal = refusal
        self.textEdited.connect(lambda _text: self.narrowed.emit())

    def minor(self, currency: Currency, money: MoneyWords) -> int | None:
        """Return the bound in minor units of `currency`, None where nothing usable was typed."""
        bound, said = None, ""
        if self.text().strip():
            try:
                bound = money.parse(self.text(), currency).minor
            except InputRefused as problem:
                said = input_words(problem)
        self.set_error(bool(said))
        self.setAccessibleDescription(said)
        if said:
            self._refusal.setText(said)
            self._refusal.show()
        return bound

"""A line whose words narrow a list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from deskpay.domain.entry import holds_card_number
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.ui.components.field import LineInput
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import input_words


class FilterInput(LineInput):
    """The line. A card number narrows nothing and goes nowhere, not even onto a printed report: it is refused.

    Args:
        name: what may be typed, in words.
        parent: the widget it lies in.

    Attributes:
        refusal: why what stands in it is not used; put by its owner where it can be read, and hidden otherwise.

    Signals:
        narrowed: something else is to be seen.
    """

    narrowed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setAccessibleName(name)
        self.refusal = Text("", "small", "danger.text", wrap=True)
        self.refusal.hide()
        self.textChanged.connect(self._judge)
        self.textEdited.connect(lambda _text: self.narrowed.emit())

    @property
    def words(self) -> str:
        """What narrows the list: what was typed, nothing where that is refused."""
        typed = self.text().strip()
        return "" if holds_card_number(typed) else typed

    def _judge(self, typed: str) -> None:
        refused = holds_card_number(typed)
        said = input_words(InputRefused(Field.FILTER, InputProblem.CARD_NUMBER)) if refused else ""
        self.set_error(refused)
        self.setAccessibleDescription(said)
        self.refusal.setText(said)
        self.refusal.setVisible(refused)

"""What each role does alone at this hotel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from deskpay.domain.money import Currency
from deskpay.domain.operator import Allowance, Right, Role, Rules
from deskpay.ui.components.text import Text
from deskpay.ui.settings.framed import Framed
from deskpay.ui.settings.words import together_words
from deskpay.ui.staff.words import role_words
from deskpay.ui.words.money import MoneyWords

_RIGHTS = (Right.CHARGE, Right.RECORD, Right.REFUND, Right.OVERRIDE, Right.BATCH, Right.RESOLVE)
_LIMITED = (Right.CHARGE, Right.RECORD, Right.REFUND)


class _Line(QWidget):
    """One line of the table."""

    def __init__(self, words: Sequence[str], *, head: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7 if head else 9, 16, 7 if head else 9)
        row.setSpacing(16)
        for at, said in enumerate(words):
            style, color = ("small", "text.secondary") if head else ("body", "text.primary")
            cell = Text(said, style, color, weight=500 if head or at == 0 else None, wrap=True)
            row.addWidget(cell, 1, Qt.AlignmentFlag.AlignTop)


class RulesTable(Framed):
    """Roles, and how far their rights go."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("What each role may do alone"))
        self.lines: list[list[str]] = []

    def show_rules(self, rules: Rules, currencies: Sequence[Currency], money: MoneyWords) -> None:
        """Show `rules` in the currencies that the hotel takes, its own first; `lines` is what it says."""
        heads = [
            self.tr("Role"),
            self.tr("Take up to"),
            self.tr("Write down up to"),
            self.tr("Give back up to"),
            self.tr("The same again"),
            self.tr("Night's batch"),
            self.tr("Decide the unknown"),
        ]
        self.lines = [heads]
        for role in Role:
            said = [self._words(rules.allowance(role, right), right, currencies, money) for right in _RIGHTS]
            self.lines.append([role_words(role), *said])
        while (place := self.column.takeAt(0)) is not None:
            widget = place.widget()
            if widget is not None:
                widget.deleteLater()
        for at, line in enumerate(self.lines):
            self.column.addWidget(_Line(line, head=at == 0))

    def _words(
        self, allowance: Allowance | None, right: Right, currencies: Sequence[Currency], money: MoneyWords
    ) -> str:
        if allowance is None:
            return self.tr("No")
        if allowance.limits is None:
            return self.tr("No limit") if right in _LIMITED else self.tr("Yes")
        amounts = [allowance.most(currency) for currency in currencies if currency.code in allowance.limits]
        said = [money.show(most) for most in amounts if most is not None]
        return ", ".join(said) if said else together_words(right)

"""What is picked of the day: words, how money came, what rows are worth, and four short cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskpay.domain.day_sheet import Means, Standing
from deskpay.domain.day_totals import EVERYTHING, Wanted
from deskpay.domain.money import Money
from deskpay.domain.spelling import words
from deskpay.ui.audit.words import means_words, standing_words
from deskpay.ui.components.field import Choice
from deskpay.ui.components.filter_input import FilterInput
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.words.money import MoneyWords

_HEIGHT = 30


class Filters(QWidget):
    """The row of filters. `changed` is emitted after every change by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._large_minor = 0
        self.box = FilterInput(self.tr("Guest, room, reference"))
        self.box.setFixedWidth(220)
        self.means = self._choice(self.tr("Method: all"), [(m.value, means_words(m)) for m in Means])
        self.standing = self._choice(self.tr("State: all"), [(s.value, standing_words(s)) for s in Standing])
        self.currency = self._choice(self.tr("Currency: all"), [])
        self.operator = self._choice(self.tr("Taken by: all"), [])
        self.all = QuickChoice(self.tr("All"))
        self.attention = QuickChoice(self.tr("Needs attention"))
        self.refunds = QuickChoice(self.tr("Refunds"))
        self.large = QuickChoice(self.tr("Large"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.box)
        for choice in (self.means, self.standing, self.currency, self.operator):
            choice.setFixedWidth(128)
            row.addWidget(choice)
        for quick in (self.all, self.attention, self.refunds, self.large):
            quick.setCheckable(True)
            row.addWidget(quick)
            quick.clicked.connect(lambda _on=False, chosen=quick: self._on_quick(chosen))
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.box.refusal)
        self.box.narrowed.connect(self._on_changed)
        self._on = self.all
        self._show_quick()

    def _choice(self, everything: str, options: Sequence[tuple[str, str]]) -> Choice:
        choice = Choice(_HEIGHT)
        choice.addItem(everything, "")
        choice.setAccessibleName(everything)
        for key, shown in options:
            choice.addItem(shown, key)
        choice.currentIndexChanged.connect(lambda _index: self._on_changed())
        return choice

    def offer(self, currencies: Sequence[str], operators: Sequence[str], large: Money, money: MoneyWords) -> None:
        """Offer what this day has, keeping what is chosen.

        Args:
            currencies: ISO codes of the day.
            operators: who took payments.
            large: amount from which a payment is large.
            money: how amounts are written.
        """
        for choice, options in ((self.currency, currencies), (self.operator, operators)):
            chosen = choice.currentData()
            choice.blockSignals(True)
            while choice.count() > 1:
                choice.removeItem(1)
            for option in options:
                choice.addItem(option, option)
            choice.setCurrentIndex(max(choice.findData(chosen), 0))
            choice.blockSignals(False)
            choice.setVisible(len(options) > 1 or choice is self.operator)
        self._large_minor = large.minor
        self.large.set_words(self.tr("From {amount}").format(amount=money.show(large)))

    def count(self, shown: int) -> None:
        """Say how many rows all of them are."""
        self.all.set_words(self.tr("All {count}").format(count=shown))

    def clear(self) -> None:
        """Pick everything again."""
        self.box.clear()
        for choice in (self.means, self.standing, self.currency, self.operator):
            choice.setCurrentIndex(0)
        self._on_quick(self.all)

    def wanted(self) -> Wanted:
        """Return what is picked."""
        wanted = Wanted(
            words=words(self.box.words),
            means=frozenset({Means(self.means.currentData())}) if self.means.currentData() else frozenset(),
            standings=frozenset({Standing(self.standing.currentData())})
            if self.standing.currentData()
            else frozenset(),
            currencies=frozenset({self.currency.currentData()} - {""}),
            operators=frozenset({self.operator.currentData()} - {""}),
        )
        if self._on is self.attention:
            return replace(wanted, attention=True)
        if self._on is self.refunds:
            return replace(wanted, given_back=True)
        if self._on is self.large:
            return replace(wanted, least_minor=self._large_minor)
        return wanted

    def told(self) -> str:
        """Return what is picked in words, for print; empty where everything is."""
        if self.wanted() == EVERYTHING:
            return ""
        chosen = [
            c.currentText() for c in (self.means, self.standing, self.currency, self.operator) if c.currentIndex()
        ]
        if self.box.words:
            chosen.insert(0, self.tr("with “{words}”").format(words=self.box.words))
        if self._on is not self.all:
            chosen.append(self._on.text())
        return ", ".join(chosen)

    def _on_quick(self, chosen: QuickChoice) -> None:
        self._on = chosen
        self._show_quick()
        self.changed.emit()

    def _show_quick(self) -> None:
        for quick in (self.all, self.attention, self.refunds, self.large):
            quick.setChecked(quick is self._on)
            quick.set_on(quick is self._on)

    def _on_changed(self) -> None:
        self.changed.emit()

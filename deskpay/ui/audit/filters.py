"""What is picked of the day: words, how money came, what rows are worth, four short cuts, and more where asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskpay.domain.day_sheet import Means, Standing
from deskpay.domain.day_totals import EVERYTHING, Wanted
from deskpay.domain.errors import Hand
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import PaymentKind
from deskpay.domain.spelling import words
from deskpay.ui.audit.amount_bound import AmountBound
from deskpay.ui.audit.words import kind_words, means_words, standing_words
from deskpay.ui.components.field import Choice
from deskpay.ui.components.filter_input import FilterInput
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.components.text import Text
from deskpay.ui.words.hands import hand_words
from deskpay.ui.words.money import MoneyWords

_HEIGHT = 30
_SECOND_WIDTH = 148
_Member = TypeVar("_Member", bound=Enum)


class Filters(QWidget):
    """The row of filters. `changed` is emitted after every change by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._large = Money(0, Currency("GBP", 2))
        self._money = MoneyWords()
        self.box = FilterInput(self.tr("Guest, room, reference"))
        self.box.setMaximumWidth(220)
        self.means = self._choice(self.tr("Method: all"), [(m.value, means_words(m)) for m in Means])
        self.standing = self._choice(self.tr("State: all"), [(s.value, standing_words(s)) for s in Standing])
        self.all = QuickChoice(self.tr("All"))
        self.attention = QuickChoice(self.tr("Needs attention"))
        self.refunds = QuickChoice(self.tr("Refunds"))
        self.large = QuickChoice(self.tr("Large"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.box, 1)
        for choice in (self.means, self.standing):
            choice.setFixedWidth(128)
            row.addWidget(choice)
        self.more = QuickChoice(self.tr("More…"))
        self.more.setCheckable(True)
        self.more.clicked.connect(self._show_more)
        for quick in (self.all, self.attention, self.refunds, self.large):
            quick.setCheckable(True)
            row.addWidget(quick)
            quick.clicked.connect(lambda _on=False, chosen=quick: self._on_quick(chosen))
        row.addWidget(self.more)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._build_more())
        column.addWidget(self.box.refusal)
        column.addWidget(self._refusal)
        self.box.narrowed.connect(self._on_changed)
        self._on = self.all
        self._show_quick()

    def _build_more(self) -> QWidget:
        self._refusal = Text("", "small", "danger.text", wrap=True)
        self._refusal.hide()
        self.currency = self._choice(self.tr("Currency: all"), [])
        self.operator = self._choice(self.tr("Taken by: all"), [])
        self.kind = self._choice(self.tr("Kind: all"), [(k.value, kind_words(k)) for k in PaymentKind])
        self.hand = self._choice(self.tr("Made by: all"), [(h.value, hand_words(h)) for h in Hand])
        self.least = AmountBound(self.tr("Amount from"), self._refusal)
        self.most = AmountBound(self.tr("Amount up to"), self._refusal)
        self._second = QWidget()
        row = QHBoxLayout(self._second)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.operator, self.currency, self.kind, self.hand, self.least, self.most):
            part.setFixedWidth(_SECOND_WIDTH)
            row.addWidget(part)
        for bound in (self.least, self.most):
            bound.narrowed.connect(self._on_changed)
        row.addStretch()
        self._second.hide()
        return self._second

    def _show_more(self) -> None:
        """Show the second row, or put it away with all that it picked."""
        shown = self.more.isChecked()
        self.more.set_on(shown)
        self._second.setVisible(shown)
        if not shown:
            self._clear_more()
            self._on_changed()

    def _clear_more(self) -> None:
        for choice in (self.operator, self.currency, self.kind, self.hand):
            choice.setCurrentIndex(0)
        for bound in (self.least, self.most):
            bound.clear()

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
        self._large, self._money = large, money
        self.large.set_words(self.tr("From {amount}").format(amount=money.show(large)))

    def count(self, shown: int) -> None:
        """Say how many rows all of them are."""
        self.all.set_words(self.tr("All {count}").format(count=shown))

    def clear(self) -> None:
        """Pick everything again."""
        self.box.clear()
        for choice in (self.means, self.standing):
            choice.setCurrentIndex(0)
        self._clear_more()
        self._on_quick(self.all)

    def wanted(self) -> Wanted:
        """Return what is picked."""
        self._refusal.hide()
        least, most = (bound.minor(self._large.currency, self._money) for bound in (self.least, self.most))
        wanted = Wanted(
            words=words(self.box.words),
            means=_only(Means, self.means),
            standings=_only(Standing, self.standing),
            currencies=frozenset({self.currency.currentData()} - {""}),
            operators=frozenset({self.operator.currentData()} - {""}),
            kinds=_only(PaymentKind, self.kind),
            hands=_only(Hand, self.hand),
            least_minor=least,
            most_minor=most,
        )
        if self._on is self.attention:
            return replace(wanted, attention=True)
        if self._on is self.refunds:
            return replace(wanted, given_back=True)
        if self._on is self.large:
            return replace(wanted, least_minor=max(self._large.minor, least or 0))
        return wanted

    def told(self) -> str:
        """Return what is picked in words, for print; empty where everything is."""
        if self.wanted() == EVERYTHING:
            return ""
        choices = (self.means, self.standing, self.currency, self.operator, self.kind, self.hand)
        chosen = [choice.currentText() for choice in choices if choice.currentIndex()]
        wanted = self.wanted()
        for bound, said in (
            (wanted.least_minor, self.tr("from {amount}")),
            (wanted.most_minor, self.tr("up to {amount}")),
        ):
            if bound is not None:
                chosen.append(said.format(amount=self._money.show(Money(bound, self._large.currency))))
        if self.box.words:
            chosen.insert(0, self.tr("with “{words}”").format(words=self.box.words))
        if self._on is not self.all and self._on is not self.large:
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


def _only(members: type[_Member], choice: Choice) -> frozenset[_Member]:
    """What is chosen there, nothing where that is everything."""
    chosen = choice.currentData()
    return frozenset({members(chosen)}) if chosen else frozenset()

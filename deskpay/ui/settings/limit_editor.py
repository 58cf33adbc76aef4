"""Setting how far one right goes for one role: without a limit, up to an amount a currency, or never alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Currency, Money
from deskpay.domain.operator import Right, Role, Rules
from deskpay.ui.components import field as fields
from deskpay.ui.components.button import Button
from deskpay.ui.present_error import input_words
from deskpay.ui.settings.framed import Framed
from deskpay.ui.settings.setting_row import LockChip
from deskpay.ui.settings.words import together_words
from deskpay.ui.staff.words import right_words, role_words
from deskpay.ui.words.money import MoneyWords

_ANY, _UP_TO, _TOGETHER = "any", "up to", "together"
_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class LimitOrder:
    """What is to hold from now on.

    Args:
        role: whose.
        right: to do what.
        most: an amount a currency, nothing where it never goes alone, None where it always does.
    """

    role: Role
    right: Right
    most: tuple[Money, ...] | None


@dataclass(frozen=True, slots=True)
class LimitsSeen:
    """What holds, as the page shows it.

    Args:
        rules: of the hotel.
        currencies: that it takes, its own first.
        locks: why whoever is at the desk cannot set a limit, by role and right; what is not there they can.
    """

    rules: Rules
    currencies: Sequence[Currency]
    locks: Mapping[tuple[Role, Right], str]


class LimitEditor(Framed):
    """The inputs. `ordered` carries what is to hold; what was typed stays until it does."""

    ordered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Set a limit"))
        self._seen: LimitsSeen | None = None
        self._touched = False
        self._money = MoneyWords()
        self.role = fields.ChoiceField(self.tr("Role"), [(role.value, role_words(role)) for role in Role])
        self.right = fields.ChoiceField(self.tr("May"))
        self.how = fields.ChoiceField(self.tr("Alone"))
        self.amounts: dict[Currency, fields.Field] = {}
        self.chip = LockChip()
        self.hint = fields.Hint()
        self.button = Button(self.tr("Set limit"))
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._build()
        self.role.chosen.connect(lambda _key: self._on_role())
        self.right.chosen.connect(lambda _key: self._load())
        self.how.chosen.connect(lambda _key: self._on_edited())
        self.button.clicked.connect(self._on_done)

    def _build(self) -> None:
        choices, end = QHBoxLayout(), QHBoxLayout()
        choices.setSpacing(16)
        for choice in (self.role, self.right, self.how):
            choices.addWidget(choice, 1, Qt.AlignmentFlag.AlignTop)
        end.setSpacing(12)
        end.addWidget(self.hint, 1)
        end.addStretch(0)
        end.addWidget(self.chip)
        end.addWidget(self.button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(choices)
        column.addLayout(self._grid)
        column.addLayout(end)
        self.column.addWidget(inner)

    def show_limits(self, seen: LimitsSeen) -> None:
        """Show what holds; what somebody is typing who may set it stays."""
        self._seen = seen
        if tuple(self.amounts) != tuple(seen.currencies):
            self._build_amounts(seen.currencies)
            self._touched = False
        if not self.right.current():
            self._on_role()
        elif not self._touched or self._lock():
            self._load()

    def show_kept(self) -> None:
        """Say that it holds."""
        self._load()
        self.hint.say(self.tr("Saved. It holds from now on."), color="success.text")

    def refuse(self, sentence: str) -> None:
        """Say why it does not hold; what was typed stays."""
        self.hint.say(sentence, error=True)

    def _build_amounts(self, currencies: Sequence[Currency]) -> None:
        for gone in self.amounts.values():
            self._grid.removeWidget(gone)
            gone.deleteLater()
        self.amounts = {}
        last: QWidget = self.how.editor
        for at, currency in enumerate(currencies):
            line = fields.Field(self.tr("Up to, in {currency}").format(currency=currency.code))
            line.edited.connect(lambda _text: self._on_edited())
            self._grid.addWidget(line, at // _IN_A_ROW, at % _IN_A_ROW, Qt.AlignmentFlag.AlignTop)
            QWidget.setTabOrder(last, line.editor)
            self.amounts[currency], last = line, line.editor
        QWidget.setTabOrder(last, self.button)
        for column in range(_IN_A_ROW):
            self._grid.setColumnStretch(column, 1)

    @property
    def _chosen(self) -> tuple[Role, Right]:
        return Role(self.role.current()), Right(self.right.current())

    def _lock(self) -> str:
        return "" if self._seen is None else self._seen.locks.get(self._chosen, "")

    def _on_role(self) -> None:
        if self._seen is None:
            return
        role, before = Role(self.role.current()), self.right.current()
        rights = [right for right in Right if right is not Right.STAFF and self._seen.rules.allowance(role, right)]
        said = {right.value: right_words(right) for right in rights}
        self.right.set_options([(key, words[:1].upper() + words[1:]) for key, words in said.items()])
        self.right.set_current(before)
        self._load()

    def _load(self) -> None:
        """Show what holds for the chosen role and right."""
        seen = self._seen
        if seen is None:
            return
        role, right = self._chosen
        allowance = seen.rules.allowance(role, right)
        limits = None if allowance is None else allowance.limits
        up_to = [] if right is Right.RESOLVE else [(_UP_TO, self.tr("Up to an amount"))]
        self.how.set_options([(_ANY, self.tr("Without a limit")), *up_to, (_TOGETHER, together_words(right))])
        self.how.set_current(_ANY if limits is None else _UP_TO if limits else _TOGETHER)
        for currency, line in self.amounts.items():
            minor = (limits or {}).get(currency.code)
            line.set_text("" if minor is None else self._money.figures(Money(minor, currency)))
        lock = self._lock()
        self.chip.say(lock)
        for part in (self.how.editor, self.button, *(line.editor for line in self.amounts.values())):
            part.setEnabled(not lock)
        self._on_edited()
        self._touched = False

    def _on_edited(self) -> None:
        self._touched = True
        self.hint.say("")
        for line in self.amounts.values():
            line.set_error("")
            line.setVisible(self.how.current() == _UP_TO)
        if self.how.current() == _UP_TO and not self._lock():
            self.hint.say(self.tr("In a currency that is left empty, no amount goes alone."))

    def _on_done(self) -> None:
        how = self.how.current()
        most = None if how == _ANY else () if how == _TOGETHER else self._typed()
        if how != _UP_TO or most:
            self.ordered.emit(LimitOrder(*self._chosen, most))

    def _typed(self) -> tuple[Money, ...]:
        """Return the amounts that were typed; none where one is no amount, which is said beside it."""
        amounts, wrong = list[Money](), False
        for currency, line in self.amounts.items():
            line.set_error("")
            try:
                if line.text().strip():
                    amounts.append(self._money.parse(line.text(), currency))
            except InputRefused as problem:
                line.set_error(input_words(problem))
                wrong = True
        if not amounts and not wrong:
            next(iter(self.amounts.values())).set_error(input_words(InputRefused(Field.AMOUNT, InputProblem.EMPTY)))
        return () if wrong else tuple(amounts)

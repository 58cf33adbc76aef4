"""What is owed, and the buttons that move money."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.money import Money
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.skeleton import Skeleton
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens
from deskpay.ui.words.money import MoneyWords


class _Rule(QWidget):
    """The upright hairline before the totals."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(1, 32)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens().color("border.default"))
        painter.end()


class MoneyStrip(QWidget):
    """Balance, totals and the four verbs. Without a balance there are no verbs."""

    charge_requested = Signal()
    record_requested = Signal()
    ask_requested = Signal()
    refund_requested = Signal()

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._money = money
        self._enabled = True
        self._reason = ""
        self._narrow = False
        self._balance_of: Money | None = None
        self._balance = Text("", "balance")
        self._skeleton = Skeleton(120, 26)
        self._totals = QWidget()
        self._charges = Text("", "small", "text.secondary", align=Qt.AlignmentFlag.AlignRight)
        self._paid = Text("", "small", "text.secondary", align=Qt.AlignmentFlag.AlignRight)
        self.charge = Button("", ButtonKind.PRIMARY, size=ButtonSize.ACTION, key="F2")
        self.record = Button("", size=ButtonSize.ACTION, key="F3")
        self.ask = Button(
            self.tr("Pay link…"), size=ButtonSize.ACTION, key="F4", spoken=self.tr("Ask the guest to pay")
        )
        self.refund = Button(self.tr("Refund…"), size=ButtonSize.ACTION, key="F8")
        self.charge.clicked.connect(self.charge_requested)
        self.record.clicked.connect(self.record_requested)
        self.ask.clicked.connect(self.ask_requested)
        self.refund.clicked.connect(self.refund_requested)
        self._build()
        self.show_balance(None, None, None)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(self.tr("Open balance"), "small", "text.secondary"))
        words.addWidget(self._balance)
        words.addWidget(self._skeleton)
        grid = QGridLayout()
        grid.setContentsMargins(8, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(Text(self.tr("Charges"), "small", "text.tertiary"), 0, 0)
        grid.addWidget(self._charges, 0, 1)
        grid.addWidget(Text(self.tr("Paid"), "small", "text.tertiary"), 1, 0)
        grid.addWidget(self._paid, 1, 1)
        totals = QHBoxLayout(self._totals)
        totals.setContentsMargins(0, 0, 0, 0)
        totals.setSpacing(0)
        totals.addWidget(_Rule())
        totals.addLayout(grid)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        self._row.addLayout(words)
        self._row.addSpacing(2)
        self._row.addWidget(self._totals, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        for button in (self.charge, self.record, self.ask, self.refund):
            self._row.addWidget(button)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Give up the totals and the longer words where the window is narrow."""
        self._narrow = narrow
        side, upright = (15, 11) if narrow else (17, 13)
        self._row.setContentsMargins(side, upright, side, upright)
        self._totals.setVisible(not narrow and self._balance_of is not None)
        self.record.set_label(self.tr("Record…") if narrow else self.tr("Record payment…"), self.tr("Record a payment"))
        self.ask.set_label(self.tr("Link…") if narrow else self.tr("Pay link…"), self.tr("Ask the guest to pay"))

    def set_money(self, money: MoneyWords) -> None:
        """Write amounts another way."""
        self._money = money

    def show_balance(self, balance: Money | None, charges: Money | None, paid: Money | None) -> None:
        """Show what is owed; None is not read yet."""
        self._balance_of = balance
        known = balance is not None
        self._balance.setVisible(known)
        self._skeleton.setVisible(not known)
        self._balance.setText(self._money.show(balance) if balance is not None else "")
        self._charges.setText(self._money.show(charges) if charges is not None else "")
        self._paid.setText(self._money.show(paid) if paid is not None else "")
        self._totals.setVisible(known and not self._narrow and charges is not None)
        spoken = self._money.say(balance) if balance is not None else ""
        # Said for every balance: a name that stays would read out what the guest before owed.
        self._balance.setAccessibleName(self.tr("Open balance {amount}").format(amount=spoken) if spoken else "")
        if balance is not None and balance.positive:
            words = self.tr("Charge {amount}…").format(amount=self._money.show(balance))
            self.charge.set_label(words, self.tr("Charge {amount}").format(amount=spoken))
        else:
            self.charge.set_label(self.tr("Charge…"), self.tr("Charge a card"))
        self._apply()

    def set_enabled(self, enabled: bool, reason: str = "") -> None:
        """Turn the verbs on, or off with a reason that a tool tip gives."""
        self._enabled = enabled
        self._reason = reason
        self._apply()

    @property
    def active(self) -> bool:
        """True when money can be moved."""
        return self._enabled and self._balance_of is not None

    def _apply(self) -> None:
        for button in (self.charge, self.record, self.ask, self.refund):
            button.setEnabled(self.active)
            button.setAccessibleDescription("" if self.active else self._reason)
            button.setToolTip("" if self.active else self._reason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        ground, border = theme.color("bg.window"), theme.color("border.subtle")
        draw_box(painter, QRectF(self.rect()), theme.radius("card"), ground, border)
        painter.end()

"""A person writes into Mews what DeskPay could not, and says so: everything to type, then where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field
from deskpay.domain.intent import IntentRecord
from deskpay.ui.ask import Asking
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.payments.acquirer_words import unrecorded_chip
from deskpay.ui.payments.act_words import act_words
from deskpay.ui.payments.parts import PaymentBox
from deskpay.ui.words.money import MoneyWords


class ByHandDialog(Asking[str]):
    """Asks where in Mews it stands.

    Args:
        window: the window it belongs to.
        environment: where the money was moved.
        about: name, room and number of the guest.
        record: of money that was moved and does not stand in Mews.
        money: how amounts are written.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        about: str,
        record: IntentRecord,
        money: MoneyWords | None = None,
    ) -> None:
        money = money or MoneyWords()
        act = act_words(record.intent, money)
        super().__init__(
            window, self.tr("Write it into Mews by hand"), about, strip=act.strip, environment=environment, width=640
        )
        self.set_result(Tone.WARNING, "user-check")
        self.set_reference(record.intent.reference)
        self.body.addWidget(PaymentBox(act.badge, act.what, (), unrecorded_chip(record.intent)))
        self.body.addWidget(Text(self.tr("What belongs on the guest's bill in Mews"), "body", weight=600))
        self.body.addLayout(self._lines(record, money))
        self.looked = Tick(self.tr("I looked at the guest's account in Mews, and it stands there now"))
        self.looked.toggled.connect(lambda _on: self.revise())
        self.body.addWidget(self.looked, 0, Qt.AlignmentFlag.AlignLeft)
        self.where = fields.Field(self.tr("Where does it stand?"), aux=self.tr("Required, kept in the journal"))
        self.body.addWidget(self.where)
        self.register(Field.REASON, self.where, self.where.edited)
        self.add_cancel(self.tr("Not yet"))
        self.set_confirm(self.tr("It stands in Mews"))
        self.revise()

    def _lines(self, record: IntentRecord, money: MoneyWords) -> QGridLayout:
        intent = record.intent
        lines = (
            (self.tr("Guest"), intent.customer_name),
            (self.tr("Amount"), money.show(intent.amount) if intent.amount is not None else ""),
            (self.tr("Card"), intent.subject),
            (self.tr("Name on the card"), intent.slip.holder if intent.slip is not None else ""),
            (self.tr("PayMongo's number"), record.taken_id or ""),
            (self.tr("Note"), intent.reference),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(line for line in lines if line[1]):
            grid.addWidget(Text(name, "body", "text.secondary"), row, 0)
            told = Text(value, "mono" if name == lines[4][0] else "body", wrap=True)
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(told, row, 1)
        return grid

    @override
    def focus_first(self) -> None:
        self.looked.setFocus()

    @override
    def compose(self) -> str | None:
        where = self.read(Field.REASON, lambda: check_text(self.where.text(), Field.REASON, required=True))
        if not self.looked.isChecked():
            self.hold(self.tr("Look at the guest's account in Mews, then tick it."))
            return None
        return where

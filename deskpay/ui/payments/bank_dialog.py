"""The bank's page of one charge. Leaving it stops nothing and proves nothing: the charge itself is read afterwards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid
from typing_extensions import override

from deskpay.domain.intent import Intent
from deskpay.ui.cards.capture.bank_pane import BankPane
from deskpay.ui.cards.capture.environment import UnsafeEngine
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.payments.waiting_dialog import WaitingDialog
from deskpay.ui.words.money import MoneyWords

MakeBankPane = Callable[[QWidget], BankPane]
"""Makes the pane of one dialog."""

_WIDTH = 640


class BankDialog(WaitingDialog):
    """Shows a bank's page to the guest.

    Args:
        window: the window it belongs to.
        environment: where the charge is.
        about: name, room and number of the guest.
        intent: of the charge.
        address: of the page.
        make_pane: makes the pane.

    `hidden`: the guest was sent back, or the clerk left; the dialog is gone.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        about: str,
        intent: Intent,
        address: str,
        make_pane: MakeBankPane,
    ) -> None:
        amount = MoneyWords().show(intent.amount) if intent.amount is not None else ""
        super().__init__(
            window,
            self.tr("The guest's bank asks about {amount}").format(amount=amount),
            about,
            strip=self.tr("Charge at PayMongo"),
            environment=environment,
            width=_WIDTH,
        )
        self._address = address
        self.pane = make_pane(self)
        turn = self.tr("Turn the screen to the guest. Whatever this page says, only PayMongo's answer counts.")
        self.body.addWidget(Text(turn, "body", "text.secondary", wrap=True))
        self.body.addWidget(self.pane)
        self.trouble = Message(
            Tone.WARNING,
            self.tr("The bank's page cannot be shown here."),
            self.tr("Nothing is lost: DeskPay goes on reading the charge. You can end it, then nothing is taken."),
        )
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.set_reference(intent.reference)
        self.leave_button = self.add_action(Button(self.tr("Leave the page"), size=ButtonSize.ACTION, key="Esc"))
        self.leave_button.clicked.connect(self._leave)
        self.pane.returned.connect(self._leave)
        self.pane.failed.connect(self._on_failed)
        # The bank's page keeps the keys that it is given; a shortcut is asked before it.
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.activated.connect(self._leave)

    @override
    def open(self) -> None:
        """Show the dialog and load the page."""
        super().open()
        try:
            self.pane.open(self._address)
        except UnsafeEngine:
            self._on_failed()

    @override
    def _let_go(self) -> None:
        if isValid(self):
            self.pane.close_pane()

    def _on_failed(self) -> None:
        self.pane.hide()
        self.trouble.show()
        self.leave_button.setFocus()

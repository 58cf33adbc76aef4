"""Taking a card: the vault's own fields at the left, who sees what at the right.

Number and security code are typed into the vault's pane and never reach DeskPay. Confirming sends what was typed to the
vault; its short-lived reference is the answer. A problem after that keeps the reference, for the card is in the vault
already, until the problem is the reference itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.card import Expiry
from deskpay.domain.entry import parse_expiry
from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused
from deskpay.services.read_guest import GuestFile
from deskpay.services.save_card import SaveCardOrder
from deskpay.ui.ask import Asking
from deskpay.ui.cards.capture.environment import UnsafeEngine
from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, State
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.cards.who_sees_what import WhoSeesWhat
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.payments.wording import GuestWords

MakePane = Callable[[QWidget], CapturePane]
"""Makes the pane of one dialog, for the vault of the connection."""

_WIDTH = 800
_SIDE_WIDTH = 272
_EXPIRY_WIDTH = 140
_EXPIRY_LENGTH = 7
_BRANDS = {
    "VIS": "Visa",
    "ECA": "Mastercard",
    "AMX": "American Express",
    "DIN": "Diners Club",
    "DIS": "Discover",
    "JCB": "JCB",
    "CUP": "UnionPay",
    "MAU": "Maestro",
    "DNK": "Dankort",
    "ELO": "Elo",
}


class AddCardDialog(Asking[SaveCardOrder]):
    """Asks for a card to keep for the guest.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        environment: where the card would be saved.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        make_pane: makes the vault's pane; the dialog opens it with the hotel's key and closes it.
    """

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        environment: Environment,
        reference: str,
        room: str,
        make_pane: MakePane,
    ) -> None:
        words = GuestWords(file, room)
        super().__init__(
            window,
            self.tr("Add a card"),
            words.about,
            strip=self.tr("Add card"),
            environment=environment,
            width=_WIDTH,
        )
        self._file = file
        self._today = words.today
        self._environment = environment
        self._complete = False
        self._sending = False
        self._captured: CapturedCard | None = None
        self.pane = make_pane(self)
        self._build()
        self.set_reference(reference)
        self.cancel_button = self.add_cancel()
        self.set_confirm(self.tr("Save card for {name}").format(name=file.customer.full_name))
        self._listen()
        self.revise()

    def _build(self) -> None:
        self.expiry = fields.Field(self.tr("Expiry"), placeholder=self.tr("MM / YY"))
        # Long enough for an expiry, too short for a card number.
        self.expiry.editor.setMaxLength(_EXPIRY_LENGTH)
        self.expiry.setFixedWidth(_EXPIRY_WIDTH)
        self.card_type = fields.Field(self.tr("Card type"), aux=self.tr("Told by the vault"))
        self.card_type.editor.setReadOnly(True)
        self.consent = Tick(self.tr("The guest agrees that the hotel keeps this card for this stay"))
        self.kept = Message(
            Tone.SUCCESS,
            self.tr("The card is in the vault."),
            self.tr("It was not saved in Mews yet. Confirm again; it need not be typed again."),
        )
        self.kept.hide()
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self.pane)
        left.addWidget(self.kept)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.expiry)
        row.addWidget(self.card_type, 1)
        left.addLayout(row)
        left.addWidget(self.consent)
        left.addStretch()
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addWidget(self._side())
        self.body.addLayout(columns)
        self.register(Field.EXPIRY, self.expiry, self.expiry.edited)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(10)
        column.addWidget(Text(self.tr("Who sees what"), "strong"))
        column.addWidget(WhoSeesWhat())
        advice = self._advice()
        if advice:
            column.addSpacing(6)
            column.addWidget(Message(Tone.NEUTRAL, "", advice))
        column.addStretch()
        return side

    def _advice(self) -> str:
        match self._environment:
            case Environment.TRAINING:
                return self.tr("Training: type 4242 4242 4242 4242 and any code. Never type a guest's real card here.")
            case Environment.DEMO:
                return self.tr("Demo: use a test card from the vault's list. Never type a guest's real card here.")
            case Environment.LIVE | Environment.NOT_CONNECTED:
                return ""

    def _listen(self) -> None:
        pane = self.pane
        pane.ready.connect(pane.focus_number)
        pane.ready.connect(self.revise)
        pane.brand_recognized.connect(self._show_brand)
        pane.validity_changed.connect(self._on_validity_changed)
        pane.rejected.connect(self._on_rejected_by_vault)
        pane.captured.connect(self._on_captured)
        pane.failed.connect(self._on_failed)
        self.consent.toggled.connect(lambda _on: self.revise())
        self.expiry.editor.editingFinished.connect(self._write_out)
        self._brand = ""
        self._show_brand("")
        go_on = QShortcut(QKeySequence("F6"), self)
        go_on.activated.connect(self._on_next_pane)
        # The vault's page keeps the keys that it is given; a shortcut is asked before it.
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.activated.connect(self.reject)

    # The vault

    @override
    def focus_first(self) -> None:
        # Until the vault's fields take the keyboard, what is typed must land in no field of ours.
        self.cancel_button.setFocus()
        self._open_pane()

    def _open_pane(self) -> None:
        """Load the vault's fields, unless they are there; they take the keyboard once they are ready."""
        if self._captured is not None or self.pane.state not in (None, State.FAILED):
            return
        key = self._file.hotel.card_storage_key
        try:
            if key is None:
                self.tell(
                    self.tr("This hotel stores no cards."), self.tr("Ask your hotel's IT to switch it on in Mews.")
                )
                return
            self.pane.open(key)
        except UnsafeEngine:
            self.tell(
                self.tr("The card form cannot open safely on this computer. Nothing was saved."),
                self.tr("Tell your hotel's IT."),
            )

    def _show_brand(self, code: str) -> None:
        self._brand = code
        name = _BRANDS.get(code, code)
        if not name:
            self.card_type.set_text(self.tr("Not told yet"))
        elif self._complete or self._captured is not None:
            self.card_type.set_text(name)
        else:
            self.card_type.set_text(self.tr("{brand}, not complete yet").format(brand=name))

    def _on_validity_changed(self, complete: bool) -> None:
        self._complete = complete
        self._show_brand(self._brand)
        self.revise()

    def _on_rejected_by_vault(self, _where: str) -> None:
        self._set_sending(False)

    def _on_failed(self, _failure: CaptureFailure) -> None:
        # The pane itself says what happened and offers to try again.
        self._complete = False
        self._set_sending(False)

    def _on_captured(self, card: CapturedCard) -> None:
        self._captured = card
        self._set_sending(False)
        self._show_brand(card.brand or self._brand)
        self.pane.hide()
        self.kept.show()
        order = self.compose()
        if order is not None:
            self.deliver(order)

    def _set_sending(self, on: bool) -> None:
        self._sending = on
        button = self.confirm_button
        self.expiry.setEnabled(not on)
        self.consent.setEnabled(not on)
        if button is None:
            return
        if on:
            button.set_busy(self.tr("Sending to the vault"))
        else:
            button.set_ready()
            self.revise()

    def _on_next_pane(self) -> None:
        if self.expiry.editor.hasFocus():
            self.pane.focus_number()
        else:
            self.expiry.setFocus()

    # Asking

    @override
    def compose(self) -> SaveCardOrder | None:
        expiry = self.read(Field.EXPIRY, self._read_expiry)
        if expiry is None or self._captured is None:
            return None
        return SaveCardOrder(
            reference=self.reference,
            customer=self._file.customer,
            transaction_id=self._captured.transaction_id,
            captured_at_s=self._captured.captured_at_s,
            expiry=expiry,
        )

    @override
    def revise(self) -> SaveCardOrder | None:
        order = super().revise()
        expiry = self._expiry()
        if self._captured is None and not self._complete:
            reason = self.tr("Card number or security code not complete yet.")
        elif expiry is None:
            reason = self.reason
        elif not self.consent.isChecked():
            reason = self.tr("Ask whether the guest agrees that the hotel keeps the card.")
        else:
            self.set_valid(not self._sending)
            return order
        self.set_valid(False, reason)
        return order

    def _read_expiry(self) -> Expiry:
        return parse_expiry(self.expiry.text(), self._today)

    def _expiry(self) -> Expiry | None:
        try:
            return self._read_expiry()
        except InputRefused:
            return None

    def _write_out(self) -> None:
        expiry = self._expiry()
        if expiry is not None:
            self.expiry.set_text(expiry.label)

    @override
    def on_confirmed(self) -> None:
        """Send the card to the vault; where it is there already, answer at once."""
        expiry = self._expiry()
        if not self.asked or self._sending or expiry is None or not self.consent.isChecked():
            return
        if self._captured is not None:
            super().on_confirmed()
            return
        self._write_out()
        self._set_sending(True)
        self.pane.submit(expiry.month, expiry.year)

    @override
    def show_problem(self, problem: DeskPayError) -> None:
        lost = isinstance(problem, InputRefused) and problem.field is Field.CARD
        if lost:
            # The vault's reference is too old or useless: the card has to be typed again.
            self._captured = None
            self._complete = False
            self.kept.hide()
            self.pane.show()
            self._show_brand("")
        super().show_problem(problem)
        if lost:
            self._open_pane()
        if isinstance(problem, InputRefused) and problem.problem is InputProblem.PAST:
            self.expiry.setFocus()

    @override
    def finish(self) -> None:
        self.pane.close_pane()
        super().finish()

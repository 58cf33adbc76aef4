"""Charging a card of PayMongo's vault: amount, card, what only the guest can type, and whether the card is kept.

Number and code are typed into a page that sends them straight to PayMongo; what comes back is the id of the card. The
confirming button says amount, card and who charges it. A problem afterwards keeps the card; it need not be typed again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.acquirer import AcquirerCustomer, VaultedCard
from deskpay.domain.card import Expiry
from deskpay.domain.entry import check_text, parse_expiry
from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused
from deskpay.domain.money import Money
from deskpay.domain.reference import new_reference
from deskpay.services.acquirer import Terms
from deskpay.services.acquirer_guest import GuestThere
from deskpay.services.charge_acquirer import AcquirerOrder
from deskpay.services.read_guest import GuestFile
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.cards.capture.environment import UnsafeEngine
from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, State
from deskpay.ui.cards.capture.own_page import OwnFields
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.components import field as fields
from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.tick import Tick
from deskpay.ui.payments.wording import GuestWords, spoken_card
from deskpay.ui.present_error import words_for

_NEW = "new"
_WIDTH = 760
_EXPIRY_WIDTH = 120
_EXPIRY_LENGTH = 7
_BRANDS = {"VIS": "Visa", "ECA": "Mastercard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    """How cards are typed for one acquirer.

    Args:
        make_pane: makes the pane of a dialog.
        fields: the page in it.
        public_key: of the account; it may make payment methods and nothing else.
    """

    make_pane: Callable[[QWidget], CapturePane]
    fields: OwnFields
    public_key: str


class AcquirerDialog(Asking[AcquirerOrder]):
    """Asks for a charge at the acquirer.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        terms: what the account can charge.
        entry: how cards are typed.
        environment: where the charge would go.
        reference: drawn for this form.
        room: the room's name; empty where there is none.

    `link_requested` carries the acquirer's customer whom the clerk says to be this guest; `forget_requested` the card
    that is to be forgotten, empty for the guest with all cards.
    """

    link_requested = Signal(str)
    forget_requested = Signal(str)

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        terms: Terms,
        entry: CardEntry,
        environment: Environment,
        reference: str,
        room: str = "",
    ) -> None:
        self._words = GuestWords(file, room)
        title = self.tr("Charge at PayMongo")
        super().__init__(window, title, self._words.about, strip=title, environment=environment, width=_WIDTH)
        self._file = file
        self._terms = terms
        self._entry = entry
        self._environment = environment
        self._saved: dict[str, VaultedCard] = {}
        self._captured: CapturedCard | None = None
        self._complete = self._begun = False
        self._sending = False
        self._alike: AcquirerCustomer | None = None
        self.pane = entry.make_pane(self)
        self._build()
        self.set_reference(reference)
        self.cancel_button = self.add_cancel()
        self.set_confirm(self.tr("Charge"))
        self._listen()
        self.revise()

    # Building

    def _build(self) -> None:
        currency = self._terms.least.currency
        owed = self.tr("Open balance {amount}").format(amount=self._words.show(self._file.balance))
        self.amount = AmountField(self.tr("Amount"), self._words.symbol(currency), aux=owed)
        if self._file.due.currency == currency and self._file.due.positive:
            self.amount.set_text(self._words.figures(self._file.due))
        self.cards = RadioCards([self._new_row()], name=self.tr("Card"))
        self.card_field = Labelled(self.tr("Card"), self.cards)
        # Not beside the confirming button: its words need the whole foot.
        self.forget_button = Button(self.tr("Have PayMongo forget a card or the guest…"), ButtonKind.LINK)
        self.forget_button.clicked.connect(lambda: self.forget_requested.emit(self._chosen_id()))
        self.forget_button.hide()
        self.found = Message(Tone.WARNING)
        self.found.hide()
        self.link_button = self.found.add_action(Button(self.tr("This is our guest")))
        self.expiry = fields.Field(self.tr("Expiry"), placeholder=self.tr("MM / YY"))
        # Long enough for an expiry, too short for a card number.
        self.expiry.editor.setMaxLength(_EXPIRY_LENGTH)
        self.expiry.setFixedWidth(_EXPIRY_WIDTH)
        self.holder = fields.Field(self.tr("Name on the card"))
        self.holder.set_text(self._file.customer.full_name)
        self.beside = QWidget()
        row = QHBoxLayout(self.beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.expiry)
        row.addWidget(self.holder, 1)
        self.keep = Tick(self.tr("The guest agrees that PayMongo keeps this card for the next payments"))
        if not self._file.customer.email:
            self.keep.setEnabled(False)
            self.keep.set_words(self.tr("Keeping the card needs the guest's e-mail address. Add it in Mews first"))
        self.taken = Message(
            Tone.SUCCESS,
            self.tr("PayMongo has the card."),
            self.tr("It was not charged yet. Confirm again; it need not be typed again."),
        )
        self.taken.hide()
        self.note_field = fields.Field(self.tr("Note"), aux=self.tr("Optional, shown in Mews"))
        for part in (self.amount, self.card_field, self.found, self.pane, self.taken, self.beside, self.keep):
            self.body.addWidget(part)
        self.body.insertWidget(self.body.indexOf(self.found), self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.note_field)
        advice = self._advice()
        if advice:
            self.body.addWidget(Message(Tone.NEUTRAL, "", advice))

    def _advice(self) -> str:
        match self._environment:
            case Environment.TRAINING | Environment.DEMO:
                return self.tr(
                    "Practice: 4343 4343 4343 4345 is charged at once, 4120 0000 0000 0007 asks the bank. "
                    "Never type a guest's real card here."
                )
            case Environment.LIVE | Environment.NOT_CONNECTED:
                return ""

    def _new_row(self) -> RadioCard:
        return RadioCard(_NEW, "icon:plus", self.tr("A card not saved yet"), self.tr("Typed below"))

    def _row(self, card: VaultedCard) -> RadioCard:
        expired = card.expiry is not None and card.expiry.past(self._words.today)
        reason = ""
        if expired:
            reason = self.tr("Expired {expiry}").format(expiry=card.expiry.label if card.expiry else "")
        elif not self._terms.renews_codes:
            reason = self.tr("PayMongo needs the whole card again")
        expires = self.tr("Expires {expiry}").format(expiry=card.expiry.label) if card.expiry and not expired else ""
        spoken = ", ".join(part for part in (spoken_card(card.brand, card.last_four), "PayMongo", expires) if part)
        return RadioCard(
            card.id, badge_for(card.brand), card.label, f"PayMongo · {expires}".strip(" ·"), "", reason, spoken=spoken
        )

    def _listen(self) -> None:
        pane = self.pane
        pane.ready.connect(self.revise)
        pane.ready.connect(self._on_ready)
        pane.brand_recognized.connect(self._on_begun)
        pane.validity_changed.connect(self._on_validity_changed)
        pane.rejected.connect(lambda _where: self._set_sending(on=False))
        pane.captured.connect(self._on_captured)
        pane.failed.connect(self._on_failed)
        self.expiry.editor.editingFinished.connect(self._write_out)
        self.keep.toggled.connect(lambda _on: self.revise())
        self.link_button.clicked.connect(self._on_link)
        self.cards.chosen.connect(lambda _key: self._on_card_chosen())
        self.register(Field.AMOUNT, self.amount, self.amount.edited)
        self.register(Field.CARD, self.card_field, self.cards.chosen)
        self.register(Field.EXPIRY, self.expiry, self.expiry.edited)
        self.register(Field.HOLDER, self.holder, self.holder.edited)
        self.register(Field.NOTE, self.note_field, self.note_field.edited)
        go_on = QShortcut(QKeySequence("F6"), self)
        go_on.activated.connect(self._on_next_pane)
        # The page keeps the keys that it is given; a shortcut is asked before it.
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.activated.connect(self.reject)

    # Who the guest is there

    def show_there(self, there: GuestThere) -> None:
        """Show the cards that the guest saved at the acquirer, or whom it knows by the guest's e-mail address."""
        self._saved = {card.id: card for card in there.cards}
        before = self.cards.current()
        rows = [self._row(card) for card in there.cards]
        self.cards.set_cards([*rows, self._new_row()])
        if not self._begun:
            self.cards.set_current(next((row.key for row in rows if not row.reason), _NEW))
        self.forget_button.setVisible(there.customer_id is not None)
        self._alike = there.alike[0] if len(there.alike) == 1 else None
        if self._alike is not None:
            lead = self.tr("PayMongo knows {name}, {email}.").format(name=self._alike.name, email=self._alike.email)
            self.found.say(Tone.WARNING, lead, self.tr("Ask the guest whether that is them. Their saved cards follow."))
        self.found.setVisible(self._alike is not None)
        if self.cards.current() != before:
            self._on_card_chosen()
        self.revise()

    def show_unread(self, problem: DeskPayError) -> None:
        """Say that PayMongo could not be asked for saved cards; a new one can be typed all the same."""
        words = words_for(problem)
        self.found.say(Tone.WARNING, self.tr("Saved cards could not be read from PayMongo."), words.sentence)
        self.link_button.hide()
        self.found.show()

    def _on_link(self) -> None:
        if self._alike is not None:
            self.link_requested.emit(self._alike.id)

    def card_words(self, card_id: str) -> str:
        """Return a saved card as it is called; empty for none."""
        card = self._saved.get(card_id)
        return card.label if card is not None else ""

    # The page

    @override
    def focus_first(self) -> None:
        self._open_pane()
        self.amount.setFocus()

    def _chosen_id(self) -> str:
        return self.cards.current() if self.cards.current() in self._saved else ""

    def _open_pane(self) -> None:
        """Load the page that the chosen card needs, unless it is there."""
        card_id = self._chosen_id()
        self.beside.setVisible(not card_id)
        self.keep.setVisible(not card_id)
        if not self.isVisible() or self._captured is not None or self.pane.state not in (None, State.FAILED):
            return
        try:
            self.pane.open(self._entry.public_key, self._entry.fields.of(card_id))
        except UnsafeEngine:
            self.tell(
                self.tr("The card form cannot open safely on this computer. Nothing was taken."),
                self.tr("Tell your hotel's IT."),
            )

    def _on_card_chosen(self) -> None:
        """Ask for what the other card needs; what was typed for the one before is forgotten."""
        self._captured, self._complete = None, False
        self.taken.hide()
        self.pane.close_pane()
        self.pane.show()
        self._open_pane()
        self.revise()

    def _on_ready(self) -> None:
        if self._chosen_id():
            self.pane.focus_number()

    def _on_begun(self, _brand: str) -> None:
        self._begun = True  # what is being typed is not taken away by cards that come late

    def _on_validity_changed(self, complete: bool) -> None:
        self._complete = complete
        self.revise()

    def _on_failed(self, _failure: CaptureFailure) -> None:
        # The pane itself says what happened and offers to try again.
        self._complete = False
        self._set_sending(on=False)

    def _on_captured(self, card: CapturedCard) -> None:
        self._captured = card
        self._set_sending(on=False)
        self.pane.hide()
        self.taken.show()
        order = self.compose()
        if order is not None:
            self.deliver(order)

    def _set_sending(self, *, on: bool) -> None:
        self._sending = on
        for part in (self.amount, self.cards, self.expiry, self.holder, self.note_field, self.keep):
            part.setEnabled(not on)
        if not self._file.customer.email:
            self.keep.setEnabled(False)
        button = self.confirm_button
        if button is None:
            return
        if on:
            button.set_busy(self.tr("Sending to PayMongo"))
        else:
            button.set_ready()
            self.revise()

    def _on_next_pane(self) -> None:
        if self.amount.editor.hasFocus():
            self.pane.focus_number()
        else:
            self.amount.setFocus()

    # Asking

    @override
    def compose(self) -> AcquirerOrder | None:
        amount = self.read(Field.AMOUNT, self._read_amount)
        note = self.read(Field.NOTE, lambda: check_text(self.note_field.text(), Field.NOTE))
        card = self._card_meant()
        self._tell(amount, card)
        if amount is None or note is None or card is None:
            return None
        keep = self.keep.isChecked() and not self._chosen_id()
        if keep and self._alike is not None:
            self.hold(self.tr("Say first whether PayMongo's customer is this guest, or don't keep the card."))
            return None
        stay = self._file.reservation
        return AcquirerOrder(
            reference=self.reference,
            customer=self._file.customer,
            reservation_id=stay.id if stay is not None else None,
            card=card,
            keep=keep,
            amount=amount,
            tender=self._terms.tender,
            note=note,
        )

    def _card_meant(self) -> VaultedCard | None:
        """Return the card as far as it is known; before it was sent it has no id."""
        saved = self._saved.get(self.cards.current())
        captured = self._captured
        if saved is not None:
            return replace(saved, holder=saved.holder or self._file.customer.full_name)
        expiry = self.read(Field.EXPIRY, self._read_expiry)
        holder = self.read(Field.HOLDER, lambda: check_text(self.holder.text(), Field.HOLDER, required=True))
        if expiry is None or holder is None:
            return None
        brand = _BRANDS.get(captured.brand, "") if captured is not None else ""
        return VaultedCard(captured.transaction_id if captured is not None else "", brand, "", expiry, holder)

    def _read_amount(self) -> Money:
        amount = self._words.parse(self.amount.text(), self._terms.least.currency)
        if amount.minor == 0:
            raise InputRefused(Field.AMOUNT, InputProblem.ZERO)
        if amount < self._terms.least:
            raise InputRefused(Field.AMOUNT, InputProblem.TOO_SMALL)
        if amount > self._terms.most:
            raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE)
        return amount

    def _read_expiry(self) -> Expiry:
        return parse_expiry(self.expiry.text(), self._words.today)

    def _write_out(self) -> None:
        with contextlib.suppress(InputRefused):
            self.expiry.set_text(self._read_expiry().label)

    @override
    def revise(self) -> AcquirerOrder | None:
        order = super().revise()
        ready = order is not None and (self._captured is not None or self._complete)
        incomplete = self.tr("Card number or security code not complete yet.") if order is not None else self.reason
        self.set_valid(ready and not self._sending, "" if ready else incomplete)
        return order

    def _tell(self, amount: Money | None, card: VaultedCard | None) -> None:
        if amount is None:
            self.set_confirm(self.tr("Charge"))
            return
        named = card is not None and bool(card.last_four)
        shown = card.label if card is not None and named else self.tr("this card")
        spoken = spoken_card(card.brand, card.last_four) if card is not None and named else shown
        label = self.tr("Charge {amount} to {card} at PayMongo")
        self.set_confirm(
            label.format(amount=self._words.show(amount), card=shown),
            label.format(amount=self._words.say(amount), card=spoken),
        )

    @override
    def sentence(self, problem: InputRefused) -> str:
        if problem.field is Field.AMOUNT and problem.problem is InputProblem.TOO_SMALL:
            least = self._words.show(self._terms.least)
            return self.tr("PayMongo takes {amount} at least.").format(amount=least)
        if problem.field is Field.AMOUNT and problem.problem is InputProblem.TOO_LARGE:
            return self.tr("PayMongo takes {amount} at most.").format(amount=self._words.show(self._terms.most))
        return super().sentence(problem)

    @property
    @override
    def confirm_words(self) -> ConfirmWords:
        """The amount and card confirmed, for the question about a repeat."""
        card = self._card_meant()
        amount = self._words.show(self._read_amount())
        label = card.label if card is not None and card.last_four else self.tr("this card")
        what = self.tr("{amount} to {card} at PayMongo").format(amount=amount, card=label)
        return ConfirmWords(
            about=self._words.about,
            amount=amount,
            what=what,
            badge=badge_for(card.brand if card is not None else ""),
            title=self.tr("This looks like the same charge again"),
            question=self.tr("Why is it charged twice?"),
            again=self.tr("Charge another {what}").format(what=what),
            leave=self.tr("Don't charge"),
            reference=self.reference,
        )

    @override
    def on_confirmed(self) -> None:
        """Send the card to the acquirer; where it is there already, answer at once."""
        if not self.asked or self._sending or self.revise() is None:
            return
        if self._captured is not None:
            super().on_confirmed()
            return
        if not self._complete:
            return
        card = self._card_meant()
        expiry = card.expiry if card is not None and card.expiry is not None else Expiry(2000, 1)
        holder = card.holder if card is not None else ""
        self._set_sending(on=True)
        self.pane.submit(expiry.month, expiry.year, holder, self._file.customer.email)

    @override
    def show_problem(self, problem: DeskPayError) -> None:
        # What was refused has ended with nothing taken; another try is another act.
        self.set_reference(new_reference())
        super().show_problem(problem)

    @override
    def finish(self) -> None:
        self.pane.close_pane()
        super().finish()

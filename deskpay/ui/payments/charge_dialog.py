"""Asking which saved card to charge, and how much. The confirming button says both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.card import CreditCard, not_chargeable
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.hotel import AccountingCategory
from deskpay.domain.money import Money
from deskpay.services.read_guest import GuestFile
from deskpay.services.take_payment import ChargeOrder
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField, Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCards
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.payments.amount_entry import AmountEntry
from deskpay.ui.payments.parts import SumRow
from deskpay.ui.payments.wording import GuestWords, spoken_card


class ChargeDialog(Asking[ChargeOrder]):
    """Asks for a charge of a saved card.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        categories: what the payment may be booked under.
        environment: where the charge would go.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        preferred_card_id: the card to start with, where it can be charged.

    `add_card_requested` is emitted by F7 and, where no card can be charged, by a button.
    """

    add_card_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        categories: Sequence[AccountingCategory],
        environment: Environment,
        reference: str,
        room: str = "",
        preferred_card_id: str | None = None,
    ) -> None:
        self._words = GuestWords(file, room)
        super().__init__(
            window, self.tr("Charge a saved card"), self._words.about, strip=self.tr("Charge"), environment=environment
        )
        self._file = file
        self._chosen: dict[str, CreditCard] = {card.id: card for card in file.cards}
        self._build(categories, preferred_card_id)
        self.set_reference(reference)
        self.add_cancel()
        self.set_confirm(self.tr("Charge"))
        shortcut = QShortcut(QKeySequence("F7"), self)
        shortcut.activated.connect(self.add_card_requested)
        if file.balance.positive:
            self.entry.fill(file.balance)
        self.revise()

    def _build(self, categories: Sequence[AccountingCategory], preferred_card_id: str | None) -> None:
        words, file = self._words, self._file
        self.entry = AmountEntry(
            words,
            self.tr("Amount"),
            aux=self.tr("Open balance {amount}").format(amount=words.show(file.balance)),
            choices=self._choices(),
        )
        self.cards = RadioCards([words.card_row(card) for card in file.cards])
        self.cards.set_current(self._first_card(preferred_card_id))
        self.card_field = Labelled(self.tr("Card"), self.cards)
        self.card_field.setVisible(bool(file.cards))
        self.purpose = ChoiceField(self.tr("For"), self._purposes())
        default = (("", self.tr("Card payments (Mews default)")),)
        self.category = ChoiceField(
            self.tr("Category"), (*default, *((category.id, category.name) for category in categories))
        )
        self.remark = fields.Field(
            self.tr("Note"),
            aux=self.tr("Optional, shown in Mews"),
            placeholder=self.tr("For example: dinner charged to room"),
        )
        self.after = SumRow(self.tr("Open balance after this charge"))
        self.body.addWidget(self.entry)
        if not self.cards.current():
            self.body.addWidget(self._no_card())
        self.body.addWidget(self.card_field)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.purpose, 1)
        row.addWidget(self.category, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.after)
        self.register(Field.AMOUNT, self.entry.amount, self.entry.edited)
        self.register(Field.CURRENCY, self.entry.currency_choice, self.entry.edited)
        self.register(Field.CARD, self.card_field, self.cards.chosen)
        self.register(Field.NOTE, self.remark, self.remark.edited)

    def _choices(self) -> list[tuple[str, Money]]:
        owed = self._file.balance
        if not owed.positive:
            return []
        choices = [(self.tr("Whole balance"), owed)]
        night = one_night(self._file)
        if night is not None and night < owed:
            choices.append((self.tr("One night"), night))
        half = Money((owed.minor + 1) // 2, owed.currency)
        if half < owed:
            choices.append((self.tr("Half"), half))
        return choices

    def _purposes(self) -> list[tuple[str, str]]:
        account = ("", self.tr("The guest's account, no stay"))
        stay = self._file.reservation
        if stay is None:
            return [account]
        room = self._words.room
        words = self.tr("Reservation {number}, room {room}") if room else self.tr("Reservation {number}")
        return [(stay.id, words.format(number=stay.number, room=room)), account]

    def _first_card(self, preferred_card_id: str | None) -> str:
        usable = [card.id for card in self._file.cards if not_chargeable(card, self._words.today) is None]
        if preferred_card_id in usable:
            return preferred_card_id or ""
        return usable[0] if usable else ""

    def _no_card(self) -> Message:
        message = Message(
            Tone.WARNING,
            self.tr("No saved card can be charged."),
            self.tr("Add a card, or record a payment that was taken elsewhere."),
        )
        button = message.add_action(Button(self.tr("Add card"), icon="plus", key="F7"))
        button.clicked.connect(self.add_card_requested)
        return message

    @property
    @override
    def confirm_words(self) -> ConfirmWords:
        """The amount and card confirmed, for the question about a repeat."""
        card = self._chosen.get(self.cards.current())
        amount = self._words.show(self.entry.money())
        what = self.tr("{amount} to {card}").format(amount=amount, card=card.label if card else "")
        return ConfirmWords(
            about=self._words.about,
            amount=amount,
            what=what,
            badge=badge_for(card.brand if card else ""),
            title=self.tr("This looks like the same charge again"),
            question=self.tr("Why is it charged twice?"),
            again=self.tr("Charge another {what}").format(what=what),
            leave=self.tr("Don't charge"),
            reference=self.reference,
        )

    @override
    def focus_first(self) -> None:
        self.entry.amount.setFocus()

    @override
    def sentence(self, problem: InputRefused) -> str:
        usable = any(not_chargeable(card, self._words.today) is None for card in self._file.cards)
        if problem.field is Field.CARD and problem.problem is InputProblem.EMPTY and not usable:
            return self.tr("No saved card can be charged.")
        return super().sentence(problem)

    @override
    def compose(self) -> ChargeOrder | None:
        amount = self.read(Field.AMOUNT, self.entry.money)
        card = self.read(Field.CARD, self._card_to_charge)
        note = self.read(Field.NOTE, lambda: check_text(self.remark.text(), Field.NOTE))
        self._tell(amount, card)
        if amount is None or card is None or note is None:
            return None
        return ChargeOrder(
            reference=self.reference,
            customer=self._file.customer,
            reservation_id=self.purpose.current() or None,
            credit_card_id=card.id,
            amount=amount,
            note=note,
            accounting_category_id=self.category.current() or None,
        )

    def _card_to_charge(self) -> CreditCard:
        card = self._chosen.get(self.cards.current())
        if card is None:
            raise InputRefused(Field.CARD, InputProblem.EMPTY)
        return card

    def _tell(self, amount: Money | None, card: CreditCard | None) -> None:
        """Say what would happen: on the button, in the chips and below the form."""
        words, owed = self._words, self._file.balance
        self.entry.mark(amount)
        same = amount is not None and amount.currency == owed.currency
        self.after.setVisible(same)
        if amount is not None and same:
            self.after.tell(self.tr("Open balance after this charge"), words.show(owed - amount))
            more = self.tr("{amount} more than the guest owes.").format(amount=words.show(amount - owed))
            self.entry.warn(more if amount > owed and owed.minor >= 0 else "")
        if amount is None or card is None:
            self.set_confirm(self.tr("Charge"))
            return
        self.set_confirm(
            self.tr("Charge {amount} to {card}").format(amount=words.show(amount), card=card.label),
            self.tr("Charge {amount} to {card}").format(
                amount=words.say(amount), card=spoken_card(card.brand, card.last_four)
            ),
        )


def one_night(file: GuestFile) -> Money | None:
    """Return the price of one night of the stay, None where the bill does not tell it plainly.

    A night is told by the dearest open item of the stay that was sold once for each of its nights.
    """
    stay = file.reservation
    if stay is None:
        return None
    nights = stay.nights(file.hotel.zone)
    sold = [
        item.amount
        for item in file.items
        if item.is_open
        and item.reservation_id == stay.id
        and item.unit_count == nights
        and item.amount.positive
        and item.amount.currency == file.hotel.currency
    ]
    if nights < 1 or not sold:
        return None
    whole = max(sold, key=lambda amount: amount.minor)
    return None if whole.minor % nights else Money(whole.minor // nights, whole.currency)

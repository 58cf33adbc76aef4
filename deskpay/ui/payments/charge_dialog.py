"""Asking which saved card to charge, and how much. The confirming button says both."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.card import CreditCard, not_chargeable
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Money
from deskpay.domain.split import Split
from deskpay.services.read_guest import GuestFile
from deskpay.services.take_payment import ChargeOrder
from deskpay.ui.announce import announce
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField, Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCards
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.payments.amount_entry import AmountEntry
from deskpay.ui.payments.charge_start import ChargeOffers, ChargeStart
from deskpay.ui.payments.doubts import Doubts
from deskpay.ui.payments.parts import SumRow
from deskpay.ui.payments.wording import GuestWords, spoken_card

_MOST_OFFERED = 6


class ChargeDialog(Asking[ChargeOrder]):
    """Asks for a charge of a saved card.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        offers: what every charge form of this desk offers.
        environment: where the charge would go.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        start: what it starts with; None for what is due.

    `add_card_requested` is emitted by F7 and, where no card can be charged, by a button; `acquirer_requested` by
    Shift+F2 and a button, where the hotel charges elsewhere too.
    """

    add_card_requested = Signal()
    acquirer_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        offers: ChargeOffers,
        environment: Environment,
        reference: str,
        room: str = "",
        start: ChargeStart | None = None,
    ) -> None:
        start = start or ChargeStart()
        self._words = GuestWords(file, room)
        super().__init__(
            window, self.tr("Charge a saved card"), self._words.about, strip=self.tr("Charge"), environment=environment
        )
        self._file = file
        self._offers = offers
        self._split = start.split
        shown = (*file.cards, *file.terminal_cards)
        self._chosen: dict[str, CreditCard] = {card.id: card for card in shown}
        self._build(start)
        self.set_reference(reference)
        self.add_cancel()
        self.set_confirm(self.tr("Charge"))
        shortcut = QShortcut(QKeySequence("F7"), self)
        shortcut.activated.connect(self.add_card_requested)
        amount = start.amount or file.due
        if amount.positive:
            self.entry.fill(amount)
        self.revise()

    def offer_acquirer(self, why_not: str | None) -> None:
        """Offer to charge at the acquirer instead.

        Args:
            why_not: why that is not possible; empty where it is, None where it is not even offered.
        """
        if why_not is None:
            return
        # Not beside the confirming button: its words need the whole foot in the narrowest window.
        button = Button(self.tr("Charge at PayMongo instead…"), ButtonKind.LINK, key=self.tr("Shift F2"))
        self.body.insertWidget(self.body.indexOf(self.card_field) + 1, button, 0, Qt.AlignmentFlag.AlignLeft)
        button.setEnabled(not why_not)
        button.setToolTip(why_not)
        button.setAccessibleDescription(why_not)
        button.clicked.connect(self.acquirer_requested)
        shortcut = QShortcut(QKeySequence("Shift+F2"), self)
        shortcut.setEnabled(not why_not)
        shortcut.activated.connect(self.acquirer_requested)

    # Building

    def _build(self, start: ChargeStart) -> None:
        words = self._words
        self.entry = AmountEntry(
            words,
            self.tr("Amount"),
            aux=self.tr("Open balance {amount}").format(amount=words.show(self._file.balance)),
            choices=self._choices(),
            rates=self._offers.rates,
        )
        self.cards = RadioCards([words.card_row(card) for card in self._chosen.values()])
        self.cards.set_current(self._first_card(start))
        several = len([card for card in self._chosen.values() if not words.why_not(card)]) > 1
        self.card_field = Labelled(self.tr("Card"), self.cards, aux=self.tr("Choose with ↑ ↓") if several else "")
        self.card_field.setVisible(bool(self._chosen))
        self.doubts = Doubts(words, self._offers)
        self._build_book_keeping()
        self.after = SumRow(self.tr("Open balance after this charge"))
        self.body.addWidget(self.entry)
        if not self.cards.current():
            self.body.addWidget(self._no_card())
        self.body.addWidget(self.card_field)
        self.body.addWidget(self.doubts)
        for pair in ((self.purpose, self.category), (self.parts, self.receipt)):
            row = QHBoxLayout()
            row.setSpacing(12)
            for one in pair:
                row.addWidget(one, 1, Qt.AlignmentFlag.AlignTop)
            self.body.addLayout(row)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.after)
        self._listen()

    def _build_book_keeping(self) -> None:
        self.purpose = ChoiceField(self.tr("For"), self._words.purposes())
        default = (("", self.tr("Card payments (Mews default)")),)
        named = ((category.id, category.name) for category in self._offers.categories)
        self.category = ChoiceField(self.tr("Category"), (*default, *named))
        self.category.set_current(self._offers.remembered.accounting_category_id)
        self.parts = ChoiceField(self.tr("Take it"), self._ways_to_split())
        self.receipt = fields.Field(self.tr("Receipt number"), aux=self.tr("Optional"))
        self.receipt.set_text(self._offers.remembered.next_receipt)
        self.remark = fields.Field(
            self.tr("Note"),
            aux=self.tr("Optional, shown in Mews"),
            placeholder=self.tr("For example: dinner charged to room"),
        )

    def _listen(self) -> None:
        self.register(Field.AMOUNT, self.entry.amount, self.entry.edited)
        self.register(Field.CURRENCY, self.entry.currency_choice, self.entry.edited)
        self.register(Field.CARD, self.card_field, self.cards.chosen)
        self.register(Field.RECEIPT, self.receipt, self.receipt.edited)
        self.register(Field.NOTE, self.remark, self.remark.edited)
        self.parts.chosen.connect(self._on_parts_chosen)
        for key, step in ((Qt.Key.Key_Up, -1), (Qt.Key.Key_Down, 1)):
            shortcut = QShortcut(QKeySequence(key), self.entry.amount.editor)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda places=step: self._step(places))
        self.doubts.settled.connect(self.revise)

    def _ways_to_split(self) -> list[tuple[str, str]]:
        if self._split is not None and self._split.number > 1:
            part = self.tr("Part {number} of {parts}")
            return [("", part.format(number=self._split.number, parts=self._split.parts))]
        parts = self.tr("In {count} equal parts")
        numbers = range(2, _MOST_OFFERED + 1)
        return [("1", self.tr("In one payment")), *((str(count), parts.format(count=count)) for count in numbers)]

    def _choices(self) -> list[tuple[str, Money]]:
        owed, due = self._file.balance, self._file.due
        if not owed.positive:
            return []
        choices = [(self.tr("Whole balance"), owed)]
        if due.positive and due < owed:
            choices.insert(0, (self.tr("This stay"), due))
        night = one_night(self._file)
        if night is not None and night < owed:
            choices.append((self.tr("One night"), night))
        half = Money((owed.minor + 1) // 2, owed.currency)
        if half < owed:
            choices.append((self.tr("Half"), half))
        return choices

    def _step(self, places: int) -> None:
        """Choose another card from the amount, where the keyboard is when the form opens."""
        card = self.cards.step(places)
        if card is not None:
            announce(self, card.spoken)

    def _first_card(self, start: ChargeStart) -> str:
        usable = [card.id for card in self._file.cards if not_chargeable(card, self._words.today) is None]
        if start.card_id in usable:
            return start.card_id or ""
        others = [card_id for card_id in usable if card_id != start.not_card_id]
        return next(iter(others or usable), "")

    def _no_card(self) -> Message:
        message = Message(
            Tone.WARNING,
            self.tr("No saved card can be charged."),
            self.tr("Add a card, or record a payment that was taken elsewhere."),
        )
        button = message.add_action(Button(self.tr("Add card"), icon="plus", key="F7"))
        button.clicked.connect(self.add_card_requested)
        return message

    # Asking

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
        receipt = self.read(Field.RECEIPT, lambda: check_text(self.receipt.text(), Field.RECEIPT))
        note = self.read(Field.NOTE, lambda: check_text(self.remark.text(), Field.NOTE))
        sure = self.doubts.judge(amount, card)
        self._tell(amount, card)
        if not sure:
            self.hold(self.tr("Tick that the amount is right."))
        if amount is None or card is None or receipt is None or note is None or not sure:
            return None
        split = self.split
        return ChargeOrder(
            reference=self.reference,
            customer=self._file.customer,
            reservation_id=self.purpose.current() or None,
            credit_card_id=card.id,
            amount=amount,
            note=note,
            accounting_category_id=self.category.current() or None,
            receipt_number=receipt,
            # Equal parts look like repeats of each other. The clerk asked for them, and only those are meant.
            repeat_reason=self._part_words(split) if split is not None and split.taken else "",
            repeat_of=split.taken if split is not None else frozenset(),
        )

    @property
    def split(self) -> Split | None:
        """Where the taking in parts stands, None where the amount is taken at once."""
        split = self._split
        amount = self._typed()
        if split is None or amount is None or amount.currency != split.left.currency or amount > split.left:
            return None
        return split

    def _typed(self) -> Money | None:
        try:
            return self.entry.money()
        except InputRefused:
            return None

    def _part_words(self, split: Split) -> str:
        return self.tr("Part {number} of {parts}").format(number=split.number, parts=split.parts)

    def _on_parts_chosen(self, key: str) -> None:
        whole = self._split.left if self._split is not None else self._typed()
        parts = int(key or 1)
        if whole is None or whole.minor < parts:
            self.parts.set_current("1")
            return
        self._split = Split(whole, parts) if parts > 1 else None
        self.entry.fill(self._split.share if self._split is not None else whole)

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
        elif amount is not None:
            self.entry.tell_rate(amount)
        self._tell_parts(amount)
        if amount is None or card is None:
            self.set_confirm(self.tr("Charge"))
            return
        label = self.tr("Charge {amount} to {card}")
        self.set_confirm(
            label.format(amount=words.show(amount), card=card.label),
            label.format(amount=words.say(amount), card=spoken_card(card.brand, card.last_four)),
        )

    def _tell_parts(self, amount: Money | None) -> None:
        split = self.split
        rest = split.after(amount, "") if split is not None and amount is not None else None
        part = self._part_words(split) if split is not None else ""
        left = self.tr("{part}, then {amount} is left to take")
        later = left.format(part=part, amount=self._words.show(rest.left)) if rest is not None else ""
        if self.parts.message != later:
            self.parts.set_hint(later)


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

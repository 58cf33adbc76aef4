"""What speaks against a charge that could be sent all the same: far more than is normal, or a booking site's card."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskpay.domain.card import CreditCard
from deskpay.domain.money import Money
from deskpay.domain.unusual import ten_times_normal
from deskpay.domain.virtual_card import Guess, guess_for
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.tick import Tick
from deskpay.ui.payments.charge_start import ChargeOffers
from deskpay.ui.payments.wording import GuestWords, said


class Doubts(QWidget):
    """Warnings below a charge form. Only an amount far above what is normal has to be ticked before it can be sent.

    Args:
        words: of the guest.
        offers: tell the table of booking sites.

    `settled` is emitted when the tick changed.
    """

    settled = Signal()

    def __init__(self, words: GuestWords, offers: ChargeOffers) -> None:
        super().__init__()
        self._words = words
        self._offers = offers
        self._amount: Money | None = None
        self.large = Message(Tone.WARNING)
        self.sure = Tick(said("The amount is right"))
        self.virtual = Message(Tone.WARNING, icon="credit-card")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.large, self.sure, self.virtual):
            part.hide()
            column.addWidget(part)
        self.hide()
        self.sure.toggled.connect(lambda _on: self.settled.emit())

    def judge(self, amount: Money | None, card: CreditCard | None) -> bool:
        """Show what speaks against charging `card` with `amount`; return whether it may be sent as it is."""
        normal = ten_times_normal(amount, self._known()) if amount is not None else None
        if amount != self._amount:
            self._amount = amount
            self.sure.setChecked(False)
        for part in (self.large, self.sure):
            part.setVisible(normal is not None)
        if amount is not None and normal is not None:
            lead = said("{amount} is more than ten times what is normal here.").format(amount=self._words.show(amount))
            text = said("The most that is known of this guest is {normal}. Is a decimal mark missing?")
            self.large.say(Tone.WARNING, lead, text.format(normal=self._words.show(normal)))
        warned = self._warn_of_virtual(amount, card)
        self.setVisible(normal is not None or warned)
        return normal is None or self.sure.isChecked()

    def _known(self) -> list[Money]:
        file = self._words.file
        taken = [payment.original_amount for payment in file.payments if payment.state.live]
        return [file.due, file.balance, file.charges, *taken]

    def _warn_of_virtual(self, amount: Money | None, card: CreditCard | None) -> bool:
        guess = self._guess(card) if card is not None else None
        leads = self._virtual_leads(guess, amount) if guess is not None else []
        self.virtual.setVisible(bool(leads))
        if guess is not None and leads:
            source = said(
                "DeskPay only guesses this, from its table of booking sites. The hotel can correct the table."
            )
            if guess.agency:
                source = said("DeskPay only guesses this, from its line for {agency}. The hotel can correct the table.")
            self.virtual.say(Tone.WARNING, " ".join(leads), source.format(agency=guess.agency), icon="credit-card")
        return bool(leads)

    def _virtual_leads(self, guess: Guess, amount: Money | None) -> list[str]:
        words, leads = self._words, []
        if guess.works_from is not None and guess.too_early(words.today):
            day = words.dates.short_day(guess.works_from, words.today)
            leads.append(said("This virtual card probably does not work before {day}.").format(day=day))
        if amount is not None and guess.limit is not None and guess.too_much(amount):
            limit = words.show(guess.limit)
            leads.append(said("This virtual card probably carries no more than {limit}.").format(limit=limit))
        return leads

    def _guess(self, card: CreditCard) -> Guess | None:
        file = self._words.file
        stay = file.reservation
        arrival = stay.starts_utc.astimezone(file.hotel.zone).date() if stay is not None else None
        prices = [
            item.amount
            for item in file.items
            if stay is not None and item.reservation_id == stay.id and item.amount.currency == file.hotel.currency
        ]
        return guess_for(card, file.customer, arrival, prices, self._offers.agencies)

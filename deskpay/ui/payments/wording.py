"""How the money dialogs speak of one guest: names, amounts, cards and payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication

from deskpay.domain.card import CardFormat, CreditCard, NotChargeable, not_chargeable
from deskpay.domain.decline import declined_on
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import Payment, PaymentMethod, PaymentState, is_recorded
from deskpay.services.read_guest import GuestFile
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.radio_cards import RadioCard
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from deskpay.ui.words.tenders import tender_icon, tender_words


def said(words: str) -> str:
    """Return a sentence of the money dialogs in the desk's language."""
    return QCoreApplication.translate("MoneyDialogs", words)


@dataclass(frozen=True, slots=True)
class GuestWords:
    """The words for one guest.

    Args:
        file: the guest, as read.
        room: the room's name; empty where there is none.
        locale: the hotel's language and region.
    """

    file: GuestFile
    room: str
    locale: str = "en_GB"

    @property
    def today(self) -> date:
        """The hotel's calendar day at the reading."""
        return self.file.hotel.today(self.file.read_utc)

    @property
    def dates(self) -> DateWords:
        """How days and hours are written."""
        return DateWords(self.file.hotel.zone, self.locale)

    @property
    def about(self) -> str:
        """Name, room and confirmation number in one line."""
        stay = self.file.reservation
        parts = (
            self.file.customer.full_name,
            said("Room {room}").format(room=self.room) if self.room else "",
            stay.number if stay else "",
        )
        return " · ".join(part for part in parts if part)

    def show(self, money: Money) -> str:
        """Return an amount; the ISO code stands beside every currency that is not the hotel's own."""
        return MoneyWords(self.locale, with_code=money.currency != self.file.hotel.currency).show(money)

    def say(self, money: Money) -> str:
        """Return an amount as spoken."""
        return MoneyWords(self.locale).say(money)

    def figures(self, money: Money) -> str:
        """Return an amount as typed into a field."""
        return MoneyWords(self.locale).figures(money)

    def symbol(self, currency: Currency) -> str:
        """Return the sign of a currency."""
        return MoneyWords(self.locale).symbol(currency)

    def parse(self, text: str, currency: Currency) -> Money:
        """Return the amount that was typed, by the marks of the hotel's locale.

        Raises:
            InputRefused: it is none.
        """
        return MoneyWords(self.locale).parse(text, currency)

    def card_row(self, card: CreditCard) -> RadioCard:
        """Return a saved card as something to choose, or with the reason why it cannot be charged."""
        problem = not_chargeable(card, self.today)
        expires, soon = self.expires(card)
        parts = [said("Virtual card")] if card.format is CardFormat.VIRTUAL else []
        if problem is not NotChargeable.EXPIRED and expires:
            parts.append(expires)
        return RadioCard(
            key=card.id,
            badge=badge_for(card.brand),
            title=card.label,
            subtitle=" · ".join(parts),
            right=self._declined_today(card) or self._last_charge(card),
            reason=self.why_not(card),
            warning=soon and problem is None,
            spoken=", ".join([spoken_card(card.brand, card.last_four), *parts]),
        )

    def payment_name(self, payment: Payment) -> tuple[str, str]:
        """Return badge and name of a payment: "VISA" and "Visa •••• 1111"."""
        card = self.file.card_of(payment)
        if payment.method is PaymentMethod.CREDIT_CARD:
            if card is None:
                return badge_for(""), said("Card")
            if is_recorded(payment, card):
                return badge_for(card.brand), said("Terminal •••• {digits}").format(digits=card.last_four)
            return badge_for(card.brand), card.label
        code = payment.tender or {PaymentMethod.CASH: "Cash", PaymentMethod.INVOICE: "Invoice"}.get(payment.method, "")
        if not code:
            return "icon:credit-card", said("Another method")
        return f"icon:{tender_icon(code)}", tender_words(code)

    def bills(self) -> list[tuple[str, str]]:
        """Return key and name of the open bills, the guest's default one first, which is the oldest."""
        open_bills = [bill for bill in self.file.bills if bill.is_open]
        named = []
        for number, bill in enumerate(reversed(open_bills), 1):
            title = said("Bill {number}").format(number=number)
            named.append((bill.id, f"{title} · {bill.name}" if bill.name else title))
        return named or [("", said("The guest's default bill"))]

    def purposes(self) -> list[tuple[str, str]]:
        """Return key and name of what a payment can be for: the stay in question, where there is one, or no stay."""
        account = ("", said("The guest's account, no stay"))
        stay = self.file.reservation
        if stay is None:
            return [account]
        words = said("Reservation {number}, room {room}") if self.room else said("Reservation {number}")
        return [(stay.id, words.format(number=stay.number, room=self.room)), account]

    def expires(self, card: CreditCard) -> tuple[str, bool]:
        """Return when a card expires, in words, and whether that is soon."""
        if card.expiry is None:
            return said("Expiry not told"), False
        months = card.expiry.months_left(self.today)
        soon = {0: said("Expires this month, {expiry}"), 1: said("Expires next month, {expiry}")}
        return soon.get(months, said("Expires {expiry}")).format(expiry=card.expiry.label), months in soon

    def why_not(self, card: CreditCard) -> str:
        """Return why a card cannot be charged; empty where it can."""
        match not_chargeable(card, self.today):
            case None:
                return ""
            case NotChargeable.DISABLED:
                return said("Switched off")
            case NotChargeable.TERMINAL:
                return said("Terminal card, cannot be charged")
            case NotChargeable.UNKNOWN_KIND:
                return said("Cannot be charged")
            case NotChargeable.EXPIRED:
                return said("Expired {expiry}").format(expiry=card.expiry.label if card.expiry else "")

    def _declined_today(self, card: CreditCard) -> str:
        times = declined_on(self.today, self.file.hotel.zone, card.id, self.file.intents)
        if not times:
            return ""
        return said("Declined today") if times == 1 else said("Declined {count} times today").format(count=times)

    def _last_charge(self, card: CreditCard) -> str:
        zone = self.file.hotel.zone
        taken = [
            payment.charged_utc or payment.created_utc
            for payment in self.file.payments
            if payment.credit_card_id == card.id
            and payment.state is PaymentState.CHARGED
            and payment.amount.positive
            and (payment.charged_utc or payment.created_utc).astimezone(zone).date() == self.today
        ]
        return said("Charged today {hour}").format(hour=self.dates.clock(max(taken))) if taken else ""


def spoken_card(brand: str, last_four: str) -> str:
    """Return a card as spoken: "Visa ending 1111"."""
    if not last_four:
        return brand or said("card")
    return said("{brand} ending {digits}").format(brand=brand or said("card"), digits=last_four)

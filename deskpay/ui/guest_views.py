"""What the services read, as rows and words of the desk screen. Pure: nothing is asked and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from deskpay.domain.bill import OrderItem, charges_total, paid_total
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Reservation, ReservationState
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment, PaymentKind, PaymentState, is_recorded, not_refundable
from deskpay.services.find_customer import DayOfGuests, Guest
from deskpay.services.read_guest import GuestFile
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.desk.rows import (
    BillItemRow,
    BillRow,
    CardRow,
    GuestRow,
    GuestRows,
    GuestView,
    Part,
    PaymentRow,
    SearchGroup,
    SearchRow,
)
from deskpay.ui.payments.ask_words import ask_icon, ask_name
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from deskpay.ui.words.tenders import tender_words


def _said(words: str) -> str:
    return QCoreApplication.translate("GuestViews", words)


def guest_key(guest: Guest) -> str:
    """Return what the lists call a guest: the stay where there is one, for a guest may have several."""
    return guest.reservation.id if guest.reservation else guest.customer.id


@dataclass(frozen=True, slots=True)
class GuestViews:
    """How one hotel's guests are shown.

    Args:
        hotel: whose guests.
        money: how amounts are written.
        dates: how days are written.
    """

    hotel: Hotel
    money: MoneyWords
    dates: DateWords

    def day_of(self, when: datetime) -> date:
        """Return the hotel's calendar day of a moment."""
        return when.astimezone(self.hotel.zone).date()

    def lists(self, day: DayOfGuests, checking: Iterable[str] = ()) -> GuestRows:
        """Return the three lists.

        Args:
            day: the people of the day.
            checking: ids of customers with a payment whose outcome is not known.
        """
        waiting = frozenset(checking)
        return GuestRows(
            in_house=tuple(self._row(guest, day.day, waiting) for guest in day.in_house),
            arriving=tuple(self._row(guest, day.day, waiting) for guest in day.arriving),
            leaving=tuple(self._row(guest, day.day, waiting) for guest in day.leaving),
        )

    def found(self, day: DayOfGuests, guests: Iterable[Guest], elsewhere: Iterable[Guest]) -> tuple[SearchGroup, ...]:
        """Return what a search found, in groups; guests of the day are not named a second time."""
        here = list(guests)
        shown = {guest_key(guest) for guest in here}
        groups = (
            (_said("In house"), [g for g in here if g.reservation is not None and g.reservation.in_house]),
            (_said("Arriving"), [g for g in here if g.reservation is None or not g.reservation.in_house]),
            (_said("Elsewhere"), [guest for guest in elsewhere if guest_key(guest) not in shown]),
        )
        return tuple(
            SearchGroup(title, tuple(self._search_row(guest, day.day) for guest in members))
            for title, members in groups
            if members
        )

    def page(self, guest: Guest, file: GuestFile) -> GuestView:
        """Return the guest's page."""
        words = GuestWords(file, guest.room)
        today, waiting = words.today, file.unresolved
        return GuestView(
            key=guest_key(guest),
            name=file.customer.full_name,
            state=self._stay_chip(file.reservation, today),
            room=_said("Room {room}").format(room=guest.room) if guest.room else "",
            stay=self._stay(file.reservation, today),
            number=file.reservation.number if file.reservation else "",
            email=file.customer.email,
            phone=file.customer.phone,
            balance=file.balance,
            charges=file.charges,
            paid=-file.paid,
            bills=Part(tuple(self._bills(words))),
            payments=Part(tuple(self._payments(words))),
            cards=Part(tuple(self._card(card, words) for card in file.cards)),
            note=file.customer.notes,
            unresolved=self._unresolved(waiting) if waiting else "",
        )

    def head(self, guest: Guest, today: date) -> GuestView:
        """Return the page as far as the list knows it, before anything was read."""
        return GuestView(
            key=guest_key(guest),
            name=guest.customer.full_name,
            state=self._stay_chip(guest.reservation, today),
            room=_said("Room {room}").format(room=guest.room) if guest.room else "",
            stay=self._stay(guest.reservation, today),
            number=guest.reservation.number if guest.reservation else "",
            email=guest.customer.email,
            phone=guest.customer.phone,
        )

    def _row(self, guest: Guest, today: date, waiting: frozenset[str]) -> GuestRow:
        return GuestRow(
            key=guest_key(guest),
            room=guest.room,
            name=guest.customer.full_name,
            sub=self._when(guest.reservation, today),
            balance=guest.balance,
            checking=guest.customer.id in waiting,
        )

    def _search_row(self, guest: Guest, today: date) -> SearchRow:
        stay = guest.reservation
        details = []
        if stay:
            details.append(_said("Confirmation {number}").format(number=stay.number))
        if guest.customer.email:
            details.append(guest.customer.email)
        in_house = stay is not None and stay.in_house
        settled = in_house and guest.balance is not None and not guest.balance.minor
        return SearchRow(
            key=guest_key(guest),
            name=guest.customer.full_name,
            detail=" · ".join(details),
            room=guest.room,
            icon="calendar-days" if stay and self.day_of(stay.starts_utc) >= today else "history",
            stay=self.dates.span(self.day_of(stay.starts_utc), self.day_of(stay.ends_utc), today) if stay else "",
            leaves=self._when(stay, today),
            balance=guest.balance,
            balance_words=_said("Settled") if settled else "",
        )

    def _when(self, stay: Reservation | None, today: date) -> str:
        if stay is None:
            return _said("No stay near today")
        if stay.state is ReservationState.CANCELED:
            return _said("Canceled")
        if stay.state in {ReservationState.CONFIRMED, ReservationState.OPTIONAL, ReservationState.REQUESTED}:
            return self.dates.arrives(self.day_of(stay.starts_utc), today)
        return self.dates.leaves(self.day_of(stay.ends_utc), today)

    def _stay(self, stay: Reservation | None, today: date) -> str:
        if stay is None:
            return ""
        return self.dates.stay(self.day_of(stay.starts_utc), self.day_of(stay.ends_utc), today)

    def _stay_chip(self, stay: Reservation | None, today: date) -> Chip | None:
        if stay is None:
            return None
        match stay.state:
            case ReservationState.STARTED:
                words = _said("Leaves today") if stay.leaves_on(today, self.hotel.zone) else _said("In house")
                return Chip(words, Tone.ACCENT)
            case ReservationState.CONFIRMED:
                arrives = stay.arrives_on(today, self.hotel.zone)
                return Chip(_said("Arrives today") if arrives else _said("Booked"), Tone.NEUTRAL)
            case ReservationState.PROCESSED:
                return Chip(_said("Departed"), Tone.NEUTRAL)
            case ReservationState.CANCELED:
                return Chip(_said("Canceled"), Tone.NEUTRAL)
            case ReservationState.INQUIRED | ReservationState.REQUESTED | ReservationState.OPTIONAL:
                return Chip(_said("Not confirmed"), Tone.NEUTRAL)
            case ReservationState.UNKNOWN:
                return None

    def _bills(self, words: GuestWords) -> Iterable[BillRow]:
        currency, file = self.hotel.currency, words.file
        named = words.bills() if any(bill.is_open for bill in file.bills) else []
        # What names no bill stands on the guest's default bill.
        default = named[0][0] if named else None
        for key, name in named:
            items = [item for item in file.items if item.is_open and (item.bill_id or default) == key]
            paid = paid_total([payment for payment in file.payments if (payment.bill_id or default) == key], currency)
            yield BillRow(
                key=key,
                name=name,
                state=Chip(_said("Open"), Tone.NEUTRAL),
                amount=charges_total(items, currency) - paid,
                items=tuple(
                    self._item(item, words.today) for item in sorted(items, key=lambda item: item.consumed_utc)
                ),
                paid=-paid if paid.minor else None,
            )

    def _item(self, item: OrderItem, today: date) -> BillItemRow:
        return BillItemRow(item.name, self.dates.short_day(self.day_of(item.consumed_utc), today), item.amount)

    def _payments(self, words: GuestWords) -> Iterable[PaymentRow]:
        file = words.file
        outcomes = {record.outcome_id: record for record in file.intents if record.outcome_id}
        shown = {payment.id for payment in file.payments}
        for record in file.intents:
            if record.holds_claim and record.intent.amount is not None and record.outcome_id not in shown:
                yield self._intent_row(record, file)
        for payment in file.payments:
            yield self._payment_row(payment, words, outcomes.get(payment.id))

    def _intent_row(self, record: IntentRecord, file: GuestFile) -> PaymentRow:
        intent = record.intent
        if intent.amount is None:
            raise AssertionError("only intents that move money are shown among the payments")
        unknown = record.state is IntentState.UNKNOWN
        back = intent.kind is IntentKind.REFUND
        if intent.kind.asks_guest:
            badge, method = f"icon:{ask_icon(intent)}", ask_name(intent)
        elif "•" in intent.subject:
            badge, method = badge_for(intent.subject.split(" ")[0]), intent.subject
        else:
            badge, method = "icon:banknote", tender_words(intent.subject)
        return PaymentRow(
            key=intent.id,
            time=self.dates.moment(intent.drafted_utc, file.read_utc),
            badge=badge,
            method=method,
            state=chip_for(ChipState.NOT_KNOWN if unknown else ChipState.SENDING),
            amount=-intent.amount if back else intent.amount,
            taken_by=intent.operator,
        )

    def _payment_row(self, payment: Payment, words: GuestWords, record: IntentRecord | None) -> PaymentRow:
        file = words.file
        card = file.card_of(payment)
        badge, method = words.payment_name(payment)
        return PaymentRow(
            key=payment.id,
            time=self.dates.moment(payment.charged_utc or payment.created_utc, file.read_utc),
            badge=badge,
            method=method,
            state=payment_chip(payment, card),
            amount=payment.amount,
            taken_by=record.intent.operator if record else self._taken_by(payment.origin),
            struck=not payment.state.live,
            refundable=not_refundable(payment, card, file.refundable(payment)) is None,
        )

    def _taken_by(self, origin: str) -> str:
        """Say whose hand it was; the property system tells the program, never the person (Payment has no creator)."""
        words = {"Api": _said("Another program"), "Operations": _said("In Mews"), "": ""}
        return words.get(origin, tender_words(origin))

    def _card(self, card: CreditCard, words: GuestWords) -> CardRow:
        reason = words.why_not(card)
        expires, soon = words.expires(card)
        used = any(
            p.credit_card_id == card.id and self.day_of(p.created_utc) == words.today for p in words.file.payments
        )
        parts = [
            _said("Virtual card") if card.virtual else "",
            reason or expires,
            _said("used today") if used and not reason else "",
        ]
        return CardRow(
            key=card.id,
            badge=badge_for(card.brand),
            title=card.label,
            subtitle=" · ".join(part for part in parts if part),
            warning=soon and not reason,
            usable=not reason,
        )

    def _unresolved(self, record: IntentRecord) -> str:
        intent = record.intent
        amount = self.money.show(intent.amount) if intent.amount is not None else ""
        if record.state is IntentState.UNKNOWN:
            return _said("{amount} is not known yet ({reference}). Don't take it again.").format(
                amount=amount, reference=intent.reference
            )
        return _said("{amount} is under way ({reference}). Payments for this guest wait for it.").format(
            amount=amount, reference=intent.reference
        )


def payment_chip(payment: Payment, card: CreditCard | None) -> Chip:
    """Return the chip of a payment's state; what was only recorded never looks like a charge."""
    refund = payment.kind is PaymentKind.REFUND
    match payment.state:
        case PaymentState.CHARGED if payment.kind is PaymentKind.CHARGEBACK:
            return Chip(_said("Chargeback"), Tone.DANGER, "undo-2")
        case PaymentState.CHARGED if refund:
            return chip_for(ChipState.REFUNDED)
        case PaymentState.CHARGED:
            return chip_for(ChipState.RECORDED if is_recorded(payment, card) else ChipState.CHARGED)
        case PaymentState.PENDING:
            return chip_for(ChipState.REFUND_PENDING) if refund else Chip(_said("Pending"), Tone.WARNING, "hourglass")
        case PaymentState.VERIFYING:
            return chip_for(ChipState.WAITING_FOR_GUEST)
        case PaymentState.FAILED:
            return Chip(_said("Failed"), Tone.DANGER, "circle-x") if refund else chip_for(ChipState.DECLINED)
        case PaymentState.CANCELED:
            return Chip(_said("Canceled"), Tone.NEUTRAL, "ban")
        case PaymentState.UNKNOWN:
            return chip_for(ChipState.NOT_KNOWN)

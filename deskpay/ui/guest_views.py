"""What the services read, as rows and words of the desk screen. Pure: nothing is asked and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from deskpay.domain.bill import OrderItem, paid_total
from deskpay.domain.card import CreditCard
from deskpay.domain.customer import Reservation, ReservationState
from deskpay.domain.guest import Guest, Presence
from deskpay.domain.guest_index import Found
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment, PaymentKind, PaymentState, is_recorded
from deskpay.domain.preauthorization import Preauthorization, PreauthorizationState
from deskpay.domain.query import phone_digits
from deskpay.domain.spelling import compact, words
from deskpay.services.people import DayOfGuests
from deskpay.services.read_guest import GuestFile
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.desk.rows import (
    BesideRow,
    BillItemRow,
    BillRow,
    CardRow,
    GuestRow,
    GuestRows,
    GuestView,
    LinkRow,
    Part,
    PaymentRow,
    Reading,
    SearchGroup,
    SearchRow,
)
from deskpay.ui.payments.ask_words import ask_icon, ask_name
from deskpay.ui.payments.link_words import link_chip, link_line
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from deskpay.ui.words.tenders import tender_words

_LATE_LINKS = timedelta(days=7)
"""How long a link that ended is still shown."""


def _said(words: str) -> str:
    return QCoreApplication.translate("GuestViews", words)


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

    def found(
        self, typed: str, found: Iterable[Found], elsewhere: Iterable[Guest], today: date
    ) -> tuple[SearchGroup, ...]:
        """Return what a search found, in groups, the group of the best match first and elsewhere last.

        Args:
            typed: what was searched for.
            found: among the people at hand, best first.
            elsewhere: by the hotel's books; who is at hand already is not named a second time.
            today: the hotel's day.
        """
        wanted = _wanted(typed)
        groups: dict[Presence, list[Guest]] = {}
        shown: set[str] = set()
        for each in found:
            groups.setdefault(each.presence, []).append(each.guest)
            shown.add(each.guest.key)
        far = groups.pop(Presence.ELSEWHERE, []) + [guest for guest in elsewhere if guest.key not in shown]
        titles = {
            Presence.LEAVING: _said("Leaving"),
            Presence.IN_HOUSE: _said("In house"),
            Presence.ARRIVING: _said("Arriving"),
            Presence.DEPARTED: _said("Departed"),
            Presence.ELSEWHERE: _said("Elsewhere"),
        }
        return tuple(
            SearchGroup(titles[presence], tuple(self._search_row(wanted, guest, today) for guest in members))
            for presence, members in (*groups.items(), (Presence.ELSEWHERE, far))
            if members
        )

    def page(self, guest: Guest, file: GuestFile, beside: Sequence[Guest] = (), *, fresh: bool = True) -> GuestView:
        """Return the guest's page; `fresh` is False where it was read some time ago."""
        words = GuestWords(file, guest.room)
        waiting = file.unresolved
        return replace(
            self.head(replace(guest, customer=file.customer, reservation=file.reservation), words.today, beside),
            balance=file.balance,
            charges=file.charges,
            paid=-file.paid,
            bills=Part(tuple(self._bills(words))),
            payments=Part(tuple(self._payments(words))),
            cards=Part((*(self._card(card, words) for card in file.cards), *self._vaulted(words))),
            fresh=fresh,
            held=tuple(self._held(hold, words) for hold in file.held),
            links=tuple(self._links(file)),
            unresolved=self._unresolved(waiting) if waiting else "",
        )

    def head(
        self,
        guest: Guest,
        today: date,
        beside: Sequence[Guest] = (),
        reading: Reading = Reading.UNDER_WAY,
        problem: str = "",
    ) -> GuestView:
        """Return the page as far as the people at hand tell it, before the rest was read, or where it could not be."""
        return GuestView(
            key=guest.key,
            name=guest.customer.full_name,
            state=self._stay_chip(guest.reservation, today),
            room=_said("Room {room}").format(room=guest.room) if guest.room else "",
            stay=self._stay(guest.reservation, today),
            number=guest.reservation.number if guest.reservation else "",
            email=guest.customer.email,
            phone=guest.customer.phone,
            balance=guest.balance,
            bills=Part(reading=reading, problem=problem),
            payments=Part(reading=reading, problem=problem),
            cards=Part(reading=reading, problem=problem),
            note=guest.customer.notes,
            beside=tuple(self._beside(guest, other, today) for other in beside),
        )

    def _beside(self, guest: Guest, other: Guest, today: date) -> BesideRow:
        stay, theirs = guest.reservation, other.reservation
        who = other.customer.full_name
        when = self._when(theirs, today)
        if stay is not None and other.customer.id in stay.payer_ids:
            return BesideRow(other.key, who, _said("Booked through them, may pay"))
        if other.customer.id == guest.customer.id:
            dates = self._stay(theirs, today)
            return BesideRow(other.key, dates or who, _said("Another stay · {when}").format(when=when))
        if stay is not None and theirs is not None and theirs.id == stay.id:
            return BesideRow(other.key, who, _said("Shares the stay"))
        room = _said("Room {room}").format(room=other.room) if other.room else when
        return BesideRow(other.key, who, _said("Same group · {room}").format(room=room))

    def _row(self, guest: Guest, today: date, waiting: frozenset[str]) -> GuestRow:
        return GuestRow(
            key=guest.key,
            room=guest.room,
            name=guest.customer.full_name,
            sub=self._when(guest.reservation, today),
            balance=guest.balance,
            checking=guest.customer.id in waiting,
        )

    def _search_row(self, wanted: Sequence[str], guest: Guest, today: date) -> SearchRow:
        stay = guest.reservation
        in_house = stay is not None and stay.in_house
        settled = in_house and guest.balance is not None and not guest.balance.minor
        return SearchRow(
            key=guest.key,
            name=guest.customer.full_name,
            detail=" · ".join(self._details(wanted, guest)),
            room=guest.room,
            icon=self._icon(guest, today),
            stay=self.dates.span(self.day_of(stay.starts_utc), self.day_of(stay.ends_utc), today) if stay else "",
            leaves=self._when(stay, today),
            balance=guest.balance,
            balance_words=_said("Settled") if settled else "",
        )

    def _details(self, wanted: Sequence[str], guest: Guest) -> Iterable[str]:
        """Say who it is beside the name; what tells least is said only where it is why the guest was found."""
        stay, customer = guest.reservation, guest.customer
        if customer.is_company:
            yield _said("Company")
        if guest.companion:
            yield _said("Companion")
        if stay is not None:
            yield _said("Confirmation {number}").format(number=stay.number)
        more = [guest.group, stay.channel_number if stay else "", customer.phone, customer.loyalty_code]
        more += [_said("Card •••• {ends}").format(ends=ends) for ends in guest.card_ends]
        for each in (*more, *guest.references, customer.email):
            held = compact(each)
            if any(word and word in held for word in wanted):
                yield each

    def _icon(self, guest: Guest, today: date) -> str:
        if guest.customer.is_company:
            return "landmark"
        stay = guest.reservation
        return "calendar-days" if stay and self.day_of(stay.starts_utc) >= today else "history"

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
        names = dict(words.bills())
        for sheet in words.file.sheets:
            if not sheet.bill.is_open:
                continue
            paid = paid_total(sheet.payments, self.hotel.currency)
            yield BillRow(
                key=sheet.bill.id,
                name=names[sheet.bill.id],
                state=Chip(_said("Open"), Tone.NEUTRAL),
                amount=sheet.owed,
                items=tuple(
                    self._item(item, words.today) for item in sorted(sheet.items, key=lambda item: item.consumed_utc)
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
            refundable=file.why_not_refundable(payment) is None,
        )

    def _taken_by(self, origin: str) -> str:
        """Say whose hand it was; the property system tells the program, never the person (Payment has no creator)."""
        words = {"Api": _said("Another program"), "Operations": _said("In Mews"), "": ""}
        return words.get(origin, tender_words(origin))

    def _vaulted(self, words: GuestWords) -> Iterable[CardRow]:
        """Yield what an acquirer keeps, with its name: it is charged by another key, and with the guest present."""
        for card in words.file.vaulted:
            expired = card.expiry is not None and card.expiry.past(words.today)
            expires = _said("Expired {expiry}") if expired else _said("Expires {expiry}")
            when = expires.format(expiry=card.expiry.label) if card.expiry is not None else ""
            subtitle = " · ".join(part for part in ("PayMongo", when) if part)
            yield CardRow(card.id, badge_for(card.brand), card.label, subtitle, usable=not expired)

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

    def _held(self, hold: Preauthorization, words: GuestWords) -> CardRow:
        card = next((card for card in words.file.cards if card.id == hold.credit_card_id), None)
        waits = hold.state is PreauthorizationState.PENDING
        return CardRow(
            key=hold.id,
            badge=badge_for(card.brand if card else ""),
            title=self.money.show(hold.amount),
            subtitle=" · ".join(
                part
                for part in (card.label if card else _said("Card"), _said("not confirmed yet") if waits else "")
                if part
            ),
        )

    def _links(self, file: GuestFile) -> Iterable[LinkRow]:
        """Give what is open, and what ended of late."""
        for request in file.requests:
            if request.takes_money and (request.state.open or file.read_utc - request.expires_utc < _LATE_LINKS):
                line = link_line(request, self.dates, file.read_utc)
                yield LinkRow(request.id, request.amount, line, link_chip(request))

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


def _wanted(typed: str) -> tuple[str, ...]:
    """Return what a detail must hold for a guest to have been found by it."""
    digits = phone_digits(typed)
    return (*words(typed), compact(typed), *((digits,) if len(digits) >= _TELLING_DIGITS else ()))


_TELLING_DIGITS = 4


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

"""What every act is checked for before its intent is written. Buttons may be grey as well; the rule stands here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deskpay.domain.card import CreditCard, NotChargeable, not_chargeable
from deskpay.domain.entry import MAX_MINOR
from deskpay.domain.errors import Field, GuestBeingChecked, InputProblem, InputRefused, LooksRepeated
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import Intent, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.repeat import SKEW, WINDOW, find_repeats, made_since
from deskpay.services.ports import HotelRecords, IntentJournal
from deskpay.services.scope import side_by_side

_CARD_PROBLEMS = {
    NotChargeable.DISABLED: InputProblem.DISABLED,
    NotChargeable.EXPIRED: InputProblem.EXPIRED,
    NotChargeable.TERMINAL: InputProblem.TERMINAL,
    NotChargeable.UNKNOWN_KIND: InputProblem.NOT_ALLOWED,
}


def check_amount(amount: Money, hotel: Hotel) -> None:
    """Refuse an amount that no act may move.

    Raises:
        InputRefused: zero, negative, too large, or in a currency that the hotel does not take.
    """
    if not hotel.accepts(amount.currency):
        raise InputRefused(Field.CURRENCY, InputProblem.NOT_TAKEN)
    if amount.minor == 0:
        raise InputRefused(Field.AMOUNT, InputProblem.ZERO)
    if amount.minor < 0:
        raise InputRefused(Field.AMOUNT, InputProblem.NEGATIVE)
    if amount.minor > MAX_MINOR:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE)


def check_card(cards: Sequence[CreditCard], credit_card_id: str, today: date) -> CreditCard:
    """Return the card to charge.

    Raises:
        InputRefused: it is gone, or cannot be charged.
    """
    card = next((card for card in cards if card.id == credit_card_id), None)
    if card is None:
        raise InputRefused(Field.CARD, InputProblem.GONE)
    problem = not_chargeable(card, today)
    if problem is not None:
        raise InputRefused(Field.CARD, _CARD_PROBLEMS[problem])
    return card


def check_not_waiting(intents: Sequence[IntentRecord]) -> None:
    """Refuse while an earlier act with this guest's money has no known outcome.

    Raises:
        GuestBeingChecked: there is one.
    """
    for record in intents:
        if record.holds_claim and record.intent.amount is not None:
            raise GuestBeingChecked(record.intent.reference)


async def check_not_overtaken(journal: IntentJournal, intent: Intent, known: Sequence[IntentRecord]) -> None:
    """Refuse when another act was sent since the guest's books were read, even if it has ended by now.

    The claim alone does not stop it: a double click reads the books twice before the first click is charged, and
    drafts the second act when the first is over.

    Raises:
        GuestBeingChecked: there is one.
    """
    ended = {record.intent.id for record in known if not record.holds_claim}
    for other in await journal.of_customer(intent.customer_id):
        same = other.intent.id == intent.id or other.intent.id in ended
        if not same and other.intent.claim == intent.claim and other.sent_utc is not None:
            raise GuestBeingChecked(other.intent.reference)


def baseline_of(ids: Iterable[str], intents: Sequence[IntentRecord]) -> frozenset[str]:
    """Return what existed before an act: what was read, and what our own acts made and a reading may not show yet.

    Args:
        ids: of the rows that were read.
        intents: our earlier acts for this guest.
    """
    made = {event.outcome_id for record in intents for event in record.events}
    return frozenset(ids) | {outcome_id for outcome_id in made if outcome_id is not None}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the hotel's books hold of a guest's money just before more of it is taken or written down.

    Args:
        account: the guest's payments.
        stay: payments of the stay, whoever's account they stand on.
        requests: open requests to pay, of the guest and of the stay.
        now_utc: by the property system's clock, after reading.
    """

    account: Sequence[Payment]
    stay: Sequence[Payment]
    requests: Sequence[PaymentRequest]
    now_utc: datetime

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all the payments."""
        return frozenset(payment.id for payment in (*self.account, *self.stay))


async def see_money(records: HotelRecords, customer_id: str, reservation_id: str | None) -> Seen:
    """Read whatever may be the same money, side by side.

    Raises:
        HotelUnavailable: not all of it could be read; nothing may be taken then.
        Refused: it may not be read.
    """
    async with side_by_side() as group:
        account = group.create_task(records.payments([customer_id]))
        requests = group.create_task(records.open_payment_requests(customer_id, reservation_id))
        stay = group.create_task(_payments_of_stay(records, reservation_id))
    return Seen(account.result(), stay.result(), requests.result(), records.server_now())


async def _payments_of_stay(records: HotelRecords, reservation_id: str | None) -> list[Payment]:
    if reservation_id is None:
        return []
    return await records.payments_of_stay(reservation_id, created_from_utc=records.server_now() - WINDOW - SKEW)


def check_not_repeated(
    amount: Money, seen: Seen, customer_id: str, known: Sequence[IntentRecord], reason: str, shown: frozenset[str]
) -> frozenset[str]:
    """Refuse what looks like money taken already, unless a person saw it and said why it is another payment.

    Args:
        amount: about to be taken.
        seen: what the books hold.
        customer_id: whose money.
        known: our intents for this guest.
        reason: what the person said; empty for nothing.
        shown: ids of the payments and requests that the person was shown. Whatever turned up since asks again.

    Returns:
        The ids that the act is a repeat of; empty where it looks like none.

    Raises:
        LooksRepeated: similar money was found that was not shown, or there is no reason.
    """
    repeats = find_repeats(amount, (*seen.account, *seen.stay), seen.requests, known, customer_id, seen.now_utc)
    found = frozenset(repeat.payment_id for repeat in repeats)
    if repeats and not (reason and found <= shown):
        raise LooksRepeated(repeats[0], repeats[1:])
    return found


def check_nothing_since(
    since_utc: datetime, seen: Seen, customer_id: str, known: Sequence[IntentRecord], shown: frozenset[str]
) -> None:
    """Refuse where the guest or somebody for the stay has paid anything since a person looked.

    Args:
        since_utc: when that was.
        seen: what the books hold.
        customer_id: whose money.
        known: our intents for this guest.
        shown: ids of payments that a person saw later and went on.

    Raises:
        LooksRepeated: there is such a payment.
    """
    later = made_since(since_utc, (*seen.account, *seen.stay), known, customer_id, seen.now_utc)
    unseen = tuple(repeat for repeat in later if repeat.payment_id not in shown)
    if unseen:
        raise LooksRepeated(unseen[0], unseen[1:])

"""What a connection can do, found out by harmless reads: each asks for one thing, and nothing is changed or taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from deskpay.domain.errors import HotelUnavailable, Refused
from deskpay.domain.hotel import Hotel
from deskpay.services.acquirer import Acquirer
from deskpay.services.ports import Clock, HotelRecords


class Ability(Enum):
    """What the desk does with a hotel; the value is the operation of the Connector API that it takes."""

    GUESTS = "customers/getAll"
    CARDS = "creditCards/getAll"
    BILLS = "bills/getAll"
    ITEMS = "orderItems/getAll"
    PAYMENTS = "payments/getAll"
    CATEGORIES = "accountingCategories/getAll"
    RATES = "exchangeRates/getAll"
    TERMINALS = "devices/getAll"
    LINKS = "paymentRequests/getAll"


class Answer(Enum):
    """How it went."""

    GRANTED = "granted"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found out.

    Args:
        hotel: behind the tokens.
        took_s: how long its first answer took, in seconds.
        skew: how far this computer's clock is ahead of the hotel's.
        answers: to each question.
        inspected_by: who looks into the connection; empty where nobody does, None where that is not known.
        acquirer: how it went at the acquirer; None where the connection has none.
    """

    hotel: Hotel
    took_s: float
    skew: timedelta
    answers: dict[Ability, Answer]
    inspected_by: str | None = None
    acquirer: Answer | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The operations that the property system does not allow, as it calls them."""
        return tuple(ability.value for ability, answer in self.answers.items() if answer is Answer.REFUSED)


async def probe(records: HotelRecords, clock: Clock) -> Probed:
    """Ask for one thing of every kind.

    Raises:
        NotMews: what answers is no property system.
        Unauthorized: the tokens are wrong.
        HotelUnavailable: there is no usable answer at all.
    """
    began_s = clock.monotonic_s()
    hotel = await records.hotel()
    took_s = clock.monotonic_s() - began_s
    now = records.server_now()
    skew = clock.now() - now
    stays = await records.stays_touching(now - timedelta(days=1), now)
    answers = {
        Ability.CATEGORIES: await _tried(records.accounting_categories),
        Ability.RATES: await _tried(records.exchange_rates),
        Ability.TERMINALS: await _tried(records.terminals),
    }
    if not stays:
        untried = (a for a in Ability if a not in answers)
        return Probed(hotel, took_s, skew, answers | dict.fromkeys(untried, Answer.NOT_TRIED))
    guest = stays[0].customer_id
    answers |= {
        Ability.GUESTS: await _tried(lambda: records.customers([guest])),
        Ability.CARDS: await _tried(lambda: records.credit_cards(guest)),
        Ability.BILLS: await _tried(lambda: records.bills(guest)),
        Ability.ITEMS: await _tried(lambda: records.open_items([guest])),
        Ability.PAYMENTS: await _tried(lambda: records.payments([guest])),
        Ability.LINKS: await _tried(lambda: records.open_payment_requests(guest, None)),
    }
    return Probed(hotel, took_s, skew, answers)


async def probe_acquirer(acquirer: Acquirer, clock: Clock) -> Answer:
    """Ask the acquirer once; it blocks whoever comes with a wrong key again and again."""
    return await _tried(lambda: acquirer.payments_since(clock.now()))


async def _tried(read: Callable[[], Awaitable[object]]) -> Answer:
    try:
        await read()
    except Refused:
        return Answer.REFUSED
    except HotelUnavailable:
        return Answer.FAILED
    return Answer.GRANTED

"""Cards that booking sites issue for one stay: when they work, and up to how much, as far as anybody can guess.

The property system tells that a card is virtual and nothing more. What is said here comes from a table that the hotel
may correct, and is only ever a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from deskpay.domain.money import Money, total

if TYPE_CHECKING:  # the first window waits for the settings, and so for this module
    from deskpay.domain.card import CreditCard
    from deskpay.domain.customer import Customer


@dataclass(frozen=True, slots=True)
class Agency:
    """What is guessed of one booking site's cards.

    Args:
        name: of the site.
        email_domains: of the addresses that it lends its guests, which is how it is told; none for every other site.
        days_after_arrival: when its cards begin to work, counted from the day of arrival.
        limit_percent: how much of the price of the stay they carry.
    """

    name: str
    email_domains: tuple[str, ...]
    days_after_arrival: int
    limit_percent: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What is guessed of one virtual card.

    Args:
        agency: whose it probably is; an empty name for any other site.
        works_from: the first day on which it can be charged, None without a stay.
        limit: about as much as it carries, None where the price of the stay is not known.
    """

    agency: str
    works_from: date | None
    limit: Money | None

    def too_early(self, today: date) -> bool:
        """Tell whether a charge today comes before the card works."""
        return self.works_from is not None and today < self.works_from

    def too_much(self, amount: Money) -> bool:
        """Tell whether `amount` is more than the card carries."""
        return self.limit is not None and self.limit.currency == amount.currency and amount > self.limit


def guess_for(
    card: CreditCard, customer: Customer, arrival: date | None, prices: Sequence[Money], agencies: Iterable[Agency]
) -> Guess | None:
    """Return what is guessed of `card`; None for a card that is not virtual, or where the table says nothing.

    Args:
        card: about to be charged.
        customer: whose e-mail address tells the site.
        arrival: day of the stay's arrival in the hotel's zone, None without a stay.
        prices: what was sold for the stay, of one currency.
        agencies: the hotel's table.
    """
    agency = _agency_of(customer.email, tuple(agencies)) if card.virtual else None
    if agency is None:
        return None
    opens = None if arrival is None else arrival + timedelta(days=agency.days_after_arrival)
    return Guess(agency.name if agency.email_domains else "", opens, _limit(prices, agency.limit_percent))


def works_from(customer: Customer, arrival: date, agencies: Iterable[Agency]) -> date:
    """Return the first day on which a virtual card of `customer` probably works.

    Args:
        customer: whose e-mail address tells the site.
        arrival: day of the stay's arrival in the hotel's zone; the guess where the table says nothing.
        agencies: the hotel's table.
    """
    agency = _agency_of(customer.email, tuple(agencies))
    return arrival if agency is None else arrival + timedelta(days=agency.days_after_arrival)


def _agency_of(email: str, agencies: Sequence[Agency]) -> Agency | None:
    domain = email.rpartition("@")[2].casefold()
    named = (a for a in agencies if any(_within(domain, known) for known in a.email_domains))
    others = (a for a in agencies if not a.email_domains)
    return next(named, None) or next(others, None)


def _within(domain: str, known: str) -> bool:
    return domain == known.casefold() or domain.endswith(f".{known.casefold()}")


def _limit(prices: Sequence[Money], percent: int) -> Money | None:
    if not prices:
        return None
    price = total(list(prices), prices[0].currency)
    minor = (Decimal(price.minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_EVEN)
    return Money(int(minor), price.currency) if price.positive else None

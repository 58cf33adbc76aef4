"""The hotel's own exchange rates: for showing what an amount is about, never for computing what is taken.

Source: Mews Connector API, exchangeRates/getAll: "for display only"; the property system converts by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from deskpay.domain.money import Currency, Money


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency is in another.

    Args:
        source: code of the first.
        target: code of the second.
        value: units of the second for one of the first; above nothing.
    """

    source: str
    target: str
    value: Decimal


def rate_between(source: Currency, target: Currency, rates: Iterable[ExchangeRate]) -> Decimal | None:
    """Return units of `target` for one of `source`, None where the hotel has no such rate, in neither direction."""
    known = {(rate.source, rate.target): rate.value for rate in rates}
    there, back = known.get((source.code, target.code)), known.get((target.code, source.code))
    if there is not None:
        return there
    return None if back is None else 1 / back


def about(amount: Money, target: Currency, rates: Iterable[ExchangeRate]) -> Money | None:
    """Return what `amount` is about in `target`, rounded half to even; None without a rate."""
    rate = rate_between(amount.currency, target, rates)
    if rate is None:
        return None
    places = Decimal(1).scaleb(-target.precision)
    return Money.from_decimal((amount.to_decimal() * rate).quantize(places, ROUND_HALF_EVEN), target)

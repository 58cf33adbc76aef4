"""Amounts: Decimal straight from the text, and no more decimals sent than the currency has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from pydantic import StrictInt, StrictStr

from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.money import Currency, Money
from deskpay.gateways.mews.wire.base import Fields, Number, Row, Sum, WireError, is_plausible, read_page

Currencies = Mapping[str, Currency]
"""Currencies by code."""

_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(5))
"""The smallest amount of a currency, by its decimals."""

_FLOAT_DUST = Decimal("0.000001")
"""The API's numbers are doubles; a sum of them may carry dust behind its decimals."""


class AmountRow(Row):
    """An amount with its tax; for payments gross equals net."""

    currency: StrictStr
    gross_value: Sum


def money_of(amount: AmountRow, currencies: Currencies, *, rounded: bool = False, turned: bool = False) -> Money:
    """Return `amount` at home.

    Args:
        amount: as the API tells it.
        currencies: those that are known.
        rounded: True where a price may have more decimals than can be paid (the hotel's `TaxPrecision`); it is then
            rounded half to even.
        turned: True where the API's sign is the other one than ours.

    Raises:
        WireError: the currency is not known, or the amount does not fit it.
    """
    currency = currencies.get(amount.currency)
    if currency is None:
        raise WireError("an amount in a currency that is not known")
    # Most amounts are whole minor units, and a page has a thousand: the rest is looked at only where there is one.
    scaled = amount.gross_value.scaleb(currency.precision)
    minor = int(scaled)
    if minor != scaled:
        minor = _nearest(amount.gross_value, currency, rounded=rounded)
    return Money(-minor if turned else minor, currency)


def _nearest(value: Decimal, currency: Currency, *, rounded: bool) -> int:
    if not is_plausible(value):
        raise WireError("no amount")
    nearest = value.quantize(_UNITS[currency.precision], ROUND_HALF_EVEN)
    if not rounded and abs(nearest - value) > _FLOAT_DUST:
        raise WireError("an amount with more decimals than its currency has")
    # Exact: no amount has more digits than a Decimal's context keeps.
    return int(nearest.scaleb(currency.precision))


def amount_fields(amount: Money, *, gross_pricing: bool) -> Fields:
    """Return the amount parameters of an act.

    Exactly one value goes out, by the hotel's pricing; payments are not taxed, and the empty list satisfies the docs'
    tables and the OpenAPI definition alike.
    """
    value = "GrossValue" if gross_pricing else "NetValue"
    return {"Currency": amount.currency.code, value: amount.to_decimal(), "TaxCodes": []}


def currency_value(amount: Money) -> Fields:
    """Return the shorter form of an amount, of requests to pay and of orders to terminals."""
    return {"Currency": amount.currency.code, "Value": amount.to_decimal()}


class _CurrencyRow(Row):
    code: StrictStr
    precision: StrictInt


def decode_currencies(body: bytes) -> dict[str, Currency]:
    """Return the currencies by code; those that no hotel takes (unusual codes or decimals) are left out.

    Raises:
        WireError: the answer is not what the contract says.
    """
    rows = read_page(body, "Currencies", _CurrencyRow, lambda row: row).rows
    currencies: dict[str, Currency] = {}
    for row in rows:
        try:
            currencies[row.code] = Currency(row.code, row.precision)
        except ValueError:
            continue
    return currencies


class _RateRow(Row):
    source_currency: StrictStr
    target_currency: StrictStr
    value: Number


def decode_exchange_rates(body: bytes) -> list[ExchangeRate]:
    """Return the hotel's rates; one that is not above nothing is left out.

    Raises:
        WireError: the answer is not what the contract says.
    """
    rows = read_page(body, "ExchangeRates", _RateRow, lambda row: row).rows
    return [ExchangeRate(row.source_currency, row.target_currency, row.value) for row in rows if row.value > 0]

"""Amounts as the wire carries them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from deskpay.sandbox.errors import invalid, refused

DEFAULT_CURRENCY = "GBP"

# ISO 4217 minor units. More than the hotel accepts, as currencies/getAll is not limited to the property.
PRECISION = {"GBP": 2, "EUR": 2, "USD": 2, "CHF": 2, "CZK": 2, "JPY": 0, "KWD": 3, "PHP": 2, "PLN": 2, "SEK": 2}

# The hotel's own rates for one pound, for answers in another currency; only currencies it accepts.
RATES = {"GBP": Decimal(1), "EUR": Decimal("1.15"), "USD": Decimal("1.27"), "PHP": Decimal("74.60")}

# No hotel bill reaches this; it keeps every amount within what a double carries exactly.
MAX_VALUE = Decimal(10_000_000)

VAT_CODE, SALES_TAX_CODE = "UK-2022-20%", "US-DC-2023-15.95%"
TAXES = {VAT_CODE: Decimal("0.2"), SALES_TAX_CODE: Decimal("0.1595")}


def amount(
    gross: Decimal, currency: str = DEFAULT_CURRENCY, *, taxed: bool = False, tax: str = VAT_CODE
) -> dict[str, Any]:
    """An ``Amount`` answer object; untaxed (payments) unless `taxed`, then `tax` is inside the gross value."""
    net = _rounded(gross / (1 + TAXES[tax]), currency) if taxed else gross
    code = tax if taxed else None
    return {
        "Currency": currency,
        "NetValue": net,
        "GrossValue": gross,
        "TaxValues": [{"Code": code, "Value": gross - net}] if taxed else [],
        "Breakdown": {"Items": [{"TaxRateCode": code, "NetValue": net, "TaxValue": gross - net}]},
    }


def converted(original: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """`original` in another of the currencies of `RATES`."""
    if original["Currency"] == currency:
        return dict(original)
    rate = RATES[currency] / RATES[original["Currency"]]
    taxes = original["TaxValues"]
    tax = taxes[0]["Code"] if taxes else VAT_CODE
    return amount(_rounded(original["GrossValue"] * rate, currency), currency, taxed=bool(taxes), tax=tax)


def asked(parameters: Mapping[str, Any], enterprise: Mapping[str, Any]) -> tuple[Decimal, str]:
    """The value and currency of an ``Amount parameters`` object; payments are untaxed, so gross equals net.

    Args:
        parameters: What was sent: the gross value to a property that prices gross, else the net value.
        enterprise: The property.

    Raises:
        Rejected: 400 for the wrong one of the two values, none, both, not positive, or too many decimals; 403 for a
            currency the hotel does not take.
    """
    own, other = ("GrossValue", "NetValue") if enterprise["Pricing"] == "Gross" else ("NetValue", "GrossValue")
    if parameters.get(other) is not None:
        raise invalid("Amount.NetValue")  # named in both kinds of property, as reported of Mews
    if parameters.get(own) is None:
        raise invalid(f"Amount.{own}")
    currency = parameters["Currency"]
    check_accepted(currency, enterprise)
    if len(parameters["TaxCodes"] or []) > 0:  # payments are not taxed
        raise invalid("Amount.TaxCodes")
    return positive(parameters[own], currency, f"Amount.{own}"), currency


def check_accepted(currency: str, enterprise: Mapping[str, Any]) -> None:
    """Refuse a currency that the property does not take.

    Raises:
        Rejected: 403.
    """
    if currency not in {row["Currency"] for row in enterprise["Currencies"] if row["IsEnabled"]}:
        raise refused(f"The currency {currency} is not accepted by this property.")


def positive(value: int | Decimal, currency: str, field: str) -> Decimal:
    """`value` as an exact amount of `currency`.

    Raises:
        Rejected: 400 naming `field` when it is not positive, too large, or finer than the currency.
    """
    exact = Decimal(value)
    if not 0 < exact < MAX_VALUE or exact != _rounded(exact, currency):
        raise invalid(field)
    return _rounded(exact, currency)


def text(value: Decimal, currency: str) -> str:
    """A decimal string with exactly the currency's decimals, for the ledger."""
    return str(_rounded(value, currency))


def _rounded(value: Decimal, currency: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-PRECISION[currency]))

"""Amounts of money as the desk reads and hears them."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass

from babel import Locale
from babel.numbers import get_currency_name, get_currency_symbol
from PySide6.QtCore import QCoreApplication

from deskpay.domain.entry import parse_amount
from deskpay.domain.money import Currency, Money

MINUS = "\N{MINUS SIGN}"
_LETTER_BEFORE_FIGURE = re.compile(r"(?<=[A-Za-z])(?=\d)")

# What people at an English desk say; other currencies go by their full names.
_SPOKEN = {
    "AUD": ("dollar", "dollars"),
    "CAD": ("dollar", "dollars"),
    "CHF": ("franc", "francs"),
    "CZK": ("koruna", "koruna"),
    "DKK": ("krone", "kroner"),
    "EUR": ("euro", "euros"),
    "GBP": ("pound", "pounds"),
    "JPY": ("yen", "yen"),
    "NOK": ("krone", "kroner"),
    "NZD": ("dollar", "dollars"),
    "PHP": ("peso", "pesos"),
    "PLN": ("zloty", "zloty"),
    "SEK": ("krona", "kronor"),
    "USD": ("dollar", "dollars"),
}


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """How one hotel writes and says money.

    Args:
        locale: its language and region, for example `en_GB`.
        with_code: True puts the ISO code beside every amount, for hotels with several currencies.
    """

    locale: str = "en_GB"
    with_code: bool = False

    def show(self, money: Money) -> str:
        """Return an amount as shown: "£312.40", "-£62.00" with a true minus, or "£312.40 GBP" where codes are on."""
        locale = Locale.parse(self.locale)
        pattern = copy(locale.currency_formats["standard"])
        # The hotel's own number of decimals rules, whatever the region's habit is.
        pattern.frac_prec = (money.currency.precision, money.currency.precision)
        text = str(pattern.apply(money.to_decimal(), locale, currency=money.currency.code, currency_digits=False))
        # CLDR, currencySpacing: a code in letters keeps off the figures; Babel leaves that to its callers.
        text = _LETTER_BEFORE_FIGURE.sub("\N{NO-BREAK SPACE}", text.replace("-", MINUS))
        return f"{text} {money.currency.code}" if self.with_code else text

    def parse(self, text: str, currency: Currency) -> Money:
        """Return the amount that was typed, by the marks of the hotel's locale.

        Raises:
            InputRefused: it is none.
        """
        marks = Locale.parse(self.locale).number_symbols["latn"]
        return parse_amount(text, currency, decimal_mark=marks["decimal"], group_mark=marks["group"])

    def figures(self, money: Money) -> str:
        """Return an amount as typed into a field: no sign of the currency and no groups, "1204.00"."""
        mark = Locale.parse(self.locale).number_symbols["latn"]["decimal"]
        return str(money.to_decimal()).replace(".", mark)

    def symbol(self, currency: Currency) -> str:
        """Return the sign before the figures, or the ISO code where there is none."""
        return str(get_currency_symbol(currency.code, self.locale))

    def say(self, money: Money) -> str:
        """Return an amount as spoken: "312 pounds 40"."""
        scale = 10**money.currency.precision
        whole, rest = divmod(abs(money.minor), scale)
        one, many = _SPOKEN.get(money.currency.code, ("", ""))
        name = (one if whole == 1 else many) or str(get_currency_name(money.currency.code, whole, self.locale))
        words = f"{whole} {name}"
        if rest:
            words += f" {rest:0{money.currency.precision}d}"
        if money.minor < 0:
            return QCoreApplication.translate("MoneyWords", "minus {amount}").format(amount=words)
        return words

"""Money: whole minor units and a currency in one value. Decimal at the edges, never float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


class CurrencyMismatchError(ValueError):
    """Two amounts in different currencies met in one sum or comparison."""


class InexactAmountError(ValueError):
    """A decimal number has more places than its currency."""


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency as the hotel's property system knows it.

    Args:
        code: three capital letters.
        precision: number of decimals, 0 to 4 (`currencies/getAll`, field `Precision`).
    """

    code: str
    precision: int

    def __post_init__(self) -> None:
        if not (len(self.code) == 3 and self.code.isascii() and self.code.isalpha() and self.code.isupper()):
            raise ValueError(f"not a currency code: {self.code!r}")
        if not 0 <= self.precision <= 4:
            raise ValueError(f"not a number of decimals: {self.precision}")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency.

    Args:
        minor: whole minor units (pence, cents), negative where money is owed the other way.
        currency: the currency; amounts of different currencies never mix.
    """

    minor: int
    currency: Currency

    @classmethod
    def zero(cls, currency: Currency) -> Money:
        """Return nothing at all, in `currency`."""
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, value: Decimal, currency: Currency) -> Money:
        """Return `value` as money.

        Raises:
            InexactAmountError: `value` has more decimals than `currency`, or is not a finite number.
        """
        try:
            numerator, denominator = value.as_integer_ratio()
        except (ValueError, OverflowError) as problem:
            raise InexactAmountError(f"not an amount: {value}") from problem
        minor, rest = divmod(numerator * 10**currency.precision, denominator)
        if rest:
            raise InexactAmountError(f"{value} does not fit {currency.precision} decimals of {currency.code}")
        return cls(minor, currency)

    def to_decimal(self) -> Decimal:
        """Return the amount in major units, with exactly the currency's decimals."""
        sign = 1 if self.minor < 0 else 0
        digits = tuple(int(digit) for digit in str(abs(self.minor)))
        return Decimal((sign, digits, -self.currency.precision))

    @property
    def positive(self) -> bool:
        """True when the amount is more than nothing."""
        return self.minor > 0

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        self._same(other)
        return self.minor >= other.minor

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency.code} does not mix with {other.currency.code}")


def total(amounts: tuple[Money, ...] | list[Money], currency: Currency) -> Money:
    """Return the sum of `amounts`, all of them in `currency`.

    Raises:
        CurrencyMismatchError: one of them is not.
    """
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result

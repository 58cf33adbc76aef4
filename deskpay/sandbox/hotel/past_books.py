"""What the large hotel's past adds to the hotel's ledgers, summed up once instead of built row by row."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from deskpay.sandbox.hotel.past import LINES, OLDER, PAYMENTS, STAYERS, Past
from deskpay.sandbox.money import amount

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Totals:
    """The ledgers after everything up to one moment."""

    revenue: Decimal = _ZERO
    tax: Decimal = _ZERO
    payment: Decimal = _ZERO
    guest: Decimal = _ZERO
    deposit: Decimal = _ZERO


class PastBooks:
    """Balances of the past by ledger and moment.

    Args:
        past: Whose.
    """

    def __init__(self, past: Past) -> None:
        self._past = past
        self._days: list[int] = []
        self._totals: list[_Totals] = []

    def balance(self, ledger: str, moment: str) -> Decimal:
        """What `ledger` came to at a midnight of the hotel, given as UTC text."""
        if not self._days:
            self._sum_up()
        at = bisect_right(self._days, int(datetime.fromisoformat(moment).timestamp()))
        return getattr(self._totals[at], ledger.lower(), _ZERO)

    def _sum_up(self) -> None:
        """Note the totals at every midnight from the first stay to today."""
        past = self._past
        entries = sorted(self._entries(), key=lambda entry: entry[0])
        accounts: defaultdict[int, Decimal] = defaultdict(lambda: _ZERO)
        revenue = taxed = received = _ZERO
        at = 0
        self._totals.append(_Totals())
        for day in range(past.leaves(OLDER) - 3, 1):
            midnight = past.at(day, 0)
            while at < len(entries) and entries[at][0] < midnight:
                _, stayer, net, tax, paid = entries[at]
                revenue, taxed, received = revenue + net, taxed + tax, received + paid
                accounts[stayer] += net + tax - paid
                at += 1
            self._days.append(midnight)
            open_now = [owed for owed in accounts.values() if owed]
            guest = sum((owed for owed in open_now if owed > 0), _ZERO)
            self._totals.append(_Totals(revenue, taxed, received, guest, sum(open_now, _ZERO) - guest))

    def _entries(self) -> Iterator[tuple[int, int, Decimal, Decimal, Decimal]]:
        """When, whose, what was sold net, its tax, and what was paid."""
        past = self._past
        for stayer in range(STAYERS):
            guest = OLDER + stayer
            for line in range(len(LINES.of(stayer))):
                sold = amount(past.price(guest, line), taxed=True)
                net, gross = sold["NetValue"], sold["GrossValue"]
                yield past.paid_at(guest, line), stayer, net, gross - net, _ZERO
            for part in range(len(PAYMENTS.of(stayer))):
                yield past.paid_at(guest, part), stayer, _ZERO, _ZERO, past.paid(guest, part)

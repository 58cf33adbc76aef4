"""What is picked of a day's rows, in which order, and totals that always are those of the rows shown.

Totals count only money that moved; what is pending, failed or not known is told beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from deskpay.domain.day_sheet import Entry, Means, Standing, folded_name
from deskpay.domain.errors import Hand
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import PaymentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is picked of a day. What is left empty picks everything.

    Args:
        words: folded; each must stand somewhere in guest, room, reference, card or slip number.
        means: how the money came.
        standings: what rows are worth.
        kinds: directions and causes.
        hands: who made them.
        currencies: ISO codes.
        operators: names.
        least_minor: the smallest amount, whatever its direction, in minor units.
        most_minor: the largest.
        given_back: True picks only money that went to guests.
        attention: True picks only what somebody has to look after.
    """

    words: tuple[str, ...] = ()
    means: frozenset[Means] = frozenset()
    standings: frozenset[Standing] = frozenset()
    kinds: frozenset[PaymentKind] = frozenset()
    hands: frozenset[Hand] = frozenset()
    currencies: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    least_minor: int | None = None
    most_minor: int | None = None
    given_back: bool = False
    attention: bool = False

    def takes(self, entry: Entry) -> bool:
        """Tell whether `entry` is picked."""
        size = abs(entry.amount.minor)
        return (
            all(word in entry.searched for word in self.words)
            and (not self.means or entry.means in self.means)
            and (not self.standings or entry.standing in self.standings)
            and (not self.kinds or entry.kind in self.kinds)
            and (not self.hands or entry.hand in self.hands)
            and (not self.currencies or entry.amount.currency.code in self.currencies)
            and (not self.operators or entry.operator in self.operators)
            and (self.least_minor is None or size >= self.least_minor)
            and (self.most_minor is None or size <= self.most_minor)
            and (not self.given_back or entry.given_back)
            and (not self.attention or entry.standing.needs_attention)
        )


EVERYTHING = Wanted()
"""Picks every row."""


def picked(entries: Sequence[Entry], wanted: Wanted) -> Sequence[Entry]:
    """Return the rows that `wanted` picks, in their order."""
    if wanted == EVERYTHING:
        return entries
    return [entry for entry in entries if wanted.takes(entry)]


class Order(Enum):
    """What the rows are sorted by."""

    TIME = "time"
    GUEST = "guest"
    ROOM = "room"
    MEANS = "means"
    REFERENCE = "reference"
    OPERATOR = "operator"
    STANDING = "standing"
    AMOUNT = "amount"


def ordered(entries: Iterable[Entry], order: Order, *, descending: bool = False) -> list[Entry]:
    """Return the rows sorted; rows that are alike keep their order, and currencies are never compared by amount."""
    return sorted(entries, key=_KEYS[order], reverse=descending)


_KEYS: Mapping[Order, Callable[[Entry], Any]] = MappingProxyType(
    {
        Order.TIME: lambda entry: entry.at_utc,
        Order.GUEST: lambda entry: folded_name(entry.guest),
        Order.ROOM: lambda entry: (len(entry.room), entry.room),
        Order.MEANS: lambda entry: (entry.means.value, entry.subject, entry.tender),
        Order.REFERENCE: lambda entry: entry.reference,
        Order.OPERATOR: lambda entry: entry.operator.casefold(),
        Order.STANDING: lambda entry: entry.standing.value,
        Order.AMOUNT: lambda entry: (entry.amount.currency.code, entry.amount.minor),
    }
)


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows added up.

    Args:
        count: how many.
        amount: together.
    """

    count: int
    amount: Money

    def __add__(self, other: Heap) -> Heap:
        return Heap(self.count + other.count, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class DayTotals:
    """The totals of one currency.

    Args:
        currency: of all of them.
        received: money that came, by how it came; only what was counted.
        given_back: money that went to guests; only what was counted.
        by_standing: every row by what it is worth, counted or not.
    """

    currency: Currency
    received: dict[Means, Heap]
    given_back: Heap
    by_standing: dict[Standing, Heap]

    def __add__(self, other: DayTotals) -> DayTotals:
        received, by_standing = dict(self.received), dict(self.by_standing)
        for means, heap in other.received.items():
            received[means] = received[means] + heap if means in received else heap
        for standing, heap in other.by_standing.items():
            by_standing[standing] = by_standing[standing] + heap if standing in by_standing else heap
        return DayTotals(self.currency, received, self.given_back + other.given_back, by_standing)

    @property
    def came(self) -> Heap:
        """All money that came."""
        return sum(self.received.values(), start=Heap(0, Money.zero(self.currency)))

    @property
    def net(self) -> Heap:
        """What the day brought."""
        return self.came + self.given_back

    @property
    def not_counted(self) -> dict[Standing, Heap]:
        """What the rows are worth whose money did not move, as far as is known."""
        return {standing: heap for standing, heap in self.by_standing.items() if not standing.counted}


def together(one: Sequence[DayTotals], other: Sequence[DayTotals]) -> tuple[DayTotals, ...]:
    """Return the totals of the rows of both, so that rows that come in parts need not be added up again."""
    of = {totals.currency: totals for totals in one}
    for totals in other:
        before = of.get(totals.currency)
        of[totals.currency] = totals if before is None else before + totals
    first = [totals.currency for totals in one[:1]]
    return tuple(of[c] for c in sorted(of, key=lambda currency: (currency not in first, currency.code)))


def totals_of(entries: Iterable[Entry], first: Currency) -> tuple[DayTotals, ...]:
    """Return the totals of just these rows, one for each currency; `first` is always there and comes first.

    Args:
        entries: the rows.
        first: the hotel's accounting currency.
    """
    sums: dict[tuple[Currency, Standing, Means, bool], list[int]] = {}
    for entry in entries:
        minor = entry.amount.minor
        heap = sums.setdefault((entry.amount.currency, entry.standing, entry.means, minor < 0), [0, 0])
        heap[0] += 1
        heap[1] += minor
    currencies = sorted({first} | {key[0] for key in sums}, key=lambda currency: (currency != first, currency.code))
    return tuple(_totals_in(currency, sums) for currency in currencies)


def _totals_in(currency: Currency, sums: dict[tuple[Currency, Standing, Means, bool], list[int]]) -> DayTotals:
    received: dict[Means, Heap] = {}
    by_standing: dict[Standing, Heap] = {}
    nothing = back = Heap(0, Money.zero(currency))
    for (of, standing, means, negative), (count, minor) in sums.items():
        if of != currency:
            continue
        heap = Heap(count, Money(minor, currency))
        by_standing[standing] = by_standing.get(standing, nothing) + heap
        if standing.counted and negative:
            back += heap
        elif standing.counted:
            received[means] = received.get(means, nothing) + heap
    return DayTotals(currency, received, back, by_standing)

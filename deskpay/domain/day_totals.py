"""What is picked of a day's rows, in which order, and totals that always are those of the rows shown.

Totals count only money that moved; what is pending, failed or not known is told beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from operator import attrgetter
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

    def checks(self) -> list[Callable[[Entry], bool]]:
        """Return what a row must pass to be picked beside the words: only what is asked for, so the rest is free."""
        least, most = self.least_minor, self.most_minor
        found: list[Callable[[Entry], bool]] = []
        for wanted, told in (
            (self.means, attrgetter("means")),
            (self.standings, attrgetter("standing")),
            (self.kinds, attrgetter("kind")),
            (self.hands, attrgetter("hand")),
            (self.currencies, attrgetter("amount.currency.code")),
            (self.operators, attrgetter("operator")),
        ):
            if wanted:
                # Identity goes first when a tuple is looked through, and members are told by nothing else.
                found.append(partial(_is_among, tuple(wanted), told))
        if least is not None:
            found.append(lambda entry: abs(entry.amount.minor) >= least)
        if most is not None:
            found.append(lambda entry: abs(entry.amount.minor) <= most)
        if self.given_back:
            found.append(lambda entry: entry.given_back)
        if self.attention:
            found.append(lambda entry: entry.standing.needs_attention)
        return found


def _is_among(wanted: tuple[object, ...], told: Callable[[Entry], object], entry: Entry) -> bool:
    return told(entry) in wanted


EVERYTHING = Wanted()
"""Picks every row."""


def picked(entries: Sequence[Entry], wanted: Wanted) -> Sequence[Entry]:
    """Return the rows that `wanted` picks, in their order."""
    found = entries
    for word in wanted.words:
        found = [entry for entry in found if word in entry.searched]
    for passes in wanted.checks():
        found = [entry for entry in found if passes(entry)]
    return found


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
    heaps = defaultdict[str, list[int]](list)
    alike: dict[str, Entry] = {}
    for entry in entries:
        minors = heaps[entry.heap]
        if not minors:
            alike[entry.heap] = entry
        minors.append(entry.minor)
    sums = {
        (e.amount.currency, e.standing, e.means, e.given_back): (len(heaps[name]), sum(heaps[name]))
        for name, e in alike.items()
    }
    currencies = sorted({first} | {key[0] for key in sums}, key=lambda currency: (currency != first, currency.code))
    return tuple(_totals_in(currency, sums) for currency in currencies)


def _totals_in(currency: Currency, sums: dict[tuple[Currency, Standing, Means, bool], tuple[int, int]]) -> DayTotals:
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

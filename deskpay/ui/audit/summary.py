"""The totals of a day in words: the tiles above the table and the line below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from deskpay.domain.day_sheet import Means
from deskpay.domain.day_totals import DayTotals, Heap
from deskpay.domain.money import Money
from deskpay.ui.audit.tiles import Tile
from deskpay.ui.audit.words import means_words, standing_words
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditSummary", words)


_ALWAYS = (Means.SAVED_CARD, Means.TERMINAL, Means.CASH, Means.PAY_LINK, Means.TRANSFER)


def tiles_of(totals: DayTotals, money: MoneyWords) -> tuple[Tile, ...]:
    """Return the tiles of one currency's totals; what is seldom has one only where there is some."""
    nothing = Heap(0, Money.zero(totals.currency))
    shown = [*_ALWAYS, *(means for means in totals.received if means not in _ALWAYS)]
    tiles = [_tile(means_words(means), totals.received.get(means, nothing), money) for means in shown]
    tiles.append(_tile(_said("Given back"), totals.given_back, money))
    tiles.append(_tile(_said("Net of the day"), totals.net, money, result=True))
    return tuple(tiles)


def _tile(head: str, heap: Heap, money: MoneyWords, *, result: bool = False) -> Tile:
    spoken = _said("{head}: {amount}, {count} payments").format(
        head=head, amount=money.say(heap.amount), count=heap.count
    )
    return Tile(head, money.show(heap.amount), str(heap.count), spoken, result)


def footer_words(totals: Sequence[DayTotals], money: MoneyWords) -> tuple[str, str]:
    """Return what is counted and what is not, and the net of every currency."""
    counted = sum(of.net.count for of in totals)
    parts = [_said("{count} counted").format(count=counted)]
    left = [
        f"{heap.count} {standing_words(standing).lower()}" for of in totals for standing, heap in of.not_counted.items()
    ]
    if left:
        parts.append(_said("Not counted: {what}").format(what=", ".join(left)))
    first = totals[0]
    parts.append(_said("In {amount}").format(amount=money.show(first.came.amount)))
    parts.append(_said("Out {amount}").format(amount=money.show(first.given_back.amount)))
    net = " + ".join(money.show(of.net.amount) for of in totals)
    return "    ".join(parts), _said("Net {amount}").format(amount=net)

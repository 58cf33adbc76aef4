"""The columns of the board of virtual cards, and what a screen reader says of its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCoreApplication

from deskpay.domain.payment import PaymentState
from deskpay.domain.virtual_board import BoardRow, CardStanding
from deskpay.ui.audit.columns import HouseWords
from deskpay.ui.audit.sheet import Column, Look
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for


def _said(words: str) -> str:
    return QCoreApplication.translate("VirtualColumns", words)


def card_chip(standing: CardStanding) -> Chip:
    """Return the chip of a virtual card."""
    return {
        CardStanding.FAILED: Chip(_said("Tried in vain"), Tone.DANGER, "circle-x"),
        CardStanding.OPEN: Chip(_said("Not charged yet"), Tone.ACCENT, "credit-card"),
        CardStanding.TOO_EARLY: Chip(_said("Probably too early"), Tone.WARNING, "clock"),
        CardStanding.UNDER_WAY: Chip(_said("Under way"), Tone.ACCENT, "hourglass"),
        CardStanding.CHARGED: chip_for(ChipState.CHARGED),
        CardStanding.EXPIRED: chip_for(ChipState.EXPIRED),
        CardStanding.DISABLED: Chip(_said("Switched off"), Tone.NEUTRAL, "ban"),
    }[standing]


def _tried(state: PaymentState) -> str:
    return {
        PaymentState.CHARGED: _said("charged"),
        PaymentState.FAILED: _said("declined"),
        PaymentState.CANCELED: _said("canceled"),
    }.get(state, _said("under way"))


class _Words:
    """What the cells of a board say.

    Args:
        house: how the hotel writes.
    """

    def __init__(self, house: HouseWords) -> None:
        self._house = house

    def day(self, day: date, row: BoardRow) -> str:
        """Return a day near the stay's arrival."""
        return self._house.dates.short_day(day, row.arrival) if self._house.dates is not None else ""

    def arrives(self, row: BoardRow) -> str:
        """Return the day of arrival."""
        return self.day(row.arrival, row)

    def works_from(self, row: BoardRow) -> str:
        """Return the day from which the card probably works."""
        works_from = row.guess.works_from if row.guess is not None else None
        return self.day(works_from, row) if works_from is not None else ""

    def carries(self, row: BoardRow) -> str:
        """Return about how much the card carries."""
        limit = row.guess.limit if row.guess is not None else None
        return self._house.money.show(limit) if limit is not None else ""

    def agency(self, row: BoardRow) -> str:
        """Return whose card it probably is."""
        return (row.guess.agency if row.guess is not None else "") or _said("Unknown")

    def last_try(self, row: BoardRow) -> str:
        """Return when it was tried last, and what came of it."""
        if row.last is None or self._house.dates is None:
            return _said("Never tried")
        local = self._house.dates.local(row.last.created_utc)
        moment = f"{self.day(local.date(), row)} {self._house.dates.clock(row.last.created_utc)}"
        return _said("{moment}, {what}").format(moment=moment, what=_tried(row.last.state))

    def owed(self, row: BoardRow) -> str:
        """Return what is open on the account."""
        return self._house.money.show(row.owed)

    def say(self, row: BoardRow) -> str:
        """Return the whole row for a screen reader, guesses called so."""
        told = [row.customer.full_name, card_chip(row.standing).words, row.card.label]
        told.append(_said("arrives {day}").format(day=self.arrives(row)))
        if works_from := self.works_from(row):
            told.append(_said("a guess: works from {day}").format(day=works_from))
        if carries := self.carries(row):
            told.append(_said("a guess: carries {amount}").format(amount=carries))
        return ", ".join((*told, self.last_try(row)))


def virtual_columns(house: HouseWords) -> list[Column[BoardRow]]:
    """Return the columns of the board."""
    words = _Words(house)
    return [
        Column(
            head=_said("State"),
            words=lambda row: card_chip(row.standing).words,
            width=164,
            chip=lambda row: card_chip(row.standing),
        ),
        Column(head=_said("Guest"), words=lambda row: row.customer.full_name, look=Look.STRONG),
        Column(head=_said("Arrives"), words=words.arrives, width=92, look=Look.QUIET),
        Column(
            head=_said("Card"),
            words=lambda row: row.card.label,
            width=192,
            badge=lambda row: badge_for(row.card.brand),
            shown_from=1100,
        ),
        Column(head=_said("Site, a guess"), words=words.agency, width=104, look=Look.QUIET, shown_from=1100),
        Column(head=_said("Works, a guess"), words=words.works_from, width=112),
        Column(head=_said("Carries, a guess"), words=words.carries, width=116, look=Look.AMOUNT),
        Column(head=_said("Last try"), words=words.last_try, width=214, look=Look.QUIET),
        Column(head=_said("Open"), words=words.owed, width=96, look=Look.AMOUNT),
    ]


def say_virtual(house: HouseWords) -> Callable[[BoardRow], str]:
    """Return what says a row of the board."""
    return _Words(house).say

"""The columns of the audit's tables, and what a screen reader says of their rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from deskpay.domain.comparison import Disagreement
from deskpay.domain.day_sheet import Entry, Standing
from deskpay.domain.day_totals import Order
from deskpay.domain.matters import Matter
from deskpay.domain.money import Money
from deskpay.services.open_matters import Handover
from deskpay.ui.audit.sheet import Column, Look
from deskpay.ui.audit.words import (
    difference_chip,
    difference_words,
    matter_chip,
    method_badge,
    method_words,
    next_step,
    standing_chip,
)
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditColumns", words)


@dataclass(slots=True)
class HouseWords:
    """How the hotel writes amounts and hours; set once it is known.

    Args:
        money: amounts.
        dates: days and hours, None until the hotel is known.
    """

    money: MoneyWords
    dates: DateWords | None = None


def day_columns(house: HouseWords) -> list[Column[Entry]]:
    """Return the columns of the day's payments."""

    def clock(entry: Entry) -> str:
        return house.dates.clock(entry.at_utc) if house.dates is not None else ""

    def struck(entry: Entry) -> bool:
        return entry.standing in {Standing.FAILED, Standing.CANCELED}

    return [
        Column(head=_said("Time"), words=clock, width=64, look=Look.QUIET, key=Order.TIME.value),
        Column(head=_said("Guest"), words=lambda entry: entry.guest, key=Order.GUEST.value),
        Column(head=_said("Room"), words=lambda entry: entry.room, width=60, look=Look.QUIET, key=Order.ROOM.value),
        Column(head=_said("Method"), words=method_words, width=214, badge=method_badge, key=Order.MEANS.value),
        Column(
            head=_said("Reference"),
            words=lambda entry: entry.reference,
            width=136,
            look=Look.REFERENCE,
            key=Order.REFERENCE.value,
        ),
        Column(
            head=_said("Taken by"),
            words=lambda entry: entry.operator,
            width=132,
            look=Look.QUIET,
            shown_from=1100,
            key=Order.OPERATOR.value,
        ),
        Column(
            head=_said("State"),
            words=lambda entry: standing_chip(entry).words,
            width=142,
            chip=standing_chip,
            key=Order.STANDING.value,
        ),
        Column(
            head=_said("Amount"),
            words=lambda entry: house.money.show(entry.amount),
            width=112,
            look=Look.AMOUNT,
            struck=struck,
            key=Order.AMOUNT.value,
        ),
    ]


def say_entry(house: HouseWords) -> Callable[[Entry], str]:
    """Return what says a row of the day."""

    def say(entry: Entry) -> str:
        parts = (entry.guest, house.money.say(entry.amount), method_words(entry), standing_chip(entry).words)
        return ", ".join(part for part in (*parts, entry.reference, entry.operator) if part)

    return say


@dataclass(frozen=True, slots=True)
class MatterRow:
    """An open matter with its guest.

    Args:
        matter: what is open.
        guest: whose.
    """

    matter: Matter
    guest: str


def matter_rows(handover: Handover) -> list[MatterRow]:
    """Return the rows of the open matters."""
    return [MatterRow(matter, handover.guests.get(matter.customer_id, "")) for matter in handover.matters]


def matter_columns(house: HouseWords) -> list[Column[MatterRow]]:
    """Return the columns of the open matters."""

    def since(row: MatterRow) -> str:
        if house.dates is None:
            return ""
        local = house.dates.local(row.matter.since_utc)
        return f"{house.dates.short_day(local.date(), local.date())} {house.dates.clock(row.matter.since_utc)}"

    return [
        Column(
            head=_said("What is open"),
            words=lambda row: matter_chip(row.matter).words,
            width=186,
            chip=lambda row: matter_chip(row.matter),
        ),
        Column(head=_said("Guest"), words=lambda row: row.guest, width=180, look=Look.STRONG),
        Column(head=_said("Since"), words=since, width=138, look=Look.QUIET),
        Column(head=_said("What to do next"), words=lambda row: next_step(row.matter)),
        Column(
            head=_said("Reference"),
            words=lambda row: row.matter.reference,
            width=128,
            look=Look.REFERENCE,
            shown_from=1100,
        ),
        Column(
            head=_said("Amount"), words=lambda row: house.money.show(row.matter.amount), width=104, look=Look.AMOUNT
        ),
    ]


def say_matter(house: HouseWords) -> Callable[[MatterRow], str]:
    """Return what says an open matter."""

    def say(row: MatterRow) -> str:
        amount = house.money.say(row.matter.amount)
        return f"{matter_chip(row.matter).words}, {row.guest}, {amount}. {next_step(row.matter)}"

    return say


def amount_there(found: Disagreement) -> Money | None:
    """Return the amount that the other side holds, None where it holds nothing."""
    if found.taken is not None:
        return found.taken.amount
    return found.theirs.original_amount if found.theirs is not None else None


def difference_columns(house: HouseWords) -> list[Column[Disagreement]]:
    """Return the columns of the disagreements."""

    def ours(found: Disagreement) -> str:
        amount = found.ours.intent.amount if found.ours is not None else None
        return house.money.show(amount) if amount is not None else ""

    def theirs(found: Disagreement) -> str:
        amount = amount_there(found)
        return house.money.show(amount) if amount is not None else ""

    def guest(found: Disagreement) -> str:
        return found.ours.intent.customer_name if found.ours is not None else ""

    def reference(found: Disagreement) -> str:
        if found.ours is not None:
            return found.ours.intent.reference
        if found.taken is not None:
            return found.taken.description
        return found.theirs.notes if found.theirs is not None else ""

    return [
        Column(
            head=_said("Difference"),
            words=lambda found: difference_chip(found.difference).words,
            width=168,
            chip=lambda found: difference_chip(found.difference),
        ),
        Column(head=_said("Guest"), words=guest, width=170, look=Look.STRONG),
        Column(head=_said("Reference"), words=reference, width=140, look=Look.REFERENCE),
        Column(head=_said("What it means"), words=lambda found: difference_words(found.difference)),
        Column(head=_said("Journal"), words=ours, width=104, look=Look.AMOUNT),
        Column(head=_said("There"), words=theirs, width=104, look=Look.AMOUNT),
    ]


def say_difference(found: Disagreement) -> str:
    """Return what a screen reader says of a disagreement."""
    guest = found.ours.intent.customer_name if found.ours is not None else ""
    return f"{difference_chip(found.difference).words}, {guest}. {difference_words(found.difference)}"

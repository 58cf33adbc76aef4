"""What the desk screen shows, as frozen rows. They hold words and amounts, never anything to ask more of."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from deskpay.domain.money import Money
from deskpay.ui.components.state_chip import Chip

_Row = TypeVar("_Row")


class Reading(enum.Enum):
    """How far the reading of a part has come."""

    DONE = "done"
    UNDER_WAY = "under way"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Part(Generic[_Row]):
    """One part of the guest's page.

    Args:
        rows: what was read.
        reading: whether it was.
        problem: why not, in a sentence for the clerk.
    """

    rows: tuple[_Row, ...] = ()
    reading: Reading = Reading.DONE
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GuestRow:
    """One guest of the list.

    Args:
        key: what `guest_chosen` reports.
        room: number of the room, or empty.
        name: the guest's name.
        sub: when they leave or arrive.
        balance: what they owe; None where it was not read.
        checking: True while a payment's outcome is not known.
    """

    key: str
    room: str
    name: str
    sub: str
    balance: Money | None = None
    checking: bool = False


@dataclass(frozen=True, slots=True)
class GuestRows:
    """The three lists of the desk."""

    in_house: tuple[GuestRow, ...] = ()
    arriving: tuple[GuestRow, ...] = ()
    leaving: tuple[GuestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One guest found.

    Args:
        key: what `guest_chosen` reports.
        name: the guest's name.
        detail: why they matched: confirmation, e-mail.
        room: number of the room; empty shows `icon`.
        icon: outline in the room's place.
        stay: the days of the stay.
        leaves: when they leave or arrive.
        balance: what they owe; None where it was not read.
        balance_words: shown instead of an amount, for example "Settled".
    """

    key: str
    name: str
    detail: str = ""
    room: str = ""
    icon: str = "history"
    stay: str = ""
    leaves: str = ""
    balance: Money | None = None
    balance_words: str = ""


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """Guests found under one heading."""

    title: str
    rows: tuple[SearchRow, ...]


@dataclass(frozen=True, slots=True)
class SearchRows:
    """What a search found.

    Args:
        query: what was searched for; its words are marked.
        groups: what was found.
        reading: whether the property system has answered yet, or failed.
        problem: why it failed.
        searched: where it was looked, once all of it was.
    """

    query: str
    groups: tuple[SearchGroup, ...] = ()
    reading: Reading = Reading.DONE
    problem: str = ""
    searched: str = ""


@dataclass(frozen=True, slots=True)
class BillItemRow:
    """One item of a bill, and when it was consumed."""

    name: str
    when: str
    amount: Money


@dataclass(frozen=True, slots=True)
class BillRow:
    """One bill.

    Args:
        key: the bill's id.
        name: its heading.
        state: its chip, for example "Open".
        amount: what is still owed on it.
        items: what is on it.
        paid: what was paid on it, as a negative amount; None hides the line.
    """

    key: str
    name: str
    state: Chip
    amount: Money
    items: tuple[BillItemRow, ...] = ()
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment.

    Args:
        key: the payment's id, or the intent's while the property system has none.
        time: when.
        badge: letters of a brand, or `icon:` and the name of an outline.
        method: card or tender.
        taken_by: who took it, where known.
        state: its chip.
        amount: how much.
        struck: True where no money moved.
        refundable: True where it can be given back through the property system.
    """

    key: str
    time: str
    badge: str
    method: str
    state: Chip
    amount: Money
    taken_by: str = ""
    struck: bool = False
    refundable: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """One saved card.

    Args:
        key: the card's id.
        badge: letters of its brand.
        title: "Visa •••• 1111".
        subtitle: expiry and use.
        warning: True shows the subtitle as a warning.
        usable: False greys it.
    """

    key: str
    badge: str
    title: str
    subtitle: str
    warning: bool = False
    usable: bool = True


@dataclass(frozen=True, slots=True)
class BesideRow:
    """Somebody who belongs to the guest shown.

    Args:
        key: what `guest_chosen` reports.
        name: who, or which stay.
        how: why they belong, for example "Shares the room".
    """

    key: str
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One request to pay.

    Args:
        key: the request's id.
        amount: how much was asked.
        subtitle: when it was asked, and until when it works.
        state: its chip.
    """

    key: str
    amount: Money
    subtitle: str
    state: Chip


@dataclass(frozen=True, slots=True)
class GuestView:
    """One guest's page.

    Args:
        key: what the list and the search call this guest.
        name: the guest's name.
        state: chip of the stay, for example "In house"; None without a stay.
        room: "Room 214", or empty.
        stay: "Tue 10 - Fri 13 Nov, 3 nights".
        number: the confirmation number.
        email: shown where there is room.
        phone: shown where there is room.
        balance: what is owed; None while it was not read, which also turns money off.
        charges: all charges.
        paid: all that was paid, as a negative amount.
        bills: the bills.
        payments: the payments, newest first.
        cards: the saved cards.
        held: what banks hold on cards.
        links: what the guest was asked to pay by a link, open ones and late ones.
        note: what the property system notes about the guest.
        beside: who belongs to this guest: companions, other stays, the group, who pays.
        fresh: False for a page as it was read some time ago; money waits until it is read again.
        unresolved: a sentence about a payment that is not known; empty when there is none.
    """

    key: str
    name: str
    state: Chip | None = None
    room: str = ""
    stay: str = ""
    number: str = ""
    email: str = ""
    phone: str = ""
    balance: Money | None = None
    charges: Money | None = None
    paid: Money | None = None
    bills: Part[BillRow] = field(default_factory=Part)
    payments: Part[PaymentRow] = field(default_factory=Part)
    cards: Part[CardRow] = field(default_factory=Part)
    held: tuple[CardRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    note: str = ""
    beside: tuple[BesideRow, ...] = ()
    fresh: bool = True
    unresolved: str = ""


class Connection(enum.Enum):
    """How the property system answers."""

    GOOD = "good"
    SLOW = "slow"
    LOST = "lost"
    PRACTICE = "practice"
    NONE = "none"

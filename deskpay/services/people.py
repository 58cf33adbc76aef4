"""The people at hand, kept in memory: who is known, what of them, and the index that finds them.

Nothing here asks anything of the property system. A fact that comes in later, such as a balance or a card, finds its
way to every stay of the guest. Nothing is written to the disk, and all of it is dropped on quitting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from deskpay.domain.customer import Customer, Reservation
from deskpay.domain.guest import Guest, Presence
from deskpay.domain.guest_index import Found, GuestIndex
from deskpay.domain.money import Money

_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True)
class DayOfGuests:
    """The lists of one day.

    Args:
        day: the hotel's calendar day.
        in_house: checked in, by room.
        arriving: expected today, by name.
        leaving: in house and due to leave today or before, by room.
    """

    day: date
    in_house: tuple[Guest, ...] = ()
    arriving: tuple[Guest, ...] = ()
    leaving: tuple[Guest, ...] = ()


@dataclass(slots=True)
class _Facts:
    """What is known of accounts beside their profile and stays."""

    owed: dict[str, Money] = field(default_factory=dict[str, Money])
    card_ends: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    references: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


class People:
    """Who is known at this desk.

    Args:
        today: the hotel's day.
        zone: the hotel's time zone.
    """

    def __init__(self, today: date, zone: ZoneInfo) -> None:
        self._zone = zone
        self._index = GuestIndex(today, zone)
        self._facts = _Facts()
        self._keys: dict[str, set[str]] = {}
        self._rooms: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._in_group: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._index)

    @property
    def today(self) -> date:
        """The day by which it is judged where guests are."""
        return self._index.today

    @property
    def rooms(self) -> Mapping[str, str]:
        """Room names by id."""
        return self._rooms

    def successor(self, today: date) -> People:
        """Return nobody yet, to be filled in this one's place; rooms, groups, cards and references stay known."""
        fresh = People(today, self._zone)
        fresh._rooms, fresh._groups = self._rooms, self._groups
        fresh._facts = _Facts(card_ends=self._facts.card_ends, references=self._facts.references)
        return fresh

    def name_rooms(self, rooms: Mapping[str, str]) -> None:
        """Take in the names of the rooms."""
        self._rooms = dict(rooms)

    def name_groups(self, names: Mapping[str, str]) -> None:
        """Take in names of groups; those of stays that are known already are renamed."""
        self._groups.update(names)
        for group in names:
            self._renew(self._in_group.get(group, ()))

    # Who

    def put(self, customer: Customer, stay: Reservation | None, *, companion: bool = False) -> Guest:
        """Take in a guest with a stay, or without one; return them with all that is known."""
        guest = self._complete(Guest(customer, stay, "", None, companion))
        self._keys.setdefault(customer.id, set()).add(guest.key)
        if stay is not None:
            self._in_group.setdefault(_group_of(stay), set()).add(guest.key)
        self._index.put(guest)
        return guest

    def rename(self, customer: Customer) -> None:
        """Take in a profile that was changed, wherever the guest stands."""
        for known in self._known(self._keys.get(customer.id, ())):
            self._index.put(replace(known, customer=customer))

    def get(self, key: str) -> Guest | None:
        """Return the guest of `key`, None where there is none."""
        return self._index.get(key)

    def of_customer(self, customer_id: str) -> list[Guest]:
        """Return the stays of a guest, the most present first."""
        found = self._known(self._keys.get(customer_id, ()))
        return sorted(found, key=lambda guest: (self._index.presence(guest), guest.key))

    def beside(self, guest: Guest) -> list[Guest]:
        """Return who belongs to `guest`: who shares the stay, other stays, members of the group, who may pay."""
        stay = guest.reservation
        keys = dict.fromkeys(other.key for other in self.of_customer(guest.customer.id))
        if stay is not None:
            keys.update(dict.fromkeys(sorted(self._in_group.get(_group_of(stay), ()))))
            keys.update(dict.fromkeys(key for payer in stay.payer_ids for key in sorted(self._keys.get(payer, ()))))
        keys.pop(guest.key, None)
        return self._known(keys)

    # What

    def owes(self, owed: Mapping[str, Money]) -> bool:
        """Take in what accounts owe, in the accounting currency; return whether anything of it is new."""
        return self._learn(self._facts.owed, owed)

    def has_cards(self, card_ends: Mapping[str, tuple[str, ...]]) -> None:
        """Take in the last four digits of guests' cards."""
        self._learn(self._facts.card_ends, card_ends)

    def has_reference(self, customer_id: str, reference: str) -> None:
        """Take in the reference of one of our acts."""
        known = self._facts.references.get(customer_id, ())
        if reference not in known:
            self._learn(self._facts.references, {customer_id: (*known, reference)})

    def without_balance(self, *, most: int) -> list[str]:
        """Return up to `most` accounts of the day's lists whose balance was never read, the most present first."""
        lists = self.day()
        likely = (*lists.leaving, *lists.in_house, *lists.arriving)
        ids = dict.fromkeys(guest.customer.id for guest in likely if guest.balance is None)
        return list(ids)[:most]

    def without_cards(self, *, most: int) -> list[str]:
        """Return up to `most` guests of whom it was never read whether they have cards."""
        known = self._facts.card_ends
        ids = dict.fromkeys(
            g.customer.id for g in self._index if not g.customer.is_company and g.customer.id not in known
        )
        return list(ids)[:most]

    def with_balance(self, customer_ids: Iterable[str]) -> list[str]:
        """Return those of the accounts whose balance is shown."""
        return [account for account in customer_ids if account in self._facts.owed]

    # Found

    def search(self, typed: str) -> list[Found]:
        """Return who matches `typed`, the likeliest meant first."""
        return self._index.search(typed)

    def day(self) -> DayOfGuests:
        """Return the lists of the day."""
        leaving = sorted(self._index.of(Presence.LEAVING), key=_by_room)
        in_house = sorted((*leaving, *self._index.of(Presence.IN_HOUSE)), key=_by_room)
        arriving = [
            guest
            for guest in self._index.of(Presence.ARRIVING)
            if guest.reservation is not None and guest.reservation.arrives_on(self.today, self._zone)
        ]
        arriving.sort(key=lambda guest: guest.customer.last_name)
        return DayOfGuests(self.today, tuple(in_house), tuple(arriving), tuple(leaving))

    def _complete(self, guest: Guest) -> Guest:
        account, stay = guest.customer.id, guest.reservation
        return replace(
            guest,
            room=self._rooms.get(stay.room_id or "", "") if stay else "",
            balance=self._facts.owed.get(account),
            card_ends=self._facts.card_ends.get(account, ()),
            references=self._facts.references.get(account, ()),
            group=self._groups.get(stay.group_id, "") if stay else "",
        )

    def _learn(self, known: dict[str, _Fact], told: Mapping[str, _Fact]) -> bool:
        news = {account: fact for account, fact in told.items() if known.get(account) != fact}
        known.update(news)
        for account in news:
            self._renew(self._keys.get(account, ()))
        return bool(news)

    def _renew(self, keys: Iterable[str]) -> None:
        for known in self._known(keys):
            self._index.put(self._complete(known))

    def _known(self, keys: Iterable[str]) -> list[Guest]:
        return [guest for key in keys if (guest := self._index.get(key)) is not None]


def _group_of(stay: Reservation) -> str:
    return stay.group_id or stay.id


def _by_room(guest: Guest) -> tuple[int, str, str]:
    return len(guest.room), guest.room, guest.customer.last_name

"""Who is at hand: read in few questions, kept fresh, never emptied by a fault."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar

import httpx2
import pytest

from deskpay.domain.card import CardKind
from deskpay.domain.customer import Companion, Customer, ReservationState
from deskpay.domain.errors import (
    DeskPayError,
    HotelUnavailable,
    InputRefused,
    NotMews,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.guest import Presence
from deskpay.domain.hotel_event import HotelEvent, Reconnected, RoomChanged, StayChanged
from deskpay.services.announcer import Announcer
from deskpay.services.find_customer import FindElsewhere
from deskpay.services.keep_fresh import BEAT_S, GAP_S, KeepFresh, PeopleNews
from deskpay.services.read_people import BALANCES_AT_ONCE, PeopleReader
from deskpay.services.scope import TaskScope
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import ANNA, BORIS, card, payment, pounds
from tests.kit.guest_books import GuestBooks
from tests.kit.loops import VirtualRunner
from tests.kit.mews import error_answer
from tests.kit.quiet_house import STAYS, quiet_house, requests_of_a_quiet_hour
from tests.kit.stays import item, stay

TODAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
UMBRELLA = Customer("umbrella", "", "Umbrella Co.", "", "", "", frozenset(), is_company=True)

_T = TypeVar("_T")


class House:
    """A hotel in memory, what it tells of its guests, and a desk at it."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.hotel = shift.hotel
        self.books = GuestBooks(shift.hotel)


@pytest.fixture
def house(run_virtual: VirtualRunner) -> Iterator[House]:
    yield from map(House, new_shift(run_virtual))


def guest(customer_id: str, last_name: str, first_name: str = "") -> Customer:
    return Customer(customer_id, first_name, last_name, "", "", "", frozenset())


def loaded(house: House, then: Callable[[PeopleReader, FakeDesk], Awaitable[_T]]) -> _T:
    """Read the people, then go on with them."""

    async def story(desk: FakeDesk) -> _T:
        reader = PeopleReader(desk.front, house.books)
        await reader.load()
        return await then(reader, desk)

    return house.shift(story)


async def as_read(reader: PeopleReader, _desk: FakeDesk) -> PeopleReader:
    return reader


def found(reader: PeopleReader, typed: str) -> list[str]:
    return [each.guest.customer.id for each in reader.people.search(typed)]


def test_the_people_of_the_day_stand_in_their_lists(house: House) -> None:
    coming = {"state": ReservationState.CONFIRMED, "room_id": None}
    house.hotel.guests += [guest("carla", "Zeman"), guest("dov", "Abel"), guest("eve", "Eve"), guest("finn", "Fry")]
    house.hotel.stays = [
        stay("stay-52"),
        stay("stay-9", BORIS.id, room_id="room-9", ends_utc=datetime(2026, 11, 19, 11, tzinfo=UTC)),
        stay("stay-7", "carla", starts_utc=TODAY, **coming),  # type: ignore[arg-type]  # two fields of their own types
        stay("stay-8", "dov", starts_utc=TODAY, **coming),  # type: ignore[arg-type]  # as above
        stay("stay-6", "eve", starts_utc=TODAY + timedelta(days=2), **coming),  # type: ignore[arg-type]  # in two days
        stay("stay-3", "finn", state=ReservationState.PROCESSED, ends_utc=TODAY - timedelta(days=1)),
        stay("stay-4", "merged away"),
    ]
    house.hotel.items = [item("night", pounds(12000)), item("bar", pounds(500), BORIS.id)]
    house.hotel.rows = [payment("deposit", pounds(2000), TODAY - timedelta(days=3))]
    reader = loaded(house, as_read)
    day = reader.people.day()
    assert [(g.room, g.customer.id, g.balance) for g in day.in_house] == [
        ("9", "boris", pounds(500)),
        ("312", "anna", pounds(10000)),
    ]
    assert [g.customer.id for g in day.arriving] == ["dov", "carla"]
    assert [g.customer.id for g in day.leaving] == ["boris"]
    assert [found(reader, typed)[0] for typed in ("ødegard", "9", "eve", "fry")] == ["anna", "boris", "eve", "finn"]
    (gone,) = reader.people.search("fry")
    assert gone.presence is Presence.DEPARTED
    assert reader.read_utc == house.shift.clock.now()


def test_an_empty_house_is_an_empty_day(house: House) -> None:
    day = loaded(house, as_read).people.day()
    assert (day.in_house, day.arriving, day.leaving) == ((), (), ())


def test_companions_groups_payers_and_company_stays_are_found_and_belong_together(house: House) -> None:
    house.hotel.guests.append(guest("emil", "Pepper", "Emil"))
    house.books.company_rows = [UMBRELLA]
    house.books.groups = {"party": "Wedding Novák"}
    house.hotel.stays = [
        replace(stay("stay-1"), group_id="party", payer_ids=("umbrella",)),
        replace(stay("stay-2", BORIS.id), group_id="party"),
        replace(stay("stay-3", "umbrella", owned_by_company=True, room_id="room-9"), group_id="own"),
        replace(stay("stay-0", state=ReservationState.CONFIRMED, starts_utc=TODAY + timedelta(days=1)), group_id="x"),
    ]
    house.books.shared = [Companion("stay-1", guest("emil", "Pepper", "Emil")), Companion("stay-1", ANNA)]
    reader = loaded(house, as_read)
    people = reader.people
    assert found(reader, "pepper emil") == ["emil"]
    assert sorted(found(reader, "wedding")) == ["anna", "boris", "emil"]
    assert [g.room for g in people.day().in_house if g.customer.is_company] == ["9"]
    anna = people.get("stay-1")
    assert anna is not None
    assert {(g.customer.id, g.key) for g in people.beside(anna)} == {
        ("anna", "stay-0"),
        ("emil", "stay-1/emil"),
        ("boris", "stay-2"),
        ("umbrella", "stay-3"),
    }
    assert [g.key for g in people.of_customer(ANNA.id)] == ["stay-1", "stay-0"]


def test_what_the_hotel_has_not_granted_is_left_out_and_not_asked_again(house: House) -> None:
    house.hotel.stays = [replace(stay("stay-1"), payer_ids=("umbrella",))]
    house.hotel.unread = {"companions": Unauthorized("401"), "companies": NotMews("404"), "cards of": Rejected("400")}

    async def again(reader: PeopleReader, _desk: FakeDesk) -> PeopleReader:
        await reader.refresh()
        await reader.load()
        return reader

    reader = loaded(house, again)
    assert found(reader, "ødegård") == ["anna"]
    assert [house.hotel.asked[what] for what in ("companions", "companies", "cards of")] == [1, 1, 1]


def test_our_own_acts_are_found_by_their_reference_and_whoever_was_served_is_at_hand(house: House) -> None:
    async def story(desk: FakeDesk) -> None:
        begun = await take_payment(desk.front, a_charge())
        await desk.ends(begun)
        reader = PeopleReader(desk.front, house.books)
        await reader.load()
        assert found(reader, begun.intent.reference.lower()) == [ANNA.id]
        (served,) = reader.people.search("ødegård")
        assert served.guest.reservation is None
        assert reader.people.beside(served.guest) == []
        reader.people.has_reference(ANNA.id, "DP-2222-3333")
        reader.people.has_reference(ANNA.id, "DP-2222-3333")
        assert found(reader, "DP 2222 3333") == [ANNA.id]
        reader.forget()
        assert (len(reader.people), reader.read_utc) == (0, None)

    house.shift(story)


def test_changes_are_caught_up_with(house: House) -> None:
    hotel = house.hotel
    hotel.guests.append(guest("carla", "Zeman"))
    hotel.stays = [stay("stay-1"), stay("stay-2", BORIS.id, room_id="room-9")]
    hotel.items = [item("night", pounds(12000))]
    hotel.cards = [card("visa"), card("slip", kind=CardKind.TERMINAL), card("gone", active=False)]

    async def later(reader: PeopleReader, _desk: FakeDesk) -> None:
        assert (await reader.refresh(), found(reader, "1111")) == (frozenset(), ["anna"])
        hotel.stays[0] = replace(hotel.stays[0], state=ReservationState.PROCESSED)
        hotel.stays.append(stay("stay-3", "carla", room_id="room-312"))
        hotel.stays.append(stay("stay-4", "carla", state=ReservationState.CONFIRMED, starts_utc=TODAY + timedelta(60)))
        hotel.guests[1] = replace(BORIS, last_name="Novotný")
        hotel.rows = [payment("paid", pounds(12000), TODAY)]
        house.books.changed = {"stay-1", "stay-3", "stay-4", BORIS.id, ANNA.id, "stranger"}
        assert await reader.refresh() == {ANNA.id}
        assert [g.customer.id for g in reader.people.day().in_house] == ["boris", "carla"]
        (anna,) = reader.people.search("anna")
        assert (anna.presence, anna.guest.balance) == (Presence.DEPARTED, pounds(0))
        assert (found(reader, "novotny"), found(reader, "novak")) == (["boris"], [])
        assert reader.people.get("stay-4") is None

    loaded(house, later)


def test_people_who_are_too_old_or_of_another_day_are_read_anew(house: House) -> None:
    house.hotel.stays = [stay("stay-1"), stay("stay-2", BORIS.id)]

    async def next_day(reader: PeopleReader, _desk: FakeDesk) -> None:
        before = reader.people
        await asyncio.sleep(20 * 3600)
        house.hotel.stays.pop()
        await reader.refresh()
        assert reader.people is not before
        assert reader.people.today == house.shift.clock.now().date()
        assert found(reader, "novák") == []
        assert house.hotel.asked["rooms"] == 1

    loaded(house, next_day)


def test_the_balances_of_a_full_house_are_read_a_pack_at_a_time(house: House) -> None:
    crowd = [guest(f"g{n}", f"Crowd{n}") for n in range(BALANCES_AT_ONCE + 50)]
    house.hotel.guests += crowd
    house.hotel.stays = [stay(f"stay-{who.id}", who.id) for who in crowd]

    async def later(reader: PeopleReader, _desk: FakeDesk) -> tuple[int, int]:
        unread = [g for g in reader.people.day().in_house if g.balance is None]
        await reader.refresh()
        return len(unread), len([g for g in reader.people.day().in_house if g.balance is None])

    assert loaded(house, later) == (50, 0)


class Watched:
    """A desk that keeps its people fresh, and what it told."""

    def __init__(self, desk: FakeDesk, house: House) -> None:
        self.events: Announcer[HotelEvent] = Announcer()
        self.reader = PeopleReader(desk.front, house.books)
        self.fresh = KeepFresh(self.reader, self.events, desk.front.clock)
        self.told: list[PeopleNews] = []
        self.fresh.news.listen(self.told.append)
        self._scope = TaskScope(lambda problem: pytest.fail(repr(problem)))

    async def __aenter__(self) -> Self:
        self._scope.start(self.fresh.run(), name="keep fresh")
        await asyncio.sleep(1)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._scope.close()

    @property
    def rounds(self) -> int:
        return len(self.told)


def test_a_quiet_house_is_read_at_a_slow_beat(house: House) -> None:
    async def story(desk: FakeDesk) -> None:
        async with Watched(desk, house) as watched:
            await asyncio.sleep(3600)
            assert watched.rounds == 3600 // BEAT_S + 1

    house.shift(story)


def test_an_event_brings_a_round_soon_but_never_two_at_once(house: House) -> None:
    async def story(desk: FakeDesk) -> None:
        async with Watched(desk, house) as watched:
            await asyncio.sleep(GAP_S)
            watched.events.announce(RoomChanged("room-9"))
            await asyncio.sleep(GAP_S)
            assert watched.rounds == 1
            watched.events.announce(StayChanged("stay-1"))
            await asyncio.sleep(3)
            assert watched.rounds == 2
            for _ in range(50):
                watched.events.announce(Reconnected())
                await asyncio.sleep(0.5)
            assert watched.rounds == 3
            watched.fresh.wake()
            await asyncio.sleep(0.1)
            assert watched.rounds == 4

    house.shift(story)


@pytest.mark.parametrize(
    ("problem", "rounds"),
    [
        (HotelUnavailable("cursor twice"), 6),
        (RateLimited("429", retry_after_s=None), 6),
        (RateLimited("429", retry_after_s=100.0), 2),
        (Unauthorized("401"), 6),
    ],
    ids=["unavailable", "429", "429 with Retry-After", "401"],
)
def test_a_fault_empties_nothing_is_told_and_ends_by_itself(house: House, problem: DeskPayError, rounds: int) -> None:
    house.hotel.stays = [stay("stay-1")]

    async def story(desk: FakeDesk) -> None:
        async with Watched(desk, house) as watched:
            house.hotel.closed = problem
            watched.fresh.wake()
            await asyncio.sleep(140)
            assert watched.told[-1].problem is problem
            assert watched.rounds == rounds + 1
            assert found(watched.reader, "ødegård") == ["anna"]
            assert len(watched.reader.people.day().in_house) == 1
            house.hotel.closed = None
            await asyncio.sleep(101)
            assert watched.told[-1].problem is None

    house.shift(story)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (error_answer(408), HotelUnavailable),
        (error_answer(429), RateLimited),
        (error_answer(429, Retry_After="40"), RateLimited),
        (httpx2.ReadTimeout("slower than anybody waits"), HotelUnavailable),
        (b'{"Reservations": [{"Id": ', HotelUnavailable),
        ({"Reservations": [{"Id": "somebody"}], "Cursor": None}, HotelUnavailable),
        ({"Reservations": [], "Cursor": "the same page again"}, HotelUnavailable),
    ],
    ids=["408", "429", "429 with Retry-After", "timeout", "half a page", "half a stay", "repeated cursor"],
)
def test_an_answer_that_is_none_leaves_the_people_as_they_were(
    run_virtual: VirtualRunner, answer: object, problem: type[DeskPayError]
) -> None:
    async def story() -> None:
        async with quiet_house(run_virtual.clock) as house:
            await asyncio.sleep(5)
            before, good = list(house.reader.people.day().arriving), house.mews.answers[STAYS]
            known = len(house.reader.people)
            assert known
            house.mews.answers[STAYS] = answer
            house.fresh.wake()
            await asyncio.sleep(200)
            assert isinstance(house.told[-1].problem, problem)
            assert (len(house.reader.people), list(house.reader.people.day().arriving)) == (known, before)
            house.mews.answers[STAYS] = good
            await asyncio.sleep(200)
            assert house.told[-1].problem is None
            assert len(house.reader.people) == known

    run_virtual(story(), timeout_s=1000)


def test_people_that_could_never_be_read_are_read_as_soon_as_it_works(house: House) -> None:
    house.hotel.stays = [stay("stay-1")]
    house.hotel.closed = HotelUnavailable("503")

    async def story(desk: FakeDesk) -> None:
        async with Watched(desk, house) as watched:
            assert watched.reader.read_utc is None
            house.hotel.closed = None
            await asyncio.sleep(6)
            assert found(watched.reader, "ødegård") == ["anna"]

    house.shift(story)


def elsewhere(house: House, typed: str) -> list[tuple[str, str, str]]:
    async def ask(reader: PeopleReader, desk: FakeDesk) -> list[tuple[str, str, str]]:
        finder = FindElsewhere(desk.front, house.books)
        guests = await finder.find(typed, reader.people)
        return [(g.customer.id, g.reservation.id if g.reservation else "", g.room) for g in guests]

    return loaded(house, ask)


@pytest.mark.parametrize(
    ("typed", "guests"),
    [
        ("  ", []),
        ("an", []),
        ("boris@example.com", [("boris", "", "")]),
        ("nobody@example.com", []),
        ("#52", [("anna", "stay-52", "312")]),
        ("5 2000", []),
        ("312", [("anna", "stay-52", "312"), ("anna", "stay-old", "312")]),
        ("BDC-77", [("umbrella", "stay-77", "9")]),
        ("GOLD55", [("carla", "", "")]),
        ("anna ødegård", [("anna", "stay-52", "312")]),
        ("Ødegård, anna", [("anna", "stay-52", "312")]),
        ("Anna", [("anna", "stay-52", "312")]),
        ("NOVÁK", [("boris", "", "")]),
        ("umbrella co.", [("umbrella", "", "")]),
    ],
)
def test_guests_beyond_those_at_hand_are_found_by_whole_values(
    house: House, typed: str, guests: list[tuple[str, str, str]]
) -> None:
    house.hotel.guests.append(replace(guest("carla", "Zeman"), loyalty_code="GOLD55"))
    house.books.company_rows = [UMBRELLA]
    house.hotel.stays = [
        stay("stay-old", starts_utc=datetime(2026, 11, 19, tzinfo=UTC), state=ReservationState.PROCESSED),
        stay("stay-52"),
        replace(
            stay("stay-77", "umbrella", owned_by_company=True, room_id="room-9", state=ReservationState.CANCELED),
            channel_number="BDC-77",
        ),
    ]
    assert elsewhere(house, typed) == guests


def test_a_card_number_typed_into_the_search_goes_nowhere(house: House) -> None:
    async def ask(reader: PeopleReader, desk: FakeDesk) -> None:
        asked = house.hotel.asked.copy()
        with pytest.raises(InputRefused):
            await FindElsewhere(desk.front, house.books).find("4242 4242 4242 4242", reader.people)
        assert house.hotel.asked == asked

    loaded(house, ask)


def test_what_was_asked_a_moment_ago_is_not_asked_again(house: House) -> None:
    async def ask(reader: PeopleReader, desk: FakeDesk) -> list[int]:
        finder = FindElsewhere(desk.front, house.books)
        counts = []
        for wait_s in (0, 30, 60):
            await asyncio.sleep(wait_s)
            await finder.find("Anna ", reader.people)
            counts.append(house.hotel.asked["first names"])
        finder.forget()
        await finder.find("Anna", reader.people)
        return [*counts, house.hotel.asked["first names"]]

    assert loaded(house, ask) == [1, 1, 2, 3]


def test_a_quiet_hour_stays_within_its_requests(run_virtual: VirtualRunner) -> None:
    assert 150 < run_virtual(requests_of_a_quiet_hour(run_virtual.clock), timeout_s=4000) <= 200

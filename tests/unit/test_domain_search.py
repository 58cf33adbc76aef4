"""Sixty hard searches, each of which finds the guest meant before any other, and the rules of the order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.guest import Guest, Presence
from deskpay.domain.guest_index import MOST_FOUND, GuestIndex
from deskpay.domain.money import Currency, Money
from deskpay.domain.postings import Postings
from deskpay.domain.query import readings
from deskpay.domain.spelling import fold, marked, spellings, words

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
TODAY = date(2026, 11, 20)
GBP = Currency("GBP", 2)
IN_HOUSE = ReservationState.STARTED
COMING = ReservationState.CONFIRMED
GONE = ReservationState.PROCESSED


def person(key: str, first: str, last: str, email: str = "", phone: str = "", **more: str) -> Customer:
    return Customer(key, first, last, email, phone, "", frozenset(), **more)  # type: ignore[arg-type]  # texts only


def staying(
    who: Customer,
    number: str,
    room: str = "",
    state: ReservationState = IN_HOUSE,
    *,
    channel: str = "",
    leaves_in: int = 2,
    owed: int = 0,
    **more: object,
) -> Guest:
    starts = NOW - timedelta(days=2) if state is not COMING else NOW
    stay = Reservation(
        f"stay-{number}", number, who.id, False, state, None, starts, NOW + timedelta(days=leaves_in), channel
    )
    return Guest(who, stay, room, Money(owed, GBP), **more)  # type: ignore[arg-type]  # as the guest takes them


def gone(who: Customer, number: str, room: str = "", **more: object) -> Guest:
    return staying(who, number, room, GONE, leaves_in=-1, **more)  # type: ignore[arg-type]  # passed on


PEOPLE = (
    staying(person("obrien", "Niamh", "O’Brien"), "48001", "12", owed=500),
    staying(person("muller", "Jürgen", "Müller", "j.mueller@firma-beispiel.de"), "48002", "112"),
    staying(person("mueller", "Petra", "Mueller"), "48003", "120"),
    staying(person("zoe", "Zoë", "Quill", phone="+44 (0)20 7946 0958"), "48004", "1203"),
    staying(person("wang", "小明", "王"), "48005", "214", channel="BDC-3391-7742"),
    gone(person("xiaoming", "Xiaohua", "Wang"), "47004", "12"),
    staying(person("marquez", "Gabriela", "García", second_last_name="Márquez"), "48006", "301", COMING),
    staying(person("smith-jones", "Imogen", "Smith-Jones"), "48007", "302"),
    staying(person("smith", "Alan", "Smith", loyalty_code="GOLD 5567"), "48008", "303"),
    staying(person("smithson", "Alana", "Smithson"), "48009", "304", owed=1000),
    staying(person("ivanov", "Пётр", "Иванов"), "48010", "305"),
    staying(person("papadopoulos", "Eleni", "Παπαδόπουλος"), "48011", "306"),
    staying(person("nguyen", "Thị Đức", "Nguyễn"), "48012", "307"),
    staying(person("lukasz", "Łukasz", "Żółć"), "48013", "308"),
    staying(person("odegard", "Sølve", "Ødegård"), "48014", "309"),
    staying(person("izmirli", "Is\u0131l", "\u0130zmirli"), "48015", "310"),
    staying(person("delacruz", "Maria", "de la Cruz", "maria@cruz.example"), "48016", "311", COMING),
    staying(person("vandenberg", "Joost", "van den Berg", phone="0031 20 555 0143"), "48017", "401"),
    staying(person("dangelo", "Chiara", "D'Angelo"), "48018", "402", card_ends=("1111", "0005")),
    staying(person("alrashid", "Layla", "Al-Rashid"), "48019", "403"),
    staying(person("katherine", "Katherine", "Featherstonehaugh"), "48213", "404", references=("DP-7K4M-2Q9C",)),
    gone(person("strasser", "Bruno", "Straßer", "bruno.s@alpen.example"), "47001", "405"),
    gone(person("cafe", "Ane\u0301", "Cafe\u0301"), "47002", "406"),
    staying(person("tanaka", "ユキ", "タナカ"), "48020", "PH1"),
    staying(person("kim", "민준", "김"), "48021", "408", channel="EXP 998-001"),
    staying(person("pepperwick", "Ottoline", "Pepperwick", phone="01632 960214"), "48022", "409"),
    staying(person("emil", "Emil", "Pepperwick"), "48022b", "409", companion=True),
    staying(
        person("umbrella", "", "Pepperwick Umbrella Co.", is_company="yes"), "48030", "", COMING, group="Rainmakers"
    ),
    gone(person("mcdonald", "Ewan", "McDonald"), "47003", "411"),
    Guest(person("anne-marie", "Anne-Marie", "Lefèvre", "am.lefevre@poste.example"), None, "", None),
)
DECOYS = tuple(
    staying(
        person(f"decoy-{n}", f"Decoy{chr(97 + n % 26)}", f"Nobody{chr(97 + n // 26)}"), str(51000 + n), str(600 + n)
    )
    for n in range(60)
)

HARD = [
    ("zoe", "zoe"),
    ("ZOË", "zoe"),
    ("quill zo", "zoe"),
    ("o'brien", "obrien"),
    ("o’brien", "obrien"),
    ("obrien", "obrien"),
    ("o brien", "obrien"),
    ("brien niamh", "obrien"),
    ("12", "obrien"),
    ("112", "muller"),
    ("room 12", "obrien"),
    ("r120", "mueller"),
    ("1203", "zoe"),
    ("müller", "muller"),
    ("mueller j", "muller"),
    ("muller jurgen", "muller"),
    ("juergen mueller", "muller"),
    ("muller petra", "mueller"),
    ("müller petra", "mueller"),
    ("王小明", "wang"),
    ("小明", "wang"),
    ("Wang Xiaoming", "wang"),
    ("xiaoming wang", "wang"),
    ("wang xiao ming", "wang"),
    ("garcia marquez", "marquez"),
    ("marquez gabriela", "marquez"),
    ("García-Márquez", "marquez"),
    ("smith jones", "smith-jones"),
    ("smithjones", "smith-jones"),
    ("jones, imogen", "smith-jones"),
    ("smith", "smith"),
    ("smith al", "smith"),
    ("smiths", "smithson"),
    ("GOLD5567", "smith"),
    ("ivanov", "ivanov"),
    ("иванов", "ivanov"),
    ("petr ivanov", "ivanov"),
    ("papadopoulos", "papadopoulos"),
    ("nguyen duc", "nguyen"),
    ("lukasz zolc", "lukasz"),
    ("odegard", "odegard"),
    ("oedegaard", "odegard"),
    ("izmirli isil", "izmirli"),
    ("dela cruz", "delacruz"),
    ("cruz maria de la", "delacruz"),
    ("vandenberg", "vandenberg"),
    ("van den berg", "vandenberg"),
    ("dangelo", "dangelo"),
    ("d angelo", "dangelo"),
    ("1111", "dangelo"),
    ("al rashid", "alrashid"),
    ("alrashid layla", "alrashid"),
    ("48 213", "katherine"),
    ("#48213", "katherine"),
    ("dp-7k4m-2q9c", "katherine"),
    ("DP 7K4M 2Q9C", "katherine"),
    ("7k4m", "katherine"),
    ("fetherstonehaugh", "katherine"),
    ("kahterine", "katherine"),
    ("strasser", "strasser"),
    ("café", "cafe"),
    ("tanaka", "tanaka"),
    ("ph1", "tanaka"),
    ("김민준", "kim"),
    ("998001", "kim"),
    ("3391 7742", "wang"),
    ("bdc-3391", "wang"),
    ("+44 (0)20 7946 0958", "zoe"),
    ("020 7946 0958", "zoe"),
    ("0044 20 79460958", "zoe"),
    ("+441632960214", "pepperwick"),
    ("0031205550143", "vandenberg"),
    ("960 214", "pepperwick"),
    ("peperwick", "pepperwick"),
    ("pepperwcik ottoline", "pepperwick"),
    ("emil p", "emil"),
    ("umbrella", "umbrella"),
    ("rainmakers", "umbrella"),
    ("mcdnoald", "mcdonald"),
    ("lefevre anne", "anne-marie"),
    ("am.lefevre@", "anne-marie"),
    ("j.mueller@firma", "muller"),
    ("alpen", "strasser"),
    ("maria@cruz.example", "delacruz"),
]


@pytest.fixture(scope="module")
def house() -> GuestIndex:
    index = GuestIndex(TODAY, ZONE)
    for guest in (*DECOYS, *PEOPLE):
        index.put(guest)
    return index


def found(index: GuestIndex, typed: str) -> list[str]:
    return [each.guest.customer.id for each in index.search(typed)]


def test_there_are_at_least_sixty_hard_searches() -> None:
    assert len({typed for typed, _ in HARD}) >= 60


@pytest.mark.parametrize(("typed", "meant"), HARD, ids=[typed for typed, _ in HARD])
def test_the_guest_meant_comes_first(house: GuestIndex, typed: str, meant: str) -> None:
    assert found(house, typed)[:1] == [meant]


def test_a_room_that_is_meant_whole_comes_before_longer_ones(house: GuestIndex) -> None:
    rooms = [each.guest.room for each in house.search("12")]
    assert rooms[:2] == ["12", "12"]
    assert {"112", "120", "1203"} <= set(rooms[2:])
    assert house.search("12")[0].presence is Presence.IN_HOUSE


@pytest.mark.parametrize("typed", ["", "  ", "...", "xqzv", "@", "#", "+", "zz 12"])
def test_nobody_is_found_for_nothing(house: GuestIndex, typed: str) -> None:
    assert found(house, typed) == []


def test_who_matches_alike_is_ordered_by_who_is_likely_at_the_desk() -> None:
    index = GuestIndex(TODAY, ZONE)
    guests = [
        Guest(person("elsewhere", "", "Berg"), None, "", None),
        gone(person("departed", "", "Berg"), "5"),
        staying(person("arriving", "", "Berg"), "4", state=COMING),
        staying(person("settled", "", "Berg"), "3", "9"),
        staying(person("owing", "", "Berg"), "2", "9", owed=100),
        staying(person("host", "", "Berg"), "6", "9", owed=200),
        staying(person("companion", "", "Berg"), "6", "9", owed=200, companion=True),
        staying(person("leaving", "", "Berg"), "1", "9", leaves_in=0),
    ]
    for guest in guests:
        index.put(guest)
    assert found(index, "berg") == [
        "leaving", "owing", "host", "settled", "companion", "arriving", "departed", "elsewhere",
    ]  # fmt: skip
    assert [guest.customer.id for guest in index.of(Presence.LEAVING, Presence.ARRIVING)] == ["arriving", "leaving"]


def test_thousands_of_matches_still_show_who_is_called_just_so() -> None:
    index = GuestIndex(TODAY, ZONE)
    for n in range(5000):
        index.put(staying(person(f"many-{n}", "", f"Ngata{n}"), str(40000 + n), str(n)))
    index.put(gone(person("meant", "", "Ng"), "39999"))
    assert found(index, "ng")[0] == "meant"
    assert len(found(index, "n")) == MOST_FOUND
    rooms = [each.guest.room for each in index.search("4")]
    assert rooms[0] == "4"
    assert all(room.startswith("4") for room in rooms), "that all numbers begin with it tells nothing"


def test_a_guest_is_found_by_the_latest_of_what_is_known() -> None:
    index = GuestIndex(TODAY, ZONE)
    before = staying(person("anna", "Anna", "Berg"), "1", "9")
    index.put(before)
    index.put(replace(before, customer=person("anna", "Anna", "Novak"), room="10"))
    assert (found(index, "berg"), found(index, "novak"), found(index, "9")) == ([], ["anna"], [])
    assert len(index) == 1
    assert index.get("stay-1") == next(iter(index))
    assert index.get("nobody") is None


@pytest.mark.parametrize(
    ("guest", "presence"),
    [
        (staying(person("a", "", "A"), "1"), Presence.IN_HOUSE),
        (staying(person("a", "", "A"), "1", leaves_in=-3), Presence.LEAVING),
        (staying(person("a", "", "A"), "1", state=COMING), Presence.ARRIVING),
        (gone(person("a", "", "A"), "1"), Presence.DEPARTED),
        (staying(person("a", "", "A"), "1", state=GONE, leaves_in=-30), Presence.ELSEWHERE),
        (staying(person("a", "", "A"), "1", state=ReservationState.CANCELED), Presence.ELSEWHERE),
        (Guest(person("a", "", "A"), None, "", None), Presence.ELSEWHERE),
    ],
)
def test_where_a_guest_is_in_the_stay(guest: Guest, presence: Presence) -> None:
    assert guest.presence(TODAY, ZONE) is presence


def test_a_companion_is_not_mistaken_for_the_host() -> None:
    host = staying(person("host", "", "A"), "1")
    keys = {
        host.key,
        replace(host, customer=person("b", "", "B"), companion=True).key,
        replace(host, reservation=None).key,
    }
    assert keys == {"stay-1", "stay-1/b", "host"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë", "zoe"),
        ("Łukasz", "lukasz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İzmir", "izmir"),
        ("Nguyễn Đức", "nguyen duc"),
        ("王", "wang"),
        ("O’Brien", "obrien"),
    ],
)
def test_accents_case_and_script_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_name_is_spelled_in_the_ways_that_people_type_it() -> None:
    assert spellings("Müller") == {"muller", "mueller"}
    assert spellings("O'Brien-Roe") >= {"obrienroe", "obrien", "brien", "roe"}
    assert spellings(" ") == frozenset()
    assert words("  Zoë-Ann  López ") == ("zoe", "ann", "lopez")


@pytest.mark.parametrize(
    ("text", "typed", "where"),
    [
        ("Zoë Zola", "zo", ((0, 2), (4, 6))),
        ("Straße 1", "1 strasse", ((0, 6), (7, 8))),
        ("O'Brien", "obrien", ((0, 7),)),
        ("O'Brien", "o'brien", ((0, 7),)),
        ("Müller", "mueller", ((0, 6),)),
        ("Pepper", "ep", ((1, 3),)),
        ("étienne", "etienne", ((0, 7),)),
        ("王小明", "wang", ((0, 1),)),
        ("Ann", "", ()),
    ],
)
def test_what_was_typed_is_shown_where_it_stands(text: str, typed: str, where: tuple[tuple[int, int], ...]) -> None:
    assert marked(text, typed) == where


def test_typing_errors_are_forgiven_in_longer_words_only() -> None:
    names = Postings()
    for number, name in enumerate(("anna", "annamaria", "pepperwick", "bob")):
        names.add(name, number)
        names.add(name, number)
    assert names.near("ana") == {}
    assert names.near("anan") == {0: 1, 1: 1}
    assert names.near("pepprwikc") == {2: 2}
    assert names.near("anne") == {0: 1, 1: 1}
    assert names.near("epperwick") == names.near("xpepperwick") == {2: 1}
    names.add("anton", 4)
    assert names.near("anno") == {0: 1, 1: 1, 4: 1}, "whoever came later is near, too"
    names.remove("anna", 0)
    assert names.near("anan") == {1: 1}


def test_what_a_crowd_has_in_common_finds_nobody() -> None:
    numbers = Postings(crowd=2)
    for number in range(3):
        numbers.add(f"{number}4711{number}", number)
    assert numbers.inside("4711") == numbers.beginning("") == set()
    assert numbers.inside("147") == numbers.beginning("1") == {1}


def test_a_text_of_figures_is_one_number_too() -> None:
    spelled = [[word.spelled[0] for word in reading] for reading in readings("48 213")]
    assert spelled == [["48", "213"], ["48213"]]

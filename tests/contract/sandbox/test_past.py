"""The large hotel's past: never built as a whole, and yet as consistent as if it had been."""

import functools
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel.past import DAYS
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.tables import Archive, Table
from tests.contract.sandbox.door import NOON, PAGE, Door, new_world

Json = dict[str, Any]

TABLES = ("customers", "reservations", "bills", "order_items", "cards", "payments")
EVERY = 1499  # which rows of a table stand for all; a prime, so that every turn and kind comes up


@pytest.fixture(scope="module")
def large() -> Door:
    return Door(new_world("large"))


@pytest.fixture
def fresh() -> Door:
    return Door(new_world("large"))


def archive(hotel: Hotel, name: str) -> Archive:
    table: Table = getattr(hotel, name)
    return table._archive


def some(kept: Archive) -> Iterator[tuple[int, Json]]:
    yield from ((number, kept.row(number)) for number in (*range(0, kept.size, EVERY), kept.size - 1))


def window(first: int, last: int) -> Json:
    return {"StartUtc": utc_text(NOON + timedelta(days=first)), "EndUtc": utc_text(NOON + timedelta(days=last))}


def test_there_are_sixty_thousand_guests_and_a_hundred_thousand_payments_of_ninety_days(large: Door) -> None:
    hotel = large.world.hotel
    assert (archive(hotel, "customers").size, archive(hotel, "payments").size) == (60_000, 100_000)
    paid = [utc_time(row["CreatedUtc"]) for _, row in some(archive(hotel, "payments"))]
    assert NOON - timedelta(days=DAYS + 3) < min(paid) < NOON - timedelta(days=DAYS - 3)
    assert NOON - timedelta(days=3) < max(paid) < NOON


@pytest.mark.parametrize("name", TABLES)
def test_the_same_seed_gives_the_same_past_and_another_seed_another(large: Door, name: str) -> None:
    ours, again, other = (
        dict(some(archive(hotel, name)))
        for hotel in (large.world.hotel, seed_hotel(1, "large", NOON), seed_hotel(2, "large", NOON))
    )
    assert ours == again
    assert not {row["Id"] for row in ours.values()} & {row["Id"] for row in other.values()}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_told_without_building_a_row_is_what_the_row_says(large: Door, name: str) -> None:
    kept = archive(large.world.hotel, name)
    told = set()
    where = functools.cache(lambda field, value: kept.where(field, frozenset({value})))
    for number, row in some(kept):
        assert kept.number(row["Id"]) == number
        for field, value in row.items():
            moments = kept.moments(field)
            if moments is not None:
                assert moments[number] == utc_time(value).timestamp(), field
                told.add(field)
            if isinstance(value, str | bool | None):
                found = where(field, value)
                assert found is None or number in found, field
    assert {"CreatedUtc", "UpdatedUtc"} <= told
    assert kept.number("00000000-0000-4000-8000-000000000000") is None
    assert kept.number("Pepperwick") is None


def test_whoever_left_paid_what_was_bought(large: Door) -> None:
    hotel = large.world.hotel
    for _, bill in some(archive(hotel, "bills")):
        lines, payments = (table.where("BillId", bill["Id"]) for table in (hotel.order_items, hotel.payments))
        assert sum(row["Amount"]["GrossValue"] for row in [*lines, *payments]) == 0
        assert {row["AccountId"] for row in [*lines, *payments]} == {bill["AccountId"]}
        assert {row["ClosedUtc"] for row in [*lines, *payments]} == {bill["PaidUtc"]}
        (stay,) = hotel.reservations.where("AccountId", bill["AccountId"])
        assert all(row["ReservationId"] == stay["Id"] for row in payments)


def test_pages_run_newest_first_from_today_into_the_past(large: Door) -> None:
    seen: list[Json] = []
    cursor = None
    while True:
        limitation = {"Count": 700, "Cursor": cursor}
        answer = large.ok("payments/getAll", CreatedUtc=window(-3, 1), Limitation=limitation)
        seen += answer["Payments"]
        cursor = answer["Cursor"]
        if cursor is None:
            break
    kept = archive(large.world.hotel, "payments")
    known = [kept.number(row["Id"]) is None for row in seen]
    assert any(known)
    assert not all(known)
    created = [row["CreatedUtc"] for row in seen]
    assert created == sorted(created, reverse=True)
    moments = kept.moments("CreatedUtc") or ()
    first = (NOON - timedelta(days=3)).timestamp()
    assert len({row["Id"] for row in seen}) == len(seen)
    assert known.count(False) == sum(first <= moment for moment in moments)


def test_a_guest_of_the_past_who_moves_is_found_at_the_new_address_and_only_there(fresh: Door) -> None:
    guest = archive(fresh.world.hotel, "customers").row(45_017)
    fresh.ok("customers/update", CustomerId=guest["Id"], Email="new@mail.example")
    for address, found in ((guest["Email"], []), ("new@mail.example", [guest["Id"]])):
        answer = fresh.ok("customers/getAll", Emails=[address], Extent={"Customers": True}, Limitation=PAGE)
        assert [row["Id"] for row in answer["Customers"]] == found
    assert len(fresh.world.hotel.customers) == len(list(fresh.world.hotel.customers))


def test_the_ledger_moves_by_what_was_paid_that_day(large: Door) -> None:
    day = NOON.date() - timedelta(days=40)
    asked = {"Start": str(day), "End": str(day)}
    answer = large.ok("ledgerBalances/getAll", Date=asked, LedgerTypes=["Payment"], Limitation=PAGE)
    (balance,) = answer["LedgerBalances"]
    moved = balance["ClosingBalance"]["GrossValue"] - balance["OpeningBalance"]["GrossValue"]
    that_day = {"StartUtc": f"{day}T00:00:00Z", "EndUtc": f"{day}T23:59:59Z"}  # winter: London's day is UTC's
    paid = sum(
        (
            row["Amount"]["GrossValue"]
            for page in payments_pages(large, that_day)
            for row in page
            if row["State"] == "Charged"
        ),
        Decimal(0),
    )
    assert abs(moved) == abs(paid) > 0


def payments_pages(door: Door, charged: Json) -> Iterator[list[Json]]:
    cursor = None
    while True:
        answer = door.ok("payments/getAll", ChargedUtc=charged, Limitation={"Count": 1000, "Cursor": cursor})
        yield answer["Payments"]
        cursor = answer["Cursor"]
        if cursor is None:
            return


def test_a_portfolio_pages_through_the_past_too(large: Door) -> None:
    everything = large.world.everything
    joined = everything.customers.select({}, {}, lambda row: utc_time(row["CreatedUtc"]) >= NOON - timedelta(days=50))
    newest = list(zip(range(500), joined.newest_first(), strict=False))
    older = next(iter(joined.newest_first(newest[-1][1])))
    ages = [everything.customers.age(row) for _, row in newest]
    assert ages == sorted(ages, reverse=True)
    assert everything.customers.age(older) < ages[-1]
    assert {row["Id"] for _, row in newest} <= {row["Id"] for row in joined}

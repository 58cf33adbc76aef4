"""The seeded hotel: the same for the same seed, believable, and with the guests that training knows by name."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel.cast import KNOWN
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.tables import Table
from tests.contract.sandbox.door import NOON, Door
from tests.contract.sandbox.test_money import balance
from tests.kit.source import ROOT

TABLES = ("services", "rooms", "categories", "customers", "reservations", "bills", "order_items", "cards", "payments")


def rows(hotel: Hotel) -> list[list[dict[str, Any]]]:
    return [list(getattr(hotel, name)) for name in TABLES]


def test_the_same_seed_gives_the_same_hotel_and_another_seed_another() -> None:
    first, second, other = (seed_hotel(seed, "small", NOON) for seed in (7, 7, 8))
    assert first.enterprise == second.enterprise
    for table in (entry.name for entry in fields(Hotel) if entry.type is Table):
        assert list(getattr(first, table)) == list(getattr(second, table)), table
    assert first.enterprise["Id"] != other.enterprise["Id"]
    assert not {row["Id"] for row in first.customers} & {row["Id"] for row in other.customers}


_DIGEST = """
from dataclasses import fields
from datetime import datetime
import hashlib, sys
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.tables import Table
hotel = seed_hotel(1, sys.argv[1], datetime.fromisoformat(sys.argv[2]))
told = hashlib.sha256(repr(hotel.enterprise).encode())
for name in (entry.name for entry in fields(Hotel) if entry.type is Table):
    told.update(repr(list(getattr(hotel, name).in_use())).encode())
print(told.hexdigest())
"""


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_restart_gives_the_same_hotel_ids_included(size: str) -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST, size, NOON.isoformat()],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},  # what a restart draws anew
            stdout=subprocess.PIPE,
            check=True,
            timeout=60,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1


def test_no_two_rows_share_an_id() -> None:
    ids = [row["Id"] for table in rows(seed_hotel(1, "small", NOON)) for row in table]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("last_name", "owes"),
    [
        ("Pepperwick", "312.40"),
        ("Brambleworth", "1204.00"),
        ("Mapledown", "64.00"),
        ("Quillfeather", "86.50"),
        ("Lanternby", "45.00"),
        ("Tumblegate", "590.25"),
        ("Larkspindle", "148.00"),
        ("Candlewax", "2350.00"),
        ("Pepperpot", "120.00"),
        ("Marchpane", "18.00"),
        ("Thistlewick", "0"),
        ("Goosegrove", "0"),
        ("Cloudberry", "0"),
    ],
)
def test_the_cast_owes_what_the_pictures_show(door: Door, last_name: str, owes: str) -> None:
    assert balance(door, last_name) == Decimal(owes)


def test_eight_guests_in_the_house_have_a_balance(door: Door) -> None:
    hotel = door.world.hotel
    in_house = {row["AccountId"] for row in hotel.reservations if row["State"] == "Started"}
    owing = [row["LastName"] for row in hotel.customers if row["Id"] in in_house and balance(door, row["LastName"])]
    assert len(owing) == 8


def test_ottoline_has_every_kind_of_line_card_and_payment(door: Door) -> None:
    ottoline = door.guest("Pepperwick")
    assert (ottoline["Email"], ottoline["Phone"]) == ("ottoline@pepperwick.example", "01632 960 214")
    hotel = door.world.hotel
    lines = {
        row["BillingName"]: row["Amount"]["GrossValue"]
        for row in hotel.order_items
        if row["AccountId"] == ottoline["Id"]
    }
    assert lines == {
        "Lamplight Double, 3 nights": 795,
        "Dinner, The Saucer Room": 128,
        "Laundry": 62,
        "Breakfast \N{MULTIPLICATION SIGN} 3": 54,
        "Minibar": Decimal("23.40"),
    }
    bills = [row["Name"] for row in hotel.bills if row["AccountId"] == ottoline["Id"]]
    assert bills == ["Room and extras", "Pepperwick Umbrella Co."]
    cards = {
        (row["Type"], row["ObfuscatedNumber"][-4:], row["Expiration"], row["Kind"])
        for row in hotel.cards
        if row["CustomerId"] == ottoline["Id"]
    }
    assert cards == {
        ("Visa", "1111", "04/2028", "Gateway"),
        ("MasterCard", "4444", "12/2026", "Gateway"),
        ("Amex", "0005", "09/2026", "Gateway"),
        ("MasterCard", "4444", "12/2026", "Terminal"),
    }
    paid = [(row["Type"], row["State"], int(row["Amount"]["GrossValue"])) for row in door.payments("Pepperwick")]
    assert paid == [
        ("CreditCardPayment", "Charged", -450),
        ("CashPayment", "Charged", -120),
        ("CreditCardPayment", "Charged", -180),
        ("CreditCardPayment", "Failed", -180),
    ]


def test_the_house_has_sixty_rooms_on_four_floors_and_nobody_shares_one(door: Door) -> None:
    hotel = door.world.hotel
    assert len(hotel.rooms) == 60
    assert {row["Data"]["Value"]["FloorNumber"] for row in hotel.rooms} == {"1", "2", "3", "4"}
    taken = Counter(
        row["AssignedResourceId"]
        for row in hotel.reservations
        if row["State"] in {"Started", "Confirmed"} and row["AssignedResourceId"]
    )
    assert max(taken.values()) == 1


def test_there_are_stays_and_cards_of_every_kind(door: Door) -> None:
    hotel = door.world.hotel
    assert 115 <= len(hotel.customers) <= 125
    assert {row["State"] for row in hotel.reservations} == {
        "Started",
        "Confirmed",
        "Processed",
        "Canceled",
        "Optional",
    }
    assert {"NoShow", "RequestedByGuest"} <= {row["CancellationReason"] for row in hotel.reservations}
    kinds = {(row["Kind"], row["State"], row["Format"]) for row in hotel.cards}
    assert {
        ("Gateway", "Enabled", "Physical"),
        ("Gateway", "Enabled", "Virtual"),
        ("Gateway", "Disabled", "Physical"),
        ("Terminal", "Enabled", "Physical"),
    } <= kinds
    with_cards = {row["CustomerId"] for row in hotel.cards}
    assert len({row["Id"] for row in hotel.customers} - with_cards) > 10
    assert any(row["HasOtaEmail"] for row in hotel.customers)


def test_the_property_is_a_gross_house_in_london_with_card_storage(door: Door) -> None:
    answer = door.ok("configuration/get")
    enterprise = answer["Enterprise"]
    assert (enterprise["Name"], enterprise["TimeZoneIdentifier"]) == ("The Gilded Teapot Hotel", "Europe/London")
    assert (enterprise["Pricing"], enterprise["IsPortfolio"]) == ("Gross", False)
    assert [row["Currency"] for row in enterprise["Currencies"] if row["IsEnabled"]] == ["GBP", "EUR", "USD", "PHP"]
    assert [row["Currency"] for row in enterprise["Currencies"] if row["IsDefault"]] == ["GBP"]
    assert answer["PaymentCardStorage"] == {"PublicKey": "1100007006"}
    assert set(enterprise["AccountingConfiguration"]["EnabledExternalPaymentTypes"]) == {
        "Cash",
        "WireTransfer",
        "Voucher",
        "GiftCard",
        "Cheque",
        "Invoice",
        "CrossSettlement",
        "DepositWireTransfer",
    }
    currencies = door.ok("currencies/getAll")["Currencies"]
    assert {"Code": "JPY", "Precision": 0} in currencies


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 12, 0, 1, tzinfo=UTC),  # just after midnight
        datetime(2026, 7, 1, 23, 30, tzinfo=UTC),  # already tomorrow in London, in summer time
        datetime(2026, 3, 29, 3, 0, tzinfo=UTC),  # the clocks went forward
        datetime(2028, 2, 29, 22, 0, tzinfo=UTC),
    ],
)
def test_whenever_it_opens_nothing_that_happened_lies_ahead(now: datetime) -> None:
    hotel = seed_hotel(3, "small", now)
    for table in rows(hotel):
        for row in table:
            for name in ("CreatedUtc", "UpdatedUtc", "ChargedUtc", "ActualStartUtc", "ActualEndUtc", "CancelledUtc"):
                assert not row.get(name) or utc_time(row[name]) <= now, (name, row[name])
    local_today = (now + timedelta(hours=1)).date() if now.month == 7 else now.date()
    arriving = [
        row
        for row in hotel.reservations
        if row["State"] == "Confirmed" and row["ScheduledStartUtc"].startswith(str(local_today))
    ]
    assert len(arriving) == 11


@pytest.mark.parametrize("seed", range(20, 30))
def test_every_seed_gives_a_house_whose_books_add_up(seed: int) -> None:
    now = NOON + timedelta(days=seed * 11, minutes=seed * 137)
    hotel = seed_hotel(seed, "small", now)
    owed: Counter[str] = Counter()
    for item in hotel.order_items:
        owed[item["AccountId"]] += item["Amount"]["GrossValue"] if item["AccountingState"] == "Open" else 0
    for payment in hotel.payments:
        counts = (payment["State"], payment["AccountingState"]) == ("Charged", "Open")
        owed[payment["AccountId"]] += payment["Amount"]["GrossValue"] if counts else 0
    names = {row["Id"]: row["LastName"] for row in hotel.customers}
    assert {names[account] for account, balance in owed.items() if balance} == {
        "Pepperwick",
        *(known.person.last for known in KNOWN if known.stay.balance),
    }
    assert sum(row["State"] == "Started" for row in hotel.reservations) == 42
    numbers = Counter(row["Number"] for row in hotel.reservations)
    assert set(numbers.values()) == {1}
    for table in rows(hotel):
        assert all(row["UpdatedUtc"] >= row["CreatedUtc"] for row in table)


def test_the_large_house_has_four_hundred_rooms() -> None:
    hotel = seed_hotel(1, "large", NOON)
    assert len(hotel.rooms) == len({row["Name"] for row in hotel.rooms}) == 400
    assert all(row["Name"] == f"{row['Data']['Value']['FloorNumber']}{row['Name'][-2:]}" for row in hotel.rooms)
    assert len(hotel.reservations.where("State", "Started")) == 42 * 7


def test_times_are_written_in_whole_seconds_of_utc() -> None:
    assert utc_text(datetime.fromisoformat("2026-07-01T12:00:00.999+01:00")) == "2026-07-01T11:00:00Z"


def test_the_books_of_a_stay_that_ended_are_closed(door: Door) -> None:
    closed = [row for row in door.world.hotel.bills if row["State"] == "Closed"]
    assert len(closed) > 20
    ids = {row["Id"] for row in closed}
    for table in (door.world.hotel.order_items, door.world.hotel.payments):
        assert {row["AccountingState"] for row in table if row["BillId"] in ids} == {"Closed"}

"""The Copper Kettle Inn: a small sister house overseas that prices net of tax, in dollars."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from deskpay.sandbox.hotel import house, office
from deskpay.sandbox.hotel.calendar import Calendar
from deskpay.sandbox.hotel.ids import Ids
from deskpay.sandbox.hotel.people import everybody
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.stays import CONFIRMED, DEPARTED, IN_HOUSE, Builder, Stay
from deskpay.sandbox.money import SALES_TAX_CODE, amount

Row = dict[str, Any]

_ANOTHER_STREAM = 0x51573
_CURRENCY, _ZONE = "USD", "America/New_York"
_ROOMS = tuple(str(number) for number in (*range(11, 17), *range(21, 27)))
# Who stays: days of arrival and departure, phase, what is owed.
_STAYS = (
    (-2, 1, IN_HOUSE, "318.40"),
    (-1, 2, IN_HOUSE, "0"),
    (-3, 0, IN_HOUSE, "96.00"),
    (0, 2, CONFIRMED, "0"),
    (-9, -6, DEPARTED, "0"),
    (3, 5, CONFIRMED, "0"),
)


def seed_sister(seed: int, now: datetime) -> Hotel:
    """Build the house.

    Args:
        seed: The seed of the house it belongs to; its own stream of ids is drawn from it.
        now: The moment it opens.
    """
    ids, calendar = Ids(seed ^ _ANOTHER_STREAM), Calendar(now, _ZONE)
    hotel = house.build(ids, calendar, list(_ROOMS))
    hotel.enterprise |= _ENTERPRISE
    hotel.enterprise["Address"] |= _ADDRESS
    builder = Builder(hotel, ids, calendar, hotel.enterprise["ChainId"])
    builder.category_ids = {kind.name: ids.new() for kind in house.KINDS} | {"rate": ids.new(), "adult": ids.new()}
    people = [person for person in everybody() if person.nationality == "US"]
    for number, (arrives, leaves, phase, owed) in enumerate(_STAYS):
        customer = builder.person(people[number % len(people)], arrives)
        builder.card(customer, "Visa", f"431000******{4100 + number}", 19)
        builder.stay(customer, Stay(_ROOMS[number], arrives, leaves, phase, 7000 + number, Decimal(owed)))
    office.furnish(hotel, seed ^ _ANOTHER_STREAM)
    _in_dollars(hotel)
    return hotel


_ENTERPRISE = {
    "ChainName": "Kettle Inns",
    "Name": "The Copper Kettle Inn",
    "ShortName": "Kettle",
    "TimeZoneIdentifier": _ZONE,
    "LegalEnvironmentCode": "US",
    "AccommodationEnvironmentCode": "US",
    "AccountingEnvironmentCode": "US",
    "TaxEnvironmentCode": "US-DC-2023",
    "DefaultLanguageCode": "en-US",
    "WebsiteUrl": "https://copperkettle.example",
    "Email": "desk@copperkettle.example",
    "Phone": "202 555 0143",
    "Pricing": "Net",
    "Subscription": {"TaxIdentifier": "00-0000000"},
    "Currencies": [
        {"Currency": code, "IsDefault": code == _CURRENCY, "IsEnabled": True} for code in (_CURRENCY, "EUR")
    ],
}
_ADDRESS = {
    "Line1": "210 Spout Street NW",
    "City": "Washington",
    "PostalCode": "20001",
    "CountryCode": "US",
    "CountrySubdivisionCode": "US-DC",
}


def _in_dollars(hotel: Hotel) -> None:
    """What the builder laid in pounds, in dollars and under the sales tax of the place."""
    for table in (hotel.order_items, hotel.payments, hotel.preauthorizations):
        for row in table:
            for name in ("UnitAmount", "Amount", "OriginalAmount"):
                if name in row:
                    taxed = bool(row[name]["TaxValues"])
                    row[name] = amount(row[name]["GrossValue"], _CURRENCY, taxed=taxed, tax=SALES_TAX_CODE)

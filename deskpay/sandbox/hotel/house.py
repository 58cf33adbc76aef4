"""The building and its books: property, services, rooms, accounting categories."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from deskpay.sandbox.contract import contract
from deskpay.sandbox.hotel.calendar import ZONE, Calendar
from deskpay.sandbox.hotel.ids import Ids, derived
from deskpay.sandbox.hotel.state import Hotel

Row = dict[str, Any]

PUBLIC_KEY = "1100007006"
EXTERNAL_TYPES = (
    "Cash",
    "WireTransfer",
    "Voucher",
    "GiftCard",
    "Cheque",
    "Invoice",
    "CrossSettlement",
    "DepositWireTransfer",
)
CATEGORIES = (
    ("Accommodation", "4000", "Accommodation"),
    ("Food and beverage", "4100", "FoodAndBeverage"),
    ("Extras", "4200", "SundryIncome"),
    ("Card payments", "1200", "Payments"),
    ("Cash", "1210", "Payments"),
    ("Other payments", "1220", "Payments"),
    ("VAT", "2200", "Taxes"),
)
WAITING = "Lobby bar terminal"
"""The terminal before which a guest does nothing until told."""
DEVICES = (
    ("Front desk terminal", "PaymentTerminal"),
    (WAITING, "PaymentTerminal"),
    ("Key cutter", "KeyCutter"),
)
_OPENED = "2019-03-01T09:00:00Z"


@dataclass(frozen=True, slots=True)
class RoomKind:
    """A kind of room and its price a night, VAT included."""

    name: str
    night: Decimal


LAMPLIGHT = RoomKind("Lamplight Double", Decimal(265))
KINDS = (
    RoomKind("Saucer Single", Decimal(145)),
    LAMPLIGHT,
    RoomKind("Kettle Twin", Decimal(220)),
    RoomKind("Samovar Suite", Decimal(640)),
)


def build(ids: Ids, calendar: Calendar, rooms: list[str]) -> Hotel:
    """The empty hotel with these rooms."""
    enterprise_id, chain_id, user_id = ids.new(), ids.new(), ids.new()
    hotel = Hotel(enterprise=_enterprise(enterprise_id, chain_id, ids), user_id=user_id)
    for order, (name, data) in enumerate(_SERVICES):
        hotel.services.add(_service(ids.new(), enterprise_id, order, name, data))
    for name, code, classification in CATEGORIES:
        hotel.categories.add(
            {
                **contract().blank("accountingcategories.md#accounting-category"),
                "Id": ids.new(),
                "EnterpriseId": enterprise_id,
                "IsActive": True,
                "Name": name,
                "Code": code,
                "Classification": classification,
                "CreatedUtc": _OPENED,
                "UpdatedUtc": _OPENED,
            }
        )
    for name in rooms:
        hotel.rooms.add(_room(ids, enterprise_id, name, calendar))
    for name, kind in DEVICES:
        # Follows from the house, so that what else the seed gives keeps its ids.
        hotel.devices.add({"Id": derived(enterprise_id, name), "Type": kind, "Name": name, "Identifier": None})
    return hotel


def kind_of(room: str) -> RoomKind:
    """What kind of room a room number is: suites upstairs, the rest by its last digit."""
    if room.startswith("4"):
        return KINDS[3]
    return {"1": KINDS[0], "2": KINDS[2], "6": KINDS[2], "9": KINDS[0]}.get(room[-1], LAMPLIGHT)


def category(hotel: Hotel, name: str) -> str:
    """Id of the accounting category called `name`."""
    return next(str(row["Id"]) for row in hotel.categories if row["Name"] == name)


def service(hotel: Hotel, name: str) -> str:
    """Id of the service called `name`."""
    return next(str(row["Id"]) for row in hotel.services if row["Name"] == name)


def _enterprise(enterprise_id: str, chain_id: str, ids: Ids) -> Row:
    address = {
        **contract().blank("configuration.md#address"),
        "Id": ids.new(),
        "Line1": "7 Kettle Yard",
        "City": "London",
        "PostalCode": "EC1A 1AA",
        "CountryCode": "GB",
    }
    return {
        **contract().blank("configuration.md#enterprise"),
        "Id": enterprise_id,
        "ChainId": chain_id,
        "ChainName": "Teapot Hotels",
        "CreatedUtc": _OPENED,
        "UpdatedUtc": _OPENED,
        "Name": "The Gilded Teapot Hotel",
        "ShortName": "Teapot",
        "TimeZoneIdentifier": ZONE,
        "LegalEnvironmentCode": "UK",
        "AccommodationEnvironmentCode": "UK",
        "AccountingEnvironmentCode": "UK",
        "TaxEnvironmentCode": "UK-2022",
        "DefaultLanguageCode": "en-GB",
        "EditableHistoryInterval": "P0M7DT0H0M0S",  # deprecated, but still required by the table
        "AccountingEditableHistoryInterval": "P0M7DT0H0M0S",
        "OperationalEditableHistoryInterval": "P0M7DT0H0M0S",
        "BusinessDayClosingOffset": "P0M0DT3H0M0S",
        "WebsiteUrl": "https://gildedteapot.example",
        "Email": "desk@gildedteapot.example",
        "Phone": "020 7946 0958",
        "Pricing": "Gross",
        "AddressId": address["Id"],
        "Address": address,
        "GroupNames": [],
        "Subscription": {"TaxIdentifier": "GB000000000"},
        "Currencies": [
            {"Currency": code, "IsDefault": code == "GBP", "IsEnabled": True} for code in ("GBP", "EUR", "USD", "PHP")
        ],
        "AccountingConfiguration": {
            **contract().blank("configuration.md#accounting-configuration"),
            "CompanyName": "Gilded Teapot Ltd.",
            "SurchargeConfiguration": {"SurchargeFees": {}, "SurchargeServiceId": None, "SurchargeTaxCode": None},
            "EnabledExternalPaymentTypes": list(EXTERNAL_TYPES),
            "Options": ["OptionalCreditCardPaymentDetails"],
        },
        "IsPortfolio": False,
    }


_PROMOTIONS = ("BeforeCheckIn", "AfterCheckIn", "DuringStay", "BeforeCheckOut", "AfterCheckOut", "DuringCheckOut")
_ADDITIONAL = {"Discriminator": "Additional", "Value": {"Promotions": dict.fromkeys(_PROMOTIONS, False)}}
_BOOKABLE = {
    "Discriminator": "Bookable",
    "Value": {
        "StartOffset": "P0M0DT15H0M0S",
        "EndOffset": "P0M0DT11H0M0S",
        "OccupancyStartOffset": "P0M0DT15H0M0S",
        "OccupancyEndOffset": "P0M0DT11H0M0S",
        "TimeUnitPeriod": "Day",
    },
}
_SERVICES = (("Accommodation", _BOOKABLE), ("The Saucer Room", _ADDITIONAL), ("Extras", _ADDITIONAL))


def _service(row_id: str, enterprise_id: str, order: int, name: str, data: Row) -> Row:
    return {
        **contract().blank("services.md#service"),
        "Id": row_id,
        "EnterpriseId": enterprise_id,
        "IsActive": True,
        "Names": {"en-GB": name},
        "Options": {"BillAsPackage": False},
        "Ordering": order,
        "Data": data,
        "CreatedUtc": _OPENED,
        "UpdatedUtc": _OPENED,
        "Name": name,  # deprecated, but still required by the table
        "Promotions": data["Value"].get("Promotions"),  # deprecated name of the same
    }


def _room(ids: Ids, enterprise_id: str, name: str, calendar: Calendar) -> Row:
    return {
        "Id": ids.new(),
        "EnterpriseId": enterprise_id,
        "IsActive": True,
        "ParentResourceId": None,
        "Name": name,
        "State": ids.random.choice(("Clean", "Clean", "Inspected", "Dirty")),
        "Descriptions": {"en-GB": kind_of(name).name},
        "CreatedUtc": _OPENED,
        "UpdatedUtc": calendar.past(-1, 11),
        "Data": {"Discriminator": "Space", "Value": {"FloorNumber": name[:-2], "LocationNotes": None}},
        "ExternalNames": {},
        "Directions": {},
    }

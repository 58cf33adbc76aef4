"""People and their stays."""

import unicodedata
from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.tables import Passes
from deskpay.sandbox.operations.listing import ALWAYS, Filters, activity, bounds
from deskpay.sandbox.paging import page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_CUSTOMERS = Filters(
    {
        "ChainIds": "ChainId",
        "CustomerIds": "Id",
        "CompanyIds": "CompanyId",
        "Emails": "Email",
        "FirstNames": "FirstName",
        "LastNames": "LastName",
        "LoyaltyCodes": "LoyaltyCode",
    },
    # Nobody is ever deleted here: DeletedUtc finds a field no row has, so nothing.
    {"CreatedUtc": "CreatedUtc", "UpdatedUtc": "UpdatedUtc", "DeletedUtc": "DeletedUtc"},
    frozenset(
        {
            "CustomerIds",
            "CompanyIds",
            "Emails",
            "FirstNames",
            "LastNames",
            "LoyaltyCodes",
            "CreatedUtc",
            "UpdatedUtc",
            "DeletedUtc",
        }
    ),
)
_RESERVATIONS = Filters(
    {
        "ReservationIds": "Id",
        "ServiceIds": "ServiceId",
        "ReservationGroupIds": "GroupId",
        "AccountIds": "AccountId",
        "PartnerCompanyIds": "PartnerCompanyId",
        "TravelAgencyIds": "TravelAgencyId",
        "Numbers": "Number",
        "ChannelNumbers": "ChannelNumber",
        "AssignedResourceIds": "AssignedResourceId",
        "AvailabilityBlockIds": "AvailabilityBlockId",
        "States": "State",
    },
    {
        "CreatedUtc": "CreatedUtc",
        "UpdatedUtc": "UpdatedUtc",
        "ScheduledStartUtc": "ScheduledStartUtc",
        "ActualStartUtc": "ActualStartUtc",
        "ActualEndUtc": "ActualEndUtc",
        "ScheduledEndUtc": "ScheduledEndUtc",
    },
    collides=("ScheduledStartUtc", "ScheduledEndUtc"),
)


def search_customers(world: World, body: Row) -> Row:
    """customers/search: only people in the house now, and paymasters."""
    hotel = world.hotel
    name, room_id = body.get("Name"), body.get("ResourceId")
    if room_id is not None and hotel.rooms.get(room_id) is None:
        raise invalid("ResourceId")
    stays = {row["AccountId"]: row for row in hotel.reservations.where("State", "Started")}
    found = []
    for customer in hotel.customers.in_use():
        stay = stays.get(customer["Id"])
        in_room = stay is not None and (room_id is None or stay["AssignedResourceId"] == room_id.lower())
        paymaster = room_id is None and "PaymasterAccount" in customer["Classifications"]
        if (in_room or paymaster) and _is_called(customer, name):
            found.append({"Customer": customer, "Reservation": as_2017(stay) if stay else None})
    wanted = (body.get("Extent") or {"Customers": True}).get("Customers")
    return {"Customers": found if wanted else []}


def get_customers(world: World, body: Row) -> Row:
    """customers/getAll; the list stays empty unless its extent is asked for."""
    table = world.hotel.customers
    wanted = activity(body)
    rows = _CUSTOMERS.select(table, body, lambda row: row["IsActive"] in wanted)
    found, cursor = page(table, rows if body["Extent"].get("Customers") else [], body["Limitation"])
    return {"Customers": found, "Cursor": cursor}


def get_reservations(world: World, body: Row) -> Row:
    """reservations/getAll/2023-06-06."""
    for scheduled, actual in (("ScheduledStartUtc", "ActualStartUtc"), ("ScheduledEndUtc", "ActualEndUtc")):
        if body.get(scheduled) is not None and body.get(actual) is not None:
            raise invalid(actual)
    table = world.hotel.reservations
    of_property = within(world.hotel, body)
    colliding = body.get("CollidingUtc")
    start, end = ALWAYS if colliding is None else bounds(colliding)

    def passes(row: Row) -> bool:
        return (
            of_property(row) and utc_time(row["ScheduledStartUtc"]) <= end and utc_time(row["ScheduledEndUtc"]) >= start
        )

    found, cursor = page(table, _RESERVATIONS.select(table, body, passes), body["Limitation"])
    return {"Reservations": found, "Cursor": cursor}


def within(hotel: Hotel, body: Row) -> Passes:
    """Whether a stay belongs to the properties asked for."""
    if body.get("EnterpriseIds") is None:
        return lambda _row: True
    wanted = {enterprise_id.lower() for enterprise_id in body["EnterpriseIds"]}
    return lambda row: hotel.enterprise_of(row) in wanted


def _is_called(customer: Row, name: str | None) -> bool:
    """Whether every word asked for begins a word of the full name, in any order, whatever the accents."""
    parts = (customer["FirstName"], customer["LastName"], customer["SecondLastName"])
    words = _fold(" ".join(part for part in parts if part)).split()
    return all(any(word.startswith(asked) for word in words) for asked in _fold(name or "").split())


# Letters that Unicode does not decompose although people type them without their strokes.
_STROKES = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ə": "e",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    }
)


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.translate(_STROKES).replace("'", "").replace("-", " ").replace("(", " ").replace(")", " ")


def as_2017(row: Row) -> Row:
    """The older reservation shape that customers/search and companionships/getAll still answer with."""
    same = {name: row.get(name) for name in contract().objects["reservations.md#reservation-ver-2017-04-12"]}
    return same | {
        "ChannelManagerGroupNumber": None,
        "ChannelManager": None,
        "Origin": "CommanderPhone",
        "StartUtc": row["ScheduledStartUtc"],
        "EndUtc": row["ScheduledEndUtc"],
        "RequestedCategoryId": row["RequestedResourceCategoryId"],
        "CompanyId": row["PartnerCompanyId"],
        "OwnerId": row["AccountId"],
        "Options": {name: value for name, value in row["Options"].items() if name != "ConnectorCheckIn"},
        # Deprecated, but still required by the table.
        "AssignedSpaceLocked": row["AssignedResourceLocked"],
        "AdultCount": row["PersonCounts"][0]["Count"],
        "ChildCount": 0,
        "CustomerId": row["AccountId"],
        "CompanionIds": [row["AccountId"]],
    }

"""Who travels together: groups of reservations, and who shares each."""

from collections.abc import Iterator
from typing import Any

from deskpay.sandbox.errors import Rejected, invalid
from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.operations.guests import as_2017, within
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.paging import listed, page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_STAYS = Filters({"ReservationIds": "Id", "ReservationGroupIds": "GroupId"}, {"UpdatedUtc": "UpdatedUtc"})
_COMPANIONSHIPS = {
    "CompanionshipIds": "Id",
    "ReservationIds": "ReservationId",
    "CustomerIds": "CustomerId",
    "ReservationGroupIds": "ReservationGroupId",
}
_SHARED = Filters({"EnterpriseIds": "EnterpriseId", **_COMPANIONSHIPS})


def get_groups(world: World, body: Row) -> Row:
    """reservationGroups/getAll; here each stay is a group of its own, called after whoever booked it."""
    hotel, limitation = world.hotel, body["Limitation"]
    if limitation.get("Cursor") is not None:
        last_seen = hotel.reservations.where("GroupId", limitation["Cursor"].lower())
        if not last_seen:
            raise invalid("Limitation.Cursor")
        limitation = limitation | {"Cursor": last_seen[0]["Id"]}
    stays = _STAYS.select(hotel.reservations, body, within(hotel, body))
    found, cursor = page(hotel.reservations, stays, limitation)
    groups = [_group(hotel, stay) for stay in found]
    return {"ReservationGroups": groups, "Cursor": groups[-1]["Id"] if cursor else None}


def get_companionships(world: World, body: Row) -> Row:
    """companionships/getAll; related lists come only where the extent asks for them."""
    if not any(body.get(name) is not None for name in _COMPANIONSHIPS):
        raise Rejected(400, f"Invalid filter: at least one of {', '.join(sorted(_COMPANIONSHIPS))} is required.")
    hotel, extent = world.hotel, body["Extent"]
    rows = _SHARED.select(_companionships(hotel, body), body)
    found, cursor = listed([_without(row, "EnterpriseId") for row in rows], body["Limitation"])
    stays = {row["ReservationId"]: hotel.reservations.get(row["ReservationId"]) for row in found}
    groups = {stay["GroupId"]: _group(hotel, stay) for stay in stays.values() if stay}
    people = {row["CustomerId"]: hotel.customers.get(row["CustomerId"]) for row in found}
    return {
        "Companionships": found,
        "Reservations": [as_2017(stay) for stay in stays.values() if stay] if extent.get("Reservations") else None,
        "ReservationGroups": [{"Id": row["Id"], "Name": row["Name"]} for row in groups.values()]
        if extent.get("ReservationGroups")
        else None,
        "Customers": list(people.values()) if extent.get("Customers") else None,
        "Cursor": cursor,
    }


def _newest_first(hotel: Hotel, body: Row) -> list[Row]:
    """The stays that matter, before anything is made of them: a large house has many."""
    return sorted(_STAYS.select(hotel.reservations, body), key=hotel.reservations.age, reverse=True)


def _group(hotel: Hotel, stay: Row) -> Row:
    profile = hotel.account(stay["AccountId"])
    return {
        "Id": stay["GroupId"],
        "Name": profile[1].get("LastName", profile[1].get("Name")) if profile else None,
        "ChannelManager": None,
        "ChannelManagerGroupNumber": None,
        "EnterpriseId": hotel.enterprise_of(stay),
    }


def _companionships(hotel: Hotel, body: Row) -> Iterator[Row]:
    for stay in _newest_first(hotel, body):
        owner = [stay["AccountId"]] if stay["AccountType"] == "Customer" else []
        for customer_id in (*owner, *hotel.companions.get(stay["Id"], ())):
            yield {
                "Id": derived(stay["Id"], customer_id),
                "CustomerId": customer_id,
                "ReservationGroupId": stay["GroupId"],
                "ReservationId": stay["Id"],
                "EnterpriseId": hotel.enterprise_of(stay),
            }


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}

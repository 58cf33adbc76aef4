"""Guests come, go, and stay away."""

from datetime import datetime
from typing import Any

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.events import of_room, of_stay
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.stays import closing
from deskpay.sandbox.operations.bills import balance

Row = dict[str, Any]


def arrive(hotel: Hotel, stay: Row, moment: datetime) -> None:
    """Check a confirmed guest in; one without a room gets the first free one, if there is one."""
    if stay["AssignedResourceId"] is None:
        taken = {row["AssignedResourceId"] for row in hotel.reservations.where("State", "Started")}
        stay["AssignedResourceId"] = next((room["Id"] for room in hotel.rooms if room["Id"] not in taken), None)
    checked_in = {"OwnerCheckedIn": True, "AllCompanionsCheckedIn": True, "AnyCompanionCheckedIn": True}
    stay |= {
        "State": "Started",
        "ActualStartUtc": utc_text(moment),
        "UpdatedUtc": utc_text(moment),
        "Options": stay["Options"] | checked_in,
    }
    hotel.tell(of_stay(stay))


def may_leave(hotel: Hotel, stay: Row) -> bool:
    """Whether nothing is owed on any of the guest's bills."""
    return not any(balance(hotel, bill) for bill in _open_bills(hotel, stay))


def depart(hotel: Hotel, stay: Row, moment: datetime) -> None:
    """Check a guest out who owes nothing: bills are closed, the room is left to be cleaned."""
    now = utc_text(moment)
    stay |= {"State": "Processed", "ActualEndUtc": now, "UpdatedUtc": now}
    room = hotel.rooms.get(stay["AssignedResourceId"])
    if room is not None:
        room |= {"State": "Dirty", "UpdatedUtc": now}
        hotel.tell(of_room(room))
    hotel.tell(of_stay(stay))
    for bill in _open_bills(hotel, stay):
        bill.update(closing(bill["Id"], now))
        for table in (hotel.order_items, hotel.payments):
            for row in table.where("BillId", bill["Id"]):
                if row["AccountingState"] == "Open":
                    row |= {"AccountingState": "Closed", "ClosedUtc": now, "UpdatedUtc": now}


def miss(hotel: Hotel, stay: Row, moment: datetime) -> None:
    """Cancel the stay of a guest who never came."""
    now = utc_text(moment)
    stay |= {"State": "Canceled", "CancelledUtc": now, "CancellationReason": "NoShow", "UpdatedUtc": now}
    hotel.tell(of_stay(stay))


def _open_bills(hotel: Hotel, stay: Row) -> list[Row]:
    return [bill for bill in hotel.bills.where("AccountId", stay["AccountId"]) if bill["State"] == "Open"]

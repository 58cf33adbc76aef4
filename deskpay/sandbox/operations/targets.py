"""What every payment call may point at."""

from typing import Any

from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.state import Hotel

Row = dict[str, Any]


def details_of(hotel: Hotel, body: Row, account_id: str) -> Row:
    """The payment fields a request sets: its notes, stay and accounting category.

    Raises:
        Rejected: 400 when the stay is not the account's, or the category is unknown.
    """
    reservation_id, category_id = body.get("ReservationId"), body.get("AccountingCategoryId")
    if reservation_id is not None:
        stay = hotel.reservations.get(reservation_id)
        if stay is None or stay["AccountId"] != account_id:
            raise invalid("ReservationId")
        reservation_id = stay["Id"]
    if category_id is not None:
        category = hotel.categories.get(category_id)
        if category is None:
            raise invalid("AccountingCategoryId")
        category_id = category["Id"]
    return {"Notes": body.get("Notes"), "ReservationId": reservation_id, "AccountingCategoryId": category_id}


def bill_of(hotel: Hotel, bill_id: str | None, account_id: str) -> str | None:
    """Id of the open bill of the account that a payment is to go to, None where none is named.

    Raises:
        Rejected: 400 when the bill is unknown, another account's, or closed.
    """
    if bill_id is None:
        return None
    bill = hotel.bills.get(bill_id)
    if bill is None or bill["State"] != "Open" or bill["AccountId"] != account_id.lower():
        raise invalid("BillId")
    return str(bill["Id"])

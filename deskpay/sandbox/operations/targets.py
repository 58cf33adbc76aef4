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

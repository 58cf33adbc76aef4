"""How the business day stands: who is to come and go, and what waits for somebody."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskpay.sandbox import terminals
from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel.state import Hotel

Row = dict[str, Any]

DAY_CLOSES = timedelta(hours=3)
"""After midnight; the property's ``BusinessDayClosingOffset``."""
_A_MOMENT = timedelta(minutes=5)
_UNDER_WAY = frozenset({"Pending", "Verifying"})


def day_of(hotel: Hotel, now: datetime) -> Row:
    """Sum the day up.

    Args:
        hotel: Which.
        now: The hotel's time.

    Returns:
        Its name and time, the business date and when it will be over, counts of guests, and counts of what waits.
    """
    zone = ZoneInfo(hotel.enterprise["TimeZoneIdentifier"])
    local = now.astimezone(zone)
    today = (local - DAY_CLOSES).date()
    midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
    waiting = [row for row in hotel.payments.in_use() if row["State"] in _UNDER_WAY]
    return {
        "hotel": hotel.enterprise["Name"],
        "now": f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S}",
        "business_date": f"{today.day} {today:%B}",
        "closed_by": utc_text(midnight + DAY_CLOSES + _A_MOMENT),
        "guests": _guests(hotel, today, zone),
        "waiting": {
            "payments": sum(row["Kind"] == "Payment" for row in waiting),
            "refunds": sum(row["Kind"] == "Refund" for row in waiting),
            "links": len(hotel.payment_requests.where("State", "Pending")),
            "terminals": sum(1 for _ in terminals.under_way(hotel, None)),
        },
    }


def _guests(hotel: Hotel, today: date, zone: ZoneInfo) -> Row:
    def is_today(stay: Row, field: str) -> bool:
        return utc_time(stay[field]).astimezone(zone).date() == today

    stays = list(hotel.reservations.in_use())
    return {
        "in_house": sum(stay["State"] == "Started" for stay in stays),
        "to_come": sum(stay["State"] == "Confirmed" and is_today(stay, "ScheduledStartUtc") for stay in stays),
        "to_leave": sum(stay["State"] == "Started" and is_today(stay, "ScheduledEndUtc") for stay in stays),
        "no_shows": sum(
            stay["CancellationReason"] == "NoShow" and is_today(stay, "ScheduledStartUtc") for stay in stays
        ),
    }

"""ledgerBalances/getAll: the hotel's books by day, summed up from what was sold and what was paid.

Revenue and Tax grow with what is consumed, Payment with what is received. Their difference stands in one of three
places: Guest (accounts that owe), Deposit (accounts that paid ahead, negative) and City (invoices not yet paid). So on
every day ``Revenue + Tax - Payment = Guest + Deposit + City``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import amount, converted
from deskpay.sandbox.paging import listed
from deskpay.sandbox.world import World

Row = dict[str, Any]

_ZERO = Decimal(0)
_A_DAY = timedelta(days=1)
_LONGEST = timedelta(days=31)


@dataclass(slots=True)
class _Books:
    """The totals at one moment."""

    revenue: Decimal = _ZERO
    tax: Decimal = _ZERO
    payment: Decimal = _ZERO
    city: Decimal = _ZERO
    accounts: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: _ZERO))

    def balance(self, ledger: str) -> Decimal:
        match ledger:
            case "Revenue":
                return self.revenue
            case "Tax":
                return self.tax
            case "Payment":
                return self.payment
            case "City":
                return self.city
            case "Guest":
                return sum((owed for owed in self.accounts.values() if owed > 0), _ZERO)
            case "Deposit":
                return sum((owed for owed in self.accounts.values() if owed < 0), _ZERO)
            case _:  # NonRevenue: nothing is sold here that is no revenue
                return _ZERO

    def post(self, entry: Row, currency: str) -> None:
        """Enter one item sold, or one payment."""
        value = converted(entry["Amount"], currency)
        gross, net = value["GrossValue"], value["NetValue"]
        self.accounts[entry["AccountId"]] += gross
        if "UnitCount" in entry:
            self.revenue += net
            self.tax += gross - net
        elif entry["Type"] == "InvoicePayment":
            self.city -= gross
        else:
            self.payment -= gross


def get_ledger_balances(world: World, body: Row) -> Row:
    """ledgerBalances/getAll, newest day first."""
    first, last = (date.fromisoformat(body["Date"][name]) for name in ("Start", "End"))
    if last - first > _LONGEST:
        raise Rejected(400, "Invalid Date: the interval must not be longer than 1 month.")
    world.hotel.settle(world.clock.now())
    ledgers = list(dict.fromkeys(body["LedgerTypes"]))
    hotels = {hotel.enterprise_id: hotel for hotel in world.hotel.members}
    asked = hotels if body.get("EnterpriseIds") is None else [row_id.lower() for row_id in body["EnterpriseIds"]]
    wanted = [hotel for row_id, hotel in hotels.items() if row_id in asked]
    rows = [row for hotel in wanted for row in _days(hotel, first, last, ledgers)]
    rows.sort(key=lambda row: row["Date"], reverse=True)
    found, cursor = listed(rows, body["Limitation"])
    return {"LedgerBalances": [{k: v for k, v in row.items() if k != "Id"} for row in found], "Cursor": cursor}


def _days(hotel: Hotel, first: date, last: date, ledgers: list[str]) -> Iterator[Row]:
    entries = _entries(hotel)
    books, at = _Books(), 0
    zone = ZoneInfo(hotel.enterprise["TimeZoneIdentifier"])
    day = first
    while day <= last:
        opening: dict[str, Decimal] = {}
        closing: dict[str, Decimal] = {}
        for end in (_midnight(day, zone), _midnight(day + _A_DAY, zone)):
            while at < len(entries) and entries[at][0] < end:
                books.post(entries[at][1], hotel.currency)
                at += 1
            closing = {ledger: books.balance(ledger) + hotel.earlier(ledger, end) for ledger in ledgers}
            opening = opening or closing
        for ledger in ledgers:
            yield {
                "Id": derived(hotel.enterprise_id, f"{ledger} {day}"),
                "EnterpriseId": hotel.enterprise_id,
                "Date": day.isoformat(),
                "LedgerType": ledger,
                "OpeningBalance": amount(opening[ledger], hotel.currency),
                "ClosingBalance": amount(closing[ledger], hotel.currency),
            }
        day += _A_DAY


def _entries(hotel: Hotel) -> list[tuple[str, Row]]:
    """Everything that counts, by when it does."""
    sold = [
        (row["ConsumedUtc"], row) for row in hotel.order_items.in_use() if row["AccountingState"] in {"Open", "Closed"}
    ]
    paid = [(row["ChargedUtc"], row) for row in hotel.payments.in_use() if row["State"] == "Charged"]
    return sorted([*sold, *paid], key=lambda entry: entry[0])


def _midnight(day: date, zone: ZoneInfo) -> str:
    return utc_text(datetime.combine(day, time(), zone).astimezone(UTC))

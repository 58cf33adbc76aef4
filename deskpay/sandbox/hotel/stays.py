"""Laying one stay: profile, reservation, bill, what was sold and what was paid, in wire shape."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from deskpay.sandbox.hotel import house, rows
from deskpay.sandbox.hotel.calendar import Calendar
from deskpay.sandbox.hotel.ids import Ids
from deskpay.sandbox.hotel.people import Person
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import DEFAULT_CURRENCY

Row = dict[str, Any]

IN_HOUSE, CONFIRMED, DEPARTED, CANCELED, NO_SHOW, OPTIONAL = (
    "in house",
    "confirmed",
    "departed",
    "canceled",
    "no show",
    "optional",
)
_STATES = {
    IN_HOUSE: "Started",
    CONFIRMED: "Confirmed",
    DEPARTED: "Processed",
    CANCELED: "Canceled",
    NO_SHOW: "Canceled",
    OPTIONAL: "Optional",
}


@dataclass(frozen=True, slots=True)
class Sold:
    """One line of a bill; days are offsets from today.

    Args:
        name: As printed on the bill.
        unit: Price of one, VAT included.
        count: How many.
        first_day: Day it began.
        last_day: Day it was consumed.
        night: Whether it is the room itself.
    """

    name: str
    unit: Decimal
    count: int = 1
    first_day: int = 0
    last_day: int = 0
    night: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay to lay; days are offsets from today.

    Args:
        room: Room number; None where none is assigned yet.
        arrives: Day of arrival.
        leaves: Day of departure.
        phase: One of the six words above.
        number: Confirmation number.
        balance: What is still open on its bill, in pounds.
        sold: The lines of the bill; None lays nights and a few extras.
    """

    room: str | None
    arrives: int
    leaves: int
    phase: str
    number: int
    balance: Decimal = Decimal(0)
    sold: tuple[Sold, ...] | None = None


@dataclass(slots=True)
class Builder:
    """Adds people, stays, cards and money to a hotel that is being seeded."""

    hotel: Hotel
    ids: Ids
    calendar: Calendar
    chain_id: str
    category_ids: dict[str, str] = field(default_factory=dict)
    customers: int = 0

    def person(self, person: Person, arrives: int) -> Row:
        """A profile made some weeks before `arrives`, never in the future."""
        self.customers += 1
        created = self.calendar.past(min(arrives, 0) - 20 - self.ids.random.randrange(40), 10, self.customers % 60)
        row = rows.customer(
            self.ids.new(), self.chain_id, 1000 + self.customers, person, by=self.hotel.user_id, created=created
        )
        return self.hotel.customers.add(row)

    def stay(self, customer: Row, stay: Stay) -> Row:
        """A reservation with its bill; settled up to `stay.balance`."""
        reservation = self._reservation(customer, stay)
        sold = stay.sold if stay.sold is not None else self._sold(stay)
        if sold:
            bill = self.bill(customer, "Room and extras", min(stay.arrives, 0), 15)
            total = sum((line.unit * line.count for line in sold), Decimal(0))
            if stay.balance > total:
                sold = (*sold, Sold("Private dining", stay.balance - total, last_day=min(stay.leaves, 0)))
                total = stay.balance
            self.sell(bill, reservation, sold)
            if total > stay.balance:
                self._pay(bill, reservation, stay, total - stay.balance)
            if stay.phase == DEPARTED and not stay.balance:
                self._close(bill, stay.leaves)
        return reservation

    def bill(self, customer: Row, name: str, day: int, hour: int) -> Row:
        """An open bill of `customer`."""
        created = self.calendar.past(day, hour, 5)
        row = rows.bill(self.ids.new(), self.hotel.enterprise_id, customer["Id"], name, created)
        return self.hotel.bills.add(row)

    def sell(self, bill: Row, reservation: Row, sold: tuple[Sold, ...]) -> None:
        """Put `sold` on `bill`; nights and breakfast hang on the stay, the rest on orders of their own."""
        for line in sold:
            breakfast = line.name.startswith("Breakfast")
            stays = line.night or breakfast
            service = "Accommodation" if stays else "The Saucer Room" if "Saucer" in line.name else "Extras"
            books = "Accommodation" if line.night else "Food and beverage" if service != "Extras" else "Extras"
            item = rows.order_item(
                self.ids.new(),
                bill,
                name=line.name,
                unit=line.unit,
                count=line.count,
                service_id=house.service(self.hotel, service),
                order_id=reservation["Id"] if stays else self.ids.new(),
                category_id=house.category(self.hotel, books),
                product_id=None if line.night else self.ids.new(),
                by=self.hotel.user_id,
            )
            created = self.calendar.past(line.first_day, 8 if breakfast else 16, self.ids.random.randrange(60))
            item |= {
                "CreatedUtc": created,
                "UpdatedUtc": created,
                "StartUtc": self.calendar.at(line.first_day, 0),
                "ConsumedUtc": self.calendar.at(line.last_day, 0),
            }
            self.hotel.order_items.add(item)

    def card(self, customer: Row, brand: str | None, number: str, months: int, **fields: Any) -> Row:
        """A card expiring `months` from now; `fields` override the row's."""
        row = rows.card(
            self.ids.new(),
            self.hotel.enterprise_id,
            customer["Id"],
            brand=brand,
            number=number,
            expiration=self.calendar.month(months),
            created=customer["CreatedUtc"],
            kind=fields.pop("Kind", "Gateway"),
        )
        return self.hotel.cards.add(row | fields)

    def payment(self, bill: Row, reservation: Row, value: Decimal, created: str, state: str = "Charged") -> Row:
        """A payment row of `value` received, by a way of paying the caller fills in."""
        row = rows.payment(
            self.ids.new(), bill, wire_value=-value, currency=DEFAULT_CURRENCY, state=state, created=created
        )
        row |= {"ReservationId": reservation["Id"], "PaymentOrigin": "Operations"}
        return self.hotel.payments.add(row)

    def by_card(self, payment: Row, card: Row) -> None:
        """Make `payment` one charged to `card`, or only recorded where it is a terminal's."""
        payment["Data"] = rows.card_paid(card["Id"])
        payment["AccountingCategoryId"] = house.category(self.hotel, "Card payments")
        if card["Kind"] == "Gateway":
            payment |= {"Identifier": f"ch_{self.ids.new()}", "Kind": "Payment"}

    def by_cash(self, payment: Row) -> None:
        """Make `payment` one in cash, taken at a Mews cash desk."""
        payment |= {"Type": "CashPayment", "AccountingCategoryId": house.category(self.hotel, "Cash")}

    def by_other(self, payment: Row, kind: str, identifier: str | None) -> None:
        """Make `payment` an external one of `kind`."""
        payment |= {
            "Type": "ExternalPayment",
            "Data": rows.externally_paid(kind, identifier),
            "AccountingCategoryId": house.category(self.hotel, "Other payments"),
        }

    def _reservation(self, customer: Row, stay: Stay) -> Row:
        room = next((row for row in self.hotel.rooms if row["Name"] == stay.room), None)
        row = rows.reservation(
            self.ids.new(),
            number=stay.number,
            account_id=customer["Id"],
            service_id=house.service(self.hotel, "Accommodation"),
            group_id=self.ids.new(),
            rate_id=self.category_ids["rate"],
            category_id=self.category_ids[house.kind_of(stay.room or "x").name],
            by=self.hotel.user_id,
        )
        row |= course(self.calendar, stay, customer["CreatedUtc"])
        row |= {
            "AssignedResourceId": room["Id"] if room else None,
            "PersonCounts": [{"AgeCategoryId": self.category_ids["adult"], "Count": 1 + stay.number % 2}],
        }
        return self.hotel.reservations.add(row)

    def _sold(self, stay: Stay) -> tuple[Sold, ...]:
        if stay.phase not in {IN_HOUSE, DEPARTED}:
            return ()
        kind = house.kind_of(stay.room or "x")
        nights = stay.leaves - stay.arrives
        name = f"{kind.name}, {nights} night{'s' if nights > 1 else ''}"
        lines = [Sold(name, kind.night, nights, stay.arrives, stay.leaves - 1, night=True)]
        if self.ids.random.random() < 0.5:
            lines.append(Sold("Breakfast", Decimal(18), 1, stay.arrives + 1, stay.arrives + 1))
        if self.ids.random.random() < 0.3:
            price = Decimal(self.ids.random.randrange(1800, 9600)) / 100
            lines.append(Sold("Supper, The Saucer Room", price, 1, stay.arrives, stay.arrives))
        return tuple(lines)

    def _pay(self, bill: Row, reservation: Row, stay: Stay, value: Decimal) -> None:
        created = self.calendar.past(min(stay.leaves if stay.phase == DEPARTED else stay.arrives, 0), 9, 30)
        payment = self.payment(bill, reservation, value, created)
        cards = [
            card
            for card in self.hotel.cards.in_use()
            if card["CustomerId"] == bill["AccountId"] and card["Kind"] == "Gateway" and card["State"] == "Enabled"
        ]
        if cards:
            self.by_card(payment, cards[0])
        elif stay.number % 2:
            self.by_cash(payment)
        else:
            self.by_other(payment, "WireTransfer", f"BACS {stay.number}")

    def _close(self, bill: Row, day: int) -> None:
        closed = self.calendar.past(day, 10, 45)
        bill |= closing(bill["Id"], closed)
        for table in (self.hotel.order_items, self.hotel.payments):
            for row in table.in_use():
                if row["BillId"] == bill["Id"]:
                    row |= {"AccountingState": "Closed", "ClosedUtc": closed, "UpdatedUtc": closed}


def course(calendar: Calendar, stay: Stay, created: str) -> Row:
    """The fields of a reservation that tell how far its stay has come.

    Args:
        calendar: The hotel's days.
        stay: The stay.
        created: When it was booked, as UTC text.
    """
    arrived = stay.phase in {IN_HOUSE, DEPARTED}
    start, end = calendar.at(stay.arrives, 15), calendar.at(stay.leaves, 11)
    fields: Row = {
        "State": _STATES[stay.phase],
        "CreatedUtc": created,
        "UpdatedUtc": calendar.past(stay.arrives, 16) if arrived else created,
        "ScheduledStartUtc": start,
        "ScheduledEndUtc": end,
        "StartUtc": start,  # deprecated, as is EndUtc, but still required by the table
        "EndUtc": end,
        "ActualStartUtc": calendar.past(stay.arrives, 15, 20) if arrived else None,
        "ActualEndUtc": calendar.past(stay.leaves, 10, 40) if stay.phase == DEPARTED else None,
        "Options": {
            "OwnerCheckedIn": arrived,
            "AllCompanionsCheckedIn": arrived,
            "AnyCompanionCheckedIn": arrived,
            "ConnectorCheckIn": False,
        },
    }
    if stay.phase in {CANCELED, NO_SHOW}:
        fields["CancelledUtc"] = calendar.past(min(stay.arrives, -1), 20)
        fields["CancellationReason"] = "NoShow" if stay.phase == NO_SHOW else "RequestedByGuest"
    if stay.phase == OPTIONAL:
        fields["ReleasedUtc"] = calendar.at(stay.arrives - 2, 18)
    return fields


def closing(bill_id: str, closed: str) -> Row:
    """The fields of a bill that was paid and closed at `closed`, as UTC text."""
    return {
        "State": "Closed",
        "Type": "Receipt",
        "Number": bill_id[:8],
        "UpdatedUtc": closed,
        "IssuedUtc": closed,
        "TaxedUtc": closed,
        "PaidUtc": closed,
    }

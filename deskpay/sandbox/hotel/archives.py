"""The tables of the large hotel's past, in wire shape: profiles, stays, bills, lines, cards, payments."""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from typing_extensions import override

from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.hotel.past import GUESTS, LINES, OLDER, PAYMENTS, STAYERS, Past, PastIds, text_of
from deskpay.sandbox.hotel.stays import closing, course
from deskpay.sandbox.hotel.tables import Table
from deskpay.sandbox.money import DEFAULT_CURRENCY

Row = dict[str, Any]

_PAID_OUT_AFTER_S = 2 * 86_400


def open_archives(past: Past, seed: int, ids: Mapping[str, str]) -> None:
    """Give the hotel of `past` its past.

    Args:
        past: What is true of each guest.
        seed: The hotel's seed.
        ids: Ids of room categories by their names, of the ``rate`` and of the ``adult`` age category.
    """
    made = _Ids(seed)
    hotel = past.hotel
    hotel.customers = Table(_Customers(past, made))
    hotel.reservations = Table(_Reservations(past, made, ids))
    hotel.bills = Table(_Bills(past, made))
    hotel.order_items = Table(_Lines(past, made))
    hotel.cards = Table(_Cards(past, made))
    hotel.payments = Table(_Payments(past, made))


class _Ids:
    """Ids of everything in the past."""

    def __init__(self, seed: int) -> None:
        self.customers = PastIds(seed, "customer", GUESTS)
        self.reservations = PastIds(seed, "reservation", GUESTS)
        self.groups = PastIds(seed, "group", GUESTS)
        self.bills = PastIds(seed, "bill", STAYERS)
        self.lines = PastIds(seed, "line", LINES.of(STAYERS).start)
        self.products = PastIds(seed, "product", LINES.of(STAYERS).start)
        self.cards = PastIds(seed, "card", STAYERS)
        self.payments = PastIds(seed, "payment", PAYMENTS.of(STAYERS).start)


class _Archive(ABC):
    """What all of them share.

    Attributes:
        size: How many rows there are.
        fixed: Fields that hold the same in every row.
        empty: Fields that hold null in every row.
    """

    size = GUESTS
    fixed: Mapping[str, Any]
    empty: frozenset[str] = frozenset()

    def __init__(self, past: Past, made: _Ids) -> None:
        self.past = past
        self.made = made
        self.fixed = {"EnterpriseId": past.hotel.enterprise_id}
        self._columns: dict[str, array[int]] = {}

    def number(self, row_id: str) -> int | None:
        return self._own().number(row_id)

    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        if field == "Id":
            return _numbers(self._own(), values)
        if field in self.fixed:
            return range(self.size) if self.fixed[field] in values else ()
        if field in self.empty:
            return range(self.size) if None in values else ()
        return None

    def moments(self, field: str) -> Sequence[int] | None:
        """The `field` of every row in seconds since 1970, or None; worked out once, when first asked for."""
        known = self._columns.get(field)
        seconds = self._seconds(field)
        if known is None and seconds is not None:
            known = self._columns[field] = array("q", map(seconds, range(self.size)))
        return known

    @abstractmethod
    def _own(self) -> PastIds: ...

    @abstractmethod
    def _seconds(self, field: str) -> Callable[[int], int] | None: ...


def _numbers(ids: PastIds, values: frozenset[Any]) -> list[int]:
    found = (ids.number(value) for value in values if isinstance(value, str))
    return [number for number in found if number is not None]


class _Customers(_Archive):
    empty = frozenset({"CompanyId", "LoyaltyCode"})

    def __init__(self, past: Past, made: _Ids) -> None:
        super().__init__(past, made)
        self.fixed = {"ChainId": past.hotel.enterprise["ChainId"], "IsActive": True}

    def row(self, number: int) -> Row:
        past, hotel = self.past, self.past.hotel
        person = past.person(number)
        created = text_of(past.booked(number))
        row = rows.customer(
            self.made.customers.of(number),
            hotel.enterprise["ChainId"],
            20_000 + number,
            person,
            by=hotel.user_id,
            created=created,
        )
        local, _, domain = person.email.partition("@")
        return row | {"Email": f"{local}.{number}@{domain}"}

    @override
    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        if field in {"FirstName", "LastName"}:
            return self.past.named(field, values)
        if field == "Email":
            # The address ends in the number; whether it is the whole address, the row itself tells.
            named = (str(value).partition("@")[0].rpartition(".")[2] for value in values)
            return [int(text) for text in named if text.isascii() and text.isdigit() and int(text) < self.size]
        return super().where(field, values)

    @override
    def _own(self) -> PastIds:
        return self.made.customers

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        return self.past.booked if field in {"CreatedUtc", "UpdatedUtc"} else None


class _Reservations(_Archive):
    empty = frozenset({"PartnerCompanyId", "TravelAgencyId", "ChannelNumber", "AvailabilityBlockId"})

    def __init__(self, past: Past, made: _Ids, ids: Mapping[str, str]) -> None:
        super().__init__(past, made)
        self._ids = ids
        self.fixed = {"State": "Processed", "ServiceId": past.services["Accommodation"], "AccountType": "Customer"}

    def row(self, number: int) -> Row:
        past, made = self.past, self.made
        room, stay = past.room(number), past.stay(number)
        row = rows.reservation(
            made.reservations.of(number),
            number=stay.number,
            account_id=made.customers.of(number),
            service_id=self.fixed["ServiceId"],
            group_id=made.groups.of(number),
            rate_id=self._ids["rate"],
            category_id=self._ids[room["Descriptions"]["en-GB"]],
            by=past.hotel.user_id,
        )
        row |= course(past.calendar, stay, text_of(past.booked(number)))
        row |= {
            "UpdatedUtc": row["ActualEndUtc"],
            "AssignedResourceId": room["Id"],
            "PersonCounts": [{"AgeCategoryId": self._ids["adult"], "Count": 1 + stay.number % 2}],
        }
        return row

    @override
    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        if field == "AccountId":
            return _numbers(self.made.customers, values)
        if field == "GroupId":
            return _numbers(self.made.groups, values)
        if field == "Number":
            texts = (int(value) - 100_000 for value in values if value.isascii() and value.isdigit())
            return [number for number in texts if 0 <= number < self.size]
        return super().where(field, values)

    @override
    def _own(self) -> PastIds:
        return self.made.reservations

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        past = self.past
        return {
            "CreatedUtc": past.booked,
            "ScheduledStartUtc": lambda guest: past.at(past.leaves(guest) - past.nights(guest), 15 * 60),
            "ScheduledEndUtc": lambda guest: past.at(past.leaves(guest), 11 * 60),
            "UpdatedUtc": lambda guest: past.at(past.leaves(guest), 10 * 60 + 40),
        }.get(field)


class _OfStayers(_Archive):
    """Rows of those who have bills: so many for each."""

    def _each(self, values: frozenset[Any], ids: PastIds, first: int) -> Iterable[int]:
        stayers = (number - first for number in _numbers(ids, values))
        return [row for stayer in stayers if stayer >= 0 for row in self._of(stayer)]

    def _of(self, stayer: int) -> Iterable[int]:
        return (stayer,)

    @override
    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        match field:
            case "AccountId" | "CustomerId":
                return self._each(values, self.made.customers, OLDER)
            case "BillId":
                return self._each(values, self.made.bills, 0)
            case "ReservationId" | "ServiceOrderId":
                return self._each(values, self.made.reservations, OLDER)
            case _:
                return super().where(field, values)


class _Bills(_OfStayers):
    size = STAYERS
    empty = frozenset({"DueUtc"})

    def __init__(self, past: Past, made: _Ids) -> None:
        super().__init__(past, made)
        self.fixed = {**self.fixed, "State": "Closed", "Type": "Receipt", "CorrectionState": "Bill"}

    def row(self, number: int) -> Row:
        past, guest = self.past, OLDER + number
        row = rows.bill(
            self.made.bills.of(number),
            past.hotel.enterprise_id,
            self.made.customers.of(guest),
            "Room and extras",
            text_of(past.at(past.leaves(guest) - past.nights(guest), 15 * 60 + 5)),
        )
        return row | closing(row["Id"], text_of(past.closed(guest)))

    @override
    def _own(self) -> PastIds:
        return self.made.bills

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        past = self.past
        if field == "CreatedUtc":
            return lambda number: past.at(past.leaves(OLDER + number) - past.nights(OLDER + number), 15 * 60 + 5)
        closed = {"UpdatedUtc", "IssuedUtc", "PaidUtc", "TaxedUtc"}
        return (lambda number: past.closed(OLDER + number)) if field in closed else None


class _Lines(_OfStayers):
    size = LINES.of(STAYERS).start
    empty = frozenset({"CanceledUtc"})

    def __init__(self, past: Past, made: _Ids) -> None:
        super().__init__(past, made)
        self.fixed = {**self.fixed, "AccountingState": "Closed"}

    def row(self, number: int) -> Row:
        past, made = self.past, self.made
        stayer, line = LINES.split(number)
        guest = OLDER + stayer
        night = line == 0
        count = past.nights(guest) if night else 1
        kind = past.room(guest)["Descriptions"]["en-GB"]
        name = f"{kind}, {count} night{'s' if count > 1 else ''}" if night else past.bought(guest, line)[0]
        item = rows.order_item(
            made.lines.of(number),
            {
                "Id": made.bills.of(stayer),
                "EnterpriseId": past.hotel.enterprise_id,
                "AccountId": made.customers.of(guest),
                "AccountType": "Customer",
            },
            name=name,
            unit=past.price(guest, line) / count,
            count=count,
            service_id=past.services["Accommodation" if night else "Extras"],
            order_id=made.reservations.of(guest),
            category_id=past.categories["Accommodation" if night else "Extras"],
            product_id=None if night else made.products.of(number),
            by=past.hotel.user_id,
        )
        created, closed = text_of(past.paid_at(guest, line)), text_of(past.closed(guest))
        return item | {
            "AccountingState": "Closed",
            "CreatedUtc": created,
            "UpdatedUtc": closed,
            "ClosedUtc": closed,
            "StartUtc": created,
            "ConsumedUtc": created,
        }

    @override
    def _of(self, stayer: int) -> Iterable[int]:
        return LINES.of(stayer)

    @override
    def _own(self) -> PastIds:
        return self.made.lines

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        past = self.past

        def created(number: int) -> int:
            stayer, line = LINES.split(number)
            return past.paid_at(OLDER + stayer, line)

        if field in {"CreatedUtc", "ConsumedUtc", "StartUtc"}:
            return created
        return (lambda number: past.closed(OLDER + LINES.split(number)[0])) if field in _AT_CLOSING else None


_AT_CLOSING = frozenset({"UpdatedUtc", "ClosedUtc"})


class _Cards(_OfStayers):
    size = STAYERS

    def __init__(self, past: Past, made: _Ids) -> None:
        super().__init__(past, made)
        self.fixed = {**self.fixed, "Kind": "Gateway", "State": "Enabled", "IsActive": True}

    def row(self, number: int) -> Row:
        past, guest = self.past, OLDER + number
        drawn = past.draw(guest, 10)
        brand, start = (("Visa", "431000"), ("MasterCard", "533300"))[drawn % 2]
        return rows.card(
            self.made.cards.of(number),
            past.hotel.enterprise_id,
            self.made.customers.of(guest),
            brand=brand,
            number=f"{start}******{4000 + drawn % 5000}",  # none of the numbers the gateway treats specially
            expiration=past.calendar.month(2 + drawn % 30),
            created=text_of(past.booked(guest)),
        )

    @override
    def _own(self) -> PastIds:
        return self.made.cards

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        return (lambda number: self.past.booked(OLDER + number)) if field in {"CreatedUtc", "UpdatedUtc"} else None


class _Payments(_OfStayers):
    size = PAYMENTS.of(STAYERS).start
    empty = frozenset({"PaymentRequestId"})

    def __init__(self, past: Past, made: _Ids) -> None:
        super().__init__(past, made)
        self.fixed = {**self.fixed, "State": "Charged", "AccountingState": "Closed"}

    def row(self, number: int) -> Row:
        past, made = self.past, self.made
        stayer, part = PAYMENTS.split(number)
        guest = OLDER + stayer
        closed = text_of(past.closed(guest))
        bill = {
            "Id": made.bills.of(stayer),
            "EnterpriseId": past.hotel.enterprise_id,
            "AccountId": made.customers.of(guest),
            "AccountType": "Customer",
        }
        paid_at = past.paid_at(guest, part)
        payment = rows.payment(
            made.payments.of(number),
            bill,
            wire_value=-past.paid(guest, part),
            currency=DEFAULT_CURRENCY,
            state="Charged",
            created=text_of(paid_at),
        )
        payment |= {
            "ReservationId": made.reservations.of(guest),
            "PaymentOrigin": "Operations",
            "AccountingState": "Closed",
            "ClosedUtc": closed,
            "UpdatedUtc": closed,
        }
        return payment | self._way(payment, stayer, part)

    def _kind(self, stayer: int, part: int) -> str:
        drawn = 0 if _for_the_room(stayer, part) else self.past.draw((OLDER + stayer) * 8 + part, 11) % 10
        return "CreditCardPayment" if drawn < 5 else "CashPayment" if drawn < 8 else "ExternalPayment"

    def _paid_out(self, stayer: int, part: int) -> int | None:
        """When the gateway paid it out, if it took it, and has."""
        if self._kind(stayer, part) != "CreditCardPayment":
            return None
        paid_at = self.past.paid_at(OLDER + stayer, part)
        paid_out = paid_at - paid_at % 86_400 + _PAID_OUT_AFTER_S
        return paid_out if paid_out <= self.past.calendar.now.timestamp() else None

    def _way(self, payment: Row, stayer: int, part: int) -> Row:
        """How it was paid: the room by card, extras by whatever was at hand."""
        past = self.past
        kind = self._kind(stayer, part)
        if kind == "CreditCardPayment":
            card = {
                "AccountingCategoryId": past.categories["Card payments"],
                "Data": rows.card_paid(self.made.cards.of(stayer)),
                "Identifier": f"ch_{derived(payment['Id'], 'charge')}",
                "Kind": "Payment",
                "PaymentOrigin": "Operations" if _for_the_room(stayer, part) else "PointOfSales",
            }
            paid_out = self._paid_out(stayer, part)
            if paid_out is None:
                return card
            day = text_of(paid_out)
            return card | rows.settled(payment | card, f"settlement-{day[:10]}", day)
        if kind == "CashPayment":
            return {"Type": kind, "AccountingCategoryId": past.categories["Cash"]}
        return {
            "Type": "ExternalPayment",
            "Data": rows.externally_paid("Voucher", f"V{stayer:05}-{part}"),
            "AccountingCategoryId": past.categories["Other payments"],
        }

    @override
    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        if field == "Type":
            return [number for number in range(self.size) if self._kind(*PAYMENTS.split(number)) in values]
        return super().where(field, values)

    @override
    def _of(self, stayer: int) -> Iterable[int]:
        return PAYMENTS.of(stayer)

    @override
    def _own(self) -> PastIds:
        return self.made.payments

    @override
    def _seconds(self, field: str) -> Callable[[int], int] | None:
        past = self.past

        def created(number: int) -> int:
            stayer, part = PAYMENTS.split(number)
            return past.paid_at(OLDER + stayer, part)

        def closed(number: int) -> int:
            return past.closed(OLDER + PAYMENTS.split(number)[0])

        columns = dict.fromkeys(("CreatedUtc", "ChargedUtc", "ConsumedUtc"), created) | {
            "ClosedUtc": closed,
            "UpdatedUtc": lambda number: max(closed(number), self._paid_out(*PAYMENTS.split(number)) or 0),
        }
        return columns.get(field)


def _for_the_room(stayer: int, part: int) -> bool:
    """Whether this part was a deposit, or the rest on leaving; by card, unlike the extras."""
    return part in {0, len(PAYMENTS.of(stayer)) - 1}

"""A guest as read, with everything the money dialogs ask about: cards good and bad, bills, items and payments."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.card import CardFormat, CardKind, Expiry
from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.hotel import Hotel
from deskpay.domain.money import Currency
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.services.read_guest import GuestFile
from tests.kit.intents import EUR, GBP, gbp, make_card, make_payment

NOW = datetime(2026, 11, 12, 14, 32, 5, tzinfo=UTC)
"""A Thursday."""

JPY = Currency("JPY", 0)


def make_hotel(**changed: Any) -> Hotel:
    """The Gilded Teapot: pounds first, euros and yen as well."""
    fields: dict[str, Any] = {
        "id": "hotel",
        "name": "The Gilded Teapot Hotel",
        "zone": ZoneInfo("Europe/London"),
        "currencies": (GBP, EUR, JPY),
        "gross_pricing": True,
        "tenders": ("Cash", "WireTransfer", "Voucher", "Cheque"),
        "card_storage_key": "key",
        "is_portfolio": False,
    }
    return Hotel(**(fields | changed))


def make_customer(**changed: Any) -> Customer:
    """Ottoline Pepperwick."""
    fields: dict[str, Any] = {
        "id": "guest-1",
        "first_name": "Ottoline",
        "last_name": "Pepperwick",
        "email": "ottoline@pepperwick.example",
        "phone": "01632 960 214",
        "notes": "",
        "classifications": frozenset(),
    }
    return Customer(**(fields | changed))


def make_guest_file(**changed: Any) -> GuestFile:
    """Ottoline in room 214, owing £312.40.

    Her cards: a good Visa, a Mastercard that expires next month, an expired Amex, a virtual Visa that was switched off.
    Her payments: £450.00 charged today, £120.00 in cash, £180.00 on a terminal.
    """
    stay = Reservation(
        id="stay",
        number="48213",
        customer_id="guest-1",
        owned_by_company=False,
        state=ReservationState.STARTED,
        room_id="room-214",
        starts_utc=NOW - timedelta(days=2),
        ends_utc=NOW + timedelta(days=1),
        channel_number="",
    )
    slip = make_card(9, brand="Mastercard", obfuscated_number="************4444", kind=CardKind.TERMINAL)
    fields: dict[str, Any] = {
        "customer": make_customer(),
        "reservation": stay,
        "cards": (
            make_card(1),
            make_card(2, brand="Mastercard", obfuscated_number="555555******4444", expiry=Expiry(2026, 12)),
            make_card(3, brand="Amex", obfuscated_number="378282*****0005", expiry=Expiry(2026, 9)),
            make_card(4, format=CardFormat.VIRTUAL, obfuscated_number="400000******0077", enabled=False),
        ),
        "bills": (
            Bill("bill-2", "guest-1", "Company", "", is_open=True, created_utc=NOW),
            Bill("bill-1", "guest-1", "Room and extras", "", is_open=True, created_utc=NOW - timedelta(days=2)),
            Bill("bill-0", "guest-1", "Deposit", "77", is_open=False, created_utc=NOW),
        ),
        "items": (
            _item("night", "Lamplight Double, 3 nights", 79_500, 3),
            _item("breakfast", "Breakfast", 5_400, 3),
            _item("dinner", "Dinner", 21_340, 1),
        ),
        "payments": (
            make_payment(
                1, amount=gbp(45_000), credit_card_id="card-1", created_utc=_at(9, 14), charged_utc=_at(9, 14)
            ),
            make_payment(
                2,
                amount=gbp(12_000),
                method=PaymentMethod.CASH,
                credit_card_id=None,
                created_utc=_at(20, 41),
                charged_utc=None,
            ),
            make_payment(3, amount=gbp(18_000), credit_card_id="card-9", created_utc=_at(15, 2), charged_utc=None),
            make_payment(4, amount=gbp(18_000), credit_card_id="card-1", state=PaymentState.FAILED, charged_utc=None),
        ),
        "payment_cards": {"card-1": make_card(1), "card-9": slip},
        "intents": (),
        "own_refunds": (),
        "hotel": make_hotel(),
        "read_utc": NOW,
    }
    return GuestFile(**(fields | changed))


def _at(hour: int, minute: int) -> datetime:
    then = NOW.replace(hour=hour, minute=minute, second=9)
    return then if then < NOW else then - timedelta(days=1)


def _item(name: str, words: str, minor: int, count: int) -> OrderItem:
    return OrderItem(
        id=name,
        customer_id="guest-1",
        bill_id="bill-1",
        reservation_id="stay",
        name=words,
        amount=gbp(minor),
        unit_count=count,
        consumed_utc=NOW,
        is_open=True,
    )

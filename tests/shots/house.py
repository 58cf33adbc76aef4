"""The house that is pictured: one day at The Gilded Teapot, and Ottoline Pepperwick's file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deskpay.domain.bill import Bill, OrderItem
from deskpay.domain.card import CardKind, Expiry
from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.guest import Guest
from deskpay.domain.guest_index import GuestIndex
from deskpay.domain.intent import Evidence, Intent, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.domain.payment_request import PaymentRequestState
from deskpay.services.people import DayOfGuests
from deskpay.services.read_guest import GuestFile
from tests.kit.fake_hotel import pay_request
from tests.kit.guest_file import make_customer, make_guest_file, make_hotel
from tests.kit.intents import GBP, gbp, make_card, make_intent, make_payment

NOW = datetime(2026, 11, 12, 14, 32, 5, tzinfo=UTC)
"""A Thursday afternoon; the house is in the same zone."""

HOTEL = make_hotel(currencies=(GBP,))
CLERK, ROLE = "Poppy Inkwell", "Front desk"
REFERENCE = "DP-7K4M-2Q9C"
MASTERCARD = "Mastercard"

_NIGHT = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)


def at(hour: int, minute: int, second: int = 0, *, days_ago: int = 0) -> datetime:
    """A moment of the pictured week."""
    return datetime(2026, 11, 12 - days_ago, hour, minute, second, tzinfo=UTC)


def _guest(room: str, name: str, owed: int | None, leaves_in: int, nights: int = 3) -> Guest:
    first, _, last = name.partition(" ")
    in_house = room != ""
    number = str(48_100 + len(name) * 7 + int(room or "90"))
    starts = _NIGHT + timedelta(days=leaves_in - nights)
    stay = Reservation(
        id=f"stay-{number}",
        number=number,
        customer_id=f"guest-{number}",
        owned_by_company=False,
        state=ReservationState.STARTED if in_house else ReservationState.CONFIRMED,
        room_id=None,
        starts_utc=starts if in_house else _NIGHT,
        ends_utc=starts + timedelta(days=nights) if in_house else _NIGHT + timedelta(days=nights),
        channel_number="",
    )
    customer = make_customer(
        id=f"guest-{number}", first_name=first, last_name=last, email=f"{first.lower()}@{last.lower()}.example"
    )
    return Guest(customer, stay, room, None if owed is None else Money(owed, GBP))


OTTOLINE_WHO: Customer = make_customer(notes="Send receipts by e-mail. Company pays the room from January.")
OTTOLINE_STAY = Reservation(
    id="stay",
    number="48213",
    customer_id=OTTOLINE_WHO.id,
    owned_by_company=False,
    state=ReservationState.STARTED,
    room_id="room-214",
    starts_utc=_NIGHT - timedelta(days=2),
    ends_utc=_NIGHT + timedelta(days=1),
    channel_number="",
    payer_ids=("company",),
)
OTTOLINE = Guest(OTTOLINE_WHO, OTTOLINE_STAY, "214", Money(31_240, GBP))
ROOM = OTTOLINE.room
ABOUT = "Ottoline Pepperwick · Room 214 · 48213"

_IN_HOUSE = (
    OTTOLINE,
    _guest("117", "Isolde Brambleworth", 120_400, 0),
    _guest("312", "Rufus Mapledown", 6_400, 1),
    _guest("108", "Barnaby Quillfeather", 8_650, 2),
    _guest("203", "Cosmo Lanternby", 4_500, 2),
    _guest("209", "Philippa Tumblegate", 59_025, 3),
    _guest("305", "Henrietta Larkspindle", 14_800, 3),
    _guest("401", "Mortimer Candlewax", 235_000, 4),
    _guest("102", "Fenella Thistlewick", 0, 1),
    _guest("211", "Anselm Goosegrove", 0, 2),
    _guest("318", "Winifred Cloudberry", 0, 2),
    _guest("320", "Bartholomew Featherstonehaugh-Pepperidge", -6_200, 5),
)
_ARRIVING = (_guest("", "Tansy Pepperpot", None, 0), _guest("", "Linus Applegarth", None, 0))

DAY = DayOfGuests(
    day=NOW.date(),
    in_house=_IN_HOUSE,
    arriving=_ARRIVING,
    leaving=tuple(guest for guest in _IN_HOUSE if guest.room == "117"),
)
AT_HAND = GuestIndex(NOW.date(), HOTEL.zone)
for _one in (*_IN_HOUSE, *_ARRIVING):
    AT_HAND.put(_one)
EMIL = replace(OTTOLINE, customer=make_customer(id="guest-e", first_name="Emil"), companion=True, balance=None)
UMBRELLA = Guest(
    make_customer(id="company", first_name="", last_name="Pepperwick Umbrella Co.", is_company=True), None, "", None
)
ELSEWHERE = (
    Guest(make_customer(id="guest-x", first_name="Agatha", last_name="Pepperell"), None, "", None),
    replace(_guest("", "Jasper Peppercorn", None, 0), room=""),
)


def _item(name: str, words: str, minor: int, days_ago: int, count: int = 1) -> OrderItem:
    return OrderItem(
        id=name,
        customer_id=OTTOLINE_WHO.id,
        bill_id="bill-1",
        reservation_id="stay",
        name=words,
        amount=gbp(minor),
        unit_count=count,
        consumed_utc=at(12, 0, days_ago=days_ago),
        is_open=True,
    )


def _taken(payment_id: str, operator: str) -> IntentRecord:
    """An act of ours that came to `payment_id`; it tells who took the payment."""
    states = (
        (IntentState.DRAFTED, Evidence.DECIDED, None),
        (IntentState.SENDING, Evidence.ABOUT_TO_SEND, None),
        (IntentState.ACCEPTED, Evidence.ANSWERED, payment_id),
        (IntentState.CONFIRMED, Evidence.READ_BACK, payment_id),
    )
    intent = make_intent(1, id=f"intent-{payment_id}", customer_id=OTTOLINE_WHO.id, operator=operator)
    return IntentRecord(
        intent,
        tuple(
            IntentEvent(state=state, at_utc=at(9, 0), evidence=evidence, outcome_id=outcome)
            for state, evidence, outcome in states
        ),
    )


VISA = make_card(1)
CARDS = (
    VISA,
    make_card(2, brand=MASTERCARD, obfuscated_number="555555******4444", expiry=Expiry(2026, 12)),
    make_card(3, brand="Amex", obfuscated_number="378282*****0005", expiry=Expiry(2026, 9)),
)
_SLIP = make_card(9, brand=MASTERCARD, obfuscated_number="************4444", kind=CardKind.TERMINAL)

FILE: GuestFile = make_guest_file(
    customer=OTTOLINE_WHO,
    reservation=OTTOLINE_STAY,
    hotel=HOTEL,
    requests=(
        replace(
            pay_request("request-0", gbp(18_000), at(15, 0, days_ago=2), state=PaymentRequestState.EXPIRED),
            customer_id=OTTOLINE_WHO.id,
            expires_utc=at(15, 0, days_ago=1),
        ),
    ),
    cards=CARDS,
    bills=(
        Bill("bill-2", OTTOLINE_WHO.id, "Pepperwick Umbrella Co.", "", is_open=True, created_utc=NOW),
        Bill("bill-1", OTTOLINE_WHO.id, "Room and extras", "", is_open=True, created_utc=NOW - timedelta(days=2)),
    ),
    items=(
        _item("night", "Lamplight Double, 3 nights", 79_500, 2, 3),
        _item("dinner", "Dinner, The Saucer Room", 12_800, 2),
        _item("laundry", "Laundry", 6_200, 1),
        _item("breakfast", "Breakfast, 3 mornings", 5_400, 1, 3),
        _item("minibar", "Minibar", 2_340, 1),
    ),
    payments=(
        make_payment(1, amount=gbp(45_000), credit_card_id="card-1", created_utc=at(9, 14), charged_utc=at(9, 14)),
        make_payment(
            2,
            amount=gbp(12_000),
            method=PaymentMethod.CASH,
            credit_card_id=None,
            created_utc=at(20, 41, days_ago=1),
            charged_utc=None,
        ),
        make_payment(
            3,
            amount=gbp(18_000),
            credit_card_id="card-9",
            created_utc=at(15, 2, days_ago=2),
            charged_utc=None,
        ),
        make_payment(
            4,
            amount=gbp(18_000),
            credit_card_id="card-1",
            state=PaymentState.FAILED,
            created_utc=at(14, 58, days_ago=2),
            charged_utc=None,
        ),
    ),
    payment_cards={"card-1": VISA, "card-9": _SLIP},
    intents=(_taken("payment-1", CLERK), _taken("payment-2", "Wren Copperpot"), _taken("payment-3", "Wren Copperpot")),
    read_utc=NOW,
)


def intent(kind: IntentKind = IntentKind.CHARGE, **changed: object) -> Intent:
    """An act for Ottoline, drafted just before `NOW`."""
    fields: dict[str, object] = {
        "kind": kind,
        "reference": REFERENCE,
        "customer_id": OTTOLINE_WHO.id,
        "customer_name": OTTOLINE_WHO.full_name,
        "drafted_utc": at(14, 31, 8),
        "operator": CLERK,
    }
    return make_intent(7, **(fields | changed))


def record(intent_of: Intent, *steps: tuple[int, IntentState, Evidence, str]) -> IntentRecord:
    """A story that began at 14:31:08.

    Args:
        intent_of: what it is about.
        steps: each with the seconds since the beginning, where it led, on what evidence, and a sentence from outside.
    """
    story = [IntentEvent(state=IntentState.DRAFTED, at_utc=intent_of.drafted_utc, evidence=Evidence.DECIDED)]
    for after_s, state, evidence, message in steps:
        story.append(
            IntentEvent(
                state=state,
                at_utc=intent_of.drafted_utc + timedelta(seconds=after_s),
                evidence=evidence,
                request_id="4c1e-90b2" if message else None,
                message=message,
            )
        )
    return IntentRecord(intent_of, tuple(story))

"""What the desk says of guests, stays, cards and payments: the words of every state there is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import CardFormat, CreditCard, Expiry
from deskpay.domain.customer import Reservation, ReservationState
from deskpay.domain.guest import Guest, Presence
from deskpay.domain.guest_index import Found
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from deskpay.services.people import DayOfGuests
from deskpay.ui.desk.rows import CardRow, PaymentRow
from deskpay.ui.guest_views import GuestViews, payment_chip
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.kit.guest_file import NOW, make_customer, make_guest_file, make_hotel
from tests.kit.intents import gbp, make_card, make_intent, make_payment, make_record

HOTEL = make_hotel()
VIEWS = GuestViews(HOTEL, MoneyWords(), DateWords(HOTEL.zone))


def stay(**changed: Any) -> Reservation:
    kept = make_guest_file().reservation
    assert kept is not None
    return replace(kept, **changed)


def guest(reservation: Reservation | None, room: str = "214", owed: Money | None = None) -> Guest:
    return Guest(make_customer(), reservation, room, owed)


def day(*in_house: Guest, arriving: tuple[Guest, ...] = ()) -> DayOfGuests:
    return DayOfGuests(NOW.date(), in_house, arriving, ())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ReservationState.STARTED, "In house"),
        (ReservationState.CONFIRMED, "Booked"),
        (ReservationState.PROCESSED, "Departed"),
        (ReservationState.CANCELED, "Canceled"),
        (ReservationState.INQUIRED, "Not confirmed"),
        (ReservationState.REQUESTED, "Not confirmed"),
        (ReservationState.OPTIONAL, "Not confirmed"),
    ],
)
def test_every_stay_has_its_chip(state: ReservationState, words: str) -> None:
    page = VIEWS.page(guest(stay(state=state)), make_guest_file(reservation=stay(state=state)))
    assert page.state is not None
    assert page.state.words == words


def test_a_stay_of_an_unknown_state_claims_nothing() -> None:
    odd = stay(state=ReservationState.UNKNOWN)
    assert VIEWS.page(guest(odd), make_guest_file(reservation=odd)).state is None


def test_today_is_named() -> None:
    leaves = stay(ends_utc=NOW)
    arrives = stay(state=ReservationState.CONFIRMED, starts_utc=NOW, ends_utc=NOW + timedelta(days=2))
    chips = [VIEWS.page(guest(s), make_guest_file(reservation=s)).state for s in (leaves, arrives)]
    assert [chip.words for chip in chips if chip] == ["Leaves today", "Arrives today"]


def test_a_guest_without_a_stay_says_so() -> None:
    page = VIEWS.page(guest(None, ""), make_guest_file(reservation=None))
    assert (page.key, page.state, page.room, page.stay, page.number) == ("guest-1", None, "", "", "")
    (group,) = VIEWS.found("pep", (), [guest(None, "")], NOW.date())
    assert group.title == "Elsewhere"
    assert (group.rows[0].leaves, group.rows[0].detail) == ("No stay near today", "ottoline@pepperwick.example")


def test_a_guest_of_the_day_is_not_found_twice() -> None:
    here = guest(stay(), owed=gbp(0))
    coming = guest(stay(id="other", state=ReservationState.CONFIRMED, starts_utc=NOW + timedelta(days=1)), "")
    found = [Found(here, Presence.IN_HOUSE), Found(coming, Presence.ARRIVING)]
    groups = VIEWS.found("pep", found, [here, guest(stay(id="third"))], NOW.date())
    assert [(group.title, [row.key for row in group.rows]) for group in groups] == [
        ("In house", ["stay"]),
        ("Arriving", ["other"]),
        ("Elsewhere", ["third"]),
    ]
    assert groups[0].rows[0].balance_words == "Settled"
    assert groups[1].rows[0].icon == "calendar-days"


def test_who_is_being_checked_is_marked_in_every_list() -> None:
    rows = VIEWS.lists(replace(day(guest(stay())), leaving=(guest(stay()),)), ["guest-1"])
    assert [row.checking for row in (*rows.in_house, *rows.leaving)] == [True, True]
    assert not VIEWS.lists(day(guest(stay()))).in_house[0].checking


def test_a_canceled_stay_is_called_so() -> None:
    (row,) = VIEWS.lists(day(guest(stay(state=ReservationState.CANCELED)))).in_house
    assert row.sub == "Canceled"


CHIPS: list[tuple[dict[str, Any], str]] = [
    ({"state": PaymentState.CHARGED}, "Charged"),
    ({"state": PaymentState.CHARGED, "method": PaymentMethod.CASH, "credit_card_id": None}, "Recorded"),
    ({"state": PaymentState.CHARGED, "kind": PaymentKind.REFUND}, "Refunded"),
    ({"state": PaymentState.CHARGED, "kind": PaymentKind.CHARGEBACK}, "Chargeback"),
    ({"state": PaymentState.PENDING}, "Pending"),
    ({"state": PaymentState.PENDING, "kind": PaymentKind.REFUND}, "Refund pending"),
    ({"state": PaymentState.VERIFYING}, "Waiting for guest"),
    ({"state": PaymentState.FAILED}, "Declined"),
    ({"state": PaymentState.FAILED, "kind": PaymentKind.REFUND}, "Failed"),
    ({"state": PaymentState.CANCELED}, "Canceled"),
    ({"state": PaymentState.UNKNOWN}, "Not known"),
]


@pytest.mark.parametrize(("fields", "words"), CHIPS, ids=[words for _, words in CHIPS])
def test_every_payment_has_its_chip(fields: dict[str, Any], words: str) -> None:
    assert payment_chip(make_payment(**fields), make_card()).words == words


def payment_row(payment: Payment, **changed: Any) -> PaymentRow:
    page = VIEWS.page(guest(stay()), make_guest_file(payments=(payment,), **changed))
    (row,) = page.payments.rows
    return row


@pytest.mark.parametrize(
    ("fields", "method", "badge"),
    [
        ({"credit_card_id": "card-1"}, "Visa •••• 1111", "VISA"),
        ({"credit_card_id": "card-9"}, "Terminal •••• 4444", "MC"),
        ({"credit_card_id": "gone"}, "Card", "CARD"),
        ({"method": PaymentMethod.CASH, "credit_card_id": None}, "Cash", "icon:banknote"),
        ({"method": PaymentMethod.INVOICE, "credit_card_id": None}, "Invoice", None),
        ({"method": PaymentMethod.OTHER, "credit_card_id": None}, "Another method", "icon:credit-card"),
    ],
)
def test_a_payment_tells_how_it_was_made(fields: dict[str, Any], method: str, badge: str | None) -> None:
    row = payment_row(make_payment(**fields))
    assert row.method == method
    assert badge in {None, row.badge}


def test_whose_hand_it_was_is_told_as_far_as_it_is_known() -> None:
    payment = make_payment(credit_card_id="card-1")
    ours = make_record(make_intent(customer_id="guest-1"), IntentState.SENDING, IntentState.ACCEPTED)
    done = ours.moved(replace(ours.events[-1], state=IntentState.CONFIRMED, outcome_id=payment.id))
    assert payment_row(payment, intents=(done,)).taken_by == "Ada"
    assert payment_row(replace(payment, origin="Api")).taken_by == "Another program"
    assert payment_row(replace(payment, origin="Operations")).taken_by == "In Mews"
    assert payment_row(payment).taken_by == ""


def unresolved(*states: IntentState, **changed: Any) -> IntentRecord:
    return make_record(make_intent(customer_id="guest-1", **changed), *states)


@pytest.mark.parametrize(
    ("record", "chip", "method", "amount"),
    [
        (unresolved(IntentState.SENDING), "Sending", "Visa •••• 1111", 31_240),
        (unresolved(IntentState.SENDING, IntentState.UNKNOWN), "Not known", "Visa •••• 1111", 31_240),
        (unresolved(IntentState.SENDING, kind=IntentKind.REFUND), "Sending", "Visa •••• 1111", -31_240),
        (unresolved(IntentState.SENDING, kind=IntentKind.RECORD_EXTERNAL, subject="Cash"), "Sending", "Cash", 31_240),
    ],
)
def test_what_mews_does_not_show_yet_stands_among_the_payments(
    record: IntentRecord, chip: str, method: str, amount: int
) -> None:
    page = VIEWS.page(guest(stay()), make_guest_file(payments=(), intents=(record,)))
    (row,) = page.payments.rows
    assert (row.state.words, row.method, row.amount.minor, row.taken_by) == (chip, method, amount, "Ada")
    assert record.intent.reference in page.unresolved


def test_a_card_being_saved_is_no_payment() -> None:
    saving = unresolved(IntentState.SENDING, kind=IntentKind.SAVE_CARD)
    page = VIEWS.page(guest(stay()), make_guest_file(payments=(), intents=(saving,)))
    assert page.payments.rows == ()
    assert page.unresolved == ""


def card_row(card: CreditCard, *payments: Payment) -> CardRow:
    page = VIEWS.page(guest(stay()), make_guest_file(cards=(card,), payments=payments))
    (row,) = page.cards.rows
    return row


@pytest.mark.parametrize(
    ("fields", "words", "usable", "warning"),
    [
        ({}, "Expires 04/28", True, False),
        ({"expiry": Expiry(2026, 12)}, "Expires next month, 12/26", True, True),
        ({"expiry": Expiry(2026, 11)}, "Expires this month, 11/26", True, True),
        ({"expiry": Expiry(2026, 10)}, "Expired 10/26", False, False),
        ({"expiry": None}, "Expiry not told", True, False),
        ({"enabled": False}, "Switched off", False, False),
        ({"format": CardFormat.VIRTUAL}, "Virtual card · Expires 04/28", True, False),
    ],
)
def test_a_card_says_whether_it_can_be_charged(fields: dict[str, Any], words: str, usable: bool, warning: bool) -> None:
    row = card_row(make_card(**fields))
    assert (row.subtitle, row.usable, row.warning) == (words, usable, warning)


def test_a_card_that_was_used_today_says_so() -> None:
    assert (
        card_row(make_card(), make_payment(credit_card_id="card-1", created_utc=NOW)).subtitle
        == "Expires 04/28 · used today"
    )


def test_bills_add_up_to_the_balance() -> None:
    file = make_guest_file()
    page = VIEWS.page(guest(stay()), file)
    assert [bill.name for bill in page.bills.rows] == ["Bill 1 · Room and extras", "Bill 2 · Company"]
    assert sum(bill.amount.minor for bill in page.bills.rows) == file.balance.minor
    assert page.bills.rows[1].paid is None


def test_a_card_of_an_acquirer_stands_beside_the_others_with_its_name() -> None:
    kept = (
        VaultedCard("pm_1", "Visa", "4345", Expiry(2030, 12), ""),
        VaultedCard("pm_2", "", "0007", Expiry(2026, 10), ""),
        VaultedCard("pm_3", "", "0015", None, ""),
    )
    page = VIEWS.page(guest(stay()), make_guest_file(cards=(make_card(1),), vaulted=kept))
    assert [(row.title, row.subtitle, row.usable) for row in page.cards.rows[1:]] == [
        ("Visa •••• 4345", "PayMongo · Expires 12/30", True),
        ("Card •••• 0007", "PayMongo · Expired 10/26", False),
        ("Card •••• 0015", "PayMongo", True),
    ]

"""The business day: what the clock brings when it is moved, and what a trainer makes happen."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.life.day import pass_time
from deskpay.sandbox.life.happenings import HAPPENINGS
from deskpay.sandbox.operations.bills import balance
from deskpay.sandbox.payments import remaining
from tests.contract.sandbox.door import NOON, Door
from tests.contract.sandbox.running import Running
from tests.contract.sandbox.samples import a_request, an_order

Json = dict[str, Any]

TONIGHT = datetime(2026, 11, 13, 4, 0, tzinfo=UTC)


def after(until: datetime, size: str = "small") -> Hotel:
    hotel = seed_hotel(1, size, NOON)
    pass_time(hotel, NOON, until)
    return hotel


def stays_of_today(hotel: Hotel) -> Counter[str]:
    """What became of those who were to come on the first day."""
    return Counter(
        row["State"]
        for row in hotel.reservations.in_use()
        if row["ScheduledStartUtc"].startswith(str(NOON.date())) and row["State"] != "Optional"
    )


def happened(running: Running, what: str, customer_id: str | None = None) -> tuple[int, Json]:
    asked = {"what": what, "customer_id": customer_id}
    status, _, body = running.request("POST", "/_sandbox/happenings", asked)
    return status, json.loads(body)


def test_by_the_end_of_the_business_day_guests_have_come_or_are_no_shows() -> None:
    evening, night = (stays_of_today(after(until, "large")) for until in (NOON.replace(hour=23), TONIGHT))
    assert evening["Started"] > evening["Confirmed"] > 0
    assert night == {"Started": evening["Started"], "Canceled": evening["Confirmed"]}


def test_whoever_owes_nothing_leaves_in_time_and_whoever_owes_stays() -> None:
    tomorrow = NOON + timedelta(days=1)
    hotel = after(tomorrow)
    due = [
        row
        for row in hotel.reservations.in_use()
        if row["ScheduledEndUtc"] == utc_text(NOON.replace(hour=11, minute=0, second=0) + timedelta(days=1))
    ]
    assert {row["State"] for row in due} >= {"Processed"}
    for stay in due:
        owed = [
            balance(hotel, bill)
            for bill in hotel.bills.where("AccountId", stay["AccountId"])
            if bill["State"] == "Open"
        ]
        assert (stay["State"] == "Started") == any(owed)
        if stay["State"] == "Processed":
            room = hotel.rooms.get(stay["AssignedResourceId"])
            assert room is not None
            assert room["State"] == "Dirty"
            assert not owed


def test_a_week_pays_out_every_card_charged_in_vain_or_not_and_takes_some_back() -> None:
    hotel = after(NOON + timedelta(days=9), "large")
    paid = hotel.payments.in_use()
    by_card = [row for row in paid if row["Type"] == "CreditCardPayment" and row["Kind"] == "Payment"]
    automatic = Counter(row["State"] for row in by_card if row["PaymentOrigin"] == "AutomaticPayment")
    assert automatic["Charged"] > automatic["Failed"] > 0
    old = [row for row in by_card if row["State"] == "Charged" and utc_time(row["ChargedUtc"]) > NOON]
    for row in old:
        if utc_time(row["ChargedUtc"]) < NOON + timedelta(days=6):
            told = row["Data"]["CreditCard"]["Transaction"]
            charged, settled = (-told[name]["GrossValue"] for name in ("ChargedAmount", "SettledAmount"))
            assert charged == settled + told["Fee"]["GrossValue"]
            assert utc_time(row["SettlementUtc"]) == utc_time(told["SettledUtc"]) > utc_time(row["ChargedUtc"])
    back = [row for row in hotel.payments.in_use() if row["Kind"] == "Chargeback"]
    assert back
    ids = {refund: payment for payment, refunds in hotel.refunds_of.items() for refund in refunds}
    for row in back:
        payment = hotel.payments.get(ids[row["Id"]])
        assert payment is not None
        assert remaining(hotel, payment) == 0


def test_two_steps_are_as_good_as_one() -> None:
    once, twice = seed_hotel(1, "small", NOON), seed_hotel(1, "small", NOON)
    pass_time(once, NOON, NOON + timedelta(days=3))
    pass_time(twice, NOON, NOON + timedelta(days=1, hours=5))
    pass_time(twice, NOON + timedelta(days=1, hours=5), NOON + timedelta(days=3))
    assert list(once.reservations) == list(twice.reservations)


def test_nothing_happens_when_the_clock_goes_back_or_everybody_is_gone() -> None:
    hotel = seed_hotel(1, "small", NOON)
    before = [dict(row) for row in hotel.reservations]
    pass_time(hotel, NOON, NOON - timedelta(days=400))
    assert list(hotel.reservations) == before
    pass_time(hotel, NOON, NOON + timedelta(days=36_000))
    assert not hotel.reservations.where("State", "Confirmed")


def test_moving_the_clock_lets_the_day_go_on(running: Running) -> None:
    running.request("POST", "/_sandbox/clock", {"now": TONIGHT.isoformat()})
    assert stays_of_today(running.world.hotel)["Confirmed"] == 0


def let_wait(door: Door) -> None:
    """Leave a payment, a refund, a link and an order to a terminal open."""
    assert door.charge(door.card("Larkspindle", "0077")).status == 200
    paid = door.charge(door.card("Pepperwick", "1111")).body["PaymentId"]
    ottoline = door.guest("Pepperwick")["Id"]
    door.ok("payments/refund", PaymentId=paid, AccountId=ottoline, Reason="Asked for")
    a_request(door, ottoline)
    an_order(door)


@pytest.mark.parametrize("what", HAPPENINGS)
def test_everything_can_be_made_to_happen_until_nobody_is_left(running: Running, what: str) -> None:
    let_wait(Door(running.world))
    status, told = happened(running, what)
    assert (status, told["what"]) == (200, what)
    seen = {frozenset(told.items())}
    while status == 200:
        status, told = happened(running, what)
        if what == "failed_automation":
            return  # a stay can meet this again and again
        assert frozenset(told.items()) not in seen
    assert (status, told["Message"]) == (409, "There is nobody it could happen to.")


@pytest.mark.parametrize(("who", "kind"), [("colleague", "CashPayment"), ("robot", "CreditCardPayment")])
def test_somebody_else_takes_what_a_guest_owes(running: Running, who: str, kind: str) -> None:
    door = Door(running.world)
    guest = door.guest("Brambleworth")["Id"]
    status, told = happened(running, f"{who}_payment", guest)
    assert (status, told["customer_id"]) == (200, guest)
    newest = door.payments("Brambleworth")[0]
    assert (newest["Id"], newest["Type"], newest["Amount"]["GrossValue"]) == (told["payment_id"], kind, -1204)
    (entry,) = running.ledger()["elsewhere"]
    assert (entry["by"], entry["payment_id"], entry["amount"]) == (who, newest["Id"], "1204.00")
    assert happened(running, f"{who}_payment", guest)[0] == 409


def test_a_robot_meets_the_banks_no_as_anybody_does(running: Running) -> None:
    guest = Door(running.world).guest("Quillfeather")["Id"]
    assert happened(running, "robot_payment", guest)[0] == 409
    assert running.ledger()["elsewhere"] == []


@pytest.mark.parametrize("asked", [{"what": "fire"}, {"what": "arrival", "customer_id": 4}, {}, []])
def test_what_cannot_happen_is_refused(running: Running, asked: object) -> None:
    assert running.request("POST", "/_sandbox/happenings", asked)[0] == 400

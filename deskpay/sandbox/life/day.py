"""The business day: what happens between two moments when the clock is moved.

It happens when somebody moves the clock, never by itself: a training that takes an afternoon finds its guests where
they were, and a test sees no guest leave because it ran at eleven. Payments under way go on in real time as well.

| hour | what |
|---|---|
| 6:00 | virtual cards of the day's arrivals are charged, every third in vain; cards of two days ago are paid out |
| 7:00 | one in thirty of the payments paid out the day before is charged back |
| 10:00 to 11:00 | those who are due to leave do, unless they owe something |
| 15:00 to 22:00 | those who are due to come do, but for one in six |
| 3:00 | those who have not come are no-shows, and the business day ends |
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.life import guests, money

Row = dict[str, Any]
Act = Callable[[datetime], object]
Due = tuple[datetime, str, Act]

# Nothing that happens brings anything about sooner: from the last arrival to the first departure it is twelve hours.
_STEP = timedelta(hours=10)


def pass_time(hotel: Hotel, before: datetime, after: datetime) -> None:
    """Let happen what does between `before` and `after`, in the order of its moments.

    Args:
        hotel: Where.
        before: What the clock showed; what was due by then has happened.
        after: What it shows now. Nothing happens where that is earlier.
    """
    while before < after:
        coming = [due for due in (*_of_stays(hotel), *_of_payments(hotel)) if before < due[0] <= after]
        if not coming:
            return
        # Step by step, for who comes today may leave tomorrow.
        coming.sort(key=lambda due: due[:2])
        until = min(after, coming[0][0] + _STEP)
        for moment, _, act in coming:
            if moment <= until:
                hotel.settle(moment)
                act(moment)
        before = until


def _of_stays(hotel: Hotel) -> Iterator[Due]:
    virtual = {row["CustomerId"]: row for row in hotel.cards.in_use() if row["Format"] == "Virtual" and row["IsActive"]}
    for stay in list(hotel.reservations.in_use()):
        draw = int(stay["Id"][:6], 16)
        begins, ends = utc_time(stay["ScheduledStartUtc"]), utc_time(stay["ScheduledEndUtc"])
        if stay["State"] == "Confirmed":
            card = virtual.get(stay["AccountId"])
            if card is not None:
                yield begins - timedelta(hours=9), stay["Id"], _automation(hotel, stay, card, fails=draw % 3 == 0)
            if draw % 6:
                yield begins + timedelta(minutes=draw % 420), stay["Id"], _arrival(hotel, stay)
            yield begins + timedelta(hours=12), stay["Id"], _no_show(hotel, stay)
        elif stay["State"] == "Started":
            yield ends - timedelta(minutes=draw % 60), stay["Id"], _departure(hotel, stay)


def _automation(hotel: Hotel, stay: Row, card: Row, *, fails: bool) -> Act:
    return lambda moment: money.automate(hotel, stay, card, moment, fails=fails)


def _arrival(hotel: Hotel, stay: Row) -> Act:
    return lambda moment: guests.arrive(hotel, stay, moment)


def _no_show(hotel: Hotel, stay: Row) -> Act:
    def act(moment: datetime) -> None:
        if stay["State"] == "Confirmed":
            guests.miss(hotel, stay, moment)

    return act


def _departure(hotel: Hotel, stay: Row) -> Act:
    def act(moment: datetime) -> None:
        if guests.may_leave(hotel, stay):
            guests.depart(hotel, stay, moment)

    return act


def _of_payments(hotel: Hotel) -> Iterator[Due]:
    for payment in list(hotel.payments.in_use()):
        if money.is_paid_out_later(payment):
            yield money.paid_out_at(payment), payment["Id"], _payout(payment)
        elif payment["SettlementId"] and int(payment["Id"][:6], 16) % 30 == 0 and payment["Id"] not in hotel.refunds_of:
            yield utc_time(payment["SettlementUtc"]) + timedelta(hours=25), payment["Id"], _chargeback(hotel, payment)


def _payout(payment: Row) -> Act:
    return lambda moment: money.pay_out(payment, moment)


def _chargeback(hotel: Hotel, payment: Row) -> Act:
    return lambda moment: money.charge_back(hotel, payment, moment)

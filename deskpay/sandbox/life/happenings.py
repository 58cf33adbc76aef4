"""What a trainer or a test can make happen at once, each to the first in the house it can happen to."""

from collections.abc import Callable, Iterator
from typing import Any

from deskpay.sandbox import terminals
from deskpay.sandbox.asking import pay_by_card, under_way
from deskpay.sandbox.life import guests, money
from deskpay.sandbox.operations.bills import balance
from deskpay.sandbox.world import World

Row = dict[str, Any]
Happening = Callable[[World, str | None], Iterator[Row]]

_UNDER_WAY = frozenset({"Pending", "Verifying"})


class NobodyThere(Exception):
    """There is nobody, or nothing, it could happen to."""


def happen(world: World, what: str, customer_id: str | None) -> Row:
    """Make something happen and say to what.

    Args:
        world: Where.
        what: One of `HAPPENINGS`.
        customer_id: To whom; None leaves that to the hotel.

    Raises:
        NobodyThere: for want of a guest, a card or a payment.
    """
    world.hotel.settle(world.clock.now())
    for happened in HAPPENINGS[what](world, customer_id):
        return {"what": what} | happened
    raise NobodyThere(what)


def _of(rows: list[Row], customer_id: str | None) -> list[Row]:
    return [row for row in rows if customer_id is None or row["AccountId"] == customer_id]


def _expected(world: World, customer_id: str | None) -> list[Row]:
    """Those who are to come, the next one first."""
    stays = _of(world.hotel.reservations.where("State", "Confirmed"), customer_id)
    return sorted(stays, key=lambda stay: str(stay["ScheduledStartUtc"]))


def _arrival(world: World, customer_id: str | None) -> Iterator[Row]:
    for stay in _expected(world, customer_id):
        guests.arrive(world.hotel, stay, world.clock.now())
        yield {"reservation_id": stay["Id"], "customer_id": stay["AccountId"]}


def _no_show(world: World, customer_id: str | None) -> Iterator[Row]:
    for stay in _expected(world, customer_id):
        guests.miss(world.hotel, stay, world.clock.now())
        yield {"reservation_id": stay["Id"], "customer_id": stay["AccountId"]}


def _departure(world: World, customer_id: str | None) -> Iterator[Row]:
    for stay in _of(world.hotel.reservations.where("State", "Started"), customer_id):
        if guests.may_leave(world.hotel, stay):
            guests.depart(world.hotel, stay, world.clock.now())
            yield {"reservation_id": stay["Id"], "customer_id": stay["AccountId"]}


def _failed_automation(world: World, customer_id: str | None) -> Iterator[Row]:
    cards = {row["CustomerId"]: row for row in world.hotel.cards.in_use() if row["Kind"] == "Gateway"}
    for stay in _of(world.hotel.reservations.where("State", "Confirmed"), customer_id):
        if stay["AccountId"] in cards:
            card = cards[stay["AccountId"]]
            payment = money.automate(world.hotel, stay, card, world.clock.now(), fails=True)
            yield _paid(world, "automation", payment)


def _payout(world: World, customer_id: str | None) -> Iterator[Row]:
    owed = [row for row in world.hotel.payments.in_use() if money.is_paid_out_later(row)]
    for payment in _of(owed, customer_id):
        money.pay_out(payment, world.clock.now())
        yield {"payment_id": payment["Id"], "customer_id": payment["AccountId"]}


def _chargeback(world: World, customer_id: str | None) -> Iterator[Row]:
    hotel = world.hotel
    charged = [row for row in hotel.payments.in_use() if (row["State"], row["Kind"]) == ("Charged", "Payment")]
    for payment in _of(charged, customer_id):
        if payment["Type"] == "CreditCardPayment" and payment["Id"] not in hotel.refunds_of:
            yield _paid(world, "bank", money.charge_back(hotel, payment, world.clock.now()))


def _colleague(world: World, customer_id: str | None) -> Iterator[Row]:
    for bill in _owing(world, customer_id):
        yield _paid(world, "colleague", money.pay_in_cash(world.hotel, bill, world.clock.now()))


def _robot(world: World, customer_id: str | None) -> Iterator[Row]:
    cards = {row["CustomerId"]: row for row in world.hotel.cards.in_use() if row["Kind"] == "Gateway"}
    for bill in _owing(world, customer_id):
        card = cards.get(bill["AccountId"])
        payment = money.charge_by_robot(world.hotel, bill, card, world.clock.now()) if card else None
        if payment is not None:
            yield _paid(world, "robot", payment)


def _terminal_payment(world: World, customer_id: str | None) -> Iterator[Row]:
    for command in terminals.under_way(world.hotel, customer_id):
        payment_id = terminals.take(world.hotel, command, world.clock.now())
        if payment_id is not None:
            world.ledger.paid_elsewhere("terminal", payment_id)
        yield _ordered(command)


def _terminal_refusal(world: World, customer_id: str | None) -> Iterator[Row]:
    for command in terminals.under_way(world.hotel, customer_id):
        terminals.refuse(world.hotel, command, world.clock.now())
        yield _ordered(command)


def _terminal_cancellation(world: World, customer_id: str | None) -> Iterator[Row]:
    for command in terminals.under_way(world.hotel, customer_id):
        terminals.cancel(world.hotel, command)
        yield _ordered(command)


def _ordered(command: Row) -> Row:
    return {"command_id": command["Id"], "customer_id": command["Asked"]["CustomerId"]}


def _ended(kind: str, state: str) -> Happening:
    """Bring the first payment, or refund, that is under way to its end."""

    def happening(world: World, customer_id: str | None) -> Iterator[Row]:
        hotel = world.hotel
        waiting = [row for row in hotel.payments.in_use() if row["Kind"] == kind and row["State"] in _UNDER_WAY]
        for payment in _of(waiting, customer_id):
            hotel.reach(payment["Id"], state, world.clock.now())
            yield {"payment_id": payment["Id"], "customer_id": payment["AccountId"]}

    return happening


def _link_payment(world: World, customer_id: str | None) -> Iterator[Row]:
    hotel = world.hotel
    for request in _of(hotel.payment_requests.where("State", "Pending"), customer_id):
        if request["Type"] == "Payment" and under_way(hotel, request) is None:
            yield _paid(world, "guest", pay_by_card(hotel, request, "Visa", "424242******4242", world.clock.now()))


def _owing(world: World, customer_id: str | None) -> Iterator[Row]:
    waiting = {row["BillId"] for row in world.hotel.payments.in_use() if row["State"] in _UNDER_WAY}
    bills = _of(world.hotel.bills.where("State", "Open"), customer_id)
    return (bill for bill in bills if bill["Id"] not in waiting and balance(world.hotel, bill) > 0)


def _paid(world: World, by: str, payment: Row) -> Row:
    world.ledger.paid_elsewhere(by, payment["Id"])
    return {"payment_id": payment["Id"], "customer_id": payment["AccountId"]}


HAPPENINGS: dict[str, Happening] = {
    "arrival": _arrival,
    "departure": _departure,
    "no_show": _no_show,
    "failed_automation": _failed_automation,
    "payout": _payout,
    "chargeback": _chargeback,
    "colleague_payment": _colleague,
    "robot_payment": _robot,
    "payment_settles": _ended("Payment", "Charged"),
    "payment_fails": _ended("Payment", "Failed"),
    "refund_lands": _ended("Refund", "Charged"),
    "refund_fails": _ended("Refund", "Failed"),
    "link_payment": _link_payment,
    "terminal_payment": _terminal_payment,
    "terminal_refusal": _terminal_refusal,
    "terminal_cancellation": _terminal_cancellation,
}

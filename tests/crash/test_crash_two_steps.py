"""A desk killed by SIGKILL at every commit point of a charge at an acquirer, for all that its two requests can come to.

Whatever died, once the hotel's clock has gone on for as long as no request can be under way any more, a restart has
charged the card at most once and written it down exactly as often.
"""

from typing import Any

import pytest

from deskpay.domain.intent import IntentKind
from tests.kit.crash_desk import REFERENCE
from tests.kit.crash_lanes import Lanes, deaths
from tests.kit.crash_points import KILLED, MOST_WRITES_IN_TWO_STEPS, Desks, Outcome, Point
from tests.kit.paymongo import card_page

CHARGE = IntentKind.ACQUIRER_CHARGE
ATTACH, RECORD = "paymongo/payment_intents.attach", "payments/addCreditCard"
PAYS, DECLINES = "4343434343434345", "5100000000000198"
LATER_S = 1_000
"""Longer than an unanswered record waits before it is made anew, and than a charge waits for its card."""


def _fault(fault: str, **more: Any) -> dict[str, Any]:
    return {"fault": fault, **more}


FIRST_STEP = {
    "declined": Outcome("declined", "declined", done=False),
    "lost before": Outcome("lost before", "unknown", done=False, fault=_fault("drop_before")),
    "lost after": Outcome("lost after", "confirmed", done=True, fault=_fault("drop_after")),
    "500 before": Outcome("500 before", "unknown", done=False, fault=_fault("status_before", status=500)),
    "500 after": Outcome("500 after", "confirmed", done=True, fault=_fault("status_after", status=500)),
    "garbage after": Outcome("garbage after", "confirmed", done=True, fault=_fault("garbage_after")),
}
"""What the card's request can come to; the desk dies around its answer."""

SECOND_STEP = {
    "done": Outcome("done", "confirmed", done=True),
    "lost before": Outcome("lost before", "unknown", done=True, fault=_fault("drop_before")),
    "lost after": Outcome("lost after", "confirmed", done=True, fault=_fault("drop_after")),
    "500 before": Outcome("500 before", "unknown", done=True, fault=_fault("status_before", status=500)),
    "500 after": Outcome("500 after", "confirmed", done=True, fault=_fault("status_after", status=500)),
    "refused": Outcome("refused", "confirmed", done=True, fault=_fault("status_before", status=403)),
}
"""What the entry's request can come to, once the card was charged."""

BOTH = ("before", "after")
PLAYS = [
    *((ATTACH, name, outcome, (2, 3, 4)) for name, outcome in FIRST_STEP.items()),
    *((RECORD, name, outcome, (4, 5, 6, 7)) for name, outcome in SECOND_STEP.items()),
]


@pytest.mark.parametrize("write", [1, MOST_WRITES_IN_TWO_STEPS])
def test_killed_at_the_first_and_the_last_write_of_a_charge(lanes: Lanes, write: int) -> None:
    ends = [Point(write, side) for side in BOTH]
    assert deaths(lanes, ends, lambda desks, point: _dies(desks, ATTACH, SECOND_STEP["done"], point)) == ends


@pytest.mark.parametrize(
    ("operation", "outcome", "writes"),
    [(operation, outcome, writes) for operation, _, outcome, writes in PLAYS],
    ids=[f"{operation.rpartition('/')[2]}-{name}".replace(" ", "_") for operation, name, _, _ in PLAYS],
)
def test_killed_at_a_commit_point_a_restart_charges_at_most_once_and_writes_down_exactly_as_often(
    lanes: Lanes, operation: str, outcome: Outcome, writes: tuple[int, ...]
) -> None:
    deadly = [Point(write, side) for write in writes for side in BOTH]
    died = deaths(lanes, deadly, lambda desks, point: _dies(desks, operation, outcome, point))
    # A story may end before the last of these writes, but not before the answer to its request.
    assert died[:4] == deadly[:4]


def _dies(desks: Desks, operation: str, outcome: Outcome, point: Point) -> bool:
    """Kill a desk at `point`, restart it later and look; return False when the story ended before that point."""
    hotel, path = desks.hotel, desks.new_journal()
    hotel.reset()
    card = card_page(hotel, DECLINES if outcome.name == "declined" else PAYS)
    if outcome.fault:
        hotel.ask("POST", "faults", {"operation": operation, "times": 1, **outcome.fault})
    first = desks.play(CHARGE, outcome, path, point, card)
    hotel.clear_faults()
    hotel.advance_clock(LATER_S)
    said = desks.play(CHARGE, outcome, path, Point(0, "take up"), card)
    assert said["code"] == 0, said
    _check(desks, outcome, point, said["told"])
    return bool(first["code"] == KILLED)


def _check(desks: Desks, outcome: Outcome, point: Point, told: dict[str, Any]) -> None:
    there = desks.hotel.ask("GET", "paymongo")
    ledger = desks.hotel.ledger()
    paid = [payment["id"] for payment in there["payments"] if payment["attributes"]["status"] == "paid"]
    records = [row for row in ledger["records"] if row["reference"] == REFERENCE]
    assert len(paid) <= 1
    assert len(records) == len(paid), (point, told)
    assert ledger["requests"].get(ATTACH, 0) == (1 if point.sent else 0)
    if point.sent:
        assert bool(paid) is outcome.done
    states = [story["state"] for story in told["stories"]]
    if point.durable == 0:
        assert states == []
    elif point.durable == 1:
        assert states == ["abandoned"]
    else:
        assert states == ["confirmed" if paid else "declined"], (point, told)
    assert told["waiting"] == []

"""A desk killed by SIGKILL at every commit point, for everything a request can come to: a restart reaches the truth.

Real processes, a real file, the training hotel over real sockets. One write of the journal is one commit point, and the
desk dies right before and right after it is durable, so that what happens between two writes, the request above all, is
on both sides of a death. The hotel's own counter has the last word.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from deskpay.domain.intent import IntentKind
from tests.kit.crash_desk import REFERENCE
from tests.kit.crash_lanes import Lanes, a_lane, deaths
from tests.kit.crash_points import (
    KILLED,
    KINDS,
    OPERATIONS,
    UNSENT,
    Desks,
    Outcome,
    Point,
    captured,
    effects,
    expected_end,
    outcomes_of,
    points,
)

K = IntentKind
PLAYS = [(kind, outcome) for kind in KINDS for outcome in outcomes_of(kind)]
AT_REST = Point(0, "nowhere")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
def test_killed_before_the_request_left_nothing_was_sent(lanes: Lanes, kind: IntentKind) -> None:
    outcome = outcomes_of(kind)[0]
    assert _deaths(lanes, kind, outcome, UNSENT) == list(UNSENT)


@pytest.mark.parametrize(
    ("kind", "outcome"), PLAYS, ids=[f"{kind.value}-{outcome.name}".replace(" ", "_") for kind, outcome in PLAYS]
)
def test_killed_at_every_commit_point_a_restart_reaches_the_truth(
    lanes: Lanes, kind: IntentKind, outcome: Outcome
) -> None:
    with a_lane(lanes) as desks:
        story = _undisturbed(desks, kind, outcome)
    deadly = points(outcome, len(story))
    died = _deaths(lanes, kind, outcome, deadly)
    # How many looks come before a late effect differs from run to run; everything else is as it was undisturbed.
    assert died == deadly or (outcome.late and died[:3] == deadly[:3])


def _deaths(lanes: Lanes, kind: IntentKind, outcome: Outcome, deadly: Sequence[Point]) -> list[Point]:
    """Try every point and return those at which the desk died."""
    return deaths(lanes, deadly, lambda desks, point: _dies(desks, kind, outcome, point))


def _begin(desks: Desks, kind: IntentKind, outcome: Outcome) -> str:
    desks.hotel.reset()
    if outcome.fault:
        desks.hotel.ask("POST", "faults", {"operation": OPERATIONS[kind], "times": 1, **outcome.fault})
    return captured(desks.hotel) if kind is K.SAVE_CARD else ""


def _undisturbed(desks: Desks, kind: IntentKind, outcome: Outcome) -> list[object]:
    """Play it without a death, and return the story, one event for each write."""
    played = desks.play(kind, outcome, desks.new_journal(), AT_REST, _begin(desks, kind, outcome))
    assert played["code"] == 0, played
    assert played["told"]["state"] == outcome.ends, played
    _check_counter(desks.hotel.ledger(), kind, outcome, sent=True)
    story: list[object] = played["told"]["story"]
    return story


def _dies(desks: Desks, kind: IntentKind, outcome: Outcome, point: Point) -> bool:
    """Kill a desk at `point`, restart it and look; return False when the story ended before that point."""
    hotel, path = desks.hotel, desks.new_journal()
    transaction_id = _begin(desks, kind, outcome)
    first = desks.play(kind, outcome, path, point, transaction_id)
    if first["code"] == 0:
        return False
    assert first["code"] == KILLED, first
    _let_the_hotel_finish(desks, kind, outcome, point)
    said = desks.play(kind, outcome, path, Point(0, "take up"), transaction_id)
    assert said["code"] == 0, said
    _check_counter(hotel.ledger(), kind, outcome, sent=point.sent)
    _check_journal(said["told"], kind, outcome, point, effects(hotel.ledger(), kind))
    return True


def _let_the_hotel_finish(desks: Desks, kind: IntentKind, outcome: Outcome, point: Point) -> None:
    hotel = desks.hotel
    hotel.clear_faults()
    if point.sent and outcome.done:
        while not effects(hotel.ledger(), kind):  # a late one comes within half a second, or pytest's limit tells
            continue
        hotel.advance_clock(outcome.advance_s or 25)


def _check_counter(ledger: dict[str, Any], kind: IntentKind, outcome: Outcome, *, sent: bool) -> None:
    assert ledger["requests"].get(OPERATIONS[kind], 0) == (1 if sent else 0)
    assert len(effects(ledger, kind)) == (1 if sent and outcome.done else 0)


def _check_journal(told: dict[str, Any], kind: IntentKind, outcome: Outcome, point: Point, done: list[str]) -> None:
    state = expected_end(outcome, point)
    if state is None:
        assert told["stories"] == []
        return
    (story,) = told["stories"]
    assert story["reference"] == REFERENCE
    assert story["state"] == state, (point, story)
    if state == "confirmed":
        assert [story["outcome_id"]] == done or kind is K.RECORD_CARD
    # Without an end it is on the list, and the same again is refused before anything is sent.
    unknown = state == "unknown"
    assert told["waiting"] == ([REFERENCE] if unknown else [])
    assert told["refused"] == unknown

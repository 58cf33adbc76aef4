"""Intents: what they must be, where they may go, and how they are told apart."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.intent import (
    LEGAL_MOVES,
    CardSlip,
    IllegalMoveError,
    IntentKind,
    IntentRecord,
    IntentState,
)
from deskpay.domain.reference import ALPHABET, new_reference, references_in, with_reference
from tests.kit.intents import NOW, gbp, make_event, make_intent, make_record

S = IntentState

# Written out a second time on purpose: the figure in the module's docstring, not its table.
ARROWS = {
    (S.DRAFTED, S.SENDING),
    (S.DRAFTED, S.ABANDONED),
    (S.SENDING, S.ACCEPTED),
    (S.SENDING, S.NOT_SENT),
    (S.SENDING, S.REJECTED),
    (S.SENDING, S.DECLINED),
    (S.SENDING, S.UNKNOWN),
    (S.ACCEPTED, S.CONFIRMED),
    (S.ACCEPTED, S.DECLINED),
    (S.UNKNOWN, S.UNKNOWN),
    (S.UNKNOWN, S.ACCEPTED),
    (S.UNKNOWN, S.CONFIRMED),
    (S.UNKNOWN, S.DECLINED),
    (S.UNKNOWN, S.RESOLVED),
}
WAY_TO: dict[IntentState, tuple[IntentState, ...]] = {
    S.DRAFTED: (),
    S.SENDING: (S.SENDING,),
    S.ACCEPTED: (S.SENDING, S.ACCEPTED),
    S.CONFIRMED: (S.SENDING, S.ACCEPTED, S.CONFIRMED),
    S.DECLINED: (S.SENDING, S.DECLINED),
    S.NOT_SENT: (S.SENDING, S.NOT_SENT),
    S.REJECTED: (S.SENDING, S.REJECTED),
    S.UNKNOWN: (S.SENDING, S.UNKNOWN),
    S.RESOLVED: (S.SENDING, S.UNKNOWN, S.RESOLVED),
    S.ABANDONED: (S.ABANDONED,),
}
K = IntentKind
TWO_STEPS = ARROWS - {(S.ACCEPTED, S.CONFIRMED), (S.UNKNOWN, S.CONFIRMED)} | {
    (S.ACCEPTED, S.TAKEN),
    (S.TAKEN, S.RECORDING),
    (S.TAKEN, S.RESOLVED),
    (S.RECORDING, S.RECORDING),
    (S.RECORDING, S.TAKEN),
    (S.RECORDING, S.CONFIRMED),
    (S.RECORDING, S.RESOLVED),
}
TAKEN = (S.SENDING, S.ACCEPTED, S.TAKEN)
WAY_IN_TWO_STEPS = WAY_TO | {
    S.TAKEN: TAKEN,
    S.RECORDING: (*TAKEN, S.RECORDING),
    S.CONFIRMED: (*TAKEN, S.RECORDING, S.CONFIRMED),
}


def way(kind: IntentKind, state: IntentState) -> tuple[IntentState, ...] | None:
    """How an act of `kind` comes to `state`; None where it never does."""
    return (WAY_IN_TWO_STEPS if kind.in_two_steps else WAY_TO).get(state)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (kind, *move)
        for kind in (K.CHARGE, K.ACQUIRER_CHARGE)
        for move in itertools.product(S, S)
        if way(kind, move[0]) is not None
    ],
)
def test_a_move_is_legal_where_the_figure_has_an_arrow(
    kind: IntentKind, before: IntentState, after: IntentState
) -> None:
    record = make_record(make_intent(kind=kind), *(way(kind, before) or ()))
    assert record.state is before
    if (before, after) in (TWO_STEPS if kind.in_two_steps else ARROWS):
        moved = record.moved(make_event(after))
        assert moved.state is after
        assert moved.events[:-1] == record.events
    else:
        with pytest.raises(IllegalMoveError):
            record.moved(make_event(after))


def test_nothing_follows_an_end_and_something_follows_all_else() -> None:
    ends = {S.CONFIRMED, S.DECLINED, S.NOT_SENT, S.REJECTED, S.RESOLVED, S.ABANDONED}
    assert {state for state in S if state.final} == ends
    assert LEGAL_MOVES.keys() == set(S)


@pytest.mark.parametrize("events", [(), (make_event(S.SENDING),), (make_event(S.DRAFTED), make_event(S.DRAFTED))])
def test_a_story_begins_with_one_draft(events: Any) -> None:
    with pytest.raises(IllegalMoveError):
        IntentRecord(make_intent(), events)


@pytest.mark.parametrize(
    ("kind", "state"), [(kind, state) for kind in K for state in S if way(kind, state) is not None]
)
def test_a_guest_is_held_until_the_end_or_until_it_has_an_id_and_may_take_its_time(
    kind: IntentKind, state: IntentState
) -> None:
    record = make_record(make_intent(kind=kind), *(way(kind, state) or ()))
    patient = kind is IntentKind.REFUND or kind.asks_guest
    going_on = state in {S.DRAFTED, S.SENDING, S.UNKNOWN} or (state is S.ACCEPTED and not patient)
    assert record.holds_claim is going_on
    assert record.awaits_answer is (state in {S.DRAFTED, S.SENDING, S.RECORDING})


def test_a_record_tells_the_latest_of_each_thing() -> None:
    record = make_record()
    assert (record.outcome_id, record.request_id, record.message, record.sent_utc) == (None, None, "", None)
    sent = NOW + timedelta(seconds=1)
    for event in (
        make_event(S.SENDING, at_utc=sent),
        make_event(S.UNKNOWN, request_id="r1", message="gateway busy"),
        make_event(S.UNKNOWN, outcome_id="p1", request_id="r2"),
        make_event(S.CONFIRMED, at_utc=sent + timedelta(minutes=1)),
    ):
        record = record.moved(event)
    assert (record.outcome_id, record.request_id, record.message, record.sent_utc) == ("p1", "r2", "gateway busy", sent)


def test_an_intent_moves_a_positive_amount_unless_it_saves_a_card() -> None:
    for amount in (gbp(0), gbp(-1)):
        with pytest.raises(ValueError, match="positive"):
            make_intent(amount=amount)
    with pytest.raises(ValueError, match="no money"):
        make_intent(amount=None)
    with pytest.raises(ValueError, match="no money"):
        make_intent(kind=IntentKind.SAVE_CARD, amount=gbp(1))
    assert make_intent(kind=IntentKind.SAVE_CARD).claim == "cards:guest-1"
    assert {make_intent(kind=kind).claim for kind in IntentKind if kind is not IntentKind.SAVE_CARD} == {
        "money:guest-1"
    }


def test_a_slip_keeps_four_digits_and_no_more() -> None:
    assert CardSlip("Visa", "", "", None).last_four == ""
    for wrong in ("4111111111111111", "11111", "111", "abcd", "\u0661\u0661\u0661\u0661", "1111\n"):
        with pytest.raises(ValueError, match="last four"):
            CardSlip("Visa", wrong, "", None)


def test_a_reference_is_made_of_what_is_not_mistaken() -> None:
    letters = iter("7K2M4QXA")
    assert new_reference(lambda alphabet: next(letters) if alphabet == ALPHABET else "") == "DP-7K2M-4QXA"
    assert not set("ILOU") & set(ALPHABET)
    assert len({new_reference() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("DP-7K2M-4QXA", ("DP-7K2M-4QXA",)),
        ("see DP-7K2M-4QXA, not DP-AAAA-AAAA.", ("DP-7K2M-4QXA", "DP-AAAA-AAAA")),
        ("dp-7k2m-4qxa", ()),
        ("XDP-7K2M-4QXA", ()),
        ("DP-7K2M-4QXAA", ()),
        ("DP-7K2M-4QXI", ()),
    ],
)
def test_references_are_read_whole_or_not_at_all(text: str, found: tuple[str, ...]) -> None:
    assert references_in(text) == found
    assert with_reference(text, "DP-0000-0000").endswith("DP-0000-0000")


def test_a_note_carries_its_reference_behind_it() -> None:
    assert with_reference("Minibar", "DP-7K2M-4QXA") == "Minibar · DP-7K2M-4QXA"
    assert with_reference("", "DP-7K2M-4QXA") == "DP-7K2M-4QXA"

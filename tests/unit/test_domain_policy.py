"""Who may say what nobody can prove: after 15 minutes of looks that succeeded, two people together."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deskpay.domain.adoption import Candidate, Finding, Verdict, card_candidates, payment_candidates
from deskpay.domain.card import CardKind
from deskpay.domain.errors import ReleaseProblem, ReleaseRefused
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import PaymentKind, PaymentState
from deskpay.domain.policy import (
    TRACE_SPAN,
    Decision,
    Found,
    NothingThere,
    check_decision,
    no_trace,
    searched_for,
)
from tests.kit.intents import NOW, gbp, make_card, make_event, make_intent, make_payment, make_record

S, E = IntentState, Evidence
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def story(*looks: tuple[float, Evidence]) -> IntentRecord:
    """Sent, lost a minute later, then looks so many seconds after the loss."""
    record = make_record(make_intent(), S.SENDING).moved(make_event(S.UNKNOWN, at_utc=NOW))
    for seconds, evidence in looks:
        at = NOW + timedelta(seconds=seconds)
        record = record.moved(make_event(S.UNKNOWN, at_utc=at, evidence=evidence))
    return record


@pytest.mark.parametrize(
    ("looks", "minutes"),
    [
        ((), 0),
        (((2, E.NOT_FOUND),), 0),
        (((5000, E.NOT_FOUND),), 0),
        (((2, E.NOT_FOUND), (902, E.NOT_FOUND)), 15 + 2 / 60),
        (((2, E.NOT_FOUND), (900, E.NOT_FOUND)), 15),
        (((2, E.NOT_FOUND), (899, E.NOT_FOUND)), 15 - 1 / 60),
        (((2, E.SEVERAL_FOUND), (900, E.NOT_FOUND)), 15),
        (((2, E.COULD_NOT_LOOK), (30, E.NOT_FOUND), (900, E.COULD_NOT_LOOK)), 0),
        (((2, E.COULD_NOT_LOOK), (600, E.NOT_FOUND), (1500, E.NOT_FOUND)), 16),
        (((36_000, E.NOT_FOUND), (36_003, E.NOT_FOUND)), 1 + 3 / 60),
    ],
)
def test_only_looks_that_succeeded_count_and_only_the_time_they_span(
    looks: tuple[tuple[float, Evidence], ...], minutes: float
) -> None:
    record = story(*looks)
    assert searched_for(record) / MINUTE == pytest.approx(minutes)
    assert no_trace(record) is (searched_for(record) >= TRACE_SPAN)


def test_the_planned_looks_offer_the_decision_after_fifteen_minutes() -> None:
    planned = [(at, E.NOT_FOUND) for at in (2.0, 5, 15, 30, 60, 300, 900)]
    assert not no_trace(story(*planned[:-1]))
    assert no_trace(story(*planned))


@pytest.mark.parametrize("state", [S.RESOLVED, S.ACCEPTED, S.DECLINED])
def test_what_has_moved_on_is_without_a_decision(state: IntentState) -> None:
    record = story((2, E.NOT_FOUND), (900, E.NOT_FOUND)).moved(make_event(state, at_utc=NOW))
    assert not no_trace(record)


LONG = story((2, E.NOT_FOUND), (900, E.NOT_FOUND))
SHORT = story((2, E.NOT_FOUND))
THEIRS = Candidate("theirs", ours=False)
OURS = Candidate("ours", ours=True)
NOTHING, UNCLEAR = Verdict(Finding.NOTHING), Verdict(Finding.UNCLEAR)


@pytest.mark.parametrize(
    ("record", "verdict", "candidates", "decision", "problem"),
    [
        (LONG, NOTHING, (), NothingThere(), None),
        (SHORT, NOTHING, (), NothingThere(), ReleaseProblem.TOO_EARLY),
        (LONG, UNCLEAR, (THEIRS,), NothingThere(), ReleaseProblem.CHANGED),
        (LONG, UNCLEAR, (THEIRS,), NothingThere(frozenset({"theirs", "gone"})), None),
        (SHORT, UNCLEAR, (THEIRS,), NothingThere(frozenset({"theirs"})), ReleaseProblem.TOO_EARLY),
        (LONG, UNCLEAR, (OURS, THEIRS), NothingThere(frozenset({"theirs", "ours"})), ReleaseProblem.FOUND),
        (LONG, Verdict(Finding.ONE), (), NothingThere(), ReleaseProblem.FOUND),
        (SHORT, UNCLEAR, (THEIRS,), Found("theirs"), None),
        (SHORT, UNCLEAR, (OURS, THEIRS), Found("ours"), None),
        (LONG, UNCLEAR, (THEIRS,), Found("gone"), ReleaseProblem.CHANGED),
        (LONG, NOTHING, (), Found("theirs"), ReleaseProblem.CHANGED),
    ],
)
def test_a_fresh_look_rules_over_what_people_say(
    record: IntentRecord,
    verdict: Verdict,
    candidates: tuple[Candidate, ...],
    decision: Decision,
    problem: ReleaseProblem | None,
) -> None:
    if problem is None:
        check_decision(record, verdict, candidates, decision)
        return
    with pytest.raises(ReleaseRefused) as caught:
        check_decision(record, verdict, candidates, decision)
    assert caught.value.problem is problem


CHARGE = make_intent(baseline=frozenset({"payment-9"}))
MINE = f"Minibar · {CHARGE.reference}"


@pytest.mark.parametrize(
    ("changed", "ours"),
    [
        ({}, False),
        ({"notes": MINE}, True),
        ({"notes": MINE, "amount": gbp(32_000)}, True),
        ({"external_identifier": CHARGE.reference}, True),
        ({"state": PaymentState.PENDING}, False),
        ({"amount": gbp(32_000)}, None),
        ({"notes": "DP-AAAA-AAAA"}, None),
        ({"state": PaymentState.FAILED}, None),
        ({"notes": MINE, "state": PaymentState.CANCELED}, None),
        ({"id": "payment-9", "notes": MINE}, None),
        ({"customer_id": "guest-2", "notes": MINE}, None),
    ],
)
def test_what_people_may_choose_from(changed: dict[str, Any], ours: bool | None) -> None:
    payment = make_payment(**changed)
    found = payment_candidates(CHARGE, [payment])
    assert [(c.id, c.ours, c.payment) for c in found] == ([] if ours is None else [(payment.id, ours, payment)])


def test_the_newest_stands_first_and_refunds_fit_refunds() -> None:
    back = {"kind": PaymentKind.REFUND, "amount": gbp(-500)}
    refund = make_intent(kind=IntentKind.REFUND, payment_id="p", amount=gbp(500), credit_card_id=None)
    rows = [make_payment(n, created_utc=datetime(2026, 11, n, tzinfo=NOW.tzinfo), **back) for n in (1, 3, 2)]
    found = payment_candidates(refund, [*rows, make_payment(4)])
    assert [candidate.id for candidate in found] == ["payment-3", "payment-2", "payment-1"]


def test_new_cards_may_be_chosen() -> None:
    saving = make_intent(kind=IntentKind.SAVE_CARD, baseline=frozenset({"card-1"}))
    cards = [make_card(1), make_card(2), make_card(3, active=False), make_card(4, kind=CardKind.TERMINAL)]
    (found,) = card_candidates(saving, cards)
    assert (found.id, found.ours, found.card) == ("card-2", False, cards[1])

"""What the list of everything says: every kind, state and event has words, and the drawer tells it whole."""

from contextlib import suppress
from dataclasses import replace

import pytest

from deskpay.domain.intent import (
    LEGAL_MOVES,
    Evidence,
    IllegalMoveError,
    Intent,
    IntentKind,
    IntentRecord,
    IntentState,
)
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.services.activity import Entry
from deskpay.ui.components.timeline import StepState
from deskpay.ui.journal.activity_rows import activity_row, detail_of
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.kit.fake_hotel import TheHotel
from tests.kit.intents import NOW, make_event, make_intent, make_record

DATES, MONEY = DateWords(TheHotel.zone), MoneyWords()


def shortest(intent: Intent, state: IntentState) -> IntentRecord | None:
    """The shortest story of `intent` that ends in `state`; None where there is none."""
    stories = [make_record(intent)]
    while stories:
        story = stories.pop(0)
        if story.state is state:
            return story
        for after in LEGAL_MOVES[story.state] - {event.state for event in story.events}:
            with suppress(IllegalMoveError):
                stories.append(story.moved(make_event(after)))
    return None


STORIES = [
    (kind, record)
    for kind in IntentKind
    for state in IntentState
    if (
        record := shortest(
            make_intent(kind=kind, amount=None if kind is IntentKind.SAVE_CARD else make_intent().amount), state
        )
    )
]


@pytest.mark.parametrize(("kind", "record"), STORIES, ids=lambda given: getattr(given, "state", given).value)
def test_every_act_in_every_state_is_told(kind: IntentKind, record: IntentRecord) -> None:
    intent, entry = record.intent, Entry(NOW, "Ada", record)
    row = activity_row(entry, DATES, NOW)
    assert row.what
    assert row.state.words
    assert (row.amount is None) is (kind is IntentKind.SAVE_CARD)
    if kind is IntentKind.REFUND:
        assert row.amount is not None
        assert not row.amount.positive
    detail = detail_of(entry, DATES, MONEY, NOW)
    assert len(detail.steps) == len(record.events)
    assert intent.reference in detail.support


@pytest.mark.parametrize("kind", list(SecurityKind))
def test_every_event_is_told(kind: SecurityKind) -> None:
    entry = Entry(NOW, "Poppy", event=SecurityEvent(NOW, kind, "Poppy", "DP-7K2M-0001", "signed_in"))
    row = activity_row(entry, DATES, NOW)
    assert row.what
    assert (row.about, row.who, row.amount) == ("DP-7K2M-0001", "Poppy", None)
    assert "DP-7K2M-0001" in detail_of(entry, DATES, MONEY, NOW).support


@pytest.mark.parametrize("evidence", list(Evidence))
def test_every_step_has_words(evidence: Evidence) -> None:
    record = make_record(make_intent(), IntentState.SENDING)
    step = make_event(IntentState.UNKNOWN, evidence=evidence, message="said\x07 so", people=("Ada", "Bo"))
    detail = detail_of(Entry(NOW, "Ada", record.moved(step)), DATES, MONEY, NOW)
    last = detail.steps[-1]
    assert "Ada, Bo" in last.words
    assert "“said so”" in last.words
    assert last.state is StepState.CHECKED
    assert ("Together with", "Ada, Bo") in [(name, words) for name, words in detail.facts] or "Bo" in detail.support


def test_two_people_are_named_beside_the_one_who_asked() -> None:
    record = make_record(make_intent(), IntentState.SENDING)
    first = replace(record.events[0], people=("Ada", "Hattie"))
    record = replace(record, events=(first, *record.events[1:]))
    assert ("Together with", "Hattie") in detail_of(Entry(NOW, "Ada", record), DATES, MONEY, NOW).facts

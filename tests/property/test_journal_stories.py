"""Whatever the desk does in whatever order, the journal holds the same stories, also after reopening."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from deskpay.domain.card import Expiry
from deskpay.domain.errors import GuestBeingChecked
from deskpay.domain.intent import (
    LEGAL_MOVES,
    CardSlip,
    Evidence,
    IllegalMoveError,
    Intent,
    IntentEvent,
    IntentKind,
    IntentRecord,
    IntentState,
)
from deskpay.domain.money import Currency, Money
from deskpay.journal.coding import event_of, event_row, intent_of, intent_row
from deskpay.journal.store import open_store
from deskpay.journal.stories import Stories
from tests.kit.intents import make_intent, make_record

# As the wire lets them through: without NULs and halves of characters, which not every engine keeps in a column.
ids = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
words = st.text(st.characters(), max_size=40) | st.just("\ud800 half a character, \x00 and none")
moments = st.integers(0, 10**15).map(lambda us: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(microseconds=us))
currencies = st.builds(Currency, st.from_regex(r"[A-Z]{3}", fullmatch=True), st.integers(0, 4))
slips = st.builds(
    CardSlip,
    words,
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    words,
    st.none() | st.builds(Expiry, st.integers(2000, 2099), st.integers(1, 12)),
)


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    kind = draw(st.sampled_from(IntentKind))
    amount = Money(draw(st.integers(1, 10**11)), draw(currencies)) if kind is not IntentKind.SAVE_CARD else None
    optional = st.none() | ids
    return Intent(
        id=draw(ids),
        reference=draw(ids),
        kind=kind,
        enterprise_id=draw(ids),
        desk_id=draw(ids),
        operator=draw(ids),
        drafted_utc=draw(moments),
        customer_id=draw(ids),
        customer_name=draw(words),
        subject=draw(words),
        amount=amount,
        credit_card_id=draw(optional),
        reservation_id=draw(optional),
        bill_id=draw(optional),
        payment_id=draw(optional),
        accounting_category_id=draw(optional),
        tender=draw(words),
        external_identifier=draw(words),
        slip=draw(st.none() | slips),
        note=draw(words),
        reason=draw(words),
        baseline=frozenset(draw(st.sets(ids, max_size=4))),
    )


events = st.builds(
    IntentEvent,
    state=st.sampled_from(IntentState),
    at_utc=moments,
    evidence=st.sampled_from(Evidence),
    outcome_id=st.none() | ids,
    request_id=st.none() | ids,
    message=words,
)


@given(intents(), events)
@settings(deadline=None)
def test_rows_hold_intents_and_events_without_loss(intent: Intent, event: IntentEvent) -> None:
    row, step = intent_row(intent, 1), event_row(event, intent.id, 1)
    assert intent_of(row) == intent
    assert event_of(step) == event
    assert str(row["detail"]).isascii()


picks = st.integers(0, 1_000)


class Desk(RuleBasedStateMachine):
    """A journal beside a plain dictionary of what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp())
        self._store = self.open()
        self._expected: dict[str, IntentRecord] = {}

    def open(self) -> Stories:
        return open_store(self._folder / "journal.db")

    @rule(guest=st.sampled_from("AB"), hotel=st.sampled_from("XY"), kind=st.sampled_from(IntentKind), note=words)
    def draft(self, guest: str, hotel: str, kind: IntentKind, note: str) -> None:
        number = len(self._expected) + 1
        intent = make_intent(number, kind=kind, customer_id=guest, enterprise_id=hotel, note=note)
        holders = [
            record.intent.reference
            for record in self._expected.values()
            if record.holds_claim
            and record.intent.enterprise_id == hotel
            and record.intent.customer_id == guest
            and (record.intent.kind is IntentKind.SAVE_CARD) == (kind is IntentKind.SAVE_CARD)
        ]
        if holders:
            with pytest.raises(GuestBeingChecked) as refusal:
                self._store.draft(make_record(intent))
            assert [refusal.value.reference] == holders
        else:
            self._store.draft(make_record(intent))
            self._expected[intent.id] = make_record(intent)

    @precondition(lambda self: self._expected)
    @rule(pick=picks, turn=picks, event=events)
    def move(self, pick: int, turn: int, event: IntentEvent) -> None:
        before = self._picked(pick)
        onwards = sorted(LEGAL_MOVES[before.state], key=lambda state: state.value)
        if onwards:
            step = replace(event, state=onwards[turn % len(onwards)])
            after = IntentRecord(before.intent, (*before.events, step))
            assert self._store.append(before.intent.id, step) == after
            self._expected[before.intent.id] = after

    @precondition(lambda self: self._expected)
    @rule(pick=picks, event=events)
    def go_astray(self, pick: int, event: IntentEvent) -> None:
        before = self._picked(pick)
        if event.state not in LEGAL_MOVES[before.state]:
            with pytest.raises(IllegalMoveError):
                self._store.append(before.intent.id, event)

    def _picked(self, pick: int) -> IntentRecord:
        return list(self._expected.values())[pick % len(self._expected)]

    @rule()
    def reopen(self) -> None:
        self._store.close()
        self._store = self.open()

    @invariant()
    def all_is_there(self) -> None:
        expected = list(self._expected.values())
        day = make_intent().drafted_utc.date()
        assert self._store.drafted_on(day, day + timedelta(days=1)) == expected[::-1]
        assert self._store.unfinished() == [record for record in expected if not record.state.final]

    @override
    def teardown(self) -> None:
        self.reopen()
        self.all_is_there()
        self._store.close()
        shutil.rmtree(self._folder)


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)

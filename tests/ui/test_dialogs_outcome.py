"""What became of an act: every state in its own words, nothing unknown that looks known, and no way to send again."""

import asyncio
import itertools
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from deskpay.domain.errors import JournalCorrupt, JournalTooNew, JournalUnavailable
from deskpay.domain.intent import Evidence, IntentKind, IntentState
from deskpay.domain.money import Money
from deskpay.services.intent_runner import IntentNews
from deskpay.services.scope import TaskScope
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import StateChip, Tone
from deskpay.ui.components.timeline import Timeline
from deskpay.ui.payments.decline_words import Move
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.kit.dialogs import opened
from tests.kit.guest_file import NOW
from tests.kit.intents import gbp
from tests.kit.loops import CoroutineRunner
from tests.kit.outcomes import (
    LOST,
    SENT,
    UNKNOWN,
    Desk,
    K,
    S,
    StillClock,
    comes_to,
    event,
    record,
    text,
    told,
    with_dialog,
)

STORIES = [(kind, state) for kind, state in itertools.product(K, S) if comes_to(kind, state)]
"""Every act in every state that it comes to."""


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, StillClock())


def chips(dialog: OutcomeDialog) -> list[str]:
    return [chip.chip.words for chip in dialog.findChildren(StateChip) if chip.isVisibleTo(dialog)]


def offers_again(dialog: OutcomeDialog) -> bool:
    return not dialog.again_button.isHidden()


@pytest.mark.parametrize(
    ("kind", "state", "says", "chip"),
    [
        (K.CHARGE, S.DRAFTED, "Sending to Mews", None),
        (K.CHARGE, S.SENDING, "Charging £312.40 to Visa •••• 1111", None),
        (K.CHARGE, S.ACCEPTED, "has not said yes yet", "Pending"),
        (K.CHARGE, S.CONFIRMED, "The card was charged once", "Charged"),
        (K.CHARGE, S.DECLINED, "The card was declined", "Declined"),
        (K.CHARGE, S.NOT_SENT, "The request never left this computer", "Not sent"),
        (K.CHARGE, S.REJECTED, "Mews could not accept this", "Refused"),
        (K.CHARGE, S.UNKNOWN, "Don't take this money again, by card, cash or link", "Not known"),
        (K.CHARGE, S.RESOLVED, "A person decided", "Decided"),
        (K.CHARGE, S.ABANDONED, "closed before it sent this", "Not sent"),
        (K.REFUND, S.SENDING, "Refunding £312.40 to Visa •••• 1111", None),
        (K.REFUND, S.ACCEPTED, "The refund is on its way", "Refund pending"),
        (K.REFUND, S.CONFIRMED, "The refund was made once", "Refunded"),
        (K.REFUND, S.DECLINED, "Nothing was given back", "Declined"),
        (K.REFUND, S.UNKNOWN, "Don't give this money back again", "Not known"),
        (K.RECORD_CARD, S.SENDING, "Recording £312.40, card terminal", None),
        (K.RECORD_CARD, S.CONFIRMED, "No card was charged", "Recorded"),
        (K.RECORD_EXTERNAL, S.CONFIRMED, "£312.40, Cash", "Recorded"),
        (K.RECORD_EXTERNAL, S.DECLINED, "The guest has paid all the same", "Declined"),
        (K.RECORD_EXTERNAL, S.UNKNOWN, "Don't record this payment again", "Not known"),
        (K.SAVE_CARD, S.SENDING, "Saving the card of Ottoline Pepperwick", None),
        (K.SAVE_CARD, S.CONFIRMED, "The card was saved once", "Saved"),
        (K.SAVE_CARD, S.DECLINED, "No card was saved", "Declined"),
        (K.SAVE_CARD, S.UNKNOWN, "Don't type this card again yet", "Not known"),
    ],
)
def test_each_state_of_each_act_has_its_words(
    desk: Desk, kind: IntentKind, state: IntentState, says: str, chip: str | None
) -> None:
    dialog = desk.show(told(kind, state))
    steps = " ".join(step.words for line in dialog.findChildren(Timeline) for step in line.steps)
    messages = " ".join(message.text for message in dialog.findChildren(Message))
    assert says in f"{text(dialog)} {steps} {messages}"
    assert chips(dialog) == ([chip] if chip else [])
    dialog.finish()


@pytest.mark.parametrize(("owed", "reminds"), [(gbp(49_240), True), (gbp(0), False), (gbp(-100), False)])
def test_a_refund_that_was_made_reminds_of_what_it_left_open(desk: Desk, owed: Money, reminds: bool) -> None:
    dialog = desk.show(told(K.REFUND, S.CONFIRMED))
    assert dialog.findChildren(Message) == []
    dialog.know_owed(owed)
    said = [message.text for message in dialog.findChildren(Message) if message.isVisibleTo(dialog)]
    lead = "The guest owes £492.40 now. What they should not pay for has to come off the bill in Mews."
    assert [" ".join(words.split()) for words in said] == ([lead] if reminds else [])
    dialog.finish()


def test_no_state_of_any_act_is_without_words(desk: Desk) -> None:
    for kind, state in STORIES:
        dialog = desk.show(told(kind, state))
        assert dialog.telling is not None
        assert dialog.telling.title
        assert "DP-7K4M-2Q9C" in text(dialog)
        dialog.finish()


def test_only_a_charge_that_certainly_took_nothing_can_be_started_anew(desk: Desk) -> None:
    starting = set()
    for kind, state in STORIES:
        dialog = desk.show(told(kind, state))
        moves = {words.move for words in dialog.telling.moves} if dialog.telling is not None else set()
        # The bank's page of a charge that was sent, or its end, takes no money anew.
        if offers_again(dialog) or moves - {Move.BANK_PAGE, Move.END_CHARGE}:
            starting.add((kind, state))
        dialog.finish()
    assert starting == {(K.CHARGE, S.DECLINED), (K.CHARGE, S.NOT_SENT)}


def test_nothing_unknown_looks_like_success_or_failure(desk: Desk) -> None:
    for kind in K:
        dialog = desk.show(told(kind, S.UNKNOWN))
        assert dialog._disc.tone is Tone.UNKNOWN
        assert dialog._card.unknown
        assert {message.tone for message in dialog.findChildren(Message)} == {Tone.UNKNOWN}
        dialog.finish()


def test_a_record_never_looks_like_a_charge(desk: Desk) -> None:
    charged, recorded = desk.show(told(K.CHARGE, S.CONFIRMED)), desk.show(told(K.RECORD_CARD, S.CONFIRMED))
    assert charged._disc.tone is Tone.SUCCESS
    assert recorded._disc.tone is Tone.NEUTRAL
    assert chips(charged) != chips(recorded)
    charged.finish()
    recorded.finish()


def test_what_is_not_known_tells_its_story_and_the_next_look(desk: Desk) -> None:
    dialog = desk.show(UNKNOWN)
    steps = [(step.words, step.time) for line in dialog.findChildren(Timeline) for step in line.steps]
    assert steps == [
        ("Sent to Mews", "14:32:08"),
        ("No answer within 30 s", "14:32:38"),
        ("Check 1: not in Mews yet", "14:32:48"),
        ("Check 2: Mews could not be read", "14:33:18"),
        ("Check 3", "in 42 s"),
    ]
    assert "We won't charge you again until we know" in text(dialog)
    assert dialog.leave_button.label == "Serve the next guest"
    assert not dialog.check_button.isHidden()
    dialog.finish()


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (Evidence.RESTARTED, "DeskPay was closed before the answer came"),
        (Evidence.REFUSED, "Mews refused, but could not be read to make sure"),
        (Evidence.SEVERAL_FOUND, "Mews refused, but its books leave a doubt"),
    ],
)
def test_the_cause_of_the_doubt_is_told(desk: Desk, evidence: Evidence, says: str) -> None:
    dialog = desk.show(IntentNews(record(K.CHARGE, SENT, event(S.UNKNOWN, 9, evidence))))
    steps = [step.words for line in dialog.findChildren(Timeline) for step in line.steps]
    assert steps == ["Sent to Mews", says, "Check 1: looking in Mews"]
    dialog.finish()


TRACELESS = IntentNews(
    record(
        K.CHARGE, SENT, LOST, *(event(S.UNKNOWN, 33 + at, Evidence.NOT_FOUND) for at in (2, 5, 15, 30, 60, 300, 900))
    ),
    next_look_at_s=1_900,
)


def test_without_a_trace_or_with_several_matches_people_are_called(desk: Desk) -> None:
    late = desk.show(TRACELESS, now_s=935)
    assert "Still not in Mews after 15 minutes" in text(late)
    assert "Look at the guest's account in Mews" in text(late)
    assert late.decide_button.label == "Supervisor decides…"
    assert late.leave_button.label == "Keep checking"
    asked: list[bool] = []
    late.decide_requested.connect(lambda: asked.append(True))
    QTest.keyClick(late, Qt.Key.Key_F8)
    late.decide_button.click()
    assert len(asked) >= 1
    late.finish()
    several = IntentNews(record(K.CHARGE, SENT, LOST, event(S.UNKNOWN, 43, Evidence.SEVERAL_FOUND)))
    dialog = desk.show(several)
    assert "More than one entry in Mews could be it" in text(dialog)
    assert "A person has to look in Mews" in text(dialog)
    assert not dialog.decide_button.isHidden()
    dialog.finish()


def test_time_alone_and_looks_that_failed_call_nobody(desk: Desk) -> None:
    failed = (event(S.UNKNOWN, at, Evidence.COULD_NOT_LOOK) for at in (40, 900, 1800, 2700))
    dialog = desk.show(IntentNews(record(K.CHARGE, SENT, LOST, *failed)), now_s=4_000)
    assert "Still not in Mews" not in text(dialog)
    assert dialog.decide_button.isHidden()
    asked: list[bool] = []
    dialog.decide_requested.connect(lambda: asked.append(True))
    QTest.keyClick(dialog, Qt.Key.Key_F8)
    assert not asked
    dialog.finish()


def test_what_turned_up_after_the_decision_is_an_alarm(desk: Desk) -> None:
    dialog = desk.show(IntentNews(told(K.CHARGE, S.RESOLVED).record, late_id="payment-77"))
    assert "It turned up after all" in text(dialog)
    assert "payment-77" in text(dialog)
    dialog.finish()


def test_many_looks_show_the_last_three(desk: Desk) -> None:
    looks = [event(S.UNKNOWN, 40 + at, Evidence.NOT_FOUND) for at in range(7)]
    dialog = desk.show(IntentNews(record(K.CHARGE, SENT, LOST, *looks), next_look_at_s=1_600))
    steps = [step.words for line in dialog.findChildren(Timeline) for step in line.steps]
    assert [words for words in steps if words.startswith("Check")] == [
        "Check 5: not in Mews yet",
        "Check 6: not in Mews yet",
        "Check 7: not in Mews yet",
        "Check 8",
    ]
    assert [step.time for line in dialog.findChildren(Timeline) for step in line.steps][-1] == "in 10 min"
    dialog.finish()


def test_a_found_charge_says_how_long_it_took(desk: Desk) -> None:
    story = (
        *UNKNOWN.record.events[1:],
        event(S.ACCEPTED, 153, Evidence.FOUND, outcome_id="p"),
        event(S.CONFIRMED, 154),
    )
    dialog = desk.show(IntentNews(record(K.CHARGE, *story)))
    assert "Found in Mews after 2 min 30 s" in text(dialog)
    dialog.finish()


def test_the_words_of_mews_are_shown_as_plain_text(desk: Desk) -> None:
    declined = event(S.DECLINED, 9, message="<b>Card</b> declined\u202e" + "!" * 500, request_id="req-7")
    dialog = desk.show(IntentNews(record(K.CHARGE, SENT, declined)))
    shown = next(label for label in dialog.findChildren(QLabel) if "Mews says" in label.text())
    assert shown.textFormat() is Qt.TextFormat.PlainText
    assert "<b>Card</b> declined!" in shown.text()
    assert len(shown.text()) < 330
    assert "req-7" in text(dialog)
    dialog.finish()


@pytest.mark.parametrize("trouble", [JournalUnavailable(), JournalCorrupt(), JournalTooNew()])
def test_a_failed_journal_stops_payments_and_says_what_is_known(desk: Desk, trouble: Any) -> None:
    for state, known in ((S.CONFIRMED, "charged once"), (S.SENDING, "may have been done"), (S.NOT_SENT, "Nothing was")):
        news = told(K.CHARGE, state)
        dialog = desk.show(IntentNews(news.record, None, trouble))
        messages = " ".join(message.text for message in dialog.findChildren(Message))
        assert known in messages
        assert "Don't take this money again" in messages
        assert "Payments have stopped on this computer" in text(dialog)
        assert not offers_again(dialog)
        dialog.finish()


def test_news_change_what_is_shown_and_are_announced(desk: Desk) -> None:
    dialog = desk.show(told(K.CHARGE, S.SENDING))
    heard: list[tuple[str, bool]] = []
    dialog.announced.connect(lambda words, at_once: heard.append((words, at_once)))
    dialog.show_news(UNKNOWN, NOW + timedelta(seconds=80))
    dialog.show_news(UNKNOWN, NOW + timedelta(seconds=81))
    dialog.show_news(told(K.CHARGE, S.CONFIRMED), NOW + timedelta(seconds=90))
    assert [at_once for _, at_once in heard] == [True, False]
    assert "No answer from Mews" in heard[0][0]
    assert "Don't take this money again" in heard[0][0]
    assert "charged once" in heard[1][0]
    assert "The card was charged once" in text(dialog)
    assert chips(dialog) == ["Charged"]
    dialog.finish()


async def ended(scope: TaskScope) -> None:
    """Wait until nothing runs in the scope any more."""
    async with asyncio.timeout(5):
        await asyncio.gather(*scope._tasks, return_exceptions=True)


@pytest.mark.parametrize("state", list(S))
def test_esc_hides_in_every_state_and_says_so_once(desk: Desk, run: CoroutineRunner, state: IntentState) -> None:
    hidden: list[bool] = []

    def clerk(dialog: OutcomeDialog) -> None:
        assert dialog.leave_button.hasFocus()
        dialog.hidden.connect(lambda: hidden.append(True))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.close()

    kind = K.CHARGE if comes_to(K.CHARGE, state) else K.ACQUIRER_CHARGE
    dialog = with_dialog(run, desk, told(kind, state), clerk)
    assert hidden == [True]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(dialog)


def test_hiding_is_said_not_to_stop_what_was_sent(desk: Desk) -> None:
    dialog = desk.show(told(K.CHARGE, S.SENDING))
    assert dialog.note == "Hiding does not stop what was sent"
    dialog.finish()


@pytest.mark.parametrize("waiting", [UNKNOWN, told(K.REFUND, S.ACCEPTED)])
def test_f5_asks_to_look_now_while_the_end_is_awaited(desk: Desk, run: CoroutineRunner, waiting: IntentNews) -> None:
    asked: list[str] = []

    def clerk(dialog: OutcomeDialog) -> None:
        dialog.check_now_requested.connect(lambda: asked.append("look"))
        QTest.keyClick(dialog, Qt.Key.Key_F5)
        dialog.check_button.click()
        dialog.show_news(told(K.CHARGE, S.CONFIRMED), NOW)
        QTest.keyClick(dialog, Qt.Key.Key_F5)

    with_dialog(run, desk, waiting, clerk)
    assert asked == ["look", "look"]


def test_f2_starts_anew_after_a_no_and_never_before(desk: Desk, run: CoroutineRunner) -> None:
    asked: list[str] = []

    def clerk(dialog: OutcomeDialog) -> None:
        dialog.move_chosen.connect(lambda move: asked.append(move.name))
        dialog.hidden.connect(lambda: asked.append("hidden"))
        QTest.keyClick(dialog, Qt.Key.Key_F2)
        assert not asked
        dialog.show_news(told(K.CHARGE, S.DECLINED), NOW)
        QTest.keyClick(dialog, Qt.Key.Key_F2)
        QTest.keyClick(dialog, Qt.Key.Key_F2)

    with_dialog(run, desk, UNKNOWN, clerk)
    assert asked == ["CHARGE"]


def test_the_seconds_are_counted_until_the_end(desk: Desk, run: CoroutineRunner) -> None:
    async def watch() -> list[str]:
        dialog = desk.show(told(K.CHARGE, S.SENDING))
        dialog.open()
        await opened(dialog)
        times = []
        for _ in range(2):
            desk.clock.move(4)
            for _ in range(3):
                await asyncio.sleep(0)
            times.append(
                next(s.time for line in dialog.findChildren(Timeline) for s in line.steps if "Waiting" in s.words)
            )
        dialog.show_news(told(K.CHARGE, S.CONFIRMED), NOW)
        desk.clock.move(1)
        for _ in range(3):
            await asyncio.sleep(0)
        await ended(desk.scope)
        dialog.finish()
        await desk.scope.close()
        return times

    assert run(watch()) == ["4 s", "8 s"]
    assert not desk.failures


def test_the_count_ends_with_the_dialog(desk: Desk, run: CoroutineRunner) -> None:
    async def watch() -> None:
        dialog = desk.show(told(K.CHARGE, S.SENDING))
        dialog.open()
        await opened(dialog)
        dialog.finish()
        await ended(desk.scope)

    run(watch())

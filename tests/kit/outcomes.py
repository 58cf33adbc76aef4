"""An outcome dialog over a window, its clock and the news that it tells."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pytestqt.qtbot import QtBot
from typing_extensions import override

from deskpay.domain.intent import Evidence, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.services.intent_runner import IntentNews
from deskpay.services.ports import Clock
from deskpay.services.scope import TaskScope
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.text import Text
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.kit.dialogs import make_window, opened
from tests.kit.guest_file import NOW
from tests.kit.intents import EVIDENCE, make_intent
from tests.kit.loops import CoroutineRunner

S = IntentState
K = IntentKind
ABOUT = "Ottoline Pepperwick · Room 214 · 48213"
PATHS: dict[IntentState, tuple[IntentState, ...]] = {
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
# An act in two steps has taken the money before Mews has it written down.
PATHS_IN_TWO_STEPS: dict[IntentState, tuple[IntentState, ...]] = PATHS | {
    S.TAKEN: (S.SENDING, S.ACCEPTED, S.TAKEN),
    S.RECORDING: (S.SENDING, S.ACCEPTED, S.TAKEN, S.RECORDING),
    S.CONFIRMED: (S.SENDING, S.ACCEPTED, S.TAKEN, S.RECORDING, S.CONFIRMED),
}


@dataclass
class StillClock(Clock):
    """A clock that stands until it is moved; a sleeper wakes when it is."""

    now_s: float = 1_000.0
    _sleepers: list[asyncio.Event] = field(default_factory=list)

    @override
    def now(self) -> Any:
        return NOW + timedelta(seconds=self.now_s - 1_000)

    @override
    def monotonic_s(self) -> float:
        return self.now_s

    @override
    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append(woken)
        await woken.wait()

    def move(self, seconds: float) -> None:
        """Move the time on and wake whoever sleeps."""
        self.now_s += seconds
        for sleeper in self._sleepers:
            sleeper.set()
        self._sleepers.clear()


def event(state: IntentState, at_s: float, evidence: Evidence | None = None, **changed: Any) -> IntentEvent:
    """A step `at_s` seconds after the draft."""
    at = NOW + timedelta(seconds=at_s)
    return IntentEvent(state=state, at_utc=at, evidence=evidence or EVIDENCE[state], **changed)


def record(kind: IntentKind, *events: IntentEvent, **changed: Any) -> IntentRecord:
    """A story of Ottoline's money."""
    if kind is K.RECORD_EXTERNAL:
        changed = {"subject": "Cash", "tender": "Cash", "credit_card_id": None} | changed
    intent = make_intent(
        kind=kind, reference="DP-7K4M-2Q9C", drafted_utc=NOW, customer_name="Ottoline Pepperwick", **changed
    )
    return IntentRecord(intent, (event(S.DRAFTED, 0), *events))


def told(kind: IntentKind, state: IntentState, **changed: Any) -> IntentNews:
    """The news once an act of `kind` has come to `state`."""
    path = (PATHS_IN_TWO_STEPS if kind.in_two_steps else PATHS)[state]
    return IntentNews(record(kind, *(event(step, 3 + at) for at, step in enumerate(path)), **changed))


def comes_to(kind: IntentKind, state: IntentState) -> bool:
    """Whether acts of `kind` have that state."""
    return kind.in_two_steps or not state.took_unrecorded


SENT = event(S.SENDING, 3)
LOST = event(S.UNKNOWN, 33, Evidence.NO_ANSWER)
UNKNOWN = IntentNews(
    record(
        K.CHARGE,
        SENT,
        LOST,
        event(S.UNKNOWN, 43, Evidence.NOT_FOUND),
        event(S.UNKNOWN, 73, Evidence.COULD_NOT_LOOK),
    ),
    next_look_at_s=1_042,
)


@dataclass
class Desk:
    """Makes outcome dialogs over one window."""

    qtbot: QtBot
    clock: StillClock
    failures: list[BaseException] = field(default_factory=list)
    can_link: bool = True
    next_part: str = ""

    def __post_init__(self) -> None:
        self.scope = TaskScope(self.failures.append)

    def show(self, news: IntentNews, now_s: float = 80) -> OutcomeDialog:
        """A dialog that tells `news`; not open yet."""
        return OutcomeDialog(
            make_window(self.qtbot),
            Environment.LIVE,
            ABOUT,
            ZoneInfo("Europe/London"),
            news,
            NOW + timedelta(seconds=now_s),
            clock=self.clock,
            scope=self.scope,
            can_link=self.can_link,
            next_part=self.next_part,
        )


def text(dialog: OutcomeDialog) -> str:
    """All words of the dialog that can be seen."""
    return " | ".join(label.text() for label in dialog.findChildren(Text) if label.isVisibleTo(dialog))


def with_dialog(
    run: CoroutineRunner, desk: Desk, news: IntentNews, clerk: Callable[[OutcomeDialog], object]
) -> OutcomeDialog:
    """Let a clerk act at the dialog that tells `news`."""

    async def show() -> OutcomeDialog:
        dialog = desk.show(news)
        dialog.open()
        await opened(dialog)
        clerk(dialog)
        dialog.finish()
        await desk.scope.close()
        return dialog

    dialog = run(show())
    assert not desk.failures
    return dialog

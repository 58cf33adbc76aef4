"""The life of one card capture, as pure code.

    LOADING ──ready──▶ READY ──submit──▶ SUBMITTING ──success──▶ DONE
       │ 10 s           │  ▲───invalid──────┘ │ 30 s, error
       ▼                ▼ idle: load anew      ▼
    FAILED           LOADING                 FAILED

One capture is one page load. Once DONE or FAILED, whatever the page still says is ignored, a second success above all.
Times are seconds of a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from deskpay.ui.cards.capture.returns import Broken, Complaint, Done, Invalid, Ready, Return, Typed

USABLE_S = 25 * 60.0
"""A captured card's reference is refused after this; the vault documents 30 minutes."""


class State(Enum):
    """Where a capture stands."""

    LOADING = "loading"
    READY = "ready"
    SUBMITTING = "submitting"
    DONE = "done"
    FAILED = "failed"


class FailureReason(Enum):
    """Why a capture failed."""

    UNREACHABLE = "the vault's script or fields did not load"
    REFUSED = "the vault refused the key or the card"
    EXPIRED_FORM = "the vault's form was too old"
    TIMED_OUT = "the vault did not answer the submit"
    CRASHED = "the web engine's process ended"
    MALFORMED = "the vault answered something that is no reference"


@dataclass(frozen=True, slots=True)
class CaptureFailure:
    """A failed capture. `while_submitting` tells whether the card may be in the vault; Mews never heard of it then."""

    reason: FailureReason
    while_submitting: bool


@dataclass(frozen=True, slots=True)
class CapturedCard:
    """A card in the vault.

    Args:
        transaction_id: the vault's short-lived reference: 18 digits, a string, never shown or logged; or an acquirer's
            id of the card, which is lasting.
        brand: the vault's code, such as `VIS`, or "".
        captured_at_s: when, on the monotonic clock.
    """

    transaction_id: str = field(repr=False)
    brand: str
    captured_at_s: float

    def usable(self, now_s: float) -> bool:
        """Tell whether the reference may still be sent on at `now_s` of the same clock."""
        return now_s - self.captured_at_s < USABLE_S


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each state may last, in seconds."""

    load_s: float = 10.0
    submit_s: float = 30.0
    idle_s: float = 17 * 60.0
    grace_s: float = 120.0
    form_s: float = 22 * 60.0


@dataclass(frozen=True, slots=True)
class Reload:
    """The idle page's form grows old: load it anew."""


Outcome = Ready | Typed | Invalid | CapturedCard | CaptureFailure | Reload

_REASONS = {
    Complaint.BLOCKED: FailureReason.UNREACHABLE,
    Complaint.INIT: FailureReason.REFUSED,
    Complaint.REFUSED: FailureReason.REFUSED,
    Complaint.EXPIRED: FailureReason.EXPIRED_FORM,
    Complaint.MALFORMED: FailureReason.MALFORMED,
}


class CaptureFlow:
    """Decides what each thing that happens to a capture means.

    Args:
        clock: monotonic seconds.
        limits: how long each state may last.
    """

    def __init__(self, clock: Callable[[], float], limits: Limits | None = None) -> None:
        self._clock = clock
        self._limits = limits or Limits()
        self._state = State.LOADING
        self._entered_at = clock()
        self._loaded_at = self._entered_at
        self._heard_at = self._entered_at

    @property
    def state(self) -> State:
        """Where the capture stands."""
        return self._state

    @property
    def deadline_s(self) -> float | None:
        """When the present state runs out, or None when it lasts."""
        match self._state:
            case State.LOADING:
                return self._entered_at + self._limits.load_s
            case State.SUBMITTING:
                return self._entered_at + self._limits.submit_s
            case State.READY:
                # A clerk in the middle of a number gets some more time, but the vault's form does not.
                patient = max(self._loaded_at + self._limits.idle_s, self._heard_at + self._limits.grace_s)
                return min(patient, self._loaded_at + self._limits.form_s)
            case State.DONE | State.FAILED:
                return None
            case _:
                assert_never(self._state)

    def submit(self) -> bool:
        """Tell whether a submit may be sent now; if so it counts as sent."""
        if self._state is not State.READY:
            return False
        self._enter(State.SUBMITTING)
        return True

    def hear(self, told: Return) -> Outcome | None:
        """Take what the page told, and return what it means for the desk, or None."""
        self._heard_at = self._clock()
        match told:
            case Ready() if self._state is State.LOADING:
                self._enter(State.READY)
                self._loaded_at = self._entered_at
                return told
            case Typed() if self._state in {State.READY, State.SUBMITTING}:
                return told
            case Invalid() if self._state is State.SUBMITTING:
                self._enter(State.READY)
                return told
            case Done() if self._state is State.SUBMITTING:
                self._enter(State.DONE)
                return CapturedCard(told.transaction_id, told.brand, self._entered_at)
            case Broken() if self._state not in {State.DONE, State.FAILED}:
                return self._fail(_REASONS[told.complaint])
            case _:
                return None

    def expire(self) -> Outcome | None:
        """Return what it means that the deadline passed, or None when it did not."""
        deadline_s = self.deadline_s
        if deadline_s is None or self._clock() < deadline_s:
            return None
        match self._state:
            case State.LOADING:
                return self._fail(FailureReason.UNREACHABLE)
            case State.SUBMITTING:
                return self._fail(FailureReason.TIMED_OUT)
            case _:
                self._enter(State.LOADING)
                return Reload()

    def crash(self) -> CaptureFailure | None:
        """Take the end of the engine's process; None when the capture was over anyway."""
        return None if self._state in {State.DONE, State.FAILED} else self._fail(FailureReason.CRASHED)

    def _fail(self, reason: FailureReason) -> CaptureFailure:
        failure = CaptureFailure(reason, while_submitting=self._state is State.SUBMITTING)
        self._enter(State.FAILED)
        return failure

    def _enter(self, state: State) -> None:
        self._state = state
        self._entered_at = self._clock()

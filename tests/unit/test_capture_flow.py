"""The life of a capture, on a clock of its own and without Qt."""

from dataclasses import dataclass

import pytest

from deskpay.ui.cards.capture.flow import (
    CapturedCard,
    CaptureFailure,
    CaptureFlow,
    FailureReason,
    Reload,
    State,
)
from deskpay.ui.cards.capture.returns import Broken, Complaint, Done, Invalid, Ready, Typed

DONE = Done("201028230732590232", "VIS")
MINUTE = 60.0


@dataclass
class Clock:
    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def flow(clock: Clock) -> CaptureFlow:
    return CaptureFlow(clock)


def submitted(flow: CaptureFlow) -> CaptureFlow:
    flow.hear(Ready())
    assert flow.submit()
    return flow


def test_a_card_goes_from_loading_to_done(flow: CaptureFlow, clock: Clock) -> None:
    assert flow.hear(Ready()) == Ready()
    assert flow.hear(Typed("VIS", valid=True)) == Typed("VIS", valid=True)
    assert flow.submit()
    clock.now_s += 3
    assert flow.hear(DONE) == CapturedCard(DONE.transaction_id, "VIS", clock.now_s)
    assert flow.state is State.DONE
    assert flow.deadline_s is None


def test_a_second_success_is_ignored(flow: CaptureFlow) -> None:
    submitted(flow).hear(DONE)
    assert flow.hear(DONE) is None
    assert flow.hear(Broken(Complaint.REFUSED)) is None
    assert flow.state is State.DONE


def test_a_success_nobody_asked_for_is_ignored(flow: CaptureFlow) -> None:
    assert flow.hear(DONE) is None
    flow.hear(Ready())
    assert flow.hear(DONE) is None
    assert flow.state is State.READY


def test_only_one_submit_is_under_way(flow: CaptureFlow) -> None:
    assert not flow.submit()
    submitted(flow)
    assert not flow.submit()


def test_invalid_fields_take_another_submit(flow: CaptureFlow) -> None:
    submitted(flow)
    assert flow.hear(Invalid("number")) == Invalid("number")
    assert flow.state is State.READY
    assert flow.submit()


@pytest.mark.parametrize(
    ("complaint", "reason"),
    [
        (Complaint.BLOCKED, FailureReason.UNREACHABLE),
        (Complaint.INIT, FailureReason.REFUSED),
        (Complaint.REFUSED, FailureReason.REFUSED),
        (Complaint.EXPIRED, FailureReason.EXPIRED_FORM),
        (Complaint.MALFORMED, FailureReason.MALFORMED),
    ],
)
@pytest.mark.parametrize("while_submitting", [False, True])
def test_a_complaint_ends_the_capture(
    flow: CaptureFlow, complaint: Complaint, reason: FailureReason, *, while_submitting: bool
) -> None:
    if while_submitting:
        submitted(flow)
    assert flow.hear(Broken(complaint)) == CaptureFailure(reason, while_submitting)
    assert flow.state is State.FAILED
    assert flow.hear(Ready()) is None
    assert flow.hear(DONE) is None
    assert not flow.submit()


def test_silence_while_loading_means_unreachable_after_ten_seconds(flow: CaptureFlow, clock: Clock) -> None:
    clock.now_s += 9.999
    assert flow.expire() is None
    clock.now_s += 0.001
    assert flow.expire() == CaptureFailure(FailureReason.UNREACHABLE, while_submitting=False)


def test_silence_after_a_submit_is_a_time_out_after_thirty_seconds(flow: CaptureFlow, clock: Clock) -> None:
    submitted(flow)
    assert flow.deadline_s == clock.now_s + 30
    clock.now_s += 30
    assert flow.expire() == CaptureFailure(FailureReason.TIMED_OUT, while_submitting=True)
    assert flow.hear(DONE) is None


def test_the_validation_round_before_an_answer_does_not_prolong_the_wait(flow: CaptureFlow, clock: Clock) -> None:
    submitted(flow)
    deadline_s = flow.deadline_s
    clock.now_s += 1
    flow.hear(Typed("VIS", valid=True))
    assert flow.deadline_s == deadline_s


def test_an_idle_form_is_loaded_anew_after_seventeen_minutes(flow: CaptureFlow, clock: Clock) -> None:
    flow.hear(Ready())
    clock.now_s += 17 * MINUTE - 1
    assert flow.expire() is None
    clock.now_s += 1
    assert flow.expire() == Reload()
    assert flow.state is State.LOADING
    assert flow.deadline_s == clock.now_s + 10
    assert flow.hear(Ready()) == Ready()


def test_a_clerk_who_is_typing_gets_more_time_but_not_beyond_the_form(flow: CaptureFlow, clock: Clock) -> None:
    flow.hear(Ready())
    loaded_s = clock.now_s
    clock.now_s = loaded_s + 16.5 * MINUTE
    flow.hear(Typed("VIS", valid=False))
    assert flow.deadline_s == loaded_s + 18.5 * MINUTE
    clock.now_s = loaded_s + 21.5 * MINUTE
    flow.hear(Typed("VIS", valid=True))
    assert flow.deadline_s == loaded_s + 22 * MINUTE


def test_rejected_submits_do_not_make_the_form_younger(flow: CaptureFlow, clock: Clock) -> None:
    flow.hear(Ready())
    loaded_s = clock.now_s
    clock.now_s += 16 * MINUTE
    flow.submit()
    flow.hear(Invalid("code"))
    assert flow.deadline_s == loaded_s + 18 * MINUTE


def test_a_crash_ends_a_running_capture_only(flow: CaptureFlow) -> None:
    submitted(flow)
    assert flow.crash() == CaptureFailure(FailureReason.CRASHED, while_submitting=True)
    assert flow.crash() is None


def test_a_captured_reference_is_usable_for_twenty_five_minutes() -> None:
    card = CapturedCard("201028230732590232", "VIS", captured_at_s=50.0)
    assert card.usable(50.0 + 25 * MINUTE - 0.1)
    assert not card.usable(50.0 + 25 * MINUTE)


def test_a_captured_reference_is_in_no_repr() -> None:
    assert "201028230732590232" not in repr(CapturedCard("201028230732590232", "VIS", 0.0))

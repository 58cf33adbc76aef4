"""A rule that is broken on purpose is caught by the simulation within ten thousand runs."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from deskpay.domain import adoption
from deskpay.domain.acquirer import AcquirerCharge, AcquirerRefund, ChargeState, RefundState
from deskpay.domain.adoption import Finding, Verdict, find_payment
from deskpay.domain.errors import DeskPayError, JournalAway, NotSent, OutcomeUnknown
from deskpay.domain.intent import Evidence, Intent, IntentEvent, IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund, Payment, refundable_remainder
from deskpay.services import (
    acquirer_look,
    intent_runner,
    look_up,
    read_guest,
    record_payment,
    refund_payment,
    save_card,
    take_payment,
    write_down,
)
from deskpay.services.acquirer_look import AcquirerLook
from deskpay.services.intent_runner import IntentRunner
from deskpay.services.look_up import LookUp
from deskpay.services.settled import Settled
from deskpay.services.standstill import Standstill
from deskpay.services.stories import Stories
from deskpay.services.write_down import WriteDown
from deskpay.simulation.campaign import simulate

RUNS = 10_000

Send = Callable[[], Awaitable[str]]
Patch = pytest.MonkeyPatch

SEND_ONCE = IntentRunner._send_once
MOVE = Stories.move
PUT = Stories.put
END_OF_REFUND = acquirer_look._end_of
VERDICT = LookUp.verdict


def drop_the_baseline(patch: Patch) -> None:
    for verb in (take_payment, record_payment, refund_payment, save_card):
        patch.setattr(verb, "baseline_of", lambda *_: frozenset())


def resend_on_timeout(patch: Patch) -> None:
    async def sent(runner: IntentRunner, record: IntentRecord, send: Send) -> IntentRecord:
        async def stubborn() -> str:
            try:
                return await send()
            except OutcomeUnknown:
                return await send()

        return await SEND_ONCE(runner, record, stubborn)

    patch.setattr(IntentRunner, "_send_once", sent)


def commit_sending_after_send(patch: Patch) -> None:
    async def moved(stories: Stories, record: IntentRecord, state: IntentState, *why: Any, **told: Any) -> Any:
        if state is not IntentState.SENDING:
            return await MOVE(stories, record, state, *why, **told)
        return record.moved(IntentEvent(state=state, at_utc=stories.server_now(), evidence=Evidence.ABOUT_TO_SEND))

    async def sent(runner: IntentRunner, record: IntentRecord, send: Send) -> IntentRecord:
        async def then_written() -> str:
            try:
                return await send()
            finally:
                await runner._journal.append(record.intent.id, record.events[-1])

        return await SEND_ONCE(runner, record, then_written)

    patch.setattr(Stories, "move", moved)
    patch.setattr(IntentRunner, "_send_once", sent)


def adopt_without_reference(patch: Patch) -> None:
    def found(intent: Intent, payments: Iterable[Payment]) -> Verdict:
        rows = list(payments)
        verdict = find_payment(intent, rows)
        fitting = [row for row in adoption._new(intent, rows) if adoption._fits(intent, row)]
        return Verdict(Finding.ONE, fitting[0]) if verdict.finding is Finding.UNCLEAR and fitting else verdict

    patch.setattr(look_up, "find_payment", found)


def adopt_a_colleagues_refund(patch: Patch) -> None:
    patch.setattr(adoption, "_OWN_ORIGINS", {"Api", "Operations"})


def decline_without_a_look(patch: Patch) -> None:
    async def declined(runner: IntentRunner, record: IntentRecord, refusal: DeskPayError) -> IntentRecord:
        return await MOVE(runner._stories, record, IntentState.DECLINED, Evidence.REFUSED, problem=refusal)

    patch.setattr(IntentRunner, "_after_refusal", declined)


def release_the_claim_early(patch: Patch) -> None:
    held = {IntentState.DRAFTED, IntentState.SENDING, IntentState.ACCEPTED}
    patch.setattr(IntentRecord, "holds_claim", property(lambda record: record.state in held))


def skip_the_overtaken_check(patch: Patch) -> None:
    async def passed(*_: object) -> None:
        return None

    patch.setattr(intent_runner, "check_not_overtaken", passed)


def skip_the_repeat_check(patch: Patch) -> None:
    for verb in (take_payment, record_payment):
        patch.setattr(verb, "check_not_repeated", lambda *_: frozenset())


def confirm_pending_as_charged(patch: Patch) -> None:
    patch.setattr(look_up, "_end_of", lambda payment: Settled(IntentState.CONFIRMED, payment.id))


def ignore_own_refunds(patch: Patch) -> None:
    def left(payment: Payment, rows: Iterable[Payment], _own: Iterable[OwnRefund]) -> Any:
        return refundable_remainder(payment, rows, ())

    patch.setattr(read_guest, "refundable_remainder", left)


def take_a_failed_look_for_an_empty_one(patch: Patch) -> None:
    async def verdict(books: LookUp, record: IntentRecord) -> Verdict:
        try:
            return await VERDICT(books, record)
        except DeskPayError:
            return Verdict(Finding.NOTHING)

    patch.setattr(LookUp, "verdict", verdict)


def call_a_lost_answer_not_sent(patch: Patch) -> None:
    async def sent(runner: IntentRunner, record: IntentRecord, send: Send) -> IntentRecord:
        async def hopeful() -> str:
            try:
                return await send()
            except OutcomeUnknown as lost:
                raise NotSent from lost

        return await SEND_ONCE(runner, record, hopeful)

    patch.setattr(IntentRunner, "_send_once", sent)


def forget_at_the_restart(patch: Patch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setattr(IntentRunner, "resume", nothing)


def leave_a_draft_that_stands(patch: Patch) -> None:
    async def left(*_: object) -> None:
        return None

    patch.setattr(IntentRunner, "_abandon_what_stands", left)


def go_on_without_an_absent_journal(patch: Patch) -> None:
    async def put(stories: Stories, record: IntentRecord, event: IntentEvent) -> IntentRecord:
        try:
            return await PUT(stories, record, event)
        except JournalAway:
            return record.moved(event)

    patch.setattr(Stories, "put", put)


def never_come_back(patch: Patch) -> None:
    async def waited(*_: object) -> None:
        return None

    patch.setattr(Standstill, "_await_journal", waited)


def forget_which_charge_was_made_ready(patch: Patch) -> None:
    async def moved(stories: Stories, record: IntentRecord, state: IntentState, *why: Any, **told: Any) -> IntentRecord:
        if state is IntentState.SENDING:
            told["outcome_id"] = None
        return await MOVE(stories, record, state, *why, **told)

    patch.setattr(Stories, "move", moved)


def write_down_again_at_once(patch: Patch) -> None:
    patch.setattr(write_down, "_may_repeat", lambda *_: True)


def write_down_without_a_look(patch: Patch) -> None:
    async def nothing(*_: object) -> Verdict:
        return Verdict(Finding.NOTHING)

    patch.setattr(WriteDown, "_found", nothing)


def call_an_untouched_charge_cancelled(patch: Patch) -> None:
    async def ended(_look: AcquirerLook, charge: AcquirerCharge) -> AcquirerCharge:
        return replace(charge, state=ChargeState.CANCELLED)

    patch.setattr(AcquirerLook, "_ended", ended)


def settle_an_untouched_charge(patch: Patch) -> None:
    patch.setattr(AcquirerCharge, "over", property(lambda charge: charge.payment is None))


def call_a_refund_under_way_landed(patch: Patch) -> None:
    def end(record: IntentRecord, refunds: list[AcquirerRefund]) -> Settled | None:
        landed = [
            replace(one, state=RefundState.LANDED) if one.state is RefundState.UNDER_WAY else one for one in refunds
        ]
        return END_OF_REFUND(record, landed)

    patch.setattr(acquirer_look, "_end_of", end)


BREAKS = (
    drop_the_baseline,
    resend_on_timeout,
    commit_sending_after_send,
    adopt_without_reference,
    adopt_a_colleagues_refund,
    decline_without_a_look,
    release_the_claim_early,
    skip_the_overtaken_check,
    skip_the_repeat_check,
    confirm_pending_as_charged,
    ignore_own_refunds,
    take_a_failed_look_for_an_empty_one,
    call_a_lost_answer_not_sent,
    forget_at_the_restart,
    leave_a_draft_that_stands,
    go_on_without_an_absent_journal,
    never_come_back,
    forget_which_charge_was_made_ready,
    write_down_again_at_once,
    write_down_without_a_look,
    call_an_untouched_charge_cancelled,
    settle_an_untouched_charge,
    call_a_refund_under_way_landed,
)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.__name__)
def test_a_broken_rule_is_caught(broken: Callable[[Patch], None], monkeypatch: Patch) -> None:
    broken(monkeypatch)
    findings = simulate(7, RUNS, desks=2, until_broken=True)
    assert not findings.ok, f"{findings.runs} runs saw nothing"
    trace = findings.violations[0]["trace"]
    assert isinstance(trace, list)
    assert any("VIOLATION" in line for line in trace)

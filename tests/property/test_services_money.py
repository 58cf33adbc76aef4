"""No sequence of faults, clicks and restarts takes money twice or loses a story."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    HotelUnavailable,
    JournalUnavailable,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import PaymentState
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.services.ask_guest import AskOrder, ask_guest
from deskpay.services.record_payment import record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import save_card
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_card, a_charge, a_record, a_refund, a_slip
from tests.kit.fake_hotel import ANNA, Meets, payment, pounds
from tests.kit.loops import VirtualRunner

DID_NOTHING = {IntentState.ABANDONED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.DECLINED}


@dataclass(frozen=True)
class Click:
    """One confirmation, perhaps clicked several times or in several windows, and what happens afterwards."""

    kind: IntentKind
    amount_minor: int
    with_reason: bool
    clicks: int
    windows: bool
    slow_s: float
    then_s: float


@dataclass(frozen=True)
class Day:
    """From the start of a desk to its end, which comes in the middle of whatever is going on."""

    clicks: tuple[Click, ...]
    failing_reads: tuple[Exception | None, ...]
    failing_write: int | None
    written: bool


# A row that is made needs no proof against it: the hotel refuses only what it did not do, as its contract says, except
# for the 403 that leaves a living payment, which is the reason for the look after every decline. A row with neither our
# reference nor our amount cannot be known by anyone as ours.
MEETS = st.one_of(
    st.builds(
        Meets,
        before_s=st.sampled_from([0, 0.5, 30]),
        after_s=st.sampled_from([0, 0.5, 30]),
        done=st.booleans(),
        error=st.builds(OutcomeUnknown),
    ),
    st.builds(
        Meets,
        before_s=st.sampled_from([0, 0.5, 30]),
        after_s=st.sampled_from([0, 0.5, 30]),
        state=st.sampled_from([PaymentState.CHARGED, PaymentState.PENDING, PaymentState.FAILED]),
        error=st.one_of(st.none(), st.builds(Declined), st.builds(OutcomeUnknown)),
        echoes=st.booleans(),
        surcharge_minor=st.sampled_from([0, 0, 50]),
    ).filter(lambda meets: meets.echoes or not meets.surcharge_minor),
    st.builds(
        Meets,
        done=st.just(False),
        error=st.one_of(*(st.builds(kind) for kind in (NotSent, Rejected, Unauthorized, RateLimited, Declined))),
    ),
)
CLICKS = st.builds(
    Click,
    # An order to a terminal that is refused and carried out all the same leaves nothing that could be read.
    # What an acquirer takes is played by the simulation, whose watch knows both steps.
    kind=st.sampled_from([*(set(IntentKind) - {IntentKind.TERMINAL, IntentKind.ACQUIRER_CHARGE}), IntentKind.REFUND]),
    amount_minor=st.sampled_from([700, 900]),
    with_reason=st.booleans(),
    clicks=st.integers(1, 3),
    windows=st.booleans(),
    slow_s=st.sampled_from([0, 2, 60]),
    then_s=st.sampled_from([0, 1, 40, 4000]),
)
DAYS = st.builds(
    Day,
    clicks=st.lists(CLICKS, min_size=1, max_size=4).map(tuple),
    failing_reads=st.lists(
        st.one_of(st.none(), st.none(), st.builds(HotelUnavailable), st.builds(RateLimited)), max_size=6
    ).map(tuple),
    failing_write=st.one_of(st.none(), st.integers(1, 8)),
    written=st.booleans(),
)


def reference_of(number: int) -> str:
    """The reference of a form."""
    return f"DP-PRPR-{number:04d}"


def shift_end(desk: FakeDesk) -> datetime:
    """Until when a link works."""
    return desk.front.records.server_now() + timedelta(days=60)


def act(desk: FakeDesk, click: Click, number: int, shown: list[str]) -> Coroutine[Any, Any, IntentRecord]:
    """The verb that was clicked, on the form with this number, where `shown` stood on the books."""
    amount, reason = pounds(click.amount_minor), "meant" if click.with_reason else ""
    reference = reference_of(number)
    record = partial(a_record, amount, reference=reference, repeat_reason=reason, repeat_of=shown)
    match click.kind:
        case IntentKind.CHARGE:
            order = a_charge(amount, reference=reference, repeat_reason=reason, repeat_of=shown)
            return take_payment(desk.front, order)
        case IntentKind.REFUND:
            return refund_payment(desk.front, a_refund("paid", amount, reference=reference))
        case IntentKind.RECORD_CARD:
            return record_payment(desk.front, record(slip=a_slip()))
        case IntentKind.RECORD_EXTERNAL:
            return record_payment(desk.front, record())
        case IntentKind.PAY_LINK | IntentKind.ALTERNATIVE | IntentKind.TERMINAL:
            link = LinkTerms(PayReason.OTHER, shift_end(desk), "Please pay", by_email=True)
            return ask_guest(
                desk.front,
                AskOrder(
                    reference=reference,
                    customer=ANNA,
                    reservation_id=None,
                    amount=amount,
                    link=link if click.kind is IntentKind.PAY_LINK else None,
                    method="ApplePay" if click.kind is IntentKind.ALTERNATIVE else "",
                    repeat_reason=reason,
                    repeat_of=frozenset(shown),
                ),
            )
        case IntentKind.SAVE_CARD:
            return save_card(desk.front, a_card(desk.front.clock.monotonic_s(), reference=reference))
        case IntentKind.ACQUIRER_CHARGE:
            raise AssertionError("not drawn")


def play_day(shift: Shift, day: Day, forms: list[int]) -> Callable[[FakeDesk], Awaitable[None]]:
    """One day at the desk; `forms` counts the forms over all days."""

    async def story(desk: FakeDesk) -> None:
        shift.hotel.failing.extend(day.failing_reads)
        if day.failing_write is not None:
            shift.journal.failures[shift.journal.writes + day.failing_write] = (JournalUnavailable("full"), day.written)
        with suppress(JournalUnavailable):
            await desk.runner.resume()
        for click in day.clicks:
            first = forms[0] + 1
            forms[0] += click.clicks
            numbers = [first + turn if click.windows else first for turn in range(click.clicks)]
            shift.hotel.slow_s = {"payments": click.slow_s, "cards": click.slow_s} if click.slow_s else {}
            shown = [*(row.id for row in shift.hotel.rows), *(asked.id for asked in shift.hotel.pay_requests)]
            clicked = asyncio.gather(*(act(desk, click, number, shown) for number in numbers), return_exceptions=True)
            await asyncio.sleep(click.then_s)
            check(shift)
            if not clicked.done():
                clicked.cancel()
            sent = sum(shift.hotel.requests[reference_of(number)] for number in set(numbers))
            assert sent <= 1, "clicked at once, sent twice"
            with suppress(asyncio.CancelledError):
                for result in await clicked:
                    assert isinstance(result, IntentRecord | DeskPayError | asyncio.CancelledError), repr(result)

    return story


def check(shift: Shift) -> None:
    """What must hold at every moment."""
    assert all(count <= 1 for count in shift.hotel.requests.values()), shift.hotel.requests
    records = list(shift.journal.stories.values())
    references = {record.intent.reference for record in records if record.sent_utc is not None}
    assert set(shift.hotel.requests) <= references, "a request without a durable story"
    outcomes = [record.outcome_id for record in records if record.outcome_id is not None]
    assert len(outcomes) == len(set(outcomes)), "two acts with one outcome"
    for claim in {record.intent.claim for record in records}:
        assert sum(record.intent.claim == claim and record.holds_claim for record in records) <= 1


def check_end(shift: Shift, record: IntentRecord) -> None:
    """What must hold of one story after a quiet night: it says no more than the hotel's books."""
    made = shift.hotel.truth.get(record.intent.reference)
    done = PaymentState.PENDING if record.intent.kind is IntentKind.PAY_LINK else PaymentState.CHARGED
    state = next((row.state for row in shift.hotel.rows if row.id == made), done if made else None)
    if record.state is IntentState.CONFIRMED:
        assert (record.outcome_id, state) == (made, PaymentState.CHARGED), record
    elif record.state in DID_NOTHING:
        assert state in {None, PaymentState.FAILED}, record
    elif record.state is IntentState.ACCEPTED:
        assert state is PaymentState.PENDING, record
    else:
        assert record.state is IntentState.UNKNOWN, record
        assert record.holds_claim


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=st.lists(DAYS, min_size=1, max_size=4), meets=st.lists(MEETS, max_size=8))
def test_whatever_breaks_money_is_taken_once_and_every_story_is_kept(days: list[Day], meets: list[Meets]) -> None:
    run = VirtualRunner()
    try:
        shift = Shift(run)
        shift.hotel.rows.append(payment("paid", pounds(100_000), run.clock.now() - timedelta(days=3)))
        shift.hotel.coming.extend(meets)
        forms = [0]
        written: set[str] = set()
        for day in days:
            shift(play_day(shift, day, forms))
            check(shift)
            assert written <= set(shift.journal.stories), "a story was lost"
            written = set(shift.journal.stories)
        shift.journal.failures.clear()
        shift.hotel.failing.clear()
        shift.hotel.slow_s.clear()

        async def quiet_night(desk: FakeDesk) -> None:
            await desk.runner.resume()
            await asyncio.sleep(12 * 3600)

        shift(quiet_night)
        check(shift)
        for record in shift.journal.stories.values():
            check_end(shift, record)
        assert shift.faults == []
    finally:
        run.close()

"""The queue of the night: every guest at most once, every row explained, and on from where it was."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from deskpay.domain.customer import Customer
from deskpay.domain.errors import (
    Declined,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    JournalUnavailable,
    LooksRepeated,
    NotAllowed,
    NotSent,
    NotSignedIn,
    NotYourRight,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.domain.night_queue import QueuePlan, QueueRow, RowState, Why
from deskpay.domain.operator import Role, Rules
from deskpay.services.desk import Desk
from deskpay.services.run_night_queue import TRIES, NightQueue, RowNews, confirm_queue
from deskpay.services.seat import Proven, Seat
from tests.kit.fake_desk import FakeDesk, Shift, new_shift
from tests.kit.fake_hotel import EUR, JPY, Meets, card, payment, pounds
from tests.kit.fake_night import MemoryQueues, night_desk
from tests.kit.loops import VirtualRunner
from tests.kit.seats import somebody

DAY = date(2026, 11, 19)
GUESTS = [Customer(f"guest-{n}", "Guest", f"Number {n}", "", "", "", frozenset()) for n in range(1, 6)]

CHARGED, DECLINED, SKIPPED = RowState.CHARGED, RowState.DECLINED, RowState.SKIPPED


def row(number: int, amount: Money | None = None) -> QueueRow:
    guest = f"guest-{number}"
    return QueueRow(0, Why.NO_SHOW, f"stay-{number}", guest, f"visa-{number}", amount or pounds(10_000 + number))


class Night:
    """A shift with five guests who did not come, and a queue store that outlives its desks."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.queues = MemoryQueues()
        shift.hotel.guests = GUESTS
        shift.hotel.cards = [card(f"visa-{n}", f"guest-{n}") for n in range(1, 6)]

    def __call__(self, story: Callable[[FakeDesk, NightQueue], Awaitable[None]], *, rows: int = 3) -> list[RowNews]:
        """Open a desk, confirm a queue or take up the one that is not over, and play `story` with it."""

        async def play(desk: FakeDesk) -> list[RowNews]:
            night = night_desk(desk, self.shift.hotel, self.queues)
            await desk.runner.resume()
            plan = await self.queues.unfinished()
            if plan is None:
                plan = await confirm_queue(
                    night, DAY, [row(n) for n in range(1, rows + 1)], desk.front.records.server_now()
                )
            queue = NightQueue(night, plan)
            try:
                await story(desk, queue)
                return list(queue.rows)
            finally:
                queue.leave()

        return self.shift(play)

    def states(self, told: list[RowNews]) -> list[RowState]:
        """Where each row stands, after proof that nobody was charged twice."""
        assert all(count == 1 for count in self.shift.hotel.effects.values())
        assert max(self.charged.values(), default=0) <= 1
        return [news.state for news in told]

    @property
    def charged(self) -> dict[str, int]:
        """How often each guest was charged."""
        guests = [row.customer_id for row in self.shift.hotel.rows if row.state.live and row.notes]
        return {guest: guests.count(guest) for guest in guests}


@pytest.fixture
def night(run_virtual: VirtualRunner) -> Iterator[Night]:
    for shift in new_shift(run_virtual):
        yield Night(shift)


async def run_all(desk: FakeDesk, queue: NightQueue) -> None:
    await queue.run()
    await desk.until(lambda: all(news.state is not RowState.UNDER_WAY for news in queue.rows))


def test_guests_are_charged_in_order_and_the_queue_is_over(night: Night) -> None:
    told = night(run_all)
    assert night.states(told) == [CHARGED] * 3
    assert [made.customer_id for made in night.shift.hotel.rows] == ["guest-1", "guest-2", "guest-3"]
    assert night.queues.plan is None


def test_a_decline_is_told_and_the_next_guest_follows(night: Night) -> None:
    night.shift.hotel.coming += [Meets(), Meets(done=False, error=Declined(server_message="No."))]
    told = night(run_all)
    assert night.states(told) == [CHARGED, DECLINED, CHARGED]
    assert told[1].record is not None
    assert told[1].record.message == "No."


def test_a_lost_answer_holds_the_queue_until_it_is_known(night: Night) -> None:
    night.shift.hotel.coming += [Meets(), Meets(error=OutcomeUnknown("gone"))]
    seen: list[tuple[int, RowState]] = []

    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        queue.changed.listen(lambda news: seen.append((news.row.number, news.state)))
        await run_all(desk, queue)

    assert night.states(night(story)) == [CHARGED] * 3
    # Nobody was touched before the second guest's outcome was known.
    assert (
        seen.index((2, RowState.NOT_KNOWN)) < seen.index((2, RowState.UNDER_WAY)) < seen.index((3, RowState.CHARGING))
    )


def test_a_person_may_let_it_go_on_with_the_others(night: Night) -> None:
    night.shift.hotel.coming += [Meets(error=OutcomeUnknown("gone"), done=False)]

    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        running = desk.scope.start(queue.run(), name="queue")
        await desk.until(lambda: queue.rows[0].state is RowState.NOT_KNOWN)
        await asyncio.sleep(60)
        assert queue.rows[1].state is RowState.WAITING
        queue.go_on()
        await desk.until(lambda: running.done() and queue.rows[2].state is CHARGED)

    assert night.states(night(story)) == [RowState.NOT_KNOWN, CHARGED, CHARGED]


def test_while_mews_is_away_nothing_is_sent_and_the_queue_waits(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        night.shift.hotel.closed = HotelUnavailable("away")
        desk.scope.start(back_in_a_minute(), name="come back")
        await run_all(desk, queue)

    async def back_in_a_minute() -> None:
        await asyncio.sleep(60)
        night.shift.hotel.closed = None

    assert night.states(night(story)) == [CHARGED] * 3


def test_a_full_budget_is_waited_out(night: Night) -> None:
    night.shift.hotel.failing += [None, RateLimited(retry_after_s=7), None, None]
    assert night.states(night(run_all)) == [CHARGED] * 3


def test_what_provably_never_left_is_tried_again_as_a_new_act(night: Night) -> None:
    night.shift.hotel.coming += [Meets(done=False, error=NotSent("refused"))]
    assert night.states(night(run_all)) == [CHARGED] * 3
    assert len(night.shift.hotel.requests) == 4


def test_it_is_given_up_after_some_tries(night: Night) -> None:
    night.shift.hotel.coming += [Meets(done=False, error=NotSent("refused"))] * TRIES
    told = night(run_all, rows=1)
    assert night.states(told) == [RowState.NOT_SENT]
    assert len(night.shift.hotel.requests) == TRIES


def test_a_colleague_who_was_faster_stops_the_row_whatever_the_amount(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        now = night.shift.hotel.server_now()
        night.shift.hotel.rows.append(
            payment("by hand", pounds(4_200), now, customer_id="guest-2", credit_card_id="visa-2", origin="Operations")
        )
        await run_all(desk, queue)

    told = night(story)
    assert night.states(told) == [CHARGED, SKIPPED, CHARGED]
    assert isinstance(told[1].problem, LooksRepeated)


def test_what_a_guest_paid_while_the_list_was_reviewed_stops_the_row_too(night: Night) -> None:
    async def play(desk: FakeDesk) -> list[RowNews]:
        at_night = night_desk(desk, night.shift.hotel, night.queues)
        seen_utc = desk.front.records.server_now()
        await desk.front.clock.sleep(600)
        now = night.shift.hotel.server_now()
        night.shift.hotel.rows.append(
            payment("cash", pounds(4_200), now, customer_id="guest-2", credit_card_id=None, origin="Operations")
        )
        await desk.front.clock.sleep(600)
        queue = NightQueue(at_night, await confirm_queue(at_night, DAY, [row(1), row(2)], seen_utc))
        try:
            await run_all(desk, queue)
            return list(queue.rows)
        finally:
            queue.leave()

    told = night.shift(play)
    assert night.states(told) == [CHARGED, SKIPPED]
    assert isinstance(told[1].problem, LooksRepeated)


def test_a_card_that_cannot_be_charged_any_more_is_told(night: Night) -> None:
    night.shift.hotel.cards[1] = replace(night.shift.hotel.cards[1], enabled=False)
    night.shift.hotel.guests = GUESTS[:2]
    told = night(run_all)
    assert night.states(told) == [CHARGED, SKIPPED, SKIPPED]
    disabled, gone = told[1].problem, told[2].problem
    assert isinstance(disabled, InputRefused)
    assert disabled.problem is InputProblem.DISABLED
    assert isinstance(gone, InputRefused)
    assert gone.problem is InputProblem.GONE


def test_a_refusal_of_one_charge_is_told_with_it(night: Night) -> None:
    night.shift.hotel.coming += [Meets(done=False, error=Rejected(server_message="Invalid CreditCardId"))]
    assert night.states(night(run_all)) == [RowState.REFUSED, CHARGED, CHARGED]


def test_a_token_that_is_switched_off_ends_the_run_but_not_the_queue(night: Night) -> None:
    night.shift.hotel.unread["cards"] = Unauthorized("off")

    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        with pytest.raises(Unauthorized):
            await queue.run()
        del night.shift.hotel.unread["cards"]
        await run_all(desk, queue)

    assert night.states(night(story)) == [CHARGED] * 3


def test_a_journal_that_fails_stops_the_queue(night: Night) -> None:
    async def story(_desk: FakeDesk, queue: NightQueue) -> None:
        night.shift.journal.failures[night.shift.journal.writes + 3] = (JournalUnavailable("full"), False)
        with pytest.raises(JournalUnavailable):
            await queue.run()

    told = night(story)
    assert night.queues.plan is not None
    assert told[1].state is RowState.WAITING
    assert sum(night.shift.hotel.effects.values()) == 1


def test_pause_and_go_on(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        stop = queue.changed.listen(lambda news: queue.pause() if news.state is RowState.UNDER_WAY else None)
        desk.scope.start(queue.run(), name="queue")
        await desk.until(lambda: queue.rows[0].state is CHARGED)
        stop()
        await asyncio.sleep(600)
        assert queue.paused
        assert [news.state for news in queue.rows] == [CHARGED, RowState.WAITING, RowState.WAITING]
        queue.go_on()
        await desk.until(lambda: queue.rows[2].state is CHARGED)
        assert not queue.paused

    assert night.states(night(story)) == [CHARGED] * 3


def test_stop_ends_it_after_the_guest_under_way(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        queue.changed.listen(lambda _news: queue.stop())
        await queue.run()
        await desk.until(lambda: queue.rows[0].state is CHARGED)
        assert queue.stopping

    assert night.states(night(story)) == [CHARGED, RowState.WAITING, RowState.WAITING]
    assert night.queues.plan is None


@pytest.mark.parametrize("away", [True, False], ids=["while Mews is away", "while an answer is missing"])
def test_stop_is_heard_while_it_waits(night: Night, away: bool) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        if away:
            night.shift.hotel.unread["cards"] = HotelUnavailable("away")
        else:
            night.shift.hotel.coming += [Meets(error=OutcomeUnknown("gone"), done=False)]
        running = desk.scope.start(queue.run(), name="queue")
        await asyncio.sleep(4)
        queue.stop()
        await asyncio.sleep(1)
        assert running.done()

    first = RowState.WAITING if away else RowState.NOT_KNOWN
    assert night.states(night(story)) == [first, RowState.WAITING, RowState.WAITING]


def test_stop_is_heard_before_anything_was_read(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        night.shift.hotel.closed = HotelUnavailable("away")
        running = desk.scope.start(queue.run(), name="queue")
        await asyncio.sleep(12)
        queue.stop()
        await asyncio.sleep(1)
        assert running.done()

    assert night.states(night(story)) == [RowState.WAITING] * 3


def test_stop_between_two_tries_leaves_the_row_as_not_sent(night: Night) -> None:
    night.shift.hotel.coming += [Meets(done=False, error=NotSent("refused"))]

    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        running = desk.scope.start(queue.run(), name="queue")
        await desk.until(lambda: queue.rows[0].state is RowState.NOT_SENT)
        queue.stop()
        await asyncio.sleep(1)
        assert running.done()

    assert night.states(night(story))[0] is RowState.NOT_SENT


@pytest.mark.parametrize(
    ("after_s", "second"),
    [(0.0, CHARGED), (1.5, CHARGED), (2.0, CHARGED), (2.5, RowState.NOT_KNOWN), (3.5, CHARGED), (5.9, CHARGED)],
)
def test_after_a_restart_it_goes_on_exactly_where_it_was(night: Night, after_s: float, second: RowState) -> None:
    """Each charge takes a second before its effect and one after, so the desk is closed at every kind of moment.

    One that was sent and never took effect stays not known, for nobody can prove that it will not.
    """
    night.shift.hotel.coming += [Meets(before_s=1, after_s=1) for _ in range(3)]

    async def broken_off(desk: FakeDesk, queue: NightQueue) -> None:
        desk.scope.start(queue.run(), name="queue")
        await asyncio.sleep(after_s)

    async def taken_up(desk: FakeDesk, queue: NightQueue) -> None:
        running = desk.scope.start(queue.run(), name="queue")
        await asyncio.sleep(120)
        queue.go_on()
        await desk.until(lambda: running.done() and queue.rows[2].state is CHARGED)

    night(broken_off)
    assert night.queues.plan is not None
    assert night.states(night(taken_up)) == [CHARGED, second, CHARGED]
    assert sum(night.shift.hotel.effects.values()) == (2 if second is RowState.NOT_KNOWN else 3)
    assert night.queues.plan is None


def test_references_follow_from_the_queue_alone(night: Night) -> None:
    plan = QueuePlan(
        id="queue",
        enterprise_id="hotel",
        operator="Dana",
        day=DAY,
        seen_utc=night.shift.hotel.now(),
        confirmed_utc=night.shift.hotel.now(),
        rows=(),
    )
    one, other = replace(row(1), number=1), replace(row(2), number=2)
    assert plan.reference(one, 0) == replace(plan, operator="Anna").reference(one, 0)
    assert len({plan.reference(r, attempt) for r in (one, other) for attempt in range(TRIES)}) == 2 * TRIES


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([], NotAllowed),
        ([row(1), row(1)], NotAllowed),
        ([row(1, pounds(0))], InputRefused),
        ([row(1, Money(100, JPY))], InputRefused),
    ],
)
def test_a_queue_that_cannot_be_is_not_kept(night: Night, rows: list[QueueRow], error: type[Exception]) -> None:
    async def play(desk: FakeDesk) -> None:
        at_night = night_desk(desk, night.shift.hotel, night.queues)
        with pytest.raises(error):
            await confirm_queue(at_night, DAY, rows, desk.front.records.server_now())

    night.shift(play)
    assert night.queues.plan is None


def test_one_queue_at_a_time_and_its_totals(night: Night) -> None:
    async def play(desk: FakeDesk) -> tuple[Money, ...]:
        at_night = night_desk(desk, night.shift.hotel, night.queues)
        rows, now = [row(1, pounds(100)), row(2, Money(70, EUR)), row(3, pounds(20))], desk.front.records.server_now()
        plan = await confirm_queue(at_night, DAY, rows, now)
        with pytest.raises(NotAllowed):
            await confirm_queue(at_night, DAY, [row(4)], now)
        return plan.totals()

    assert night.shift(play) == (Money(70, EUR), pounds(120))


def test_news_of_other_acts_are_none_of_its(night: Night) -> None:
    intents: list[Intent] = []

    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        await run_all(desk, queue)
        intents.extend(news.record.intent for news in desk.news)
        other = NightQueue(night_desk(desk, night.shift.hotel, night.queues), replace(queue.plan, id="another"))
        desk.runner.changed.announce(desk.news[-1])
        assert {news.state for news in other.rows} == {RowState.WAITING}
        other.leave()

    night(story)
    assert {intent.kind.value for intent in intents} == {"charge"}


# Who sits there


def test_a_locked_desk_holds_the_queue_and_skips_nobody(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        seat = desk.front.desk.seat

        def lock_after_the_first(news: RowNews) -> None:
            if news.row.number == 1 and news.state is CHARGED:
                seat.leave()

        queue.changed.listen(lock_after_the_first)
        running = desk.scope.start(run_all(desk, queue), name="queue")
        await desk.front.clock.sleep(3600)
        assert [news.state for news in queue.rows] == [CHARGED, RowState.WAITING, RowState.WAITING]
        assert isinstance(queue.rows[1].problem, NotSignedIn)
        seat.sit(Proven(somebody("Wren", Role.AUDITOR), desk.front.clock.monotonic_s()))
        await desk.front.clock.sleep(3600)
        assert running.done()

    assert night.states(night(story)) == [CHARGED] * 3


def test_it_waits_while_somebody_sits_there_who_may_not_run_one(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        seat, clock = desk.front.desk.seat, desk.front.clock
        seat.leave()
        seat.sit(Proven(somebody("Poppy", Role.CLERK), clock.monotonic_s()))
        running = desk.scope.start(run_all(desk, queue), name="queue")
        await clock.sleep(3600)
        assert night.charged == {}, "a batch is no clerk's to carry out, whoever confirmed it"
        assert isinstance(queue.rows[0].problem, NotYourRight)
        seat.sit(Proven(somebody("Wren", Role.AUDITOR), clock.monotonic_s()))
        await clock.sleep(3600)
        assert running.done()

    assert night.states(night(story)) == [CHARGED] * 3


def test_a_queue_can_be_stopped_while_the_desk_is_locked(night: Night) -> None:
    async def story(desk: FakeDesk, queue: NightQueue) -> None:
        desk.front.desk.seat.leave()
        running = desk.scope.start(queue.run(), name="queue")
        await desk.front.clock.sleep(60)
        queue.stop()
        await desk.front.clock.sleep(1)
        assert running.done()

    assert night.charged == {}
    assert CHARGED not in night.states(night(story))


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
def test_who_may_not_run_a_batch_alone_cannot_confirm_one(night: Night, role: Role) -> None:
    async def play(desk: FakeDesk) -> None:
        clock = desk.front.clock
        seat = Seat(Rules(), clock, somebody("Poppy", role))
        front = replace(desk.front, desk=Desk("desk-1", seat))
        locked = replace(night_desk(desk, night.shift.hotel, night.queues), front=front)
        with pytest.raises(NotYourRight):
            await confirm_queue(locked, DAY, [row(1)], desk.front.records.server_now())

    night.shift(play)
    assert night.queues.plan is None

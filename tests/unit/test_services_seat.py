"""Who may do what, through the services: roles by acts by limits, approvals that fit one act, and an empty seat."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from deskpay.domain.bill import BillKind
from deskpay.domain.errors import (
    LooksRepeated,
    NeedsApproval,
    NotSignedIn,
    NotYourRight,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.operator import ANY, TOGETHER, Allowance, Need, Right, Role, Rules
from deskpay.services.ask_guest import cancel_link
from deskpay.services.close_bill import CloseOrder, close_bill
from deskpay.services.desk import Desk
from deskpay.services.record_payment import record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import save_card
from deskpay.services.seat import APPROVAL_S, Proven, Seat
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_record, a_refund
from tests.kit.fake_hotel import ANNA, pounds
from tests.kit.intents import make_intent
from tests.kit.loops import VirtualRunner
from tests.kit.seats import somebody
from tests.kit.verbs import fresh_card, shift_with_a_payment

CLERK, SUPERVISOR, AUDITOR, MANAGER = Role.CLERK, Role.SUPERVISOR, Role.AUDITOR, Role.MANAGER
LIMITS = (
    Rules()
    .with_limits(CLERK, Right.CHARGE, {"GBP": 10_000})
    .with_limits(CLERK, Right.RECORD, {"GBP": 10_000})
    .with_limits(AUDITOR, Right.REFUND, {"GBP": 2_000})
    .with_limits(AUDITOR, Right.OVERRIDE, {"GBP": 2_000})
    .with_limits(SUPERVISOR, Right.CHARGE, {"EUR": 10_000})
)
ALONE, TWO = "alone", "with a second person"


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


def seated(desk: FakeDesk, role: Role, rules: Rules = LIMITS) -> FakeDesk:
    """The desk with somebody of `role` at it."""
    seat = Seat(rules, desk.front.clock, somebody("Poppy", role))
    return replace(desk, front=replace(desk.front, desk=Desk("desk-1", seat)))


Act = Callable[[FakeDesk, int], Awaitable[IntentRecord]]


async def charge(desk: FakeDesk, minor: int) -> IntentRecord:
    return await take_payment(desk.front, a_charge(pounds(minor)))


async def record(desk: FakeDesk, minor: int) -> IntentRecord:
    return await record_payment(desk.front, a_record(pounds(minor)))


async def refund(desk: FakeDesk, minor: int) -> IntentRecord:
    return await refund_payment(desk.front, a_refund("paid", pounds(minor)))


async def save(desk: FakeDesk, _minor: int) -> IntentRecord:
    return await save_card(desk.front, fresh_card(desk))


async def override(desk: FakeDesk, minor: int) -> IntentRecord:
    """Write down the same fifty pounds that the guest paid, less a little, for a reason."""
    order = a_record(pounds(minor), repeat_reason="second room")
    with pytest.raises(LooksRepeated) as found:
        await record_payment(desk.front, order)
    return await record_payment(desk.front, replace(order, repeat_of=frozenset({found.value.repeat.payment_id})))


@pytest.mark.parametrize(
    ("role", "act", "minor", "outcome"),
    [
        (CLERK, charge, 10_000, ALONE),
        (CLERK, charge, 10_001, TWO),
        (SUPERVISOR, charge, 1, TWO),  # their limit is in euros: no amount of pounds is under it
        (AUDITOR, charge, 900_000, ALONE),
        (MANAGER, charge, 900_000, ALONE),
        (CLERK, save, 0, ALONE),
        (CLERK, record, 10_000, ALONE),
        (CLERK, record, 10_001, TWO),
        (SUPERVISOR, record, 900_000, ALONE),
        (CLERK, refund, 1, TWO),
        (SUPERVISOR, refund, 5_000, ALONE),
        (AUDITOR, refund, 2_000, ALONE),
        (AUDITOR, refund, 2_001, TWO),
        (MANAGER, refund, 5_000, ALONE),
        (CLERK, override, 4_900, TWO),
        (AUDITOR, override, 4_900, TWO),
        (SUPERVISOR, override, 4_900, ALONE),
    ],
)
def test_a_role_does_so_much_alone(shift: Shift, role: Role, act: Act, minor: int, outcome: str) -> None:
    if act is override:
        # The payment of two days ago is too old to look like a repeat.
        shift.hotel.rows[0] = replace(shift.hotel.rows[0], created_utc=shift.clock.now())

    async def story(desk: FakeDesk) -> None:
        at = seated(desk, role)
        if outcome == ALONE:
            ended = await desk.ends(await act(at, minor))
            assert ended.events[0].people == ()
            return
        with pytest.raises(NeedsApproval) as caught:
            await act(at, minor)
        assert not shift.journal.stories
        seat, need = at.front.desk.seat, caught.value.need
        seat.approve(need, Proven(somebody("Hattie", MANAGER), desk.front.clock.monotonic_s()))
        ended = await desk.ends(await act(at, minor))
        assert (ended.intent.operator, ended.events[0].people) == ("Poppy", ("Poppy", "Hattie"))

    shift(story)
    assert len(shift.journal.stories) == 1


def test_the_limit_is_told(shift: Shift) -> None:
    async def limit(desk: FakeDesk, role: Role, act: Act, rules: Rules = LIMITS) -> Money | None:
        with pytest.raises(NeedsApproval) as caught:
            await act(seated(desk, role, rules), 4_999_99)
        return caught.value.limit

    async def story(desk: FakeDesk) -> None:
        assert await limit(desk, CLERK, charge) == pounds(10_000)
        assert await limit(desk, SUPERVISOR, charge) is None
        together = Rules({CLERK: {Right.CHARGE: TOGETHER}})
        assert await limit(desk, CLERK, save, together) is None

    shift(story)


@pytest.mark.parametrize("act", [charge, record, refund, save])
def test_what_a_role_has_no_right_to_takes_another_person(shift: Shift, act: Act) -> None:
    async def story(desk: FakeDesk) -> None:
        at = seated(desk, CLERK, Rules({CLERK: {}}))
        with pytest.raises(NotYourRight):
            await act(at, 1_000)
        assert not at.front.desk.seat.may(Right.CHARGE)
        at.front.desk.seat.leave()
        with pytest.raises(NotSignedIn):
            await act(at, 1_000)
        assert not at.front.desk.seat.may(Right.CHARGE)

    shift(story)
    assert not shift.journal.stories


def test_an_approval_is_anothers_entitled_fresh_and_for_one_act(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        at, clock = seated(desk, CLERK), desk.front.clock
        seat = at.front.desk.seat
        with pytest.raises(NeedsApproval) as caught:
            await charge(at, 20_000)
        need = caught.value.need

        def refused(name: str, role: Role, at_s: float) -> SignInProblem:
            with pytest.raises(SignInRefused) as refusal:
                seat.approve(need, Proven(somebody(name, role), at_s))
            return refusal.value.problem

        now_s = clock.monotonic_s()
        assert refused("Poppy", CLERK, now_s) is SignInProblem.OWN
        assert refused("Jasper", CLERK, now_s) is SignInProblem.NOT_ENTITLED
        assert refused("Hattie", MANAGER, now_s - APPROVAL_S - 1) is SignInProblem.EXPIRED
        hattie = somebody("Hattie", MANAGER)
        for wait_s, minor, passes in ((0, 20_001, False), (APPROVAL_S + 1, 20_000, False), (0, 20_000, True)):
            seat.approve(need, Proven(hattie, clock.monotonic_s()))
            await asyncio.sleep(wait_s)
            if passes:
                await desk.ends(await charge(at, minor))
            else:
                with pytest.raises(NeedsApproval):
                    await charge(at, minor)
        with pytest.raises(NeedsApproval):
            seat.passes(make_intent(operator="Poppy", amount=pounds(20_000)))

    shift(story)
    assert [story.state for story in shift.journal.stories.values()] == [IntentState.CONFIRMED]


def test_approvals_end_with_the_place(shift: Shift) -> None:
    """Somebody else sits down: what was approved for the first is not approved for them, nor for the first again."""

    async def story(desk: FakeDesk) -> None:
        at, clock = seated(desk, CLERK), desk.front.clock
        seat, heard = at.front.desk.seat, list[object]()
        seat.changed.listen(heard.append)
        with pytest.raises(NeedsApproval) as caught:
            await charge(at, 20_000)
        seat.approve(caught.value.need, Proven(somebody("Hattie", MANAGER), clock.monotonic_s()))
        poppy = seat.operator
        seat.leave()
        with pytest.raises(SignInRefused):
            seat.sit(Proven(poppy, clock.monotonic_s() - APPROVAL_S - 1))
        seat.sit(Proven(poppy, clock.monotonic_s()))
        assert heard == [None, poppy]
        with pytest.raises(NeedsApproval):
            await charge(at, 20_000)
        with pytest.raises(NotSignedIn):
            seat.passes(make_intent(operator="Wren"))

    shift(story)


def test_acts_without_an_intent_take_a_right_too(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        at = seated(desk, CLERK, Rules({CLERK: {}}))
        order = CloseOrder(customer=ANNA, bill_id="bill", kind=BillKind.RECEIPT, owed=pounds(0))
        with pytest.raises(NotYourRight):
            await close_bill(at.front, None, order)  # type: ignore[arg-type]  # it never gets there
        with pytest.raises(NotYourRight):
            await cancel_link(at.front, "request")

    shift(story)


def test_allowances() -> None:
    gbp, jpy = Currency("GBP", 2), Currency("JPY", 0)
    some = Allowance({"GBP": 100})
    assert (some.covers(Money(100, gbp)), some.covers(Money(101, gbp)), some.covers(Money(1, jpy))) == (
        True,
        False,
        False,
    )
    assert (some.covers(None), TOGETHER.covers(None), ANY.covers(None)) == (True, False, True)
    assert (some.most(jpy), ANY.most(gbp)) == (Money(0, jpy), None)
    with pytest.raises(ValueError, match="no right"):
        Rules().with_limits(CLERK, Right.STAFF, {})
    assert Rules().allowance(CLERK, Right.STAFF) is None
    assert Rules({}).allowance(CLERK, Right.CHARGE) is None
    assert Need.of(make_intent()).rights == {Right.CHARGE}

"""The guard against the same money twice, whoever took it first: what it reads, when it asks, what it keeps."""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.errors import DeskPayError, Hand, HotelUnavailable, LooksRepeated, Unauthorized
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.services.record_payment import record_payment
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_record, a_slip, new_shift
from tests.kit.fake_hotel import BORIS, pay_request, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import Verb, charge, record_external, record_slip, refused

ASKED = pounds(31240)
REASON = "second room"


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def repeated(shift: Shift, verb: Verb = charge) -> LooksRepeated:
    problem = refused(shift, verb, LooksRepeated)
    assert isinstance(problem, LooksRepeated)
    return problem


async def charge_again(desk: FakeDesk, shown: Collection[str], reason: str = REASON) -> IntentRecord:
    return await desk.ends(await take_payment(desk.front, a_charge(repeat_reason=reason, repeat_of=shown)))


@pytest.mark.parametrize(
    ("origin", "hand"),
    [
        ("Operations", Hand.COLLEAGUE),
        ("AutomaticPayment", Hand.AUTOMATION),
        ("PaymentRequest", Hand.LINK),
        ("Terminal", Hand.TERMINAL),
        ("ChannelManager", Hand.CHANNEL),
    ],
)
@pytest.mark.parametrize("verb", [charge, record_external, record_slip], ids=lambda verb: verb.__name__)
def test_a_payment_by_any_hand_is_asked_about(shift: Shift, verb: Verb, origin: str, hand: Hand) -> None:
    amount = ASKED if verb is charge else pounds(5000)
    shift.hotel.rows.append(payment("theirs", amount, shift.clock.now() - timedelta(minutes=5), origin=origin))
    repeat = repeated(shift, verb).repeat
    assert (repeat.payment_id, repeat.hand, repeat.minutes_ago, repeat.amount) == ("theirs", hand, 5, amount)


def test_a_payment_of_the_stay_on_another_account_is_asked_about(shift: Shift) -> None:
    now = shift.clock.now()
    shift.hotel.rows += [
        payment("companion", ASKED, now, customer_id=BORIS.id, reservation_id="stay-52"),
        payment("stranger", ASKED, now, customer_id=BORIS.id, reservation_id="stay-9"),
    ]
    problem = repeated(shift)
    assert [repeat.payment_id for repeat in problem.repeats] == ["companion"]
    assert not problem.repeat.same_guest


def test_an_open_link_of_the_guest_or_the_stay_is_asked_about(shift: Shift) -> None:
    long_ago = shift.clock.now() - timedelta(days=6)
    shift.hotel.pay_requests += [
        pay_request("link", ASKED, long_ago),
        pay_request("companion's", ASKED, long_ago - timedelta(days=1), customer_id=BORIS.id, reservation_id="stay-52"),
        pay_request("stranger's", ASKED, long_ago, customer_id=BORIS.id, reservation_id="stay-9"),
    ]
    problem = repeated(shift)
    assert [repeat.payment_id for repeat in problem.repeats] == ["link", "companion's"]
    assert all(repeat.open_request for repeat in problem.repeats)


def test_a_surcharge_does_not_hide_a_repeat_and_another_amount_is_none(shift: Shift) -> None:
    shift.hotel.rows.append(payment("dearer", pounds(31240 + 625), shift.clock.now()))
    assert repeated(shift).repeat.payment_id == "dearer"
    shift.hotel.rows = [payment("much dearer", pounds(33000), shift.clock.now())]

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await take_payment(desk.front, a_charge()))

    record = shift(story)
    assert record.state is IntentState.CONFIRMED
    assert record.intent.repeat_of == frozenset()


def test_our_own_payment_is_told_with_who_took_it(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        first = await desk.ends(await take_payment(desk.front, a_charge()))
        with pytest.raises(LooksRepeated) as caught:
            await take_payment(desk.front, a_charge(reference="DP-AAAA-0002"))
        repeat = caught.value.repeat
        assert (repeat.payment_id, repeat.reference) == (first.outcome_id, first.intent.reference)
        assert (repeat.hand, repeat.operator) == (Hand.DESKPAY, "Dana")

    shift(story)


def test_a_reason_that_names_what_was_shown_goes_on_and_is_kept(shift: Shift) -> None:
    shift.hotel.rows.append(payment("theirs", ASKED, shift.clock.now()))
    shift.hotel.pay_requests.append(pay_request("link", ASKED, shift.clock.now()))
    shown = {repeat.payment_id for repeat in repeated(shift).repeats}

    async def story(desk: FakeDesk) -> IntentRecord:
        return await charge_again(desk, shown, f" {REASON} ")

    record = shift(story)
    assert record.state is IntentState.CONFIRMED
    assert record.intent.reason == REASON
    assert record.intent.repeat_of == {"theirs", "link"}


@pytest.mark.parametrize(
    ("shown", "reason"),
    [({"theirs"}, ""), ((), REASON), ({"another"}, REASON)],
    ids=["no reason", "nothing named", "something else named"],
)
def test_a_reason_alone_or_a_name_alone_asks_again(shift: Shift, shown: Collection[str], reason: str) -> None:
    shift.hotel.rows.append(payment("theirs", ASKED, shift.clock.now()))

    async def again(desk: FakeDesk) -> IntentRecord:
        return await charge_again(desk, shown, reason)

    assert repeated(shift, again).repeat.payment_id == "theirs"


@pytest.mark.parametrize("what", ["payment", "older payment", "link"])
def test_what_turned_up_meanwhile_is_asked_about_anew(shift: Shift, what: str) -> None:
    """The guest pays by the link, or a robot is quicker, while the clerk types why the first one does not count."""
    now = shift.clock.now()
    shift.hotel.rows.append(payment("theirs", ASKED, now - timedelta(minutes=5)))
    shown = {repeat.payment_id for repeat in repeated(shift).repeats}
    if what == "link":
        shift.hotel.pay_requests.append(pay_request("late", ASKED, now - timedelta(days=1)))
    else:
        age = timedelta(minutes=9 if what == "older payment" else 0)
        shift.hotel.rows.append(payment("late", ASKED, now - age, origin="AutomaticPayment"))

    async def again(desk: FakeDesk) -> IntentRecord:
        return await charge_again(desk, shown)

    assert {repeat.payment_id for repeat in repeated(shift, again).repeats} == {"theirs", "late"}

    async def at_last(desk: FakeDesk) -> IntentRecord:
        return await charge_again(desk, {"theirs", "late"})

    assert shift(at_last).intent.repeat_of == {"theirs", "late"}


@pytest.mark.parametrize("unread", ["payments", "payments of the stay", "payment requests"])
@pytest.mark.parametrize("problem", [HotelUnavailable("away"), Unauthorized("no right")], ids=["away", "refused"])
def test_nothing_is_taken_while_the_guard_cannot_look(shift: Shift, unread: str, problem: DeskPayError) -> None:
    shift.hotel.unread[unread] = problem
    assert refused(shift, charge, type(problem)) is problem


def test_a_charge_without_a_stay_reads_the_guest_alone(shift: Shift) -> None:
    shift.hotel.unread["payments of the stay"] = HotelUnavailable("not asked for")
    shift.hotel.rows.append(payment("theirs", ASKED, shift.clock.now(), reservation_id="stay-52", customer_id=BORIS.id))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await take_payment(desk.front, replace(a_charge(), reservation_id=None)))

    assert shift(story).state is IntentState.CONFIRMED


def test_the_guard_reads_side_by_side(shift: Shift) -> None:
    shift.hotel.slow_s = {"payments": 5, "payments of the stay": 5, "payment requests": 5, "cards": 5}

    async def story(desk: FakeDesk) -> float:
        before = shift.clock.time()
        await take_payment(desk.front, a_charge())
        return shift.clock.time() - before

    assert shift(story) == pytest.approx(5)


def test_what_was_seen_is_never_adopted_afterwards(shift: Shift) -> None:
    """A payment of the stay that stood there before is in the baseline, on whatever account."""
    shift.hotel.rows.append(
        payment("theirs", pounds(700), shift.clock.now(), customer_id=BORIS.id, reservation_id="stay-52")
    )

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await take_payment(desk.front, a_charge()))

    assert "theirs" in shift(story).intent.baseline


def test_a_record_of_a_failed_or_refunded_sum_is_no_repeat(shift: Shift) -> None:
    now = shift.clock.now()
    shift.hotel.rows += [
        payment("failed", pounds(5000), now, state=PaymentState.FAILED),
        payment("given back", pounds(-5000), now, method=PaymentMethod.CASH),
    ]

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await record_payment(desk.front, a_record(slip=a_slip())))

    assert shift(story).state is IntentState.CONFIRMED


def test_two_windows_that_both_override_make_one_charge(shift: Shift) -> None:
    shift.hotel.rows.append(payment("theirs", ASKED, shift.clock.now()))

    async def story(desk: FakeDesk) -> None:
        orders = [
            a_charge(reference=f"DP-AAAA-000{number}", repeat_reason=REASON, repeat_of=["theirs"]) for number in (1, 2)
        ]
        results = await asyncio.gather(*(take_payment(desk.front, o) for o in orders), return_exceptions=True)
        (begun,) = [result for result in results if isinstance(result, IntentRecord)]
        await desk.ends(begun)

    shift(story)
    assert sum(shift.hotel.effects.values()) == 1

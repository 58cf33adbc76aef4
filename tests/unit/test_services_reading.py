"""Reading a guest's file, and the small parts that the verbs stand on."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deskpay.domain.card import CardKind
from deskpay.domain.customer import Customer
from deskpay.domain.errors import HotelUnavailable, OutcomeUnknown, Unauthorized
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.domain.payment import PaymentKind
from deskpay.services.announcer import Announcer
from deskpay.services.look_up import LookUp
from deskpay.services.read_guest import GuestFile, read_guest
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import save_card
from deskpay.services.scope import TaskScope, side_by_side
from deskpay.services.system_clock import SystemClock
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_card, a_charge, a_refund, new_shift
from tests.kit.fake_hotel import ANNA, BORIS, Meets, bill, card, payment, pounds
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.outcomes import told
from tests.kit.stays import item, stay


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def the_file(shift: Shift) -> GuestFile:
    async def story(desk: FakeDesk) -> GuestFile:
        return await read_guest(desk.front, ANNA, stay("stay-52"))

    return shift(story)


def test_a_guests_file_holds_what_the_desk_shows(shift: Shift) -> None:
    then = shift.clock.now() - timedelta(days=1)
    shift.hotel.cards += [
        card("deleted", active=False),
        card("slip", kind=CardKind.TERMINAL),
        card("of a friend", BORIS.id),
    ]
    shift.hotel.bill_rows = [bill("closed", is_open=False), bill("open")]
    shift.hotel.items = [item("night", pounds(12000))]
    shift.hotel.rows = [
        payment("by a friend's", pounds(1000), then, credit_card_id="of a friend"),
        payment("paid", pounds(2000), then),
        payment("back", pounds(-500), then, kind=PaymentKind.REFUND),
    ]
    file = the_file(shift)
    assert [card.id for card in file.cards] == ["visa"]
    assert [bill.id for bill in file.bills] == ["open", "closed"]
    assert (file.charges, file.paid, file.balance) == (pounds(12000), pounds(2500), pounds(9500))
    by_friend, paid, _ = file.payments
    assert file.card_of(by_friend) == card("of a friend", BORIS.id)
    assert file.refundable(paid) == pounds(1500)
    assert (file.unresolved, file.intents, file.own_refunds) == (None, (), ())
    assert file.read_utc == shift.clock.now()


def test_what_belongs_to_another_stay_is_not_due_now(shift: Shift) -> None:
    then = shift.clock.now()
    shift.hotel.stays = [stay("stay-52"), stay("stay-next")]
    extra, later = item("extra", pounds(1000)), item("later", pounds(5000))
    night = replace(item("night", pounds(12000)), reservation_id="stay-52")
    shift.hotel.items = [night, extra, replace(later, reservation_id="stay-next")]
    shift.hotel.rows = [payment("deposit", pounds(2000), then, reservation_id="stay-next")]
    file = the_file(shift)
    assert (file.balance, file.stay_balance, file.due) == (pounds(16000), pounds(13000), pounds(13000))
    shift.hotel.rows.append(payment("ahead", pounds(17000), then, reservation_id="stay-next"))
    file = the_file(shift)
    assert (file.balance, file.stay_balance, file.due) == (pounds(-1000), pounds(13000), pounds(0))


def test_opening_a_guest_takes_six_questions_at_once(shift: Shift) -> None:
    parts = ("cards", "bills", "items", "payments", "payment requests", "preauthorizations")
    here = replace(stay("stay-52"), service_id="rooms")
    night = replace(item("night", pounds(12000)), reservation_id="stay-52", service_id="rooms")
    supper = replace(item("supper", pounds(3000)), reservation_id="at-table-9", service_id="restaurant")
    shift.hotel.items = [night, supper]

    async def story(desk: FakeDesk) -> float:
        shift.hotel.slow_s = dict.fromkeys(parts, 1.0)
        began_s = desk.front.clock.monotonic_s()
        file = await read_guest(desk.front, ANNA, here)
        assert (file.due, file.other_stays) == (pounds(15000), frozenset())
        return desk.front.clock.monotonic_s() - began_s

    assert shift(story) == 1.0
    assert shift.hotel.asked == dict.fromkeys(parts, 1)
    unknown = replace(supper, service_id="")
    shift.hotel.items = [night, unknown]
    shift(story)
    assert shift.hotel.asked["stays"] == 1, "what does not tell who sold it may be of another stay"


def test_a_terminals_card_shows_once_however_many_slips_it_left(shift: Shift) -> None:
    shift.hotel.cards += [
        card("slip-2", kind=CardKind.TERMINAL),
        card("slip-1", kind=CardKind.TERMINAL),
        card("gone", kind=CardKind.TERMINAL, active=False, expiry=None),
    ]
    assert [found.id for found in the_file(shift).terminal_cards] == ["slip-2"]


def test_a_payment_without_a_card_has_none(shift: Shift) -> None:
    shift.hotel.rows = [payment("paid", pounds(2000), shift.clock.now(), credit_card_id=None)]
    file = the_file(shift)
    assert file.card_of(file.payments[0]) is None


def test_the_file_names_the_act_that_keeps_the_guest_waiting(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(done=False, error=OutcomeUnknown("lost")) for _ in range(2)])

    async def story(desk: FakeDesk) -> GuestFile:
        await desk.reaches(await save_card(desk.front, a_card(shift.clock.time())), IntentState.UNKNOWN)
        assert (await read_guest(desk.front, ANNA, None)).unresolved is None
        await desk.reaches(await take_payment(desk.front, a_charge()), IntentState.UNKNOWN)
        return await read_guest(desk.front, ANNA, None)

    file = shift(story)
    assert file.unresolved is not None
    assert file.unresolved.intent.reference == "DP-AAAA-0001"
    assert len(file.intents) == 2


def test_an_act_that_moved_on_moves_on_in_the_file(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        begun = await take_payment(desk.front, a_charge())
        file = (await read_guest(desk.front, ANNA, None)).with_intent(begun)
        assert file.unresolved == begun
        ended = await desk.ends(begun)
        renewed = file.with_intent(ended)
        assert (renewed.unresolved, renewed.intents) == (None, (ended,))

    shift(story)


def test_a_refund_that_failed_can_be_given_back_before_the_books_are_read_again(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        file = await read_guest(desk.front, ANNA, None)
        going, failed = (
            told(IntentKind.REFUND, state, payment_id="payment-1").record
            for state in (IntentState.ACCEPTED, IntentState.DECLINED)
        )
        given = file.with_intent(going).own_refunds
        assert [refund.payment_id for refund in given] == [going.intent.payment_id]
        assert file.with_intent(going).with_intent(going).own_refunds == given
        assert file.with_intent(going).with_intent(failed).own_refunds == ()

    shift(story)


def test_cards_that_can_be_charged_come_first(shift: Shift) -> None:
    shift.hotel.cards = [card("off", enabled=False), card("visa")]
    assert [card.id for card in the_file(shift).cards] == ["visa", "off"]


def test_the_file_counts_our_refunds_once(shift: Shift) -> None:
    shift.hotel.rows = [payment("paid", pounds(5000), shift.clock.now() - timedelta(days=2))]

    async def story(desk: FakeDesk) -> GuestFile:
        await desk.ends(await refund_payment(desk.front, a_refund("paid")))
        return await read_guest(desk.front, ANNA, None)

    file = shift(story)
    assert file.refundable(file.payments[0]) == pounds(4000)


def test_an_accepted_act_without_an_id_stops_rather_than_guesses(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        begun = await take_payment(desk.front, a_charge())
        with pytest.raises(AssertionError, match="outcome id"):
            await LookUp(shift.hotel).settled(begun)
        await desk.ends(begun)

    shift(story)


def test_listeners_hear_in_order_until_they_stop() -> None:
    heard: list[str] = []
    news: Announcer[str] = Announcer()
    stop_first = news.listen(lambda said: heard.append(f"first {said}"))
    news.listen(lambda said: heard.append(f"second {said}"))
    news.announce("a")
    stop_first()
    stop_first()
    news.announce("b")
    assert heard == ["first a", "second a", "second b"]


def test_a_listener_stopped_by_another_hears_no_more() -> None:
    heard: list[str] = []
    news: Announcer[str] = Announcer()
    stops: list[Callable[[], None]] = []
    news.listen(lambda _said: stops[0]())
    stops.append(news.listen(heard.append))
    news.announce("a")
    assert heard == []


def test_a_listeners_failure_is_raised_where_nobody_takes_it() -> None:
    def fail(said: str) -> None:
        raise ValueError(said)

    news: Announcer[str] = Announcer()
    news.listen(fail)
    with pytest.raises(ValueError, match="a"):
        news.announce("a")


async def _wait(seconds: float) -> None:
    await asyncio.sleep(seconds)


def test_a_scope_ends_what_it_owns_and_takes_no_more(run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        scope = TaskScope(lambda problem: pytest.fail(repr(problem)))
        short, long = scope.start(_wait(5), name="short"), scope.start(_wait(100), name="long")
        await asyncio.sleep(10)
        assert (short.done(), long.done()) == (True, False)
        await scope.close()
        assert long.done()
        await scope.close()
        with pytest.raises(RuntimeError, match="cannot start late"):
            scope.start(_wait(1), name="late")

    run_virtual(story())


def test_a_task_that_fails_is_reported_and_one_that_is_cancelled_is_not(run_virtual: VirtualRunner) -> None:
    problems: list[BaseException] = []

    async def fail() -> None:
        raise ValueError("no")

    async def story() -> None:
        scope = TaskScope(problems.append)
        scope.start(fail(), name="fails")
        scope.start(_wait(5), name="waits").cancel()
        await asyncio.sleep(1)

    run_virtual(story())
    assert [str(problem) for problem in problems] == ["no"]


def test_side_by_side_raises_the_first_failure_itself_and_ends_the_rest(run_virtual: VirtualRunner) -> None:
    ended: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append("slow")

    async def fail() -> None:
        await asyncio.sleep(1)
        raise Unauthorized("401")

    async def story() -> None:
        async with side_by_side() as group:
            group.create_task(slow())
            group.create_task(fail())

    with pytest.raises(Unauthorized):
        run_virtual(story())
    assert ended == ["slow"]


def test_the_clock_of_this_computer_tells_its_time(run_plain: CoroutineRunner) -> None:
    clock = SystemClock()
    before = time.monotonic()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    run_plain(clock.sleep(0.001))
    assert before + 0.001 <= clock.monotonic_s() <= time.monotonic()


def test_a_companys_file_holds_what_companies_have(shift: Shift) -> None:
    company = Customer("umbrella", "", "Umbrella Co.", "", "", "", frozenset(), is_company=True)
    shift.hotel.items = [item("nights", pounds(90000), company.id)]
    shift.hotel.unread = {"bills": HotelUnavailable("no filter"), "cards": HotelUnavailable("no filter")}

    async def story(desk: FakeDesk) -> GuestFile:
        return await read_guest(desk.front, company, stay("stay-9", company.id, owned_by_company=True))

    file = shift(story)
    assert (file.balance, file.bills, file.cards, file.other_stays) == (pounds(90000), (), (), frozenset())

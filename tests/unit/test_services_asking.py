"""Links, alternative methods and terminals: asked for once, followed to their end, found again after a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.errors import (
    Declined,
    Field,
    GuestBeingChecked,
    HotelUnavailable,
    InputProblem,
    LooksRepeated,
    NotSent,
    OutcomeUnknown,
)
from deskpay.domain.hotel_event import CommandChanged, StayChanged
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentState
from deskpay.domain.payment_request import LinkTerms, PaymentRequestState, PayReason
from deskpay.domain.terminal import CommandState, Terminal
from deskpay.services.ask_guest import LONGEST, AskOrder, ask_guest, cancel_link
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge
from tests.kit.fake_hotel import ANNA, EUR, Meets, pay_request, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import PAN, refused, refused_input, shift_with_a_payment

S = IntentState
RECEPTION = Terminal("term-1", "Reception")
REFERENCE = "DP-EEEE-0001"
EUROS = Money(20000, EUR)


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


def terms(desk: FakeDesk, **changed: Any) -> LinkTerms:
    fields: dict[str, Any] = {
        "reason": PayReason.CARD_DECLINED,
        "expires_utc": desk.front.records.server_now() + timedelta(hours=5),
        "description": "Please pay for room 312",
        "by_email": True,
    }
    return LinkTerms(**(fields | changed))


def asking(**changed: Any) -> AskOrder:
    fields: dict[str, Any] = {
        "reference": REFERENCE,
        "customer": ANNA,
        "reservation_id": "stay-52",
        "amount": pounds(20000),
    }
    return AskOrder(**(fields | changed))


async def link(desk: FakeDesk, terms_changed: dict[str, Any] | None = None, **changed: Any) -> IntentRecord:
    return await ask_guest(desk.front, asking(link=terms(desk, **(terms_changed or {})), **changed))


async def ideal(desk: FakeDesk, **changed: Any) -> IntentRecord:
    return await ask_guest(desk.front, asking(method="Ideal", amount=EUROS, **changed))


async def terminal(desk: FakeDesk, **changed: Any) -> IntentRecord:
    return await ask_guest(desk.front, asking(terminal=RECEPTION, **changed))


ASKS: list[Callable[..., Awaitable[IntentRecord]]] = [link, ideal, terminal]


def test_a_link_is_followed_until_it_is_paid(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await link(desk)
        waiting = await desk.reaches(begun, S.ACCEPTED)
        assert not waiting.holds_claim
        shift.hotel.turn(waiting.outcome_id or "", PaymentRequestState.COMPLETED)
        return await desk.ends(begun)

    ended = shift(story)
    assert (ended.state, ended.intent.subject, ended.outcome_id) == (S.CONFIRMED, ANNA.email, "request-1")
    assert shift.hotel.effects[REFERENCE] == 1


@pytest.mark.parametrize("state", [PaymentRequestState.EXPIRED, PaymentRequestState.CANCELED])
def test_a_link_that_ends_unpaid_took_nothing_and_tells_how(shift: Shift, state: PaymentRequestState) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await link(desk, {"by_email": False})
        waiting = await desk.reaches(begun, S.ACCEPTED)
        shift.hotel.turn(waiting.outcome_id or "", state)
        return await desk.ends(begun)

    ended = shift(story)
    assert (ended.state, ended.message, ended.intent.subject) == (S.DECLINED, state.value, "")


def test_a_link_without_an_answer_is_found_by_its_reference_and_never_made_twice(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=OutcomeUnknown("lost")))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await link(desk)
        await desk.reaches(begun, S.UNKNOWN)
        with pytest.raises(GuestBeingChecked):
            await link(desk, reference="DP-EEEE-0002")
        return await desk.reaches(begun, S.ACCEPTED)

    found = shift(story)
    assert found.outcome_id == "request-1"
    assert len(shift.hotel.pay_requests) == 1

    async def after_restart(desk: FakeDesk) -> IntentRecord:
        await desk.runner.resume()
        shift.hotel.turn("request-1", PaymentRequestState.COMPLETED)
        return await desk.ends(found)

    assert shift(after_restart).state is S.CONFIRMED


def test_a_link_that_is_gone_from_the_books_is_followed_on(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        waiting = await desk.reaches(await link(desk), S.ACCEPTED)
        kept, shift.hotel.pay_requests = shift.hotel.pay_requests, []
        await desk.front.clock.sleep(1000)
        assert desk.now(waiting).state is S.ACCEPTED
        shift.hotel.pay_requests = kept
        shift.hotel.turn("request-1", PaymentRequestState.EXPIRED)
        await desk.ends(waiting)

    shift(story)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"expires_utc": timedelta()}, (Field.UNTIL, InputProblem.PAST)),
        ({"expires_utc": LONGEST + timedelta(seconds=1)}, (Field.UNTIL, InputProblem.TOO_LARGE)),
        ({"description": " "}, (Field.NOTE, InputProblem.EMPTY)),
        ({"description": PAN}, (Field.NOTE, InputProblem.CARD_NUMBER)),
    ],
)
def test_a_link_that_cannot_be_sent_is_refused(
    shift: Shift, changes: dict[str, Any], found: tuple[Field, InputProblem]
) -> None:
    async def verb(desk: FakeDesk) -> IntentRecord:
        if "expires_utc" in changes:
            return await link(desk, {"expires_utc": desk.front.records.server_now() + changes["expires_utc"]})
        return await link(desk, changes)

    assert refused_input(shift, verb) == found


def test_a_guest_without_an_address_gets_no_mail(shift: Shift) -> None:
    nobody = replace(ANNA, email="")
    assert refused_input(shift, lambda desk: link(desk, customer=nobody)) == (Field.EMAIL, InputProblem.EMPTY)


@pytest.mark.parametrize(
    "order", [asking(method="Ideal"), asking(method="SepaDirectDebit", amount=EUROS), asking(), asking(method="Sofort")]
)
def test_a_method_that_is_not_offered_is_refused(shift: Shift, order: AskOrder) -> None:
    problem = refused_input(shift, lambda desk: ask_guest(desk.front, order))
    assert problem == (Field.TENDER, InputProblem.NOT_TAKEN)


@pytest.mark.parametrize("end", [PaymentState.CHARGED, PaymentState.CANCELED])
def test_an_alternative_payment_is_followed_and_its_address_kept_for_the_screen(
    shift: Shift, end: PaymentState
) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await ideal(desk)
        waiting = await desk.reaches(begun, S.ACCEPTED)
        assert desk.front.guest_pages.address_of(begun.intent.id) == shift.hotel.address
        shift.hotel.settle(waiting.outcome_id or "", end)
        return await desk.ends(begun)

    assert shift(story).state is (S.CONFIRMED if end is PaymentState.CHARGED else S.DECLINED)


def test_an_address_that_no_guest_may_be_sent_to_is_not_kept(shift: Shift) -> None:
    shift.hotel.address = "https://evil.example.com/"
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> None:
        begun = await desk.reaches(await ideal(desk), S.ACCEPTED)
        assert desk.front.guest_pages.address_of(begun.intent.id) is None

    shift(story)


def test_an_alternative_payment_without_an_answer_is_adopted_and_has_no_address(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING, error=OutcomeUnknown("lost")))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await ideal(desk)
        found = await desk.reaches(begun, S.ACCEPTED)
        assert desk.front.guest_pages.address_of(begun.intent.id) is None
        shift.hotel.settle(found.outcome_id or "", PaymentState.CHARGED)
        return await desk.ends(begun)

    assert shift(story).state is S.CONFIRMED
    assert shift.hotel.effects[REFERENCE] == 1


def test_a_terminal_is_followed_until_its_payment_is_in_the_books(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await terminal(desk)
        waiting = await desk.reaches(begun, S.ACCEPTED)
        shift.hotel.orders[waiting.outcome_id or ""] = CommandState.PROCESSED
        await desk.front.clock.sleep(60)
        assert desk.now(begun).state is S.ACCEPTED  # the terminal's word alone is no money
        shift.hotel.pays_at_terminal(REFERENCE)
        return await desk.ends(begun)

    ended = shift(story)
    assert (ended.state, ended.outcome_id) == (S.CONFIRMED, "payment-2")


def test_a_terminal_that_tells_by_itself_is_not_waited_for(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> float:
        waiting = await desk.reaches(await terminal(desk), S.ACCEPTED)
        await desk.front.clock.sleep(3600)  # by now it is read every minute
        shift.hotel.pays_at_terminal(REFERENCE)
        told_s = desk.front.clock.monotonic_s()
        for event in (StayChanged("stay"), CommandChanged("another", "Processed")):
            desk.runner.hear(event)
        desk.runner.hear(CommandChanged(waiting.outcome_id or "", "Processed"))
        assert (await desk.ends(waiting)).state is S.CONFIRMED
        return desk.front.clock.monotonic_s() - told_s

    assert shift(story) < 1


@pytest.mark.parametrize("end", [CommandState.CANCELLED, CommandState.ERROR])
def test_a_terminal_that_gives_up_took_nothing(shift: Shift, end: CommandState) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await terminal(desk)
        waiting = await desk.reaches(begun, S.ACCEPTED)
        shift.hotel.orders[waiting.outcome_id or ""] = end
        return await desk.ends(begun)

    ended = shift(story)
    assert (ended.state, ended.message) == (S.DECLINED, end.value)


def test_a_terminal_that_gives_up_and_took_the_money_all_the_same_is_believed_by_the_books(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await terminal(desk)
        waiting = await desk.reaches(begun, S.ACCEPTED)
        shift.hotel.pays_at_terminal(REFERENCE)
        shift.hotel.orders[waiting.outcome_id or ""] = CommandState.ERROR
        return await desk.ends(begun)

    assert shift(story).state is S.CONFIRMED


def test_an_order_that_is_over_or_no_terminals_keeps_no_terminal(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        first = await desk.reaches(await terminal(desk), S.ACCEPTED)
        shift.hotel.orders[first.outcome_id or ""] = CommandState.CANCELLED
        await desk.ends(first)
        await desk.reaches(await link(desk, reference="DP-FFFF-0003", amount=pounds(700)), S.ACCEPTED)
        return await desk.reaches(await terminal(desk, reference="DP-EEEE-0002", amount=pounds(500)), S.ACCEPTED)

    assert shift(story).intent.reference == "DP-EEEE-0002"


def test_while_a_terminal_has_an_order_the_guest_gets_no_second_one_and_a_charge_is_warned_of(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        await desk.reaches(await terminal(desk), S.ACCEPTED)
        await desk.reaches(await link(desk, reference="DP-FFFF-0003", amount=pounds(700)), S.ACCEPTED)
        with pytest.raises(GuestBeingChecked) as caught:
            await terminal(desk, reference="DP-EEEE-0002", amount=pounds(500))
        assert caught.value.reference == REFERENCE
        with pytest.raises(LooksRepeated):
            await take_payment(desk.front, a_charge(pounds(20000)))

    shift(story)


@pytest.mark.parametrize("ask", ASKS)
def test_asking_is_guarded_like_a_charge(shift: Shift, ask: Callable[..., Awaitable[IntentRecord]]) -> None:
    amount = EUROS if ask is ideal else pounds(20000)
    shift.hotel.rows.append(payment("same", amount, shift.clock.now()))
    refused(shift, ask, LooksRepeated)

    async def meant(desk: FakeDesk) -> IntentRecord:
        return await ask(desk, repeat_reason="second room", repeat_of=frozenset({"same"}))

    assert shift(meant).intent.repeat_of == {"same"}


def test_a_link_is_withdrawn(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        waiting = await desk.reaches(await link(desk), S.ACCEPTED)
        gone = await cancel_link(desk.front, waiting.outcome_id or "")
        assert gone is not None
        assert gone.state is PaymentRequestState.CANCELED
        async with asyncio.timeout(5):  # looked at now, and not at the next of the looks at leisure
            return await desk.ends(waiting)

    assert shift(story).message == "canceled"


@pytest.mark.parametrize(
    ("meets", "state"),
    [
        (Meets(error=OutcomeUnknown("lost")), PaymentRequestState.CANCELED),
        (Meets(done=False, error=OutcomeUnknown("lost")), PaymentRequestState.PENDING),
    ],
)
def test_a_withdrawal_without_an_answer_is_read_back(shift: Shift, meets: Meets, state: PaymentRequestState) -> None:
    shift.hotel.pay_requests.append(pay_request("foreign", pounds(500), shift.clock.now()))
    shift.hotel.coming.append(meets)

    async def story(desk: FakeDesk) -> None:
        found = await cancel_link(desk.front, "foreign")
        assert found is not None
        assert found.state is state

    shift(story)


def test_a_link_that_was_paid_meanwhile_is_not_withdrawn_and_says_so(shift: Shift) -> None:
    paid = pay_request("paid-link", pounds(500), shift.clock.now(), state=PaymentRequestState.COMPLETED)
    shift.hotel.pay_requests.append(paid)

    async def story(desk: FakeDesk) -> None:
        ours = await desk.reaches(
            await link(desk, repeat_reason="two rooms", repeat_of=frozenset({"paid-link"})), S.ACCEPTED
        )
        shift.hotel.coming.append(Meets(done=False, error=Declined("no", server_message="Only pending ones")))
        found = await cancel_link(desk.front, "paid-link")
        assert found == paid
        assert desk.now(ours) == ours

    shift(story)


@pytest.mark.parametrize("known", [True, False])
def test_a_withdrawal_that_is_refused_is_told(shift: Shift, *, known: bool) -> None:
    if known:
        shift.hotel.pay_requests.append(pay_request("foreign", pounds(500), shift.clock.now()))
    shift.hotel.coming.append(Meets(done=False, error=Declined("no")))

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(Declined):
            await cancel_link(desk.front, "foreign")

    shift(story)


@pytest.mark.parametrize("problem", [NotSent("cut"), HotelUnavailable("cut")])
def test_a_withdrawal_that_never_left_or_cannot_be_read_back_is_told(shift: Shift, problem: Exception) -> None:
    if isinstance(problem, NotSent):
        shift.hotel.coming.append(Meets(done=False, error=problem))
    else:
        shift.hotel.unread["payment requests"] = problem

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(type(problem)):
            await cancel_link(desk.front, "foreign")

    shift(story)


def test_links_are_read_less_often_once_the_guest_has_left() -> None:
    from deskpay.services.intent_news import Timings

    def spans(kind: IntentKind) -> list[float]:
        readings = Timings(polls_s=(1,), later_polls_s=60, guest_polls_s=(5, 5), link_polls_s=300).readings(kind)
        return [next(readings) for _ in range(4)]

    assert spans(IntentKind.CHARGE) == [1, 60, 60, 60]
    assert spans(IntentKind.TERMINAL) == [5, 5, 60, 60]
    assert spans(IntentKind.PAY_LINK) == [1, 300, 300, 300]

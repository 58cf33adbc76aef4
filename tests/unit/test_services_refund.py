"""Giving money back: never more than is left, never twice, and never by guessing which refund was ours."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from deskpay.domain.card import CardKind
from deskpay.domain.errors import (
    Declined,
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
    OutcomeUnknown,
)
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.services.refund_payment import RefundOrder, refund_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_refund
from tests.kit.fake_hotel import EUR, Meets, card, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import (
    PAN,
    refund,
    refused_input,
    shift_with_a_payment,
)

LOST = OutcomeUnknown("the answer was lost")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_refund("gone"), (Field.PAYMENT, InputProblem.GONE)),
        (a_refund("cash"), (Field.PAYMENT, InputProblem.RECORDED)),
        (a_refund("terminal"), (Field.PAYMENT, InputProblem.RECORDED)),
        (a_refund("pending"), (Field.PAYMENT, InputProblem.NOT_ALLOWED)),
        (a_refund("back"), (Field.PAYMENT, InputProblem.NOT_ALLOWED)),
        (a_refund("paid", pounds(4001)), (Field.AMOUNT, InputProblem.MORE_THAN_LEFT)),
        (a_refund("spent"), (Field.PAYMENT, InputProblem.MORE_THAN_LEFT)),
        (a_refund("paid", Money(100, EUR)), (Field.CURRENCY, InputProblem.NOT_TAKEN)),
        (a_refund("paid", reason=" "), (Field.REASON, InputProblem.EMPTY)),
        (a_refund("paid", reason=PAN), (Field.REASON, InputProblem.CARD_NUMBER)),
    ],
)
def test_a_refund_that_cannot_be_is_refused(
    shift: Shift, order: RefundOrder, found: tuple[Field, InputProblem]
) -> None:
    then = shift.clock.now() - timedelta(days=1)
    shift.hotel.cards.append(card("slip", kind=CardKind.TERMINAL))
    shift.hotel.rows += [
        payment("cash", pounds(3000), then, method=PaymentMethod.CASH),
        payment("terminal", pounds(3000), then, credit_card_id="slip"),
        payment("pending", pounds(3000), then, state=PaymentState.PENDING),
        payment("back", pounds(-1000), then, kind=PaymentKind.REFUND),
        payment("spent", pounds(1000), then),
    ]
    assert refused_input(shift, lambda desk: refund_payment(desk.front, order)) == found


def test_parts_may_be_given_back_until_nothing_is_left(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(state=PaymentState.PENDING), Meets(state=PaymentState.PENDING)])

    async def story(desk: FakeDesk) -> None:
        for number in (1, 2):
            order = a_refund("paid", pounds(2000), reference=f"DP-CCCC-000{number}")
            await desk.reaches(await refund_payment(desk.front, order), IntentState.ACCEPTED)
        with pytest.raises(InputRefused) as caught:
            await refund_payment(desk.front, a_refund("paid", pounds(1001), reference="DP-CCCC-0003"))
        assert caught.value.problem is InputProblem.MORE_THAN_LEFT

    shift(story)
    assert sum(-row.amount.minor for row in shift.hotel.rows if not row.amount.positive) == 4000


def test_a_second_refund_whose_reading_was_slow_is_not_sent(shift: Shift) -> None:
    """The first one was accepted meanwhile and holds no claim while it lands."""
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> None:
        shift.hotel.slow_s["payments"] = 10
        slow = refund_payment(desk.front, a_refund("paid", reference="DP-CCCC-0002"))
        second = asyncio.gather(slow, return_exceptions=True)
        await asyncio.sleep(1)
        first = await refund_payment(desk.front, a_refund("paid"))
        await desk.reaches(first, IntentState.ACCEPTED)
        (result,) = await second
        assert isinstance(result, GuestBeingChecked)
        assert result.reference == first.intent.reference

    shift(story)
    assert shift.hotel.requests == {"DP-CCCC-0001": 1}


@pytest.mark.parametrize(
    "others",
    [[{}], [{"credit_card_id": "other"}]],
    ids=["two alike", "to another card"],
)
def test_refunds_that_cannot_be_told_apart_go_to_a_person(shift: Shift, others: list[dict[str, str]]) -> None:
    alone = bool(others[0])
    shift.hotel.coming.append(Meets(done=not alone, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await refund(desk)
        for number, changes in enumerate(others):
            theirs = payment(f"theirs-{number}", pounds(-1000), shift.clock.now(), kind=PaymentKind.REFUND, **changes)  # type: ignore[arg-type]  # one field differs
            shift.hotel.rows.append(theirs)
        await asyncio.sleep(3600)
        return await desk.on_record(begun)

    left = shift(story)
    assert left.state is IntentState.UNKNOWN
    assert {event.evidence for event in left.events[3:]} == {Evidence.SEVERAL_FOUND}


def test_a_lost_refund_does_not_adopt_our_own_one_before_it(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(state=PaymentState.PENDING), Meets(done=False, error=LOST)])

    async def story(desk: FakeDesk) -> IntentRecord:
        first = await desk.reaches(await refund(desk), IntentState.ACCEPTED)
        rows = shift.hotel.rows
        # The reading before the second does not show the first yet.
        shift.hotel.rows = [row for row in rows if row.id != first.outcome_id]
        second = await refund_payment(desk.front, a_refund("paid", reference="DP-CCCC-0002"))
        shift.hotel.rows = rows
        await asyncio.sleep(3600)
        return await desk.on_record(second)

    left = shift(story)
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}


def test_a_refund_that_names_our_reference_is_told_from_an_equal_one(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await refund(desk)
        for name, notes in (("theirs", ""), ("ours", "minibar · DP-CCCC-0001")):
            row = payment(name, pounds(-1000), shift.clock.now(), kind=PaymentKind.REFUND, notes=notes)
            shift.hotel.rows.append(row)
        return await desk.ends(begun)

    assert shift(story).outcome_id == "ours"


def test_a_refused_refund_beside_none_is_a_decline(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=Declined("403", server_message="Balance too low")))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await refund(desk))

    assert shift(story).message == "Balance too low"


def test_an_alternative_payment_is_refunded_without_a_card(shift: Shift) -> None:
    then = shift.clock.now() - timedelta(days=1)
    shift.hotel.rows.append(payment("ideal", pounds(3000), then, method=PaymentMethod.ALTERNATIVE))
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await refund_payment(desk.front, a_refund("ideal")))

    done = shift(story)
    assert (done.state, done.intent.subject) == (IntentState.CONFIRMED, "alternative")

"""Charging at an acquirer: taken once there, written down once here, whatever is lost on the way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.acquirer import ChargeState
from deskpay.domain.card import Expiry
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    Field,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    LooksRepeated,
    NotAllowed,
    NotSent,
    NotSignedIn,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentState
from deskpay.services.charge_acquirer import AcquirerOrder, cancel_charge, charge_acquirer
from deskpay.services.look_up import LookUp
from deskpay.services.take_payment import take_payment
from tests.kit.fake_acquirer import VAULTED, Takes
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import EUR, Meets, bill, payment, pounds
from tests.kit.loops import VirtualRunner

RETURN = "https://return.deskpay.invalid/"
REFERENCE = an_acquirer_charge().reference


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def begun(desk: FakeDesk, order: AcquirerOrder | None = None) -> IntentRecord:
    return await charge_acquirer(desk.front, order or an_acquirer_charge(), RETURN)


async def played(desk: FakeDesk) -> IntentRecord:
    return await desk.ends(await begun(desk))


def states(record: IntentRecord) -> list[IntentState]:
    return [event.state for event in record.events]


def once(shift: Shift) -> None:
    """The money was taken once and stands in the books once."""
    assert len(shift.acquirer.taken) == 1
    assert shift.acquirer.attached.count(f"pi-{REFERENCE}") == 1
    assert len(shift.hotel.made(REFERENCE)) == 1
    assert shift.hotel.effects[REFERENCE] == 1


def test_what_the_acquirer_took_is_written_down(shift: Shift) -> None:
    record = shift(played)
    assert states(record) == [
        IntentState.DRAFTED,
        IntentState.SENDING,
        IntentState.ACCEPTED,
        IntentState.TAKEN,
        IntentState.RECORDING,
        IntentState.RECORDING,
        IntentState.RECORDING,
        IntentState.CONFIRMED,
    ]
    once(shift)
    (row,) = shift.hotel.made(REFERENCE)
    assert (row.amount, row.external_identifier, row.bill_id) == (pounds(31240), f"pay-{REFERENCE}", "bill")
    assert record.charge_id == f"pi-{REFERENCE}"
    assert record.outcome_id == row.id


def test_the_charge_has_its_id_on_record_before_the_card_is_sent(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(before_s=5))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.reaches(await begun(desk), IntentState.SENDING)

    record = shift(story)
    assert record.charge_id == f"pi-{REFERENCE}"
    assert record.state is IntentState.SENDING


def test_the_hotel_may_take_it_as_an_external_payment(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await begun(desk, an_acquirer_charge(tender="Voucher")))

    assert shift(story).state is IntentState.CONFIRMED
    once(shift)


@pytest.mark.parametrize("problem", [OutcomeUnknown("late"), NotSent("down"), HotelUnavailable("down")])
def test_an_acquirer_out_of_reach_takes_nothing(shift: Shift, problem: DeskPayError) -> None:
    shift.acquirer.opening.append(problem)

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(HotelUnavailable):
            await begun(desk)
        (record,) = await desk.journal.of_customer("anna")
        assert record.state is IntentState.ABANDONED

    shift(story)
    assert shift.acquirer.attached == []


def test_a_refusal_to_make_the_charge_is_told_as_such(shift: Shift) -> None:
    shift.acquirer.opening.append(Rejected(code="parameter_invalid"))

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(Rejected):
            await begun(desk)

    shift(story)
    assert shift.acquirer.attached == []


def test_another_charge_than_was_asked_for_is_not_used(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        await desk.ends(await begun(desk))
        other = an_acquirer_charge(pounds(99900), repeat_reason="")
        with pytest.raises(NotAllowed):
            await begun(desk, other)
        shift.acquirer.charges["pi-DP-EEEE-0002"] = replace(
            shift.acquirer.charges[f"pi-{REFERENCE}"], id="pi-DP-EEEE-0002", amount=pounds(1)
        )
        with pytest.raises(HotelUnavailable):
            await begun(desk, replace(other, reference="DP-EEEE-0002"))

    shift(story)
    assert shift.acquirer.attached == [f"pi-{REFERENCE}"]


@pytest.mark.parametrize("error", [OutcomeUnknown("late"), RuntimeError("bug")])
def test_a_lost_answer_is_read_at_the_acquirer(shift: Shift, error: Exception) -> None:
    shift.acquirer.coming.append(Takes(error=error))
    record = shift(played)
    assert record.state is IntentState.CONFIRMED
    assert IntentState.UNKNOWN in states(record)
    once(shift)
    if isinstance(error, RuntimeError):
        shift.fault()


def test_a_card_that_never_came_is_proven_not_to_come(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(done=False, error=OutcomeUnknown("late")))
    record = shift(played)
    assert record.state is IntentState.DECLINED
    assert shift.acquirer.cancelled == [f"pi-{REFERENCE}"]
    assert shift.acquirer.taken == []
    assert shift.hotel.rows == []


@pytest.mark.parametrize("problem", [OutcomeUnknown("late"), Unauthorized("no")])
def test_whether_cancelling_was_answered_does_not_matter(shift: Shift, problem: DeskPayError) -> None:
    shift.acquirer.coming.append(Takes(done=False, error=OutcomeUnknown("late")))
    shift.acquirer.cancelling.append(problem)
    assert shift(played).state is IntentState.DECLINED


def test_a_card_that_comes_late_is_found(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(done=False, error=OutcomeUnknown("late")))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.UNKNOWN)
        shift.acquirer.turn(f"pi-{REFERENCE}", ChargeState.TAKEN)
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED
    once(shift)


@pytest.mark.parametrize("answer", [Declined("no", code="insufficient_funds", server_message="No funds."), None])
def test_a_decline_takes_nothing_in_either_shape(shift: Shift, answer: DeskPayError | None) -> None:
    failed = Takes(state=ChargeState.WAITS_FOR_CARD, failure="insufficient_funds", error=answer)
    shift.acquirer.coming.append(failed)
    record = shift(played)
    assert record.state is IntentState.DECLINED
    assert record.message == "insufficient_funds", "the code alone, whatever was said with it"
    assert shift.hotel.rows == []


@pytest.mark.parametrize(
    ("turns", "end"),
    [
        ((ChargeState.TAKEN, ""), IntentState.CONFIRMED),
        ((ChargeState.UNDER_WAY, ""), IntentState.CONFIRMED),
        ((ChargeState.WAITS_FOR_CARD, "authentication_error"), IntentState.DECLINED),
    ],
)
def test_the_guest_confirms_at_the_bank_or_does_not(
    shift: Shift, turns: tuple[ChargeState, str], end: IntentState
) -> None:
    shift.acquirer.coming.append(Takes(state=ChargeState.WAITS_FOR_GUEST))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.ACCEPTED)
        assert record.holds_claim
        shift.acquirer.turn(f"pi-{REFERENCE}", *turns)
        if turns[0] is ChargeState.UNDER_WAY:
            await desk.front.clock.sleep(60)
            assert desk.now(record).state is IntentState.ACCEPTED
            shift.acquirer.turn(f"pi-{REFERENCE}", ChargeState.TAKEN)
        return await desk.ends(record)

    assert shift(story).state is end


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_charge_that_waits_for_the_guest_can_be_cancelled(shift: Shift, confirmed: bool) -> None:
    shift.acquirer.coming.append(Takes(state=ChargeState.WAITS_FOR_GUEST))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.ACCEPTED)
        if confirmed:
            shift.acquirer.turn(f"pi-{REFERENCE}", ChargeState.TAKEN)
        charge = await cancel_charge(desk.front, record)
        assert charge.state is (ChargeState.TAKEN if confirmed else ChargeState.CANCELLED)
        return await desk.ends(record)

    assert shift(story).state is (IntentState.CONFIRMED if confirmed else IntentState.DECLINED)


def test_only_a_charge_can_be_cancelled(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        record = await begun(desk)
        bare = IntentRecord(record.intent, record.events[:1])
        with pytest.raises(NotAllowed):
            await cancel_charge(desk.front, bare)
        with pytest.raises(NotAllowed):
            await cancel_charge(replace(desk.front, acquirer=None), await desk.ends(record))

    shift(story)


def test_nobody_cancels_a_charge_from_a_locked_desk(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(state=ChargeState.WAITS_FOR_GUEST))

    async def story(desk: FakeDesk) -> None:
        record = await desk.reaches(await begun(desk), IntentState.ACCEPTED)
        desk.front.desk.seat.leave()
        with pytest.raises(NotSignedIn):
            await cancel_charge(desk.front, record)
        charge = await shift.acquirer.charge(f"pi-{REFERENCE}")
        assert charge.state is ChargeState.WAITS_FOR_GUEST

    shift(story)


# Writing it down


@pytest.mark.parametrize(
    "meets",
    [
        Meets(error=OutcomeUnknown("late")),
        Meets(done=False, error=OutcomeUnknown("late")),
        Meets(done=False, error=NotSent("down")),
        Meets(done=False, error=Unauthorized("no right")),
        Meets(error=RuntimeError("bug")),
        Meets(before_s=400, error=OutcomeUnknown("late")),
    ],
)
def test_it_is_written_down_once_whatever_is_lost(shift: Shift, meets: Meets) -> None:
    shift.hotel.coming.append(meets)
    assert shift(played).state is IntentState.CONFIRMED
    once(shift)
    if isinstance(meets.error, RuntimeError):
        shift.fault()


def test_an_entry_without_an_answer_is_looked_for_a_quarter_of_an_hour(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=OutcomeUnknown("late")))
    record = shift(played)
    sent = [event.at_utc for event in record.events if event.evidence is Evidence.ABOUT_TO_SEND]
    assert (sent[2] - sent[1]).total_seconds() >= 15 * 60


def test_an_entry_that_was_answered_is_never_made_again(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.RECORDING)
        await desk.front.clock.sleep(24 * 3600)
        return await desk.on_record(record)

    assert shift(story).state is IntentState.RECORDING
    assert shift.hotel.requests[REFERENCE] == 1


def test_two_entries_go_to_a_person(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.TAKEN)
        for number in range(2):
            row = payment(f"double-{number}", pounds(31240), shift.clock.now(), notes=REFERENCE)
            shift.hotel.rows.append(row)
        await desk.front.clock.sleep(24 * 3600)
        assert desk.now(record).state is IntentState.RECORDING
        shift.hotel.settle("double-1", PaymentState.CANCELED)
        return await desk.ends(record)

    assert shift(story).outcome_id == "double-0"
    assert shift.hotel.requests[REFERENCE] == 0


def test_what_another_hand_wrote_down_is_found_and_not_written_again(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.TAKEN)
        shift.hotel.rows.append(payment("by-hand", pounds(31240), shift.clock.now(), notes=f"see {REFERENCE}"))
        return await desk.ends(record)

    assert shift(story).outcome_id == "by-hand"
    assert shift.hotel.requests[REFERENCE] == 0


def test_a_closed_bill_sends_it_to_the_open_one(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=Rejected("Invalid BillId")))
    record = shift(played)
    assert record.state is IntentState.CONFIRMED
    (row,) = shift.hotel.made(REFERENCE)
    assert row.bill_id is None


def test_money_that_is_not_written_down_survives_a_restart(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=10))

    async def interrupted(desk: FakeDesk) -> IntentRecord:
        return await desk.reaches(await begun(desk), IntentState.RECORDING)

    async def later(desk: FakeDesk) -> IntentRecord:
        await desk.runner.resume()
        return await desk.ends(record)

    record = shift(interrupted)
    assert record.awaits_answer
    assert shift(later).state is IntentState.CONFIRMED
    once(shift)


def test_an_acquirer_that_is_away_delays_and_loses_nothing(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        record = await begun(desk)
        shift.acquirer.reading.extend([HotelUnavailable("down")] * 5)
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED
    once(shift)


def test_without_its_acquirer_money_waits_on_record(shift: Shift) -> None:
    async def taken(desk: FakeDesk) -> IntentRecord:
        return await desk.reaches(await begun(desk), IntentState.TAKEN)

    record = shift(taken)
    shift.has_acquirer = False

    async def without(desk: FakeDesk) -> IntentRecord:
        await desk.runner.resume()
        await desk.front.clock.sleep(24 * 3600)
        with pytest.raises(NotAllowed):
            await begun(desk)
        return await desk.on_record(record)

    assert shift(without).state is IntentState.TAKEN
    assert shift.hotel.requests[REFERENCE] == 0


def test_money_that_is_not_written_down_yet_warns_before_a_second_charge(shift: Shift) -> None:
    shift.hotel.closed = None

    async def story(desk: FakeDesk) -> None:
        shift.hotel.coming.append(Meets(done=False, error=OutcomeUnknown("late")))
        record = await desk.reaches(await begun(desk), IntentState.RECORDING)
        assert not record.holds_claim
        with pytest.raises(LooksRepeated) as caught:
            await take_payment(desk.front, a_charge())
        assert caught.value.repeat.reference == REFERENCE
        assert len(caught.value.repeats) == 1
        await take_payment(desk.front, a_charge(pounds(100)))

    shift(story)


def test_an_entry_ends_the_story_only_when_it_is_final(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await begun(desk), IntentState.RECORDING)
        await desk.front.clock.sleep(3600)
        assert desk.now(record).state is IntentState.RECORDING
        shift.hotel.settle(shift.hotel.made(REFERENCE)[0].id, PaymentState.CHARGED)
        return await desk.ends(record)

    assert shift(story).state is IntentState.CONFIRMED
    once(shift)


def test_looks_that_fail_are_made_at_leisure(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> int:
        await desk.reaches(await begun(desk), IntentState.RECORDING)
        shift.hotel.closed = HotelUnavailable("down")
        before = shift.hotel.asked["payments"]
        await desk.front.clock.sleep(3600)
        return shift.hotel.asked["payments"] - before

    assert 5 <= shift(story) <= 12


# What is refused before anything is sent


@pytest.mark.parametrize(
    ("order", "field", "problem"),
    [
        (an_acquirer_charge(pounds(1_999)), Field.AMOUNT, InputProblem.TOO_SMALL),
        (an_acquirer_charge(pounds(100_000_000)), Field.AMOUNT, InputProblem.TOO_LARGE),
        (an_acquirer_charge(Money(5_000, EUR)), Field.CURRENCY, InputProblem.NOT_TAKEN),
        (an_acquirer_charge(tender="GiftCard"), Field.TENDER, InputProblem.NOT_TAKEN),
        (an_acquirer_charge(bill_id="gone"), Field.BILL, InputProblem.GONE),
        (an_acquirer_charge(note="4111 1111 1111 1111"), Field.NOTE, InputProblem.CARD_NUMBER),
        (an_acquirer_charge(card=replace(VAULTED, holder="")), Field.HOLDER, InputProblem.EMPTY),
        (an_acquirer_charge(card=replace(VAULTED, expiry=Expiry(2020, 1))), Field.CARD, InputProblem.EXPIRED),
    ],
)
def test_what_cannot_be_charged_is_refused(
    shift: Shift, order: AcquirerOrder, field: Field, problem: InputProblem
) -> None:
    async def story(desk: FakeDesk) -> None:
        with pytest.raises(InputRefused) as caught:
            await begun(desk, order)
        assert (caught.value.field, caught.value.problem) == (field, problem)

    shift(story)
    assert shift.acquirer.charges == {}


def test_a_closed_bill_is_refused(shift: Shift) -> None:
    shift.hotel.bill_rows = [bill("bill", is_open=False)]

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(InputRefused):
            await begun(desk)
        await desk.ends(await begun(desk, an_acquirer_charge(bill_id=None)))

    shift(story)


def test_the_kind_of_an_act_says_whether_it_has_a_second_step() -> None:
    assert [kind for kind in IntentKind if kind.in_two_steps] == [IntentKind.ACQUIRER_CHARGE]


def test_a_charge_is_read_by_its_id_and_only_with_its_acquirer(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        record = await desk.ends(await begun(desk))
        with pytest.raises(HotelUnavailable):
            await LookUp(desk.front.records).sight(record)
        with pytest.raises(AssertionError, match="its id before it is sent"):
            await desk.front.look_up.sight(IntentRecord(record.intent, record.events[:1]))

    shift(story)

"""Giving back what an acquirer took: there, once, never through the hotel's books, which a person then corrects."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.acquirer import RefundState
from deskpay.domain.errors import Declined, Field, InputProblem, InputRefused, NotAllowed, OutcomeUnknown, Rejected
from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.close_by_hand import close_by_hand
from deskpay.services.read_guest import read_guest
from deskpay.services.refund_payment import RefundOrder, refund_payment
from tests.kit.fake_acquirer import Takes
from tests.kit.fake_desk import FakeDesk, Shift, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import ANNA, pounds
from tests.kit.loops import VirtualRunner

REFERENCE = "DP-BACK-0001"


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def charged(desk: FakeDesk) -> str:
    """Charge Anna at the acquirer, and return the entry's id in the books."""
    record = await charge_acquirer(desk.front, an_acquirer_charge(), "https://return.deskpay.invalid/")
    ended = await desk.ends(record)
    assert ended.outcome_id is not None
    return ended.outcome_id


async def given_back(
    desk: FakeDesk, payment_id: str, amount: Money | None = None, reference: str = REFERENCE
) -> IntentRecord:
    order = RefundOrder(
        reference=reference, customer=ANNA, payment_id=payment_id, amount=amount or pounds(10000), reason="Noise"
    )
    return await refund_payment(desk.front, order)


async def refused(desk: FakeDesk, payment_id: str, amount: Money) -> InputProblem:
    with pytest.raises(InputRefused) as refusal:
        await given_back(desk, payment_id, amount, "DP-BACK-0009")
    assert refusal.value.field in {Field.AMOUNT, Field.PAYMENT}
    return refusal.value.problem


def test_it_is_given_back_there_and_waits_for_a_person(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        record = await desk.reaches(await given_back(desk, payment_id), IntentState.ACCEPTED)
        assert not record.holds_claim
        shift.acquirer.land(REFERENCE)
        record = await desk.reaches(record, IntentState.TAKEN)
        await desk.front.clock.sleep(48 * 3600)
        assert desk.now(record).state is IntentState.TAKEN
        assert shift.hotel.requests[REFERENCE] == 0, "nothing is sent to the books"
        assert await refused(desk, payment_id, pounds(21241)) is InputProblem.MORE_THAN_LEFT
        return await close_by_hand(desk.front, record.intent.id, "Written in as a negative", looked_in_mews=True)

    record = shift(story)
    assert record.state is IntentState.RESOLVED
    assert (record.taken_id, record.outcome_id) == (f"ref-{REFERENCE}", f"ref-{REFERENCE}")
    (refund,) = shift.acquirer.given.values()
    assert (refund.payment_id, refund.amount) == (f"pay-{an_acquirer_charge().reference}", pounds(10000))


def test_it_outlives_a_restart(shift: Shift) -> None:
    async def interrupted(desk: FakeDesk) -> IntentRecord:
        record = await desk.reaches(await given_back(desk, await charged(desk)), IntentState.ACCEPTED)
        shift.acquirer.land(REFERENCE)
        return await desk.reaches(record, IntentState.TAKEN)

    async def later(desk: FakeDesk) -> IntentState:
        await desk.runner.resume()
        await desk.front.clock.sleep(3600)
        return desk.now(record).state

    record = shift(interrupted)
    assert shift(later) is IntentState.TAKEN


def test_a_lost_answer_is_found_by_its_reference(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        shift.acquirer.coming.append(Takes(error=OutcomeUnknown("late")))
        shift.acquirer.reading.append(Rejected("not now"))
        record = await given_back(desk, payment_id)
        return await desk.reaches(record, IntentState.ACCEPTED)

    # The first reading is the check of what is left; it is refused and nothing is sent.
    with pytest.raises(Rejected):
        shift(story)
    shift.acquirer.coming.clear()

    async def again(desk: FakeDesk) -> IntentRecord:
        payment_id = next(row.id for row in shift.hotel.rows)
        shift.acquirer.coming.append(Takes(error=OutcomeUnknown("late")))
        record = await given_back(desk, payment_id)
        return await desk.reaches(record, IntentState.ACCEPTED)

    record = shift(again)
    assert record.events[-1].evidence is Evidence.FOUND
    assert len(shift.acquirer.given) == 1


@pytest.mark.parametrize("twice", [True, False])
def test_what_cannot_be_proven_stays_unknown(shift: Shift, twice: bool) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        shift.acquirer.coming.append(Takes(done=False, error=OutcomeUnknown("late")))
        record = await desk.reaches(await given_back(desk, payment_id), IntentState.UNKNOWN)
        if twice:
            shift.acquirer.coming.append(Takes())
            made = await shift.acquirer.refund(record.intent)
            shift.acquirer.given["ref-double"] = replace(made, id="ref-double")
        await desk.front.clock.sleep(3600)
        return await desk.on_record(record)

    record = shift(story)
    assert record.state is IntentState.UNKNOWN
    assert record.events[-1].evidence is (Evidence.SEVERAL_FOUND if twice else Evidence.NOT_FOUND)


def test_a_refund_that_fails_gave_nothing_back(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        record = await desk.reaches(await given_back(desk, payment_id), IntentState.ACCEPTED)
        shift.acquirer.land(REFERENCE, RefundState.FAILED)
        ended = await desk.ends(record)
        again = await given_back(desk, payment_id, pounds(31240), "DP-BACK-0002")
        await desk.reaches(again, IntentState.ACCEPTED)
        return ended

    assert shift(story).state is IntentState.DECLINED


def test_a_refund_that_is_refused_before_it_is_made_gave_nothing_back(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        shift.acquirer.coming.append(Takes(done=False, error=Rejected(code="allowed_date_exceeded")))
        return await desk.ends(await given_back(desk, payment_id))

    assert shift(story).state is IntentState.REJECTED


@pytest.mark.parametrize("done", [True, False])
def test_a_decline_counts_only_where_no_refund_lives(shift: Shift, done: bool) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        shift.acquirer.coming.append(Takes(done=done, error=Declined(code="refused")))
        record = await given_back(desk, payment_id)
        return await desk.reaches(record, IntentState.ACCEPTED if done else IntentState.DECLINED)

    assert len(shift(story).events) == 3


def test_what_was_given_back_there_by_another_hand_counts(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> InputProblem:
        payment_id = await charged(desk)
        begun = await given_back(desk, payment_id, pounds(30000))
        await desk.reaches(begun, IntentState.ACCEPTED)
        made = shift.acquirer.given[f"ref-{REFERENCE}"]
        shift.acquirer.given["ref-other"] = replace(made, id="ref-other", amount=pounds(1000), note="")
        return await refused(desk, payment_id, pounds(500))

    assert shift(story) is InputProblem.MORE_THAN_LEFT


def test_a_payment_that_was_given_back_whole_is_offered_no_more(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> InputProblem:
        payment_id = await charged(desk)
        await desk.reaches(await given_back(desk, payment_id, pounds(31240)), IntentState.ACCEPTED)
        file = await read_guest(desk.front, ANNA, None)
        assert [file.why_not_refundable(payment) is None for payment in file.payments] == [False]
        return await refused(desk, payment_id, pounds(1))

    assert shift(story) is InputProblem.MORE_THAN_LEFT


def test_without_its_acquirer_nothing_is_given_back_and_nothing_is_lost(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        payment_id = await charged(desk)
        with pytest.raises(NotAllowed):
            await given_back(FakeDesk(replace(desk.front, acquirer=None), desk.scope, desk.journal), payment_id)
        return await desk.reaches(await given_back(desk, payment_id), IntentState.ACCEPTED)

    async def later(desk: FakeDesk) -> IntentState:
        await desk.runner.resume()
        await desk.front.clock.sleep(3600)
        return desk.now(record).state

    record = shift(story)
    shift.acquirer.land(REFERENCE)
    shift.has_acquirer = False
    assert shift(later) is IntentState.ACCEPTED

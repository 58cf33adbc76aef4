"""An acquirer's money at night: on the day's sheet, beside the journal, and against charging a guest who is away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.acquirer import AcquirerPayment, ChargeState
from deskpay.domain.business_day import Span
from deskpay.domain.comparison import Comparison, Difference
from deskpay.domain.customer import ReservationState
from deskpay.domain.day_sheet import Entry, Standing
from deskpay.domain.errors import DeskPayError, HotelUnavailable, LooksRepeated, OutcomeUnknown, Rejected
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.night_queue import Candidate, Obstacle
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.close_by_hand import close_by_hand
from deskpay.services.close_day import close_day
from deskpay.services.find_candidates import find_candidates
from deskpay.services.reconcile import reconcile
from deskpay.services.refund_payment import refund_payment
from deskpay.services.take_payment import take_payment
from tests.kit.fake_acquirer import VAULTED, Takes
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_refund, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import ANNA, Meets, payment, pounds
from tests.kit.fake_night import night_desk
from tests.kit.loops import VirtualRunner
from tests.kit.stays import item, stay

HOUR = timedelta(hours=1)
REFERENCE = an_acquirer_charge().reference
BACK = a_refund("").reference


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def today(shift: Shift) -> Span:
    return Span(shift.clock.now() - 6 * HOUR, shift.clock.now() + 18 * HOUR)


async def charged(desk: FakeDesk, *states: IntentState) -> IntentRecord:
    """Charge Anna at the acquirer until it comes to one of `states`, or to its end."""
    record = await charge_acquirer(desk.front, an_acquirer_charge(), "https://return.deskpay.invalid/")
    return await (desk.reaches(record, *states) if states else desk.ends(record))


async def given_back(shift: Shift, desk: FakeDesk) -> IntentRecord:
    """Charge Anna at the acquirer and give a part of it back there."""
    paid = await charged(desk)
    record = await desk.reaches(await refund_payment(desk.front, a_refund(paid.outcome_id or "")), IntentState.ACCEPTED)
    shift.acquirer.land(BACK)
    return await desk.reaches(record, IntentState.TAKEN)


def refused_by_the_books(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(done=False, error=Rejected("Invalid CreditCard"))] * 50)


# The day's sheet


async def sheet(shift: Shift, desk: FakeDesk) -> dict[str, Entry]:
    parts = [part async for part in close_day(night_desk(desk, shift.hotel), today(shift))]
    return {entry.reference: entry for part in parts for entry in part.entries}


def test_what_was_taken_and_is_not_in_the_books_stands_beside_them_uncounted(shift: Shift) -> None:
    refused_by_the_books(shift)

    async def story(desk: FakeDesk) -> Entry:
        await charged(desk, IntentState.TAKEN)
        return (await sheet(shift, desk))[REFERENCE]

    row = shift(story)
    assert (row.standing, row.amount, row.counted) == (Standing.NOT_IN_BOOKS, pounds(31_240), False)


def test_what_was_given_back_there_stands_on_the_day_as_money_to_the_guest(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> tuple[Entry, Entry]:
        await given_back(shift, desk)
        rows = await sheet(shift, desk)
        return rows[REFERENCE], rows[BACK]

    taken, back = shift(story)
    assert taken.counted
    assert (back.standing, back.amount, back.given_back) == (Standing.NOT_IN_BOOKS, pounds(-1_000), True)


@pytest.mark.parametrize(
    ("takes", "state", "standing"),
    [
        (Takes(state=ChargeState.WAITS_FOR_GUEST), IntentState.ACCEPTED, Standing.PENDING),
        (Takes(done=False, error=OutcomeUnknown("late")), IntentState.UNKNOWN, Standing.NOT_KNOWN),
    ],
)
def test_a_charge_that_is_not_over_there_is_told(
    shift: Shift, takes: Takes, state: IntentState, standing: Standing
) -> None:
    shift.acquirer.coming.append(takes)

    async def story(desk: FakeDesk) -> Entry:
        await charged(desk, state)
        return (await sheet(shift, desk))[REFERENCE]

    assert shift(story).standing is standing


# The journal beside both


async def compared(shift: Shift, desk: FakeDesk) -> Comparison:
    return await reconcile(night_desk(desk, shift.hotel), today(shift))


def differences(found: Comparison) -> list[tuple[Difference, str, str]]:
    return [
        (d.difference, d.ours.intent.reference if d.ours else "", d.taken.id if d.taken else "")
        for d in found.disagreements
    ]


def test_a_charge_that_stands_in_both_agrees(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk)
        return await compared(shift, desk)

    found = shift(story)
    assert (found.agreed, found.disagreements) == (1, ())


def test_a_charge_that_waits_for_the_guest_is_missed_nowhere(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(state=ChargeState.WAITS_FOR_GUEST))

    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk, IntentState.ACCEPTED)
        return await compared(shift, desk)

    assert shift(story).disagreements == ()


def test_charged_there_and_not_in_the_books_is_told(shift: Shift) -> None:
    refused_by_the_books(shift)

    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk, IntentState.TAKEN)
        return await compared(shift, desk)

    assert differences(shift(story)) == [(Difference.NOT_IN_BOOKS, REFERENCE, "")]


def test_given_back_there_is_told_until_a_person_has_written_it_into_the_books(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> tuple[Comparison, Comparison]:
        record = await given_back(shift, desk)
        before = await compared(shift, desk)
        await close_by_hand(desk.front, record.intent.id, "Payment 17", looked_in_mews=True)
        return before, await compared(shift, desk)

    before, after = shift(story)
    assert differences(before) == [(Difference.NOT_IN_BOOKS, BACK, "")]
    assert (after.agreed, after.disagreements) == (1, ())


PAID = f"pay-{REFERENCE}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": pounds(31_000)}, [(Difference.ACQUIRER_AMOUNT, REFERENCE, PAID)]),
        (
            {"id": "pay-twice"},
            [(Difference.ACQUIRER_TOOK, REFERENCE, "pay-twice"), (Difference.ACQUIRER_TOOK_NOT, REFERENCE, "")],
        ),
        ({"paid": False}, [(Difference.ACQUIRER_TOOK_NOT, REFERENCE, "")]),
    ],
)
def test_what_the_acquirer_says_otherwise_is_told(
    shift: Shift, change: dict[str, Any], told: list[tuple[Difference, str, str]]
) -> None:
    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk)
        charge = shift.acquirer.charges[f"pi-{REFERENCE}"]
        assert charge.payment is not None
        shift.acquirer.charges[charge.id] = replace(charge, payment=replace(charge.payment, **change))
        return await compared(shift, desk)

    assert differences(shift(story)) == told


def test_money_taken_for_a_charge_that_we_call_declined_is_told(shift: Shift) -> None:
    shift.acquirer.coming.append(Takes(state=ChargeState.WAITS_FOR_CARD, failure="generic_decline"))

    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk)
        shift.acquirer.turn(f"pi-{REFERENCE}", ChargeState.TAKEN)
        return await compared(shift, desk)

    assert differences(shift(story)) == [(Difference.ACQUIRER_TOOK, REFERENCE, PAID)]


def test_another_desks_money_is_told_and_another_programs_is_not(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> Comparison:
        await charged(desk)
        charge, now = shift.acquirer.charges[f"pi-{REFERENCE}"], shift.clock.now()
        for number, words, at in (
            (1, "Room 12 · DP-ZZZZ-0009", now),
            (2, "Booking site", now),
            (3, "DP-ZZZZ-0008", now - 20 * HOUR),
        ):
            paid = AcquirerPayment(f"pay-{number}", pounds(900), True, "Visa", "4345", "", words, at)
            shift.acquirer.charges[paid.id] = replace(charge, id=paid.id, payment=paid)
        return await compared(shift, desk)

    assert differences(shift(story)) == [(Difference.UNKNOWN_HERE, "", "pay-1")]


def test_a_hotel_without_an_acquirer_compares_with_the_books_alone(shift: Shift) -> None:
    shift.has_acquirer = False

    async def story(desk: FakeDesk) -> Comparison:
        await desk.ends(await take_payment(desk.front, a_charge()))
        return await compared(shift, desk)

    assert shift(story).agreed == 1


# Charging guests who are away


def candidate(shift: Shift, *, charged_before: bool = False, problem: DeskPayError | None = None) -> Candidate:
    shift.hotel.stays = [stay("stay-1", state=ReservationState.CONFIRMED, starts_utc=shift.clock.now() - HOUR)]
    shift.hotel.items.append(replace(item("night-1", pounds(14_500)), reservation_id="stay-1"))

    async def story(desk: FakeDesk) -> Candidate:
        if charged_before:
            await charged(desk, IntentState.TAKEN)
        if problem is not None:
            shift.acquirer.reading.append(problem)
        (one,) = await find_candidates(night_desk(desk, shift.hotel), today(shift))
        return one

    return shift(story)


def test_a_card_kept_there_is_shown_and_takes_nothing_without_the_guest(shift: Shift) -> None:
    shift.hotel.cards = []
    shift.acquirer.links.held[ANNA.id] = "cus-anna"
    shift.acquirer.saved["cus-anna"] = [VAULTED]
    one = candidate(shift)
    assert (one.card, one.kept_elsewhere, one.obstacles) == (None, VAULTED, (Obstacle.GUEST_AWAY,))


@pytest.mark.parametrize("saved", [[], [VAULTED]])
def test_without_cards_there_or_without_an_answer_the_guest_has_none(shift: Shift, saved: list[Any]) -> None:
    shift.hotel.cards = []
    shift.acquirer.links.held[ANNA.id] = "cus-anna"
    shift.acquirer.saved["cus-anna"] = saved
    one = candidate(shift, problem=HotelUnavailable("down") if saved else None)
    assert (one.kept_elsewhere, one.obstacles) == (None, (Obstacle.NO_CARD,))


def test_a_hotel_without_an_acquirer_has_no_cards_elsewhere(shift: Shift) -> None:
    shift.hotel.cards = []
    shift.has_acquirer = False
    assert candidate(shift).obstacles == (Obstacle.NO_CARD,)


def test_money_taken_there_and_not_in_the_books_stands_against_another_charge(shift: Shift) -> None:
    refused_by_the_books(shift)
    assert candidate(shift, charged_before=True).obstacles == (Obstacle.UNDER_WAY,)


@pytest.mark.parametrize("in_books", [False, True])
def test_money_taken_there_since_the_list_was_read_stops_the_row_whatever_the_amount(
    shift: Shift, in_books: bool
) -> None:
    refused_by_the_books(shift)

    async def story(desk: FakeDesk) -> None:
        await charged(desk, IntentState.TAKEN)
        shift.hotel.coming.clear()
        if in_books:  # and seen there, though not final yet
            shift.hotel.rows.append(payment("seen", pounds(31_240), shift.clock.now() - HOUR, notes=REFERENCE))
        await take_payment(desk.front, replace(a_charge(pounds(900)), unpaid_since=shift.clock.now()))

    if in_books:
        shift(story)
    else:
        with pytest.raises(LooksRepeated) as stopped:
            shift(story)
        assert stopped.value.repeat.reference == REFERENCE


def test_what_was_given_back_there_is_no_money_taken_from_the_guest(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        await given_back(shift, desk)
        return await desk.ends(await take_payment(desk.front, a_charge(pounds(1_000))))

    assert shift(story).state is IntentState.CONFIRMED

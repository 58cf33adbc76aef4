"""What may be charged and written down, and what is refused with nothing sent."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deskpay.domain.card import CardKind, Expiry
from deskpay.domain.errors import (
    Field,
    InputProblem,
    LooksRepeated,
)
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import PaymentMethod
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.take_payment import ChargeOrder, take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_record, a_slip
from tests.kit.fake_hotel import bill, card, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.verbs import (
    PAN,
    charge,
    record_external,
    record_slip,
    refused,
    refused_input,
    shift_with_a_payment,
)


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"enabled": False}, InputProblem.DISABLED),
        ({"active": False}, InputProblem.DISABLED),
        ({"kind": CardKind.TERMINAL}, InputProblem.TERMINAL),
        ({"kind": CardKind.UNKNOWN}, InputProblem.NOT_ALLOWED),
        ({"expiry": Expiry(2026, 10)}, InputProblem.EXPIRED),
        (None, InputProblem.GONE),
    ],
    ids=str,
)
def test_a_card_that_cannot_be_charged_is_not(
    shift: Shift, changes: dict[str, object] | None, problem: InputProblem
) -> None:
    shift.hotel.cards = [] if changes is None else [replace(card("visa"), **changes)]  # type: ignore[arg-type]  # one field differs
    assert refused_input(shift, charge) == (Field.CARD, problem)


def test_a_card_is_good_to_the_last_day_of_its_month_and_without_a_month(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        for number, expiry in enumerate((Expiry(2026, 11), None)):
            shift.hotel.cards = [card("visa", expiry=expiry)]
            order = a_charge(pounds(100 + 100 * number), reference=f"DP-AAAA-000{number}")
            await desk.ends(await take_payment(desk.front, order))

    shift(story)
    assert len(shift.hotel.effects) == 2


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_charge(note=PAN), (Field.NOTE, InputProblem.CARD_NUMBER)),
        (a_charge(note="x" * 501), (Field.NOTE, InputProblem.TOO_LONG)),
        (a_charge(repeat_reason=PAN), (Field.REASON, InputProblem.CARD_NUMBER)),
    ],
)
def test_a_charge_with_a_text_that_may_not_be_sent_is_refused(
    shift: Shift, order: ChargeOrder, found: tuple[Field, InputProblem]
) -> None:
    assert refused_input(shift, lambda desk: take_payment(desk.front, order)) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_record(tender="Bitcoin"), (Field.TENDER, InputProblem.NOT_TAKEN)),
        (a_record(tender=""), (Field.TENDER, InputProblem.NOT_TAKEN)),
        (a_record(external_identifier=PAN), (Field.RECEIPT, InputProblem.CARD_NUMBER)),
        (a_record(external_identifier="SLIP-1"), (Field.RECEIPT, InputProblem.RECORDED)),
        (a_record(bill_id="closed"), (Field.BILL, InputProblem.GONE)),
        (a_record(bill_id="no such bill"), (Field.BILL, InputProblem.GONE)),
        (a_record(slip=a_slip(last_four="")), (Field.LAST_FOUR, InputProblem.EMPTY)),
        (a_record(slip=a_slip(holder=" ")), (Field.HOLDER, InputProblem.EMPTY)),
        (a_record(slip=a_slip(holder=PAN)), (Field.HOLDER, InputProblem.CARD_NUMBER)),
        (a_record(slip=a_slip(brand=PAN)), (Field.CARD, InputProblem.CARD_NUMBER)),
        (a_record(slip=replace(a_slip(), expiry=Expiry(2026, 10))), (Field.EXPIRY, InputProblem.PAST)),
    ],
)
def test_a_record_that_cannot_stand_is_refused(
    shift: Shift, order: RecordOrder, found: tuple[Field, InputProblem]
) -> None:
    shift.hotel.bill_rows.append(bill("closed", is_open=False))
    shift.hotel.rows.append(payment("slip", pounds(1), shift.clock.now(), external_identifier="SLIP-1"))
    assert refused_input(shift, lambda desk: record_payment(desk.front, order)) == found


def test_a_record_keeps_what_was_checked(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        slip = replace(a_slip(holder=" A Odegard "), expiry=Expiry(2026, 11))
        order = a_record(slip=slip, external_identifier=" 77 ", tender="Bitcoin", bill_id=None)
        return await desk.ends(await record_payment(desk.front, order))

    intent = shift(story).intent
    assert intent.slip is not None
    assert (intent.slip.holder, intent.external_identifier, intent.tender) == ("A Odegard", "77", "")
    assert (intent.kind, intent.subject) == (IntentKind.RECORD_CARD, "Visa •••• 1111")


def test_a_record_of_what_is_on_the_books_needs_a_reason(shift: Shift) -> None:
    shift.hotel.rows.append(payment("cash", pounds(5000), shift.clock.now(), method=PaymentMethod.CASH))
    refused(shift, record_external, LooksRepeated)

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(
            await record_payment(desk.front, a_record(repeat_reason="paid twice in cash", repeat_of=["cash"]))
        )

    assert shift(story).state is IntentState.CONFIRMED


def test_a_recorded_slip_is_not_confirmed_by_an_older_row_of_the_same_card(shift: Shift) -> None:
    """The property system may keep one card row for all slips of one card."""
    shift.hotel.rows.append(payment("older", pounds(700), shift.clock.now(), credit_card_id="card-1"))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await record_slip(desk)
        await desk.reaches(begun, IntentState.ACCEPTED)
        rows = shift.hotel.rows
        shift.hotel.rows = [row for row in rows if row.id == "older"]
        await asyncio.sleep(600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        twin = payment("twin", pounds(700), shift.clock.now(), credit_card_id="card-1")
        shift.hotel.rows = [*rows, twin]
        return await desk.ends(begun)

    done = shift(story)
    (ours,) = shift.hotel.made(done.intent.reference)
    assert done.outcome_id == ours.id


def test_a_slip_is_found_again_among_the_payments_with_that_card(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await record_slip(desk)
        await desk.reaches(begun, IntentState.ACCEPTED)
        shift.hotel.rows = [replace(row, notes="") for row in shift.hotel.rows]
        shift.hotel.rows.append(payment("twin", pounds(700), shift.clock.now(), credit_card_id="card-1"))
        await asyncio.sleep(600)
        return await desk.on_record(begun)

    assert shift(story).state is IntentState.ACCEPTED

"""The verbs of the desk as a clerk sets them off, and the proof that one was refused with nothing sent."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from deskpay.domain.errors import (
    DeskPayError,
    Field,
    InputProblem,
    InputRefused,
)
from deskpay.domain.intent import IntentRecord
from deskpay.services.record_payment import record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.save_card import SaveCardOrder, save_card
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import CAPTURE, FakeDesk, Shift, a_card, a_charge, a_record, a_refund, a_slip, new_shift
from tests.kit.fake_hotel import payment, pounds
from tests.kit.loops import VirtualRunner

PAN = "4111 1111 1111 1111"

Verb = Callable[[FakeDesk], Awaitable[IntentRecord]]


def shift_with_a_payment(run: VirtualRunner) -> Iterator[Shift]:
    """A shift at whose hotel Anna paid fifty pounds by card two days ago."""
    shifts = new_shift(run)
    shift = next(shifts)
    shift.hotel.rows.append(payment("paid", pounds(5000), shift.clock.now() - timedelta(days=2)))
    yield shift
    yield from shifts


def fresh_card(desk: FakeDesk, transaction_id: str = CAPTURE) -> SaveCardOrder:
    return a_card(desk.front.clock.monotonic_s(), transaction_id=transaction_id)


async def charge(desk: FakeDesk) -> IntentRecord:
    return await take_payment(desk.front, a_charge())


async def record_external(desk: FakeDesk) -> IntentRecord:
    return await record_payment(desk.front, a_record())


async def record_slip(desk: FakeDesk) -> IntentRecord:
    return await record_payment(desk.front, a_record(slip=a_slip()))


async def refund(desk: FakeDesk) -> IntentRecord:
    return await refund_payment(desk.front, a_refund("paid"))


async def save(desk: FakeDesk) -> IntentRecord:
    return await save_card(desk.front, fresh_card(desk))


VERBS = [charge, record_external, record_slip, refund, save]
MONEY = VERBS[:4]


def refused(shift: Shift, verb: Verb, error: type[DeskPayError]) -> DeskPayError:
    """Play `verb`, which is refused with nothing sent and no claim left."""

    async def story(desk: FakeDesk) -> DeskPayError:
        with pytest.raises(error) as caught:
            await verb(desk)
        assert not desk.runner.unfinished
        return caught.value

    problem = shift(story)
    assert not shift.hotel.requests
    assert not any(record.holds_claim for record in shift.journal.stories.values())
    return problem


def refused_input(shift: Shift, verb: Verb) -> tuple[Field, InputProblem]:
    problem = refused(shift, verb, InputRefused)
    assert isinstance(problem, InputRefused)
    assert PAN.replace(" ", "") not in str(problem)
    return problem.field, problem.problem
